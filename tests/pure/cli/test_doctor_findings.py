"""The doctor: what is fine, what is a warning, what must not trade; and that not knowing is never fine."""

import asyncio
import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct, structs

from fairway.journal.events import Codec
from fairway.journal.sql import open_journal
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.operations.doctor.checks import (
    CheckVerdict,
    DoctorFinding,
    check_clock,
    check_disk,
    check_journal,
    check_latch,
    check_promises,
    check_rights,
    check_symbol,
)
from fairway.operations.doctor.diagnosis import check_here, check_there
from fairway.risk.rules import RiskRules
from fairway.settings import Settings
from fairway.settings.load import parse
from fairway.trading.latch import Killed, KillScope
from fairway.venues.port import BalanceReport, KeyRefused, KeyRights, Unreachable, VenueFeatures
from fairway.world.clock import DAY, MILLISECOND, SECOND

NOW = 1_700_000_000 * SECOND
GOOD_KEY = KeyRights(can_read=True, can_trade=True, can_withdraw=False, is_address_restricted=True)
ALL = VenueFeatures(pairs=True, key_rights=True, finds_by_client_id=True, order_history=True)
RULES = RiskRules(per_trade=Fraction.of("0.005"), position_max=Fraction.of("0.25"), positions_max=3)
BTC = Instrument(
    symbol="BTC/USDT", venue_symbol="BTCUSDT", base="BTC", quote="USDT", tick=Decimal("0.01"), lot=Decimal("0.00001"),
    notional_min=Decimal(5),
)  # fmt: skip


def test_a_killed_bot_is_told_with_its_reason() -> None:
    """Whoever wonders why it does not trade."""
    [found] = check_latch([Killed(scope=KillScope.ACCOUNT, reason="strange fills", by="ann")])
    check(found, CheckVerdict.WARN, "account is killed: strange fills | when its cause is gone: fairway resume")
    assert check_latch([]) == []


def check(finding: DoctorFinding, verdict: CheckVerdict, words: str) -> None:
    assert finding.verdict is verdict, finding
    assert words in f"{finding.found} | {finding.advice}", finding


@pytest.mark.parametrize(
    ("offset_ms", "doubt_ms", "verdict"),
    [
        (0, 10, CheckVerdict.OK),
        (240, 10, CheckVerdict.OK),
        (-240, 11, CheckVerdict.WARN),
        (251, 0, CheckVerdict.WARN),
        (1_000, 0, CheckVerdict.WARN),
        (1_010, 9, CheckVerdict.FAIL),
        (-2_000, 100, CheckVerdict.FAIL),
        (500, 1_500, CheckVerdict.FAIL),
    ],
)
def test_the_clock_is_judged_with_its_doubt(offset_ms: int, doubt_ms: int, verdict: CheckVerdict) -> None:
    """From a quarter of a second on it is told, from a second on it fails; too slow an answer is no measurement."""
    assert check_clock(offset_ms * MILLISECOND, doubt_ms * MILLISECOND).verdict is verdict


def test_the_side_of_the_clock_is_told() -> None:
    """Behind is behind."""
    check(check_clock(30 * MILLISECOND, 0), CheckVerdict.OK, "30 ms behind the venue")
    check(check_clock(-30 * MILLISECOND, 0), CheckVerdict.OK, "30 ms ahead of the venue")


def rights(verdict: CheckVerdict, words: str, **changed: Any) -> None:
    findings = check_rights(replace(GOOD_KEY, **changed), NOW)
    others = [each for each in findings if words not in f"{each.found} | {each.advice}"]
    assert [each.verdict for each in others] == [CheckVerdict.OK] * 3
    check(next(each for each in findings if each not in others), verdict, words)


def test_a_key_trades_cannot_withdraw_and_is_bound_to_an_address() -> None:
    """Each right by itself."""
    assert [each.verdict for each in check_rights(GOOD_KEY, NOW)] == [CheckVerdict.OK] * 4
    rights(CheckVerdict.FAIL, "the key may withdraw", can_withdraw=True)
    rights(CheckVerdict.FAIL, "the key may not trade", can_trade=False)
    rights(CheckVerdict.FAIL, "the key may not read and not trade", can_trade=False, can_read=False)
    rights(CheckVerdict.WARN, "works from every address", is_address_restricted=False)


def test_a_key_that_ends_soon_is_told_before_it_ends() -> None:
    """A key that ends takes with it the power to cancel."""
    rights(CheckVerdict.OK, "the key ends at 2024", expires_at=NOW + 60 * DAY)
    rights(CheckVerdict.WARN, "make a new key before then", expires_at=NOW + 13 * DAY)
    rights(CheckVerdict.FAIL, "make a new key at the venue", expires_at=NOW)


def test_a_venue_must_hold_pairs_and_find_our_orders() -> None:
    """Without either a trader there cannot be safe."""
    assert [each.verdict for each in check_promises(ALL, "binance")] == [CheckVerdict.OK] * 2
    naked, lost = check_promises(VenueFeatures(pairs=False, key_rights=True, finds_by_client_id=False, order_history=False), "x")
    check(naked, CheckVerdict.FAIL, "positions here would be naked")
    check(lost, CheckVerdict.FAIL, "a lost answer could become a second order")


