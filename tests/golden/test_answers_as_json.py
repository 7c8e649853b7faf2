"""Every command that shows something has --json: one document, of stable keys, with amounts as texts."""

import io
import json
import re
import shutil
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.golden.test_helps_and_completion import ALL
from tests.golden.test_watch_commands import traded
from tests.golden.test_watch_of_a_launch import flown
from tests.pure.incidents.told_incident import told, write_alerting_journal
from tests.pure.launch.watched_launch import journal_of_launch

from fairway.cli import app, run
from fairway.cli.answer import document
from fairway.incidents.incident_commands import OpenTicket
from fairway.money.amount import Amount
from fairway.operations.trader.reconcile import Compared
from fairway.settings import load

ACTS = """
demo; run; server; alerts export; alerts run; alerts silence; alerts unsilence;
stop; init; kill; resume; pause; lift; lease; reconnect; switch-address;
transfer; signal; chaos; soak; drill; runbook run;
users add; users pause; users resume; users remove; users role;
users profile; users password; users second-factor; tokens add; tokens revoke;
accounts add; accounts rotate; accounts cohort; accounts pause; accounts resume; accounts remove; vault init;
vault rotate; notify test; journal backup; journal project; launch start; launch begin; launch approve; launch hold;
launch release; launch review; launch promote; launch demote; launch abort; launch drill; launch survey; launch record;
launch waive;
incident declare; incident ack; incident note; incident take; incident mitigate; incident stabilise; incident resolve;
incident close; incident severity; incident inform; incident postmortem; incident action add; incident action done;
ticket open; ticket answer; ticket close
"""
"""They change something, write files, or work for long: what they print tells how it went, and the exit code whether."""
FORMS_OF_THEIR_OWN = "metrics; journal export; completion"
"""What they print is for a program anyway."""
LINES = "journal show; launch messages; exchange serve"
"""With --json they print a document a line, as it comes."""
WORDS = {
    "accounts show": "ann1",
    "incident show": "fairway.yaml INC-20260105-1",
    "journal verify": "fairway.journal",
    "runbook show": "orders-failing",
    "ticket show": "fairway.yaml T-1",
    "tokens list": "ann",
    "launch decision": "1",
    "launch lint": "beta",
    "launch probe": "beta",
    "launch clock": "launch-day",
    "launch import": "junit.xml",
    "launch rehearse": "first-hundred --seeds 1 --days 1 --bot good",
}
NOT_RUN = ("reconcile", "launch error-rates")
"""The first needs a venue, and the second simulates for long."""
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"


def named(text: str) -> set[str]:
    return {" ".join(each.split()) for each in text.split(";")}


SHOWS = sorted({" ".join(words) for words in ALL} - named(ACTS) - named(FORMS_OF_THEIR_OWN) - named(LINES))


def options(command: str) -> set[str]:
    here = app()
    for name in command.split():
        here = here[name]
    return {name for argument in here.assemble_argument_collection() for name in argument.names}


def test_a_command_either_does_something_or_shows_it_as_json_too() -> None:
    """A new command that is in none of the lists must have the option."""
    assert {each for each in SHOWS if "--json" not in options(each)} == set()
    assert {each for each in named(LINES) if "--json" not in options(each)} == set()
    assert {each for each in named(ACTS) | named(FORMS_OF_THEIR_OWN) if "--json" in options(each)} == set()
    assert named(ACTS) | named(FORMS_OF_THEIR_OWN) | named(LINES) <= {" ".join(words) for words in ALL}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bot with a journal, a launch, a registry and a report, as a folder to copy."""
    folder = tmp_path_factory.mktemp("bot")
    with closing(journal_of_launch(traded(folder, 5))) as journal:
        flown().write(journal)
    (folder / "bot.yaml").rename(folder / "fairway.yaml")
    desk = told()
    desk.say(OpenTicket(subject="I see no orders", text="since noon"), by="tom")
    write_alerting_journal(load(folder / "fairway.yaml", environ={"KEY": "x", "SECRET": "x"}), desk)
    (folder / "junit.xml").write_text('<testsuite tests="1" failures="0"><testcase classname="a" name="b"/></testsuite>')
    return folder


@pytest.fixture
def here(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = Path(shutil.copytree(written, tmp_path / "bot"))
    monkeypatch.chdir(folder)
    for name in ("KEY", "SECRET"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "stdin", io.StringIO("key-1\nsecret-1\n"))
    assert run(["users", "add", "ann", "--name", "Ann", "--role", "trader"]) == 0
    assert run(["vault", "init"]) == 0
    assert run(["accounts", "add", "ann1", "--user", "ann", "--exchange", "binance", "--mode", "live", "--offline"]) == 0
    capsys.readouterr()
    return folder


def no_float(text: str) -> Any:
    raise AssertionError(f"{text} is a float, and not exact")


@pytest.mark.parametrize("command", [each for each in SHOWS if each not in NOT_RUN])
def test_an_answer_is_one_document_with_the_keys_of_the_page(
    here: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run([*command.split(), *WORDS.get(command, "").split(), "--json"])
    shown = capsys.readouterr()
    assert code in (0, 1), shown.err
    assert shown.out.count("\n") == 1
    value = json.loads(shown.out, parse_float=no_float)
    assert list(value) == keys_of_the_page()[command]


def keys_of_the_page() -> dict[str, list[str]]:
    rows = re.findall(r"^\| `fairway ([a-z -]+)` \| (.+?) \|", PAGE.read_text(), re.MULTILINE)
    return {command: re.findall(r"`(\w+)`", keys) for command, keys in rows}


def test_the_page_lists_every_command_that_shows_something() -> None:
    assert sorted(keys_of_the_page()) == SHOWS


def test_amounts_are_texts_and_what_was_compared_is_a_document() -> None:
    """`reconcile` needs a venue, so its value is shown by itself."""
    told = json.loads(
        document({"accounts": [Compared(account="main", agrees=False, differs=["a"])], "sum": Amount.of(1, "USDT")})
    )
    assert told["sum"] == {"value": "1", "asset": "USDT"}
    assert told["accounts"][0]["agrees"] is False
    assert document({"a": Decimal("0.10")}) == '{"a":"0.10"}'


@pytest.mark.parametrize("command", ["status", "caps", "watch", "launch status", "accounts list", "journal verify"])
def test_without_the_option_it_is_text(here: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    run([*command.split(), *WORDS.get(command, "").split()])
    assert not capsys.readouterr().out.startswith("{")
