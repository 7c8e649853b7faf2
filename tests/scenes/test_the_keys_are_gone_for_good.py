"""The exchange has revoked the keys: what the page `close-by-hand` says is enough for a person to close all."""

import re
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.scenes import by_hand
from tests.scenes.harness import Scene
from tests.scenes.kept_harness import KeptHarness
from tests.scenes.script import enter, exchange_fault

from fairway.cli import run as fairway
from fairway.journal.kinds import ExternalFill
from fairway.world.loop import running

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "close-by-hand.md"


def commands(program: str) -> list[list[str]]:
    """What the page tells to type of a program, without the program's name."""
    blocks = re.findall(r"^```\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    lines = [shlex.split(line) for block in blocks for line in block.splitlines()]
    return [words[1:] for words in lines if words[0] == program]


def told_by_sqlite() -> list[list[dict[str, str]]]:
    """The rows of each query of the page."""
    found = []
    for _header, file, query in commands("sqlite3"):
        with closing(sqlite3.connect(file)) as connection:
            connection.row_factory = sqlite3.Row
            found.append([dict(row) for row in connection.execute(query)])
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the page's commands are typed."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_lists_what_is_held_and_what_rests(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the journal of a bot that ended: the quantity to sell, and each order with its number on the exchange's own page."""
    stage = KeptHarness(folder / "fairway.journal", enter(0), acts={}, faults=[exchange_fault("key_revoked", since=90)])
    stage.run(minutes=3)
    [project, show] = [words for words in commands("fairway") if words[0] == "journal"]
    assert fairway(project) == 0
    [positions, orders] = told_by_sqlite()
    [bought] = stage.bought()
    held = stage.held_at_exchange()["BTC"]
    assert [(row["symbol"], row["quantity"], row["base"]) for row in positions] == [("BTC/USDT", str(held.normalize()), "BTC")]
    assert bought.client_id not in {row["order_id"] for row in orders}
    resting = stage.open_at_exchange()
    assert {row["order_id"]: row["venue_id"] for row in orders} == {id: str(it.order_id) for id, it in resting.items()}
    assert {row["role"] for row in orders} == {"s", "t"}
    capsys.readouterr()
    assert fairway([orders[0]["order_id"] if word == "ORDER_ID" else word for word in show]) == 0
    assert orders[0]["order_id"] in capsys.readouterr().out


def test_what_a_person_closed_is_booked_when_there_is_a_key_again(folder: Path) -> None:
    """As the page says: cancelled and sold on the exchange's page; the bot finds no position, sells nothing, and waits."""
    acts = {100.0: lambda _: running().kill("trader"), 110.0: by_hand.cancel_and_sell(), 210.0: Scene.come_back}
    revoked = exchange_fault("key_revoked", since=90, until=200)
    stage = KeptHarness(folder / "fairway.journal", enter(0), enter(4), acts=acts, faults=[revoked])
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert stage.account_state.money.ledger.positions == {}
    assert len(stage.events(ExternalFill)) == 1
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert stage.open_at_exchange() == {}