def test_a_symbol_must_exist_trade_and_fit_the_account() -> None:
    """An account too small for the least order is told before it is used."""
    usdt = Amount.of("10000", "USDT")
    check(check_symbol("BTC/USDT", BTC, usdt, RULES), CheckVerdict.OK, "trades; tick 0.01, lot 0.00001, least order 5 USDT")
    check(check_symbol("BTC/USDT", BTC, Amount.of("100", "USDT"), RULES), CheckVerdict.OK, "stops up to 10.0 % away")
    check(check_symbol("BTX/USDT", None, usdt, RULES), CheckVerdict.FAIL, "the venue does not have it")
    check(check_symbol("BTC/USDT", replace(BTC, is_trading=False), usdt, RULES), CheckVerdict.FAIL, "does not trade it")
    check(check_symbol("BTC/USDT", BTC, None, RULES), CheckVerdict.FAIL, "could not be checked")
    check(check_symbol("BTC/USDT", BTC, Amount.of(0, "USDT"), RULES), CheckVerdict.FAIL, "deposit USDT")
    check(check_symbol("BTC/USDT", BTC, Amount.of("19.99", "USDT"), RULES), CheckVerdict.FAIL, "would be 4.9975 USDT")
    check(
        check_symbol("BTC/USDT", BTC, Amount.of("19", "USDT"), structs.replace(RULES, position_max=Fraction.of(1))),
        CheckVerdict.WARN,
        "take a profile that risks more",
    )
    assert check_symbol("BTC/USDT", replace(BTC, notional_min=Decimal(0)), usdt, RULES).verdict is CheckVerdict.OK


def test_a_disk_is_writable_and_has_room() -> None:
    """At the bound a journal stops all trading, so it is told before."""
    place = Path("/data")
    check(check_disk(place, 5_000_000_000), CheckVerdict.OK, "5.0 GB free in")
    check(check_disk(place, 999_000_000), CheckVerdict.WARN, "1.0 GB free")
    check(check_disk(place, 99_000_000), CheckVerdict.FAIL, "free some space")
    denied, full = OSError(errno.EACCES, "Permission denied"), OSError(errno.ENOSPC, "No space left on device")
    check(check_disk(place, None, denied), CheckVerdict.FAIL, f"no file can be written in {place}: Permission denied")
    assert check_disk(place, None, denied).advice == "make the directory, or correct its owner and rights"
    check(check_disk(place, None, full), CheckVerdict.FAIL, f"no file can be written in {place}: No space left on device")
    assert check_disk(place, None, full).advice.startswith("free some space")


class Step(Struct, frozen=True, tag=True):
    number: int


def settings(folder: Path, secret: str = "in-clear") -> Settings:
    text = f"""\
mode: practice
venue: {{exchange: binance, url: "http://127.0.0.1:1", key: "file:key", secret: "{secret}"}}
symbols: [BTC/USDT]
strategy: {{name: trend}}
journal: a.journal
report: out/report
notify: {{channels: [{{name: chat, kind: slack, token: "{secret}", channel: C1}}]}}
"""
    return parse(text, folder=folder)


def test_the_journal_is_new_or_ours_and_whole(tmp_path: Path) -> None:
    """Another mode's journal, a changed one, or a file that is none: each fails with what to do."""
    mine = settings(tmp_path)
    assert isinstance(mine.journal, Path)
    check(check_journal(mine), CheckVerdict.OK, "new: ")
    for mode in ("practice", "live"):
        mine.journal.unlink(missing_ok=True)
        journal = open_journal(mine.journal, Codec(Step), mode=mode, trader="main")
        journal.append([Step(1)], account="main", author="test", at=1)
        journal.close()
        if mode == "practice":
            check(check_journal(mine), CheckVerdict.OK, "whole: 1 records")
    check(check_journal(mine), CheckVerdict.FAIL, "is of mode live and account main | give mode practice")
    mine.journal.write_text("not a journal" * 20)
    check(check_journal(mine), CheckVerdict.FAIL, "is no journal of Fairway")


def test_what_needs_no_network_is_checked_without_one(tmp_path: Path) -> None:
    """Secrets that are missing, in clear, or open to others; directories that are not there."""
    found = {each.check: each for each in check_here(settings(tmp_path))}
    check(found["venue.key"], CheckVerdict.FAIL, "cannot be read (No such file or directory)")
    check(found["venue.secret"], CheckVerdict.WARN, "write secret: env:NAME")
    check(found["channel chat.token"], CheckVerdict.WARN, "write token: env:NAME")
    assert "in-clear" not in str(found)
    check(found[f"disk: {tmp_path.name}"], CheckVerdict.OK, f"free in {tmp_path}, which is writable")
    check(found["disk: out"], CheckVerdict.FAIL, "No such file or directory")
    absent = {each.check: each for each in check_here(settings(tmp_path, "env:NOT_SET_ANYWHERE"))}
    check(absent["venue.secret"], CheckVerdict.FAIL, "export NOT_SET_ANYWHERE=... in this terminal")
    (tmp_path / "key").write_text("abc")
    (tmp_path / "key").chmod(0o644)
    check(check_here(settings(tmp_path))[0], CheckVerdict.WARN, "others may read")
    (tmp_path / "key").chmod(0o600)
    check(check_here(settings(tmp_path))[0], CheckVerdict.OK, "comes from file:key")


