"""The operational log: fields, levels, redaction, slow and failed calls, and a file that never stops a trader."""

import asyncio
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from fairway.assembly.operational_log import file_of, operational_log
from fairway.journal import kinds
from fairway.journal.port import Journal, JournalUnwritable
from fairway.logs.event_lines import NAMES, EventLines, command_id, fields_of, level_of, name_of
from fairway.logs.log import LogForm, Logger, Process, new_log
from fairway.logs.log_file import LINES_MAX, LogFile
from fairway.logs.redaction import HIDDEN, Redaction
from fairway.logs.slow_calls import SlowLimits, logged_calls, logged_journal, watch_loop
from fairway.money.amount import Amount
from fairway.orders import lifecycle
from fairway.people.secret import Secret as HeldSecret
from fairway.settings import Settings, load
from fairway.venues.port import Venue
from fairway.world.clock import MILLISECOND, SECOND, parse_instant
from fairway.world.secret import SecretReference

AT = parse_instant("2026-01-03T22:00:00.000Z")
KEY = "very-secret-api-key"


class StoppedClock:
    """Goes on only when it is told to."""

    def __init__(self) -> None:
        self.passed = 0

    def now(self) -> int:
        return AT + self.passed

    def monotonic(self) -> int:
        return self.passed


@dataclass
class Nested:
    name: str
    key: object


def _log(lines: list[str], **options: Any) -> Logger:
    return new_log(lines.append, StoppedClock(), **options)


