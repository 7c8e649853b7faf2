"""Opens all that one server needs, and closes it."""

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from fairway.api.app import app_of
from fairway.api.authentication import Authenticator
from fairway.api.command_runner import CommandRunner
from fairway.api.context import ServerContext
from fairway.api.events.tail import Tails
from fairway.api.health import health_of
from fairway.api.request_limit import RequestLimit
from fairway.api.server_journal import open_server_journal
from fairway.api.shared_answer import SharedAnswer
from fairway.api.status_files import read_status_files
from fairway.journal.port import JournalError
from fairway.money.amount import use_exact_decimals
from fairway.operations.people.registry_place import RegistryPlace
from fairway.operations.trader.journal_view import view_of
from fairway.people.master_key import fresh_from
from fairway.settings import Settings
from fairway.settings.server import ServerSettings
from fairway.world.chance import SystemChance
from fairway.world.clock import MILLISECOND, SECOND, Clock

REGISTRY: Final = "fairway.people"
HEALTH_GOOD_FOR_NS: Final = 250 * MILLISECOND
"""An answer about health is at most so old; its timestamp says when the parts were asked."""
STATUS_GOOD_FOR_NS: Final = SECOND
"""The status page is read from the disk at most so often. Alerting writes it at each change and once a minute."""


@contextmanager
def opened_app(config: Path, settings: Settings, clock: Clock) -> Iterator[FastAPI]:
    """The application of a configuration, until the block ends. Raises JournalErrors."""
    use_exact_decimals()
    server = settings.server or ServerSettings()
    journal = open_server_journal(settings, clock)
    place = registry_place(config, settings)
    authenticator = Authenticator(place, journal, clock)
    runner = CommandRunner(journal, clock, fresh_from(SystemChance()))
    context = ServerContext(
        config=config,
        settings=settings,
        server=server,
        place=place,
        journal=journal,
        authenticator=authenticator,
        limit=RequestLimit(server.requests),
        tails=Tails.of(settings),
        health=SharedAnswer(partial(health_of, settings, clock), HEALTH_GOOD_FOR_NS, clock),
        status_files=SharedAnswer(partial(read_status_files, _status_folder(settings)), STATUS_GOOD_FOR_NS, clock),
        clock=clock,
    )
    try:
        yield app_of(context, runner, _reading_ahead)
    finally:
        runner.close()
        authenticator.close()
        journal.close()


def _status_folder(settings: Settings) -> Path | None:
    where = settings.alerts.status_page if settings.alerts is not None else None
    return Path(where.folder) if where is not None else None


@asynccontextmanager
async def _reading_ahead(app: FastAPI) -> AsyncIterator[None]:
    """Begins with the application and not before: what starts up beside it may look through all objects of Python, which no
    thread that makes tuples bears (CPython issue 59313)."""
    threading.Thread(target=_read_ahead, args=(app.state.context.settings,), name="reading ahead", daemon=True).start()
    yield


def _read_ahead(settings: Settings) -> None:
    """Reads the trader's journal before anybody asks. What is wrong with it is told to who asks."""
    with suppress(JournalError), view_of(settings):
        pass


def registry_place(config: Path, settings: Settings) -> RegistryPlace:
    """Where the users of a configuration are: as its server names it, else where its accounts are, else beside it."""
    named = settings.server.users if settings.server is not None else None
    return RegistryPlace(
        registry=str(named or settings.people or config.absolute().parent / REGISTRY), master_key=settings.master_key
    )
