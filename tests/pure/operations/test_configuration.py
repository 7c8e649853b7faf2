"""The configuration is changed as a whole or not at all; what was there is kept; secrets are neither shown nor taken."""

import fcntl
from pathlib import Path

import pytest

from fairway.operations.actor import owner_of_machine
from fairway.operations.configuration.apply import APPLY_CONFIGURATION
from fairway.operations.configuration.file import snapshots
from fairway.operations.configuration.secrets_in_text import MASK, masked, secrets_in
from fairway.operations.configuration.show import (
    CHECK_CONFIGURATION,
    DIFFERENCE,
    SHOW_CONFIGURATION,
    CheckRequest,
    ConfigurationRequest,
    DifferenceRequest,
)
from fairway.operations.configuration.write import (
    RESTORE_CONFIGURATION,
    STAGE_CONFIGURATION,
    WRITE_CONFIGURATION,
    RestoreRequest,
    StageRequest,
    WriteRequest,
    WrittenOutcome,
)
from fairway.operations.operation import Call
from fairway.operations.perform import perform, preview
from fairway.operations.refusal import Ground, Refusal

TEXT = """mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9, key: env:KEY, secret: file:practice.secret}
symbols: [BTC/USDT]
strategy: {name: trend}
risk:
  profile: moderate
"""
BOLDER = TEXT.replace("moderate", "aggressive")
OWNER = owner_of_machine("test")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "bot.yaml").write_text(TEXT)
    return tmp_path / "bot.yaml"


def digest(config: Path) -> str:
    return perform(SHOW_CONFIGURATION, Call(actor=OWNER, request=ConfigurationRequest(config=config))).digest


def staged(config: Path, text: str) -> str:
    request = StageRequest(config=config, text=text, before=digest(config))
    return perform(STAGE_CONFIGURATION, Call(actor=OWNER, request=request)).digest


def written(config: Path, text: str) -> WrittenOutcome:
    request = WriteRequest(config=config, digest=staged(config, text), reason="a test")
    return perform(WRITE_CONFIGURATION, Call(actor=OWNER, request=request))


def test_a_right_text_takes_the_files_place_and_the_one_before_is_kept(config: Path) -> None:
    outcome = written(config, BOLDER)
    assert config.read_text() == BOLDER
    [kept] = snapshots(config)
    assert (kept.stem, kept.read_text(), kept.stat().st_mode & 0o777) == (outcome.snapshot, TEXT, 0o600)


def test_a_snapshot_is_compared_and_restored(config: Path) -> None:
    name = written(config, BOLDER).snapshot
    found = perform(DIFFERENCE, Call(actor=OWNER, request=DifferenceRequest(config=config, snapshot=name)))
    assert (found.added, found.removed) == (1, 1)
    assert {"-  profile: aggressive", "+  profile: moderate"} <= set(found.changes)
    request = RestoreRequest(config=config, snapshot=name, reason="it lost money")
    perform(RESTORE_CONFIGURATION, Call(actor=OWNER, request=request))
    assert config.read_text() == TEXT
    assert len(snapshots(config)) == 2


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (TEXT.replace("moderate", "wild"), "CONFIGURATION_WRONG", "nothing was written, and the file is as it was: 6:"),
        ("", "CONFIGURATION_WRONG", "holds no settings"),
        (TEXT.replace("env:KEY", "abc123"), "CONFIGURATION_WRONG", "is a secret in the file itself"),
        (TEXT.replace("env:KEY", MASK), "TEXT_MASKED", "has a hidden secret"),
        (TEXT + "account: other\n", "CONFIGURATION_MOVES", "account says which bot this is"),
        (TEXT.replace("env:KEY", "file:/etc/passwd"), "CONFIGURATION_MOVES", "venue.key"),
        (TEXT.replace("BTC/USDT", "ETH/USDT"), "CONFIGURATION_MOVES", "symbols"),
        (TEXT + "log: {file: /tmp/elsewhere.log}\n", "CONFIGURATION_MOVES", "log"),
    ],
)
def test_a_text_that_may_not_replace_it_leaves_the_file_as_it_was(config: Path, text: str, code: str, said: str) -> None:
    with pytest.raises(Refusal, match=said) as refused:
        staged(config, text)
    assert refused.value.code.startswith(code)
    assert config.read_text() == TEXT
    assert not snapshots(config)


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(config: Path) -> None:
    draft = staged(config, BOLDER)
    config.write_text(TEXT.replace("moderate", "conservative"))
    with pytest.raises(Refusal, match="was changed meanwhile"):
        perform(WRITE_CONFIGURATION, Call(actor=OWNER, request=WriteRequest(config=config, digest=draft, reason="a test")))
    assert "conservative" in config.read_text()


