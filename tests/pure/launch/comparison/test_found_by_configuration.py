"""The traders beside a launch are found by their configuration files, and what is wrong with one is told, not raised."""

import asyncio
import socket
from pathlib import Path

import pytest
from tests.pure.launch.comparison.traders import Trader, bps
from tests.pure.launch.launches import plan
from tests.pure.watch.journals import START

from fairway.assembly import CODEC
from fairway.assembly.beside import Companions, Follower
from fairway.journal.port import JournalError
from fairway.journal.sql import open_journal
from fairway.launch.control.launch_events import SamplesTaken
from fairway.launch.control.state import Launch
from fairway.launch.observation.comparison.comparison_sources import Unfollowed
from fairway.launch.observation.comparison.pairing import OF
from fairway.operations.doctor.beside import check_beside
from fairway.operations.doctor.checks import CheckVerdict
from fairway.settings import Settings, SettingsError, load
from fairway.world.clock import MINUTE

FILE = """
mode: {mode}
account: {name}
venue: {{exchange: binance, {venue}, key: k, secret: s}}
symbols: [BTC/USDT]
strategy: {{name: trend}}
journal: {journal}
latch: .
beside: {beside}
"""


def configured(folder: Path, name: str, *, mode: str = "practice", beside: str = "{}", journal: str = "") -> Path:
    venue = "url: http://127.0.0.1:9100" if mode == "practice" else "sandbox: false"
    place = folder / f"{name}.yaml"
    text = FILE.format(name=name, mode=mode, venue=venue, beside=beside, journal=journal or f"{name}.journal")
    place.write_text(text)
    return place


async def write(place: Path | str, trader: Trader, name: str) -> None:
    where = place / f"{name}.journal" if isinstance(place, Path) else place
    journal = open_journal(where, CODEC, mode="practice", trader=name)
    for event, account, at in trader.events:
        journal.append([event], account=account, author="trader", at=at)
    await journal.commit()
    journal.close()


def noted(config: Path) -> SamplesTaken:
    """What a pilot notes at first of the shadow that a configuration names."""

    async def ask() -> SamplesTaken:
        companions = Companions(load(config), plan())
        try:
            (source,) = companions.sources
            (event,) = await source.news(Launch(), START + 60 * MINUTE)
            return event
        finally:
            companions.close()

    return asyncio.run(ask())


def test_a_shadow_is_followed_where_its_configuration_says_its_journal_is(tmp_path: Path) -> None:
    own = configured(tmp_path, "own", beside="{shadow: paper.yaml, control: old.yaml}")
    configured(tmp_path, "paper")
    asyncio.run(write(tmp_path, Trader(account="own").enter(5, "100.1").beat(30), "own"))
    asyncio.run(write(tmp_path, Trader(account="paper").enter(5, "100").beat(30), "paper"))
    event = noted(own)  # no gate of the plan asks for a control
    assert event.trouble == ""
    assert [bps(float(value)) for _, value, _, _ in event.values[OF]] == [10.0]


def test_both_may_be_in_one_database(tmp_path: Path, postgres: str) -> None:
    own = configured(tmp_path, "own", beside="{shadow: paper.yaml}", journal=postgres)
    configured(tmp_path, "paper", journal=postgres)
    asyncio.run(write(postgres, Trader(account="own").enter(5, "100.1").beat(30), "own"))
    asyncio.run(write(postgres, Trader(account="paper").enter(5, "100").beat(30), "paper"))
    event = noted(own)
    assert event.trouble == ""
    assert [bps(float(value)) for _, value, _, _ in event.values[OF]] == [10.0]


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ("nowhere.yaml", "nowhere.yaml: there is no such file"),
        ("broken.yaml", "broken.yaml"),
        ("own.yaml", "own.yaml is the configuration of this trader itself, or names its journal"),
        ("real.yaml", "real.yaml says  mode: live,  and a shadow trades on paper or on a test network"),
        ("paper.yaml", "there is no journal "),
    ],
)
def test_what_cannot_be_followed_is_told(tmp_path: Path, beside: str, told: str) -> None:
    own = configured(tmp_path, "own", beside=f"{{shadow: {beside}}}")
    (tmp_path / "broken.yaml").write_text("mode: [")
    configured(tmp_path, "real", mode="live")
    configured(tmp_path, "paper")
    asyncio.run(write(tmp_path, Trader(account="own").beat(30), "own"))
    event = noted(own)
    assert told in event.trouble
    assert "\n" not in event.trouble
    assert event.seen_to == 0


def test_a_key_that_is_no_companion_is_refused_with_what_would_be_right(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load(configured(tmp_path, "own", beside="{shado: paper.yaml}"))
    assert "beside.shado" in str(refused.value)


def test_a_doctor_says_whether_a_shadow_runs_the_same_and_can_be_followed(tmp_path: Path) -> None:
    def found() -> dict[str, tuple[CheckVerdict, str]]:
        return {each.check: (each.verdict, each.found) for each in check_beside(load(own))}

    own = configured(tmp_path, "own", beside="{shadow: paper.yaml, control: old.yaml}")
    paper = configured(tmp_path, "paper")
    first = found()
    assert first["shadow"][0] is CheckVerdict.WARN
    assert "there is no journal " in first["shadow"][1]
    assert first["control"][0] is CheckVerdict.FAIL
    assert "old.yaml: there is no such file" in first["control"][1]
    asyncio.run(write(tmp_path, Trader(account="paper").beat(30), "paper"))
    assert found()["shadow"] == (CheckVerdict.OK, "its journal can be read, and has 2 records")
    paper.write_text(paper.read_text().replace("{name: trend}", "{name: trend, breakout_bars: 21}"))
    assert found()["shadow"][0] is CheckVerdict.FAIL
    assert found()["shadow"][1].endswith("so nothing can be paired")


def test_a_database_that_does_not_answer_keeps_nobody_waiting() -> None:
    """Its host takes the connection, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        where = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/none"

        def asked() -> Settings:
            return Settings.model_construct(journal=where, account="paper")

        async def ask() -> int:
            follower, ticks = Follower(asked), 0
            asking = asyncio.ensure_future(follower.news(0))
            while not asking.done():
                await asyncio.sleep(0.05)
                ticks += 1
            assert isinstance(asking.exception(), Unfollowed | JournalError), "a source takes both"
            silent.close()
            with pytest.raises(JournalError):  # now it is refused, and asked anew all the same
                await follower.news(0)
            follower.close()
            return ticks

        assert asyncio.run(ask()) > 2, "a pilot goes on meanwhile, and does not stand for two seconds"