def _told(lines: list[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines]


def test_a_line_has_the_instant_of_the_clock_that_was_handed_in_the_level_and_the_fields() -> None:
    lines: list[str] = []
    _log(lines).bind(account="main").info(
        "order_filled", order_id="fw-1", quantity=Amount.of("0.021", "BTC"), left=Decimal("1E-3")
    )
    assert _told(lines) == [
        {
            "at": "2026-01-03T22:00:00.000Z",
            "level": "info",
            "event": "order_filled",
            "account": "main",
            "order_id": "fw-1",
            "quantity": "0.021 BTC",
            "left": "0.001",
        }
    ]


def test_console_lines_have_the_same_fields() -> None:
    lines: list[str] = []
    _log(lines, form=LogForm.CONSOLE).warning("order_lost", order_id="fw-1", why="cut off")
    assert lines == ['2026-01-03T22:00:00.000Z warning order_lost order_id=fw-1 why="cut off"']


def test_lines_below_the_level_are_not_written() -> None:
    lines: list[str] = []
    log = _log(lines, level="warning")
    log.debug("a")
    log.info("b")
    log.warning("c")
    log.error("d")
    assert [line["event"] for line in _told(lines)] == ["c", "d"]


@pytest.mark.parametrize("secret", [SecretReference(KEY), HeldSecret(KEY)])
def test_a_secret_is_hidden_by_its_type_however_deep_it_is(secret: object) -> None:
    lines: list[str] = []
    _log(lines).info("opened", key=secret, keys={"a": [secret, (secret,)]}, venue=Nested("x", Nested("y", secret)))
    assert KEY not in lines[0]
    assert _told(lines)[0]["keys"] == {"a": [HIDDEN, [HIDDEN]]}
    assert _told(lines)[0]["venue"] == {"name": "x", "key": {"name": "y", "key": HIDDEN}}


def test_a_secret_is_hidden_in_an_exception_by_type_and_by_text() -> None:
    lines: list[str] = []
    redaction = Redaction()
    redaction.hide(KEY)
    try:
        try:
            raise ValueError(f"refused: https://venue/order?key={KEY}", HeldSecret(KEY))
        except ValueError as cause:
            raise RuntimeError(f"failed with {KEY}") from cause
    except RuntimeError as error:
        _log(lines, redaction=redaction).error("failed", exc_info=error, error=error)
    assert KEY not in lines[0]
    assert HIDDEN in lines[0]
    assert "RuntimeError" in lines[0]


def test_every_event_has_a_name_a_level_and_its_order() -> None:
    event = lifecycle.OrderRejected("fw-main-1-1-entry", "no money")
    assert (name_of(event), level_of(event)) == ("order_rejected", "warning")
    assert fields_of(event)["order_id"] == "fw-main-1-1-entry"
    assert level_of(kinds.StreamRestored(channel="market")) == "info"
    assert level_of(lifecycle.OrderUnsent("x", "y")) == "warning"
    lines: list[str] = []
    EventLines(_log(lines)).hear("main", [event], AT + SECOND)
    (line,) = _told(lines)
    assert (line["at"], line["account"], line["order_id"]) == ("2026-01-03T22:00:01.000Z", "main", "fw-main-1-1-entry")


def test_no_event_has_a_field_that_a_line_uses_itself() -> None:
    reserved = {"at", "level", "event", "account"}
    for kind in kinds.EVENTS:
        names = {NAMES.get(name, name) for name in kind.__struct_fields__}
        assert not names & (reserved - {"account"}), kind


class SlowJournal:
    """Commits in so many ns of the clock, or not at all."""

    def __init__(self, clock: StoppedClock, took_ns: int, error: Exception | None = None) -> None:
        self.clock, self.took_ns, self.error = clock, took_ns, error
        self.mode = "practice"

    async def commit(self) -> None:
        self.clock.passed += self.took_ns
        if self.error is not None:
            raise self.error


def _committed(took_ns: int, error: Exception | None = None) -> list[dict[str, Any]]:
    lines: list[str] = []
    clock = StoppedClock()
    log = new_log(lines.append, clock)
    journal: Any = logged_journal(SlowJournal(clock, took_ns, error), log, clock, SlowLimits())  # type: ignore[arg-type]
    assert journal.mode == "practice"
    if error is None:
        asyncio.run(journal.commit())
    else:
        with pytest.raises(type(error)):
            asyncio.run(journal.commit())
    return _told(lines)


def test_a_commit_over_its_limit_is_logged_with_how_long_it_took() -> None:
    assert _committed(100 * MILLISECOND) == []
    (line,) = _committed(101 * MILLISECOND)
    assert (line["level"], line["event"], line["took_ms"], line["limit_ms"]) == ("warning", "journal_commit_slow", 101.0, 100.0)


def test_a_commit_that_fails_is_logged_and_still_raises() -> None:
    (line,) = _committed(MILLISECOND, JournalUnwritable("no disk"))
    assert (line["event"], line["error"]["type"], line["error"]["text"]) == (
        "journal_commit_failed",
        "JournalUnwritable",
        "no disk",
    )


def test_a_loop_that_comes_late_is_logged() -> None:
    lines: list[str] = []
    clock = StoppedClock()

    async def stalled() -> None:
        watch = asyncio.ensure_future(watch_loop(new_log(lines.append, clock), clock, SlowLimits(), every_s=0))
        await asyncio.sleep(0)
        clock.passed += 251 * MILLISECOND
        for _ in range(5):
            await asyncio.sleep(0)
        watch.cancel()

    asyncio.run(stalled())
    assert [(line["event"], line["late_ms"]) for line in _told(lines)] == [("loop_stalled", 251.0)]


class Later:
    def __init__(self) -> None:
        self.calls: list[Any] = []

    def call_later(self, delay: float, callback: Any) -> None:
        self.calls.append(callback)


def test_lines_wait_for_the_loop_and_are_written_in_order(tmp_path: Path) -> None:
    file, loop = LogFile(tmp_path / "log", str), Later()
    file.start(loop)
    file.write("one")
    file.write("two")
    assert not (tmp_path / "log").exists()
    (flush,) = loop.calls
    flush()
    assert (tmp_path / "log").read_text() == "one\ntwo\n"
    assert (tmp_path / "log").stat().st_mode & 0o077 == 0


def test_a_rotated_file_is_made_again(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "log", str)
    file.write("one")
    (tmp_path / "log").rename(tmp_path / "log.1")
    file.write("two")
    assert (tmp_path / "log").read_text() == "two\n"


def test_lines_that_cannot_be_written_are_lost_and_counted(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    file = LogFile(folder / "log", lambda count: f"lost {count}")
    file.write("one")
    file.write("two")
    folder.mkdir()
    file.write("three")
    assert (folder / "log").read_text() == "lost 2\nthree\n"


def test_lines_that_wait_are_bounded(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "log", lambda count: f"lost {count}")
    file.start(Later())
    for number in range(LINES_MAX + 3):
        file.write(str(number))
    file.close()
    lines = (tmp_path / "log").read_text().splitlines()
    assert (lines[0], len(lines)) == ("lost 3", LINES_MAX + 1)


def _settings(tmp_path: Path, log: str) -> Settings:
    text = f"""
mode: practice
venue: {{exchange: binance, url: "http://127.0.0.1:9100", key: {KEY}, secret: another-secret-text}}
symbols: [BTC/USDT]
strategy: {{name: trend}}
log: {log}
"""
    (tmp_path / "fairway.yaml").write_text(text)
    return load(tmp_path / "fairway.yaml")


def test_settings_name_the_file_the_level_and_the_format(tmp_path: Path) -> None:
    made = operational_log(_settings(tmp_path, "{file: run.log, level: error, format: console}"), StoppedClock())

    async def trade() -> None:
        made.hear("main", [lifecycle.OrderUnsent("fw-1", "no network")], AT)
        made.tell(f"the venue said {KEY}")

    asyncio.run(made.watching(trade()))
    made.close()
    assert (
        tmp_path / "run.log"
    ).read_text() == f'2026-01-03T22:00:00.000Z error notice process=trader text="the venue said {HIDDEN}"\n'


def test_without_a_file_nothing_is_logged_and_nothing_is_wrapped(tmp_path: Path) -> None:
    made = operational_log(_settings(tmp_path, "{}"), StoppedClock())
    journal, venue = cast(Journal, object()), cast(Venue, object())
    assert made.journal(journal) is journal
    assert made.venue(venue) is venue
    made.hear("main", [lifecycle.OrderRejected("fw-1", "no")], AT)
    made.tell("x")
    made.close()
    assert [each.name for each in tmp_path.iterdir()] == ["fairway.yaml"]


def test_a_trader_that_fails_is_logged_with_its_traceback_and_still_fails(tmp_path: Path) -> None:
    async def fail() -> None:
        raise RuntimeError(f"with {KEY}")

    made = operational_log(_settings(tmp_path, "{file: run.log}"), StoppedClock())
    with pytest.raises(RuntimeError):
        asyncio.run(made.watching(fail()))
    made.close()
    started, failed, stopped = _told((tmp_path / "run.log").read_text().splitlines())
    assert (started["event"], failed["event"], stopped["event"]) == ("process_started", "process_failed", "process_stopped")
    assert failed["exception"][0]["exc_type"] == "RuntimeError"
    assert failed["exception"][0]["exc_value"] == f"with {HIDDEN}"


def test_events_are_logged_after_the_orders_that_follow_from_them_have_left(tmp_path: Path) -> None:
    """Nothing is rendered while a trader's task runs."""
    made = operational_log(_settings(tmp_path, "{file: run.log}"), StoppedClock())

    async def trade() -> None:
        made.hear("main", [lifecycle.OrderRejected("fw-1", "no")], AT)
        await asyncio.sleep(0)
        assert not (tmp_path / "run.log").exists()

    asyncio.run(made.watching(trade()))
    made.close()
    assert "order_rejected" in (tmp_path / "run.log").read_text()


def test_each_process_of_one_configuration_has_a_file_of_its_own_and_a_device_is_shared(tmp_path: Path) -> None:
    file = tmp_path / "fairway.log"
    files = {file_of(file, Process.TRADER), file_of(file, Process.PILOT), file_of(file, Process.METRICS, "9464")}
    assert {each.name for each in files} == {"fairway.log", "fairway.log.pilot", "fairway.log.metrics.9464"}
    assert {file_of(Path("/dev/stderr"), each) for each in Process} == {Path("/dev/stderr")}


def test_a_pilot_writes_beside_the_trader_and_names_itself_in_each_line(tmp_path: Path) -> None:
    settings = _settings(tmp_path, "{file: run.log}")

    async def work() -> None:
        pass

    for process in (Process.TRADER, Process.PILOT):
        made = operational_log(settings, StoppedClock(), process)
        asyncio.run(made.watching(work()))
        made.close()
    for name, process in (("run.log", Process.TRADER), ("run.log.pilot", Process.PILOT)):
        lines = _told((tmp_path / name).read_text().splitlines())
        assert [(line["event"], line["process"]) for line in lines] == [
            ("process_started", process.value),
            ("process_stopped", process.value),
        ]


def test_what_serves_measurements_needs_no_key_of_the_venue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FAIRWAY_TEST_KEY", raising=False)
    keys = "key: env:FAIRWAY_TEST_KEY, secret: env:FAIRWAY_TEST_KEY"
    text = f'mode: practice\nvenue: {{exchange: binance, url: "http://127.0.0.1:9100", {keys}}}\n'
    (tmp_path / "fairway.yaml").write_text(f"{text}symbols: [BTC/USDT]\nstrategy: {{name: trend}}\nlog: {{file: run.log}}\n")
    made = operational_log(load(tmp_path / "fairway.yaml"), StoppedClock(), Process.METRICS, "9464")
    made.tell("the journal cannot be read")
    made.close()
    (line,) = _told((tmp_path / "run.log.metrics.9464").read_text().splitlines())
    assert (line["event"], line["process"]) == ("notice", "metrics")


def test_a_call_that_is_served_late_is_logged(tmp_path: Path) -> None:
    lines: list[str] = []
    clock = StoppedClock()
    journal: Any = logged_calls(SlowJournal(clock, 11), new_log(lines.append, clock), clock, "read", ["commit"], 10)
    asyncio.run(journal.commit())
    (line,) = _told(lines)
    assert (line["event"], line["call"], line["level"]) == ("read_slow", "commit", "warning")


def test_a_command_has_the_same_id_in_every_log() -> None:
    taken = kinds.InstructionTaken(number=17, what="IssueLease", by="pilot")
    assert fields_of(taken) == {"command_id": command_id("commands", 17), "what": "IssueLease", "by": "pilot"}
    assert command_id("launch commands", 2) == "launch-commands-2"
