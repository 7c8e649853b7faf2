"""A venue that cannot hold a stop and a target as one: nothing is traded there, for a dead bot would leave positions naked."""

from pathlib import Path

import pytest
from tests.conformance.practice_ground import Ground, in_simulated_time, in_unified_words
from tests.scenes.harness import RULES
from tests.scenes.script import ScriptedStrategy

from fairway.assembly import CODEC, Bot, CannotTrade, open_trader
from fairway.journal.memory import MemoryFile, open_memory
from fairway.trading.latch import FileLatch
from fairway.world.loop import running
from fairway.world.process_memory import SimProcessMemory


async def opened(ground: Ground, folder: Path) -> None:
    symbols = (ground.instrument.symbol,)
    bot = Bot(
        account="main", symbols=symbols, interval="1m", strategy_name="scripted", strategy=ScriptedStrategy(()), rules=RULES
    )
    journal = open_memory(MemoryFile(), CODEC, mode="scene", trader="main")
    loop = running()
    latch = FileLatch(folder, "main", symbols)
    await open_trader(bot, ground.venue, journal, latch, loop.clock, loop.chance, SimProcessMemory())


def test_no_trader_is_opened_on_it(tmp_path: Path) -> None:
    """There is no way to insist; on the same exchange in words that know pairs, one is opened."""

    async def refused(ground: Ground) -> None:
        with pytest.raises(CannotTrade, match="holds no stop and target of which one cancels the other"):
            await opened(ground, tmp_path)

    in_unified_words(refused)
    in_simulated_time(lambda ground: opened(ground, tmp_path))
