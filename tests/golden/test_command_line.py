"""The command line as people see it: its help, what it prints, its one sentence for each failure, its exit codes."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from fairway.cli import COMMANDS, run
from fairway.cli.exits import ExitCode
from fairway.cli.init import TEMPLATE
from fairway.journal.chain import verify
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.journal.port import Record
from fairway.journal.sql import open_journal
from fairway.settings import load

HERE = Path(__file__).parent
RIGHT = "a right one is named by the key journal of a configuration"
FAIRWAY = Path(sys.executable).with_name("fairway")


def golden(name: str, seen: str) -> None:
    """The text of a golden file; FAIRWAY_GOLDEN=write makes it anew, for a person to look at and to commit."""
    path = HERE / name
    if os.environ.get("FAIRWAY_GOLDEN") == "write":
        path.write_text(seen)
    assert seen == path.read_text()


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A journal file with the golden records, to the byte, whatever is written today."""
    path = tmp_path / "a.journal"
    open_journal(path, Codec(), mode="practice", trader="main").close()
    records = [_record(raw.decode(line)) for line in (HERE / "journal_v1.jsonl").read_bytes().splitlines()]
    rows = [("main", "trader", r.seq, r.at, r.account, r.author, r.kind, r.version, r.body.decode(), r.digest) for r in records]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return path


raw = msgspec.json.Decoder(dict[str, msgspec.Raw])


def _record(fields: dict[str, msgspec.Raw]) -> Record:
    names = ("seq", "at", "account", "author", "kind", "version", "digest")
    seq, at, account, author, kind, version, digest = (msgspec.json.decode(fields[name]) for name in names)
    return Record(seq, at, account, author, kind, version, bytes(fields["body"]), digest)


def fairway(*words: str | Path) -> int:
    return run([str(word) for word in words])


def program(*words: str | Path, **more: str) -> "subprocess.CompletedProcess[str]":
    """The installed program in a process of its own."""
    env = {**os.environ, "COLUMNS": "100", **more}
    return subprocess.run([str(FAIRWAY), *map(str, words)], capture_output=True, text=True, env=env, check=False)


def ended(capsys: pytest.CaptureFixture[str], words: Sequence[str | Path], code: ExitCode, sentence: str) -> None:
    """The command ends with this code and exactly this sentence."""
    assert fairway(*words) == code
    told = capsys.readouterr()
    assert told.err == f"fairway: {sentence}\n"
    assert "Traceback" not in told.out


def test_help_is_short_and_complete() -> None:
    """Every command with one sentence."""
    done = program("--help")
    assert done.returncode == 0
    golden("help.txt", done.stdout)


def test_help_imports_nothing_heavy() -> None:
    """What makes it fast: no exchange client, no web server, no charts, no settings, no database."""
    code = "import sys; from fairway.cli import run; run(['--help']); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].strip("[]").replace("'", "").split(", "))
    heavy = {"ccxt", "aiohttp", "pydantic", "msgspec", "yaml", "matplotlib", "jinja2", "sqlite3", "sqlalchemy", "uvloop", "numpy"}
    assert loaded & heavy == set()
    assert not any(name.startswith("fairway.") and not name.startswith("fairway.cli") for name in loaded)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The package's own."""
    import fairway as package

    assert fairway("--version") == 0
    assert capsys.readouterr().out.strip() == package.__version__


def test_a_wrong_command_line_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """With what was meant, where it can be guessed."""
    names = ", ".join(COMMANDS)
    ended(capsys, ["jurnal"], ExitCode.USAGE, f"there is no command 'jurnal'; did you mean journal?; there are {names}")
    ended(capsys, ["init", "--froce"], ExitCode.USAGE, "Unknown option: --froce. Did you mean --force?; see fairway init --help")
    needs = "WHERE is missing; a right one is fairway.journal; see fairway journal show --help"
    ended(capsys, ["journal", "show"], ExitCode.USAGE, needs)