def test_only_the_draft_that_was_confirmed_is_written(config: Path) -> None:
    draft = staged(config, BOLDER)
    staged(config, TEXT.replace("moderate", "conservative"))
    with pytest.raises(Refusal, match="another draft was checked meanwhile"):
        perform(WRITE_CONFIGURATION, Call(actor=OWNER, request=WriteRequest(config=config, digest=draft, reason="a test")))


def test_nothing_is_put_into_force_where_no_supervisor_runs(config: Path) -> None:
    request = WriteRequest(config=config, digest=staged(config, BOLDER), reason="a test")
    for act in (perform, preview):
        with pytest.raises(Refusal, match="no supervisor runs"):
            act(APPLY_CONFIGURATION, Call(actor=OWNER, request=request))
    assert config.read_text() == TEXT
    assert not snapshots(config)


def test_one_change_is_put_into_force_at_a_time(config: Path) -> None:
    request = WriteRequest(config=config, digest=staged(config, BOLDER), reason="a test")
    with open(config.with_name("bot.yaml.apply.lock"), "w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(Refusal, match="another change of this configuration"):
            perform(APPLY_CONFIGURATION, Call(actor=OWNER, request=request))
    assert config.read_text() == TEXT


@pytest.mark.parametrize("name", ["../bot", "nothing", "", "/etc/passwd"])
def test_a_snapshot_is_found_by_its_name_alone(config: Path, name: str) -> None:
    written(config, BOLDER)
    with pytest.raises(Refusal, match="no snapshot is called"):
        perform(RESTORE_CONFIGURATION, Call(actor=OWNER, request=RestoreRequest(config=config, snapshot=name, reason="a test")))


def test_a_check_tells_all_mistakes_with_their_lines(config: Path) -> None:
    text = TEXT.replace("moderate", "wild").replace("name: trend", "name: trendy")
    found = perform(CHECK_CONFIGURATION, Call(actor=OWNER, request=CheckRequest(config=config, text=text)))
    assert [each.line for each in found.problems] == [4, 6]
    assert not found.is_done


def test_a_broken_file_can_be_replaced_by_a_right_one(config: Path) -> None:
    config.write_text(TEXT.replace("moderate", "wild"))
    written(config, TEXT)
    assert config.read_text() == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "key: abc123",
        "venue: {exchange: binance, key: abc123, url: http://a}",
        'password: "abc123"',
        "routing_key: 'abc123'",
        "bot_token: abc123  # why",
        "journal: postgresql://user:abc123@host/base",
        "alerts:\n  heartbeat:\n    url: https://example.com/abc123",
        "# secret: abc123",
    ],
)
def test_a_secret_is_hidden_wherever_it_stands(line: str) -> None:
    assert "abc123" not in masked(line)
    assert MASK in masked(line)


@pytest.mark.parametrize("line", ["key: env:KEY", "secret: file:a.secret", "master_key: file:~/k", "# token: abc", "profile: x"])
def test_a_place_and_a_comment_are_no_secrets(line: str) -> None:
    assert not secrets_in(line)


def test_a_refusal_holds_no_secret(config: Path) -> None:
    with pytest.raises(Refusal) as refused:
        staged(config, TEXT.replace("env:KEY", "abc123"))
    assert "abc123" not in str(refused.value)
    assert refused.value.ground is Ground.CONFIGURATION