@dataclass
class Clock:
    """Each reading costs ten milliseconds, so that a question takes as long."""

    at: int = NOW

    def now(self) -> int:
        return self.at

    def monotonic(self) -> int:
        self.at += 10 * MILLISECOND
        return self.at


@dataclass
class Clinic:
    """A venue that answers what it is given; an exception is raised instead."""

    answers: dict[str, Any] = field(default_factory=dict)
    name: str = "clinic"
    promises: VenueFeatures = ALL
    is_open: bool = False

    def answer(self, name: str) -> Any:
        found = self.answers[name]
        if isinstance(found, Exception):
            raise found
        return found

    async def open(self) -> Mapping[str, Instrument]:
        self.is_open = True
        instruments: Mapping[str, Instrument] = self.answer("open")
        return instruments

    async def close(self) -> None:
        self.is_open = False

    async def server_time(self) -> int:
        time: int = self.answer("server_time")
        return time

    async def key_rights(self) -> KeyRights:
        found: KeyRights = self.answer("key_rights")
        return found

    async def balances(self) -> BalanceReport:
        report: BalanceReport = self.answer("balances")
        return report


def clinic(**changed: Any) -> Clinic:
    usdt = Amount.of("10000", "USDT")
    balances = BalanceReport(balances={"USDT": (usdt, Amount.of(0, "USDT"))}, is_complete=True, at=NOW)
    good = {"open": {"BTC/USDT": BTC}, "server_time": NOW, "key_rights": GOOD_KEY, "balances": balances}
    return Clinic({**good, **changed})


def asked(venue: Clinic, folder: Path) -> dict[str, DoctorFinding]:
    findings: Sequence[DoctorFinding] = asyncio.run(check_there(settings(folder), lambda _: venue, Clock()))  # type: ignore[arg-type, return-value]
    assert not venue.is_open
    return {each.check: each for each in findings}


def test_a_healthy_venue_has_nothing_but_ok(tmp_path: Path) -> None:
    """Every check is there, each of them fine, and the venue is closed again."""
    found = asked(clinic(), tmp_path)
    assert {each.verdict for each in found.values()} == {CheckVerdict.OK}
    assert list(found) == [
        "venue", "clock", "key: withdrawal", "key: trading", "key: address", "key: expiry",
        "stop and target", "order lookup", "symbol BTC/USDT",
    ]  # fmt: skip


def test_what_the_venue_does_not_answer_is_a_failure_and_hides_nothing_else(tmp_path: Path) -> None:
    """Each question stands alone; not knowing is not a pass."""
    found = asked(clinic(key_rights=KeyRefused("the key is revoked")), tmp_path)
    check(found["key"], CheckVerdict.FAIL, "could not be checked: the key is revoked")
    check(found["symbol BTC/USDT"], CheckVerdict.OK, "trades")
    found = asked(clinic(balances=Unreachable("no route")), tmp_path)
    check(found["balances"], CheckVerdict.FAIL, "could not be checked: no route")
    check(found["symbol BTC/USDT"], CheckVerdict.FAIL, "could not be checked")
    found = asked(clinic(server_time=Unreachable("no route")), tmp_path)
    check(found["clock"], CheckVerdict.FAIL, "could not be checked: no route")


def test_a_doctor_that_is_stopped_while_it_asks_closes_the_venue(tmp_path: Path) -> None:
    """Ctrl-C leaves no connection behind, and so no complaint about one."""

    class Silent(Clinic):
        async def open(self) -> Mapping[str, Instrument]:
            self.is_open = True
            await asyncio.Event().wait()
            raise AssertionError("nobody set it")

    async def main() -> bool:
        venue = Silent()
        asking = asyncio.create_task(check_there(settings(tmp_path), lambda _: venue, Clock()))  # type: ignore[arg-type, return-value]
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait([asking])
        return venue.is_open

    assert not asyncio.run(main())


def test_a_venue_that_cannot_be_opened_is_one_failure(tmp_path: Path) -> None:
    """And no question is asked of it."""
    found = asked(clinic(open=Unreachable("nobody listens at 127.0.0.1:1")), tmp_path)
    assert list(found) == ["venue"]
    check(found["venue"], CheckVerdict.FAIL, "nobody listens")


def test_a_venue_that_cannot_tell_rights_fails_with_where_to_look(tmp_path: Path) -> None:
    """A key that might withdraw is not a key that cannot."""
    venue = clinic()
    venue.promises = replace(ALL, key_rights=False)
    check(asked(venue, tmp_path)["key"], CheckVerdict.FAIL, "withdrawal must be off, trading on")
