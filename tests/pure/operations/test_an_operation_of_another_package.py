"""The examples of docs/how-to/add-an-operation.md and add-a-command.md, installed and run."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.installed_package import example_of, installed

from fairway import cli
from fairway.cli import run
from fairway.cli.exits import ExitCode
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, TraderStarted
from fairway.journal.sql import open_journal
from fairway.operations.actor import Actor, Shell, owner_of_machine
from fairway.operations.operation import Call
from fairway.operations.perform import perform, preview
from fairway.operations.refusal import Ground, Refusal
from fairway.operations.registry import all_operations, operation_named, unusable_operations
from fairway.people.roles import UserRole
from fairway.world.clock import SECOND, SystemClock

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to"
GROUP = "fairway.operations"
CONFIG = """
mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9100, key: env:KEY, secret: env:SECRET}
symbols: [BTC/USDT]
strategy: {name: trend}
"""
START = TraderStarted(account="main", epoch=1, release="1", venue="binance", strategy="trend", symbols=("BTC/USDT",))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A trader that wrote last a hundred seconds ago."""
    (tmp_path / "bot.yaml").write_text(CONFIG)
    journal = open_journal(tmp_path / "fairway.journal", Codec(*EVENTS), mode="practice", trader="main", synchronous="OFF")
    journal.append([START], account="main", author="trader", at=SystemClock().now() - 100 * SECOND)
    journal.close()
    return tmp_path / "bot.yaml"


@pytest.fixture
def package(tmp_path: Path) -> Iterator[None]:
    all_operations.cache_clear()
    with installed(tmp_path, GROUP, "silence_operation", example_of(HOW_TO / "add-an-operation.md"), "OPERATION"):
        yield
    all_operations.cache_clear()


@pytest.mark.usefixtures("package")
def test_it_is_listed_previewed_and_performed(config: Path) -> None:
    operation = operation_named("silence")
    call = Call(actor=owner_of_machine("ann"), request=operation.request(config=config))
    assert preview(operation, call).effect == "reads the journal; nothing is changed"
    outcome = perform(operation, call)
    assert 100 <= outcome.silent_s < 200
    assert outcome.lines == (f"the trader wrote last {outcome.silent_s} s ago",)


@pytest.mark.usefixtures("package")
def test_its_permission_is_checked_as_any_others(config: Path) -> None:
    operation = operation_named("silence")
    trader = Actor(name="tom", shell=Shell.API, role=UserRole.TRADER)
    with pytest.raises(Refusal) as refused:
        perform(operation, Call(actor=trader, request=operation.request(config=config)))
    assert refused.value.ground is Ground.PERMISSION


@pytest.mark.usefixtures("package")
def test_the_command_of_the_page_shows_its_outcome(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (config.parent / "silence_command.py").write_text(example_of(HOW_TO / "add-a-command.md"))
    monkeypatch.setitem(cli.COMMANDS, "silence", ("silence_command:silence", "Say for how long a trader has written nothing."))
    assert run(["silence", str(config)]) == ExitCode.OK
    assert "the trader wrote last 1" in capsys.readouterr().out
    assert run(["silence", str(config), "--json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["silent_s"] >= 100
    (config.parent / "fairway.journal").unlink()
    assert run(["silence", str(config)]) == ExitCode.NO
    assert "no trader has run with" in capsys.readouterr().err


def test_a_name_of_fairway_stays_fairways(tmp_path: Path) -> None:
    code = example_of(HOW_TO / "add-an-operation.md").replace('name="silence"', 'name="kill"')
    all_operations.cache_clear()
    with installed(tmp_path, GROUP, "false_kill", code, "OPERATION"):
        assert operation_named("kill").perform.__module__ == "fairway.operations.trader.kill"
        assert [each.name for each in unusable_operations()] == ["kill"]
    all_operations.cache_clear()


def test_one_that_cannot_be_loaded_is_left_out_and_reported(tmp_path: Path) -> None:
    all_operations.cache_clear()
    with installed(tmp_path, GROUP, "silence_operation", "import no_such_library", "OPERATION"):
        assert "kill" in all_operations()
        [broken] = unusable_operations()
        assert "the operation 'silence_operation' of silence_operation 1.2 cannot be used: ModuleNotFoundError" in str(broken)
    all_operations.cache_clear()
