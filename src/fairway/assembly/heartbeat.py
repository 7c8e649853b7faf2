"""Asks an address outside this machine while alerting works, so that a service there calls people when it stops.

Such a service is called a dead man's snitch. A heartbeat is sent only where the last second's rules were evaluated, its events
were written down, no channel fails, and no P0 has waited for one for half a minute: it must not say that people are notified when
they are not.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from msgspec import Struct

from fairway.incidents.alerting_service import AlertingService
from fairway.risk.causes import AlertSeverity
from fairway.settings.alerts import HeartbeatSettings
from fairway.watch.prober import TimedQuestion, asked_once
from fairway.watch.questions import ProbeRequest
from fairway.world.clock import SECOND, Clock
from fairway.world.secret import SecretMissing

FRESH_NS: Final = 10 * SECOND
WITHIN_NS: Final = 10 * SECOND
P0_WAITS_MAX_NS: Final = 30 * SECOND


class Heartbeat:
    """settings: None where no service is configured; then nothing is asked."""

    def __init__(self, settings: HeartbeatSettings | None, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._worked_at = 0
        self.trouble = ""
        """Why the last heartbeat was not answered; "" where it was."""

    @asynccontextmanager
    async def beating(self, service: AlertingService) -> AsyncIterator[None]:
        """Sends heartbeats while the block runs."""
        if self._settings is None:
            yield
            return
        service.followers.append(lambda now, events: self._note(service, now, events))
        service.watch_troubles(lambda: {"heartbeat": self.trouble})
        task = asyncio.create_task(self._keep_beating(self._settings), name="heartbeat")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    def _note(self, service: AlertingService, now: int, events: Sequence[Struct]) -> None:
        waits_since = service.state.outbox.waits_since(AlertSeverity.P0.value)
        is_late = waits_since is not None and now - waits_since > P0_WAITS_MAX_NS
        if not service.trouble and not service.failing and not is_late:
            self._worked_at = now

    async def _keep_beating(self, settings: HeartbeatSettings) -> None:
        while True:
            if self._clock.now() - self._worked_at <= FRESH_NS:
                await self._beat(settings)
            await asyncio.sleep(settings.every / SECOND)

    async def _beat(self, settings: HeartbeatSettings) -> None:
        try:
            url = settings.url.reveal()
        except SecretMissing as error:
            self.trouble = str(error)
            return
        page = await asked_once(TimedQuestion("heartbeat", ProbeRequest(url), settings.every, WITHIN_NS), self._clock)
        self.trouble = page.silence or ("" if page.status < 400 else f"it is answered with status {page.status}")
