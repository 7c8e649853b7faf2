"""What `fairway caps`, `pause`, `lift`, `lease` and `signal` say, word for word, beside a journal that nobody writes any more."""

import re
import shlex
from decimal import Decimal
from pathlib import Path

import pytest
from tests.golden.test_command_line import golden
from tests.pure.kinds_of_caps import raised

from fairway.cli import run
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, CapRaised, CaughtUp, Event, InstructionTaken, LeaseAccepted, StreamLost, TraderStarted
from fairway.journal.sql import open_journal
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.risk.breakers import stopped
from fairway.risk.cap_kinds import JOURNAL, KILL, LEASE
from fairway.risk.caps import Cap, held, paused, resumed
from fairway.risk.hours import Hours
from fairway.risk.limits import Limits, TradingState
from fairway.trading.latch import FileLatch, Killed, KillScope
from fairway.world.clock import DAY, parse_instant

CONFIG = """
mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9100, key: env:KEY, secret: env:SECRET}
symbols: [BTC/USDT, ETH/USDT]
strategy: {name: trend}
"""
BEFORE_THE_FIRST_START = """
caps bot.yaml
pause bot.yaml --reason 'not yet' --by ann
pause bot.yaml --reason ' '
pause bot.yaml --account bob --reason 'odd orders'
caps bot.yaml
lift bot.yaml paused --reason back --by ann
lift bot.yaml settings --reason back
lease bot.yaml --for 12h --reason 'I am watching'
transfer bot.yaml out 2500.5 usdt --reason 'to savings' --by ann
transfer bot.yaml out none USDT --reason 'to savings'
transfer bot.yaml away 1 USDT --reason 'to savings'
reconnect bot.yaml --reason 'prices stand still' --by ann
reconnect bot.yaml --reason 'prices stand still' --channel quotes
switch-address bot.yaml --reason slow
signal bot.yaml buy btcusdt --id alert-42 --source tv --number 42 --expected flat --stop 64250.5 --target 70000 --by webhook
signal bot.yaml sell ETH/USDT --id alert-43 --source tv --everyone --by webhook
signal bot.yaml buy DOGE/USDT --id alert-44 --source tv
signal bot.yaml buy BTC/USDT --id 'alert 44' --source tv
signal bot.yaml buy BTC/USDT --id alert-44 --source 'my alerts'
signal bot.yaml buy BTC/USDT --id alert-44 --source tv --stop 1e4
signal bot.yaml buy BTC/USDT --id alert-44 --source tv --number -1
signal bot.yaml buy BTC/USDT --id alert-44 --source tv --sent-at yesterday
signal bot.yaml short BTC/USDT --id alert-44 --source tv
caps bot.yaml
"""
BESIDE_A_JOURNAL = """
caps bot.yaml
caps bot.yaml --account bob
caps leased.yaml --account bob
pause bot.yaml --account carol --reason 'odd orders'
pause bot.yaml --account bob --everyone --reason 'odd orders'
lift bot.yaml moon --reason x
lift bot.yaml moon --reason x --everyone
lift bot.yaml 'kill account' --reason sold
lift bot.yaml journal --reason x
lift bot.yaml 'breaker L2' --reason x
lift bot.yaml paused --reason x --account bob
lease leased.yaml --for 12 --reason x
lease leased.yaml --for 8d --reason x
lease leased.yaml --for 0h --reason x
lease leased.yaml --reason x
"""
START = TraderStarted(account="main", epoch=1, release="1", venue="binance", strategy="trend", symbols=("BTC/USDT",))
AT = parse_instant("2026-11-22T12:00:00Z")
FAR = parse_instant("2100-01-01T00:00:00Z")


