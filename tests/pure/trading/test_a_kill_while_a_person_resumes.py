"""Somebody kills again while somebody else resumes: whoever resumes has ended only the kills that he has read of."""

from pathlib import Path

import pytest

from fairway.operations.refusal import Refusal
from fairway.operations.trader.resume import ended
from fairway.trading.latch import FileLatch, Killed, KillScope


def killed(reason: str, scope: KillScope = KillScope.ACCOUNT, symbol: str = "") -> Killed:
    return Killed(scope=scope, reason=reason, by="ann", symbol=symbol)


def test_what_was_read_is_ended(tmp_path: Path) -> None:
    latch = FileLatch(tmp_path, "main", ["BTC/USDT"])
    latch.set(killed("odd fills"))
    with ended(latch, latch.read()):
        assert latch.read() != []
    assert latch.read() == []


@pytest.mark.parametrize("again", [killed("it buys again"), killed("this pair", KillScope.SYMBOL, "BTC/USDT")])
def test_a_kill_that_came_since_is_not(tmp_path: Path, again: Killed) -> None:
    """Under the same name or another: nothing is lifted, and every file stays."""
    latch = FileLatch(tmp_path, "main", ["BTC/USDT"])
    latch.set(killed("odd fills"))
    read = latch.read()
    latch.set(again)
    with pytest.raises(Refusal, match=f"it stays killed, for ann has killed it since: {again.reason}"), ended(latch, read):
        pytest.fail("nothing may be lifted")
    assert again in latch.read()


def test_a_kill_that_comes_while_the_journal_is_written_keeps_its_file(tmp_path: Path) -> None:
    """The trader reads it at its start, and is killed anew."""
    latch = FileLatch(tmp_path, "main", ["BTC/USDT"])
    latch.set(killed("odd fills"))
    with ended(latch, latch.read()):
        latch.set(killed("it buys again"))
    assert latch.read() == [killed("it buys again")]
