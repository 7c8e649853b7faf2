"""Journals are read in both directions, narrowed, and verified; who sees what stays the same in each of them."""

from pathlib import Path
from typing import Any

import pytest

from fairway.journal import kinds
from fairway.journal.events import Codec
from fairway.journal.record_filter import RecordFilter
from fairway.journal.sql import open_journal
from fairway.operations.actor import Actor, Shell
from fairway.operations.operation import Call, Progress
from fairway.operations.perform import perform
from fairway.operations.refusal import Refusal
from fairway.operations.trader import read_journal, verify_journal
from fairway.operations.trader.read_journal import READ_JOURNAL, JournalName, JournalOutcome, JournalRequest
from fairway.operations.trader.verify_journal import VERIFY_JOURNAL, VerifyJournalOutcome, VerifyJournalRequest
from fairway.people.roles import UserRole

CONFIG = """
mode: practice
account: main
venue: {exchange: binance, url: "http://127.0.0.1:9"}
symbols: [BTC/USDT]
strategy: {name: periodic}
people: people
"""
ADMIN = Actor(name="ada", shell=Shell.PANEL, role=UserRole.ADMIN)
TOM = Actor(name="tom", shell=Shell.PANEL, role=UserRole.TRADER, accounts=frozenset({"tom1"}))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Of a trader with twelve records, every third of the account tom1."""
    path = tmp_path / "fairway.yaml"
    path.write_text(CONFIG)
    journal = open_journal(tmp_path / "fairway.journal", Codec(*kinds.EVENTS), mode="practice", trader="main")
    for number in range(1, 13):
        event = kinds.TraderStopped(why=f"number {number}", protective_orders=0)
        journal.append([event], account="tom1" if number % 3 == 0 else "tim1", author="trader", at=number)
    journal.sync()
    journal.close()
    return path


def read(config: Path, actor: Actor = ADMIN, **asked: Any) -> JournalOutcome:
    return perform(READ_JOURNAL, Call(actor=actor, request=JournalRequest(config=config, journal=JournalName.TRADER, **asked)))


def numbers(found: JournalOutcome) -> list[int]:
    return [each.seq for each in found.records]


def test_the_newest_are_read_from_the_end_and_told_oldest_first(config: Path) -> None:
    found = read(config, newest=True, limit=3)
    assert (numbers(found), found.last) == ([10, 11, 12], 12)
    assert numbers(read(config, newest=True, limit=3, before=10)) == [7, 8, 9]
    assert numbers(read(config, newest=True, limit=3, before=3)) == [1, 2]


def test_reading_on_from_a_record_is_as_it_was(config: Path) -> None:
    assert numbers(read(config, after=4, limit=3)) == [5, 6, 7]
    assert numbers(read(config, after=4, before=7)) == [5, 6]


def test_a_filter_is_looked_through_no_further_than_its_bound(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The outcome says what was looked through, so that a shell can go on from there."""
    monkeypatch.setattr(read_journal, "SEARCHED_MAX", 4)
    forwards = read(config, after=2, wanted=RecordFilter(account="tom1"))
    assert (numbers(forwards), forwards.searched_after, forwards.searched_before) == ([3, 6], 2, 7)
    back = read(config, newest=True, wanted=RecordFilter(text="number 1"))
    assert (numbers(back), back.searched_after, back.searched_before) == ([10, 11, 12], 8, 13)


def test_a_user_sees_the_own_accounts_in_every_direction(config: Path) -> None:
    assert numbers(read(config, TOM)) == [3, 6, 9, 12]
    assert numbers(read(config, TOM, newest=True, limit=2)) == [9, 12]
    assert numbers(read(config, TOM, wanted=RecordFilter(account="tim1"))) == []


def test_a_journal_that_does_not_exist_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "fairway.yaml").write_text(CONFIG)
    assert read(tmp_path / "fairway.yaml", newest=True) == JournalOutcome(records=())


def verify(config: Path, actor: Actor = ADMIN, digest: str = "", tell: Any = lambda progress: None) -> VerifyJournalOutcome:
    request = VerifyJournalRequest(config=config, journal=JournalName.TRADER, digest=digest)
    return perform(VERIFY_JOURNAL, Call(actor=actor, request=request, tell=tell))


def test_a_whole_chain_is_told_with_its_digest(config: Path) -> None:
    found = verify(config)
    assert (found.is_done, found.records, found.flaw) == (True, 12, "")
    assert found.lines[0].endswith(f"12 records, mode practice, trader main, digest {found.digest}")
    assert verify(config, digest=found.digest).is_done


def test_a_chain_without_a_digest_that_was_kept_is_broken(config: Path) -> None:
    found = verify(config, digest="0" * 64)
    assert not found.is_done
    assert "its end was cut off or rewritten" in found.flaw


def test_a_long_verification_says_how_far_it_has_come(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_journal, "TOLD_EVERY", 5)
    told: list[Progress] = []
    verify(config, tell=told.append)
    assert [each.sentence for each in told] == ["5 records looked at so far", "10 records looked at so far"]


def test_only_who_may_read_the_whole_bot_verifies_it(config: Path) -> None:
    with pytest.raises(Refusal, match="does not allow `journal verify` for the whole bot"):
        verify(config, TOM)