def write_journal(path: Path) -> None:
    """Two accounts: one with every kind of cap, one with none."""
    start = TraderStarted(account="main", epoch=1, release="1", venue="binance", strategy="trend", symbols=("BTC/USDT",))
    journal_cap = Cap(
        id="journal",
        kind=JOURNAL,
        limits=Limits(state=TradingState.REDUCE_ONLY),
        reason="no space is left",
        since=AT,
    )
    kill = Cap(
        id="kill account",
        kind=KILL,
        limits=Limits(state=TradingState.KILLED, hands_off=True),
        reason="it buys every minute (ann, flatten)",
        since=AT,
    )
    caps = [
        resumed("a wrong feed", "ann", AT - DAY),
        paused("lunch", "ann", AT),
        held("ETH/USDT", "sell it by hand", AT),
        journal_cap,
        kill,
        stopped("GUARD_DAILY_LOSS: loss=0.06 limit=0.05", FAR - DAY),
    ]
    events: list[Event] = [start, *(CapRaised(cap=cap) for cap in caps)]
    events.append(InstructionTaken(number=1, what="Pause", by="ann"))
    journal = open_journal(path, Codec(*EVENTS), mode="practice", trader="main", synchronous="OFF")
    journal.append(events, account="main", author="trader", at=AT)
    lease = LeaseAccepted(epoch=3, until=AT, limits=Limits(), by="ann")
    journal.append([start, lease], account="bob", author="trader", at=AT)
    journal.close()


def test_the_commands_word_for_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each tells what is in force or what is wrong, with a right example, and its exit code."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bot.yaml").write_text(CONFIG)
    (tmp_path / "leased.yaml").write_text(f"{CONFIG}lease: true\n")
    told = [_told(line, capsys) for line in BEFORE_THE_FIRST_START.strip().splitlines()]
    write_journal(tmp_path / "fairway.journal")
    told += [_told(line, capsys) for line in BESIDE_A_JOURNAL.strip().splitlines()]
    golden("command_inbox.txt", re.sub(r"wait_s=\d+", "wait_s=N", "".join(told).replace(str(tmp_path), "")))


def _told(line: str, capsys: pytest.CaptureFixture[str]) -> str:
    code = run(shlex.split(line))
    told = capsys.readouterr()
    return f"$ fairway {line}\n{told.out}{told.err}[{code}]\n\n"


def test_a_journal_that_lost_its_command_inbox_is_reported_and_no_command_waits_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The trader has taken instruction 1, and the command inbox begins with 1 again: it would pass over this pause."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("fairway.operations.trader.instruct.LOOKS_MAX", 1)
    (tmp_path / "bot.yaml").write_text(CONFIG)
    write_journal(tmp_path / "fairway.journal")
    assert run(["pause", "bot.yaml", "--reason", "lunch"]) == 6
    assert "does not hold instruction 1, which the trader has taken; put back the one that does" in capsys.readouterr().err


