"""A process that is given up: the supervisor itself pauses the trader and pages a person, though no alerting process runs."""

import asyncio
import os
import random
import sys
from pathlib import Path

from tests.clients.systems import free_port
from tests.conformance.message_services import Service, serving
from tests.pure.assembly.test_direct_page import BASE

from fairway.assembly.system_status import ChildStatus, SystemStatus
from fairway.settings import load
from fairway.supervision.child import ChildSpec
from fairway.supervision.supervisor import Supervisor
from fairway.supervision.system import ALERTING, ConfiguredSystem
from fairway.world.clock import SystemClock
from fairway.world.tasks import CrashBudget

PATIENCE_S = 60
CHANNELS = """
notify:
  channels:
    - {name: pager, kind: webhook, url: "http://127.0.0.1:PORT/hook/x"}
    - {name: other, kind: webhook, url: "http://127.0.0.1:PORT/broken/x"}
    - {name: mail, kind: webhook, url: "http://127.0.0.1:PORT/hook/mail"}
alerts: {channels: {P0: [pager, other]}}
"""


def test_a_person_is_paged_by_each_channel_of_p0_when_alerting_is_given_up(tmp_path: Path) -> None:
    service = Service(port=free_port())
    lines = asyncio.run(given_up(ALERTING, tmp_path, service))
    [page] = service.heard
    assert (page["severity"], page["title"]) == ("P0", "Fairway is in safe mode")
    assert page["lines"][0] == f"{ALERTING} crashed 1 times in 600 s"
    [told] = [line for line in lines if "was paged" in line]
    assert "pager was paged; other could not page: " in told
    assert "mail" not in told
    assert page["lines"][1] in told, "the page says what came of the pause"


async def given_up(name: str, folder: Path, service: Service) -> list[str]:
    """What the terminal shows until people were paged."""
    (folder / "bot.yaml").write_text(BASE + CHANNELS.replace("PORT", str(service.port)))
    lines: list[str] = []
    settings = load(folder / "bot.yaml")

    async def never(process_id: int) -> bool:
        return False

    spec = ChildSpec(name=name, words=(), is_ready=never, final=frozenset())
    supervisor = Supervisor(
        specs=(spec,),
        program=(sys.executable, "-c", "raise SystemExit(5)"),
        system=ConfiguredSystem(folder / "bot.yaml", settings, lambda name, line: lines.append(line)),
        clock=SystemClock(),
        chance=random.Random(1),
        show=lambda name, line: lines.append(line),
        status=SystemStatus(0, os.getpid(), [ChildStatus(name)]),
        budget=CrashBudget(crashes_max=0, within_s=600),
    )

    async def paged() -> None:
        while not any("was paged" in line for line in lines):
            await asyncio.sleep(0.01)

    async with asyncio.timeout(PATIENCE_S), serving(service):
        await supervisor.run(asyncio.create_task(paged()))
    return lines