def test_show_prints_columns_that_people_read(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Amounts with their assets, times in UTC, empty values left out; no release needs to know the kinds."""
    assert fairway("journal", "show", journal) == 0
    golden("journal_show.txt", capsys.readouterr().out)


def shown(capsys: pytest.CaptureFixture[str], *words: str | Path) -> list[int]:
    assert fairway("journal", "show", *words) == 0
    return [int(line.split()[0]) for line in capsys.readouterr().out.splitlines()[1:]]


def test_show_chooses_by_number_kind_and_order(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each by itself and together."""
    assert shown(capsys, journal, "--since", "4") == [4, 5]
    assert shown(capsys, journal, "--kind", "OrderSent") == [3]
    assert shown(capsys, journal, "--order", "fw-main-1-1-e") == [2, 3, 4, 5]
    assert shown(capsys, journal, "--order", "fw-main-1-1-e", "--since", "3", "--kind", "OrderFilled") == [5]
    assert shown(capsys, journal, "--order", "fw-main-1") == []


def test_show_as_json_and_export_write_the_same_lines(journal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object a record, its body to the byte, so that others can verify the chain."""
    assert fairway("journal", "show", journal, "--json") == 0
    lines = capsys.readouterr().out
    out = tmp_path / "a.jsonl"
    assert fairway("journal", "export", journal, "--to", "jsonl", "--out", out) == 0
    assert out.read_text() == lines
    first = json.loads(lines.splitlines()[0])
    assert list(first) == ["seq", "at", "time", "account", "author", "kind", "version", "body", "digest"]
    assert first["time"] == "2022-01-01T00:01:00.000Z"
    assert verify(_record(raw.decode(line)) for line in lines.encode().splitlines()) is None


def test_export_as_csv(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A header and a row for each record."""
    assert fairway("journal", "export", journal, "--to", "csv") == 0
    golden("journal_export.csv", capsys.readouterr().out)


def test_an_export_never_overwrites_unasked(journal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And leaves nothing half-written beside it."""
    out = tmp_path / "a.csv"
    out.write_text("mine")
    words: list[str | Path] = ["journal", "export", journal, "--to", "csv", "--out", out]
    ended(capsys, words, ExitCode.USAGE, f"{out} is already there and was left as it is; give another name, or --force")
    assert out.read_text() == "mine"
    assert fairway(*words, "--force") == 0
    assert out.read_text().startswith("seq,at,time,")
    assert list(tmp_path.glob("*.new")) == []


def test_verify_tells_a_whole_journal_and_its_digest(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The digest can be kept elsewhere, and asked for later."""
    digest = "85bd69dbb87f6e2c9b3696ee561955e5e9da2850dc3fa9ebce0f108db40160de"
    assert fairway("journal", "verify", journal) == 0
    whole = f"{journal} is whole: 5 records, mode practice, trader main, digest {digest}\n"
    assert capsys.readouterr().out == whole
    assert fairway("journal", "verify", journal, "--digest", digest) == 0


def test_each_failure_of_a_journal_has_its_sentence_and_code(
    journal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Missing, not one, empty, broken, without the digest that was kept."""
    ended(capsys, ["journal", "show", tmp_path / "b"], ExitCode.JOURNAL_MISSING, f"there is no journal {tmp_path / 'b'}")
    (tmp_path / "notes").write_text("x")
    for command in ("show", "verify"):
        words = ["journal", command, tmp_path / "notes"]
        ended(capsys, words, ExitCode.JOURNAL_MISSING, f"{tmp_path / 'notes'} is no journal of Fairway; {RIGHT}")
    (tmp_path / "lost").touch()
    lost = tmp_path / "lost"
    advice = f"Put the newest backup in its place, or remove it to begin a new journal: rm {lost}"
    words = ["journal", "verify", lost]
    ended(capsys, words, ExitCode.JOURNAL_MISSING, f"{lost} is no journal of Fairway: it is empty. {advice}")
    cut = f"the chain ends before it, without the known digest {'0' * 16}…: its end was cut off or rewritten"
    words = ["journal", "verify", journal, "--digest", "0" * 64]
    ended(capsys, words, ExitCode.JOURNAL_BROKEN, f"the journal {journal} is broken at record 6: {cut}")
    _delete(journal, 3)
    broken = f"the journal {journal} is broken at record 4: record 3 is missing before it"
    ended(capsys, ["journal", "verify", journal], ExitCode.JOURNAL_BROKEN, broken)


def _delete(path: Path, seq: int) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER records_remain")
        connection.execute("DELETE FROM records WHERE seq = ?", (seq,))


def test_a_full_disk_under_the_output_is_one_sentence(journal: Path) -> None:
    """The kernel's own full device stands for the disk."""
    with Path("/dev/full").open("w") as full:
        words = [str(FAIRWAY), "journal", "export", str(journal), "--to", "csv"]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == ExitCode.DISK_FULL
    assert done.stderr == "fairway: no space is left on the disk; free some, and start again\n"


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    """`fairway journal show FILE | head -1` prints one line and no complaint."""
    path = tmp_path / "long.journal"
    codec = Codec(*EVENTS)
    writer = open_journal(path, codec, mode="practice", trader="main", synchronous="OFF")
    from fairway.orders.lifecycle import OrderSent

    writer.append([OrderSent(order_id=f"fw-main-1-{number}-e") for number in range(9_000)], account="main", author="trader", at=1)
    writer.close()
    words = f"{FAIRWAY} journal show {path} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", words], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[0].split()[0] == "seq"
    assert lines[1] == str(ExitCode.READER_GONE.value)
    assert done.stderr == ""


@pytest.mark.parametrize("words", ["--help", "demo --days 1 --out {out}"])
def test_a_reader_that_goes_away_ends_rich_output_too(words: str, tmp_path: Path) -> None:
    """What is drawn by a library of its own ends with the same code as what is printed."""
    command = f"{FAIRWAY} {words.format(out=tmp_path)} | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout.strip(), done.stderr) == (str(ExitCode.READER_GONE.value), "")


def test_data_without_a_file_and_run_without_a_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither trades something else instead, nor names an option that people do not write."""
    ended(capsys, ["demo", "--data"], ExitCode.USAGE, "--data names no file; a right use is --data BTCUSDT-1m.csv.gz")
    ended(capsys, ["run"], ExitCode.SETTINGS, "fairway.yaml: there is no such file; `fairway init` writes one")


def test_init_on_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    """An empty file would stand in the way of the next try."""
    path = tmp_path / "bot.yaml"
    done = on_no_disk(f"from fairway.cli import run; sys.exit(run(['init', {str(path)!r}]))", tmp_path)
    why = "the file would be larger than this disk or this user may hold"
    assert (done.returncode, path.exists(), done.stderr) == (ExitCode.DISK_FULL, False, f"fairway: {why}\n")


def test_a_bug_with_no_place_for_its_crash_file_is_told_on_the_screen(tmp_path: Path) -> None:
    """Neither this directory nor the one for temporary files takes a file."""
    done = on_no_disk("from fairway.cli.crash import write_crash_file; print(write_crash_file(ValueError('why')))", tmp_path)
    assert (done.returncode, done.stdout) == (0, "the lines above, for no file could be written\n")
    assert "ValueError: why" in done.stderr


def on_no_disk(code: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """A process that may write no byte to any file; its limit stands for the disk."""
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))"
    start = (
        f"import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); {limit}; sys.dont_write_bytecode = True"
    )
    return subprocess.run([sys.executable, "-c", f"{start}; {code}"], capture_output=True, text=True, check=False, cwd=folder)


def test_init_writes_a_configuration_that_loads_and_keeps_what_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With comments for every key a person has to decide on; it never overwrites unasked."""
    path = tmp_path / "bot.yaml"
    assert fairway("init", path) == 0
    assert (
        capsys.readouterr().out
        == f"wrote {path}; next: set the variables of key and secret that it names, then run  fairway doctor {path}\n"
    )
    settings = load(path)
    assert (settings.mode, settings.strategy.name) == ("practice", "trend")
    assert settings.journal == tmp_path / "fairway.journal"
    path.write_text("mine")
    ended(capsys, ["init", path], ExitCode.USAGE, f"{path} is already there and was left as it is; give another name, or --force")
    assert path.read_text() == "mine"
    assert fairway("init", path, "--force") == 0
    assert path.read_text() == TEMPLATE.format(name=path)


def test_init_in_a_place_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence with the directory."""
    path = tmp_path / "no" / "bot.yaml"
    ended(capsys, ["init", path], ExitCode.USAGE, f"there is no directory {path.parent}; make it first")


@pytest.mark.parametrize("command", ["run", "doctor"])
def test_mistakes_in_the_configuration_are_all_told(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is connected, with one line for each."""
    path = tmp_path / "bot.yaml"
    text = TEMPLATE.format(name=path).replace("# per_trade", "per_trade")
    path.write_text(text.replace("0.5 %    ", "0.5      ").replace("interval: 1m", "interval: 7m"))
    assert fairway(command, path) == ExitCode.SETTINGS
    told = capsys.readouterr().err
    assert told.count(f"{path}:") == 3
    assert "interval: '7m' is no interval" in told
    assert "risk.per_trade: '0.5' is no percentage; write a number and %; right is  per_trade: 0.5 %" in told
    ended(
        capsys,
        [command, tmp_path / "none"],
        ExitCode.SETTINGS,
        f"{tmp_path / 'none'}: there is no such file; `fairway init` writes one",
    )


def break_down() -> None:
    """A command with a bug in it."""
    raise ZeroDivisionError("price over zero")


def wait() -> None:
    """A command that Ctrl-C meets."""
    raise KeyboardInterrupt


def test_a_bug_is_one_sentence_and_a_crash_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The traceback is in the file, for whoever repairs it, and not on the screen."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(COMMANDS, "break", (f"{__name__}:break_down", "A command with a bug in it."))
    assert fairway("break") == ExitCode.BUG
    told = capsys.readouterr().err
    (crash,) = tmp_path.iterdir()
    assert told == (
        "fairway: a mistake in Fairway itself stopped it (ZeroDivisionError: price over zero); "
        f"orders at the venue stay as they are; the details are in {crash}\n"
    )
    assert "in break_down" in crash.read_text()


def test_ctrl_c_has_its_own_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A script can tell it from a failure."""
    monkeypatch.setitem(COMMANDS, "wait", (f"{__name__}:wait", "A command that Ctrl-C meets."))
    ended(capsys, ["wait"], ExitCode.INTERRUPTED, "stopped by Ctrl-C")


def test_the_doctor_fits_a_small_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In 80 columns a finding and its advice stand below each other, however long the directory's name."""
    monkeypatch.chdir(tmp_path)  # where the tests are run, another one may just have left a crash file
    path = tmp_path / "bot.yaml"
    assert fairway("init", path) == 0
    done = program("doctor", path, COLUMNS="80", FAIRWAY_KEY="", FAIRWAY_SECRET="")
    assert done.returncode == ExitCode.NO
    assert max(map(len, done.stdout.splitlines())) <= 80
    told = " ".join(done.stdout.split())
    assert (
        "export FAIRWAY_KEY=... in this terminal, or write file:PATH in the configuration - without it nothing can be asked"
        in told
    )
    assert "3 of 7 failed: do not trade with this." in done.stdout