def test_caps_show_a_kill_that_no_trader_has_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the trader dead and its journal gone, the latch alone says so; a file that a person made by hand counts as well."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bot.yaml").write_text(CONFIG)
    kill = Killed(scope=KillScope.ACCOUNT, reason="it buys every minute", by="ann", at=AT)
    FileLatch(tmp_path, "main", ["BTC/USDT"]).set(kill)
    assert run(["caps", "bot.yaml"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("main opens nothing\n  kill account\n")
    assert "    why    it buys every minute (ann, keep-stops); no trader has read it yet\n" in told
    (tmp_path / "main.kill").write_text("")
    assert run(["caps", "bot.yaml"]) == 0
    assert capsys.readouterr().out.startswith("main opens nothing\n  kill account\n")


def test_a_trader_of_many_that_never_ran_is_paused_before_its_first_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its accounts are those of the registry; without one a pause of everybody is written down all the same."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("fairway.operations.trader.instruct.LOOKS_MAX", 1)
    bot = CONFIG.replace(", key: env:KEY, secret: env:SECRET", "") + "people: fairway.people\n"
    (tmp_path / "bot.yaml").write_text(bot)
    assert run(["caps", "bot.yaml"]) == 0
    assert capsys.readouterr().out.startswith("no account is traded yet")
    assert run(["pause", "bot.yaml", "--reason", "not yet", "--everyone", "--by", "ann"]) == 1
    assert "instruction 1, by ann: not yet\nno trader has answered" in capsys.readouterr().out
    _enrol(tmp_path)
    capsys.readouterr()
    assert run(["caps", "bot.yaml"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("ann1 may open positions\n")
    assert told.endswith("waits for the trader: instruction 1, pause everyone for all accounts, by ann: not yet\n")
    assert run(["pause", "bot.yaml", "--reason", "odd", "--account", "bob1"]) == 2
    assert capsys.readouterr().err == "fairway: --account bob1 is none of this trader's; it has ann1\n"
    assert run(["pause", "bot.yaml", "--reason", "odd", "--account", "ann1", "--by", "ann"]) == 1


def test_beside_a_launch_nobody_is_told_to_open_what_its_stage_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One account has a stage's lease and the other waits for a larger stage: a lease by hand would let it in at once."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("fairway.operations.trader.instruct.LOOKS_MAX", 1)
    (tmp_path / "bot.yaml").write_text(f"{CONFIG}lease: true\n")
    of_a_stage = LeaseAccepted(epoch=3, until=FAR, limits=Limits(), by="pilot", stage="main/small 1")
    _write_starts(tmp_path / "fairway.journal", {"main": of_a_stage, "bob": None})
    assert run(["caps", "bot.yaml", "--account", "bob"]) == 0
    told = capsys.readouterr().out
    assert told.endswith(
        "none was granted yet, so nothing is opened;  a launch gives it, by its stage:  fairway launch explain bot.yaml\n"
    )
    grant = ["lease", "bot.yaml", "--account", "bob", "--for", "12h", "--reason", "I was told to"]
    assert run(grant) == 1
    assert "a launch issues the leases of this trader's accounts" in capsys.readouterr().err
    assert run([*grant, "--new-epoch"]) == 1
    assert "written down as instruction 1" in capsys.readouterr().out, "taking over is said aloud, and heard"


def _write_starts(path: Path, leases: dict[str, LeaseAccepted | None]) -> None:
    journal = open_journal(path, Codec(*EVENTS), mode="practice", trader="main", synchronous="OFF")
    for account, lease in leases.items():
        journal.append([START, *([lease] if lease else [])], account=account, author="trader", at=AT)
    journal.close()


def test_of_a_kill_of_all_bots_the_whole_command_that_resumes_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --all it refuses."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bot.yaml").write_text(CONFIG)
    write_journal(tmp_path / "fairway.journal")
    for latch, resume in (
        ("main.kill", "fairway resume bot.yaml --reason"),
        ("all.kill", "fairway resume bot.yaml --all --reason"),
    ):
        (tmp_path / latch).touch()
        assert run(["caps", "bot.yaml", "--account", "main"]) == 0
        assert f"by a person:  {resume}" in capsys.readouterr().out


def test_while_a_stream_is_lost_nobody_reads_that_positions_may_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exchange is in maintenance: the trader opens nothing, by no cap, and the lease is fresh."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bot.yaml").write_text(CONFIG)
    lost = StreamLost(channel="account", why="This service is no longer available.")
    for events, opens in (([START, lost], False), ([CaughtUp(channels=("account",))], True), ([lost, START], True)):
        path = tmp_path / "fairway.journal"
        journal = open_journal(path, Codec(*EVENTS), mode="practice", trader="main", synchronous="OFF")
        journal.append(events, account="main", author="trader", at=AT)
        journal.close()
        assert run(["caps", "bot.yaml"]) == 0
        told = capsys.readouterr().out
        assert told.startswith("main may open positions\n" if opens else "main opens nothing\n  the account stream\n")
        assert ("it was lost: This service is no longer available.\n    since  2026-11-22T12:00" in told) is not opens


def test_an_account_that_was_removed_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its caps are in the journal for ever, and nobody can lift them: nobody is sent to try."""
    monkeypatch.chdir(tmp_path)
    bot = CONFIG.replace(", key: env:KEY, secret: env:SECRET", "") + "people: fairway.people\n"
    (tmp_path / "bot.yaml").write_text(bot)
    _enrol(tmp_path)
    _write_starts(tmp_path / "fairway.journal", {"bob1": None, "ann1": None})
    capsys.readouterr()
    assert run(["caps", "bot.yaml"]) == 0
    told = capsys.readouterr().out
    assert "bob1 is traded here no more; what was done with it: fairway accounts show bob1\n" in told
    assert "ann1 may open positions\n" in told
    assert "--account bob1" not in told
    assert run(["lift", "bot.yaml", "paused", "--account", "bob1", "--reason", "x"]) == 2
    assert "--account bob1 is traded here no more (fairway accounts show bob1); this trader has ann1" in capsys.readouterr().err


def _enrol(folder: Path) -> None:
    """One user with one account, whose keys nobody has checked."""
    for name, text in (("key", "k"), ("secret", "s")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    url = ("--mode", "practice", "--url", "http://127.0.0.1:9100", "--key", "file:key", "--secret", "file:secret", "--offline")
    master = ("--master-key", f"file:{folder / 'master'}")
    assert run(["users", "add", "ann", "--role", "trader"]) == 0
    assert run(["vault", "init", *master]) == 0
    assert run(["accounts", "add", "ann1", "--user", "ann", "--exchange", "binance", *url, *master]) == 0


def test_a_kill_whose_configuration_has_a_mistake_is_latched_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A person in a hurry is not left with a sentence about a strategy."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bot.yaml").write_text(CONFIG.replace("trend", "moon"))
    assert run(["kill", "bot.yaml", "--reason", "it buys every minute"]) == 3
    said = capsys.readouterr()
    assert said.out == f"latched: {tmp_path}/main.kill; a trader that runs opens nothing from now on\n"
    assert "there is no strategy 'moon'" in said.err
    assert said.err.endswith("docs/how-to/close-by-hand.md\n")
    assert [killed.scope for killed in FileLatch(tmp_path, "main", ["BTC/USDT"]).read()] == [KillScope.ACCOUNT]


def test_caps_say_of_each_limit_of_a_stage_what_makes_it_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The tightest of lease, guard and configuration, each by its name; the lease tells its stage."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bot.yaml").write_text(f"{CONFIG}lease: true\n")
    start = TraderStarted(account="main", epoch=1, release="1", venue="binance", strategy="trend", symbols=("BTC/USDT",))
    stage = Limits(
        positions=2,
        position_value=Amount.of(2_000, "USDT"),
        strategies=frozenset({"trend", "range"}),
        profiles=frozenset({"conservative"}),
        hours=Hours.parse("22:00-06:00"),
        leverage=Decimal(1),
        loss=Amount.of(100, "USDT"),
        daily_loss=Fraction.parse("3 %"),
        drawdown=Fraction.parse("8 %"),
        capital_total=Amount.of(1_000, "USDT"),
        open_orders=2,
    )
    lease = Cap(
        id="lease",
        kind=LEASE,
        limits=stage,
        reason="pilot lets it open positions, within these limits: the launch's stage",
        since=AT,
    )
    lost = raised("guard stage loss", "GUARD_STAGE_LOSS: lost=100.5 limit=100 USDT", AT)
    granted = LeaseAccepted(epoch=3, until=FAR, limits=stage, by="pilot", stage="beta/internal 1")
    journal = open_journal(tmp_path / "fairway.journal", Codec(*EVENTS), mode="practice", trader="main", synchronous="OFF")
    journal.append([start, granted, CapRaised(cap=lease), CapRaised(cap=lost)], account="main", author="trader", at=AT)
    journal.close()
    assert run(["caps", "bot.yaml"]) == 0
    told = capsys.readouterr().out
    golden("caps_of_a_stage.txt", told.replace(str(tmp_path), ""))


def test_an_address_is_switched_where_the_configuration_names_a_further_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("fairway.operations.trader.instruct.LOOKS_MAX", 1)
    (tmp_path / "bot.yaml").write_text(CONFIG.replace("key:", "fallbacks: ['http://127.0.0.1:9101'], key:"))
    assert run(["switch-address", "bot.yaml", "--reason", "slow", "--by", "ann"]) == 1
    told = capsys.readouterr().out
    assert "written down as instruction 1, by ann: slow" in told
    assert "the next start takes the first address that answers" in told
