"""The first minutes of a newcomer with users, accounts and the vault, in a terminal of 80 columns, word for word."""

import io
import re
import sys
from pathlib import Path

import pytest
from tests.golden.test_command_line import golden

from fairway.cli import run

STORY = """
users list
users add 'Ann Lee' --role trader
users add ann --role boss
users add ann --name 'Ann Lee' --role trader --profile moderate
users add vic --role viewer
users list
accounts list
accounts add ann1 --user bob --exchange binance --mode testnet
accounts add ann1 --user vic --exchange binance --mode testnet
accounts add ann-1 --user ann --exchange binance --mode testnet
accounts add ann1 --user ann --exchange binence --mode testnet
accounts add ann1 --user ann --exchange binance --mode paper
accounts add ann1 --user ann --exchange binance --mode practice
accounts add ann1 --user ann --exchange kraken --mode practice --url http://127.0.0.1:9100
accounts add ann1 --user ann --exchange binance --mode live --capital-max 5000
accounts add ann1 --user ann --exchange binance --mode live --capital-min '200 USDT' --capital-max '100 USDT'
accounts add ann1 --user ann --exchange binance --mode live --key 5f3a9c
accounts add ann1 --user ann --exchange binance --mode live
vault init
vault init
accounts add ann1 --user ann --exchange binance --mode live --offline < nothing
accounts add ann1 --user ann --exchange binance --mode live --offline --symbol BTC/USDT --capital-max '5000 USDT' < keys
accounts add ann1 --user ann --exchange binance --mode live --offline < keys
accounts list
accounts add ann2 --user ann --exchange binance --mode live --offline < keys
accounts add ann2 --user ann --exchange binance --mode live --offline --cohort friend < keys
accounts cohort ann1 trusted --reason 'tests with us'
accounts cohort ann1 team --reason 'she says so' --by vic
accounts pause ann1 --reason 'odd orders'
accounts pause ann1
accounts pause ann2
accounts pause ann1 --by vic
accounts resume ann1 --reason ' '
users pause ann
accounts resume ann1 --reason 'explained'
accounts list
users resume ann --reason 'back'
accounts rotate ann1 --offline --reason 'monthly' < newer
accounts show ann1
users role ann viewer --reason 'she only looks'
users remove ann --reason 'left'
users profile ann aggressive --reason 'asked for it'
vault rotate --reason 'yearly'
vault rotate --master-key hush
vault rotate --master-key env:NOT_THERE
"""
TYPED = {"keys": "key-1\nsecret-1\n", "newer": "key-2\nsecret-2\n", "nothing": ""}


def test_the_first_minutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command, what it says, and its exit code; every mistake is one sentence with a right example."""
    for each in ("home", "work"):
        (tmp_path / each).mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LOGNAME", "operator")
    transcript = "".join(_told(line, monkeypatch, capsys) for line in STORY.strip().splitlines())
    golden("people.txt", _masked(transcript.replace(str(tmp_path), "")))


def _told(line: str, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    words, _, typed = line.partition(" < ")
    patch.setattr(sys, "stdin", io.StringIO(TYPED.get(typed, "")))
    code = run([quoted or plain for quoted, plain in re.findall(r"'([^']*)'|(\S+)", words)])
    told = capsys.readouterr()
    shown = "".join(f"{each.rstrip()}\n" for each in (told.out + told.err).splitlines())
    return f"$ fairway {line}\n{shown}[{code}]\n\n"


def _masked(text: str) -> str:
    """Without what differs each time: instants and the ids of master keys."""
    timeless = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]{12}Z", "2026-01-01T00:00:00.000Z", text)
    return re.sub(r"\b[0-9a-f]{16}\b", "0123456789abcdef", timeless)
