"""Mounts the panel on the server's application: `/` signs in, `/panel/` has the pages."""

import logging
from collections.abc import Awaitable, Callable
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from nicegui import Client, background_tasks, ui
from nicegui import app as pages
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from fairway.api.authentication import Caller
from fairway.api.threads import short
from fairway.panel import sign_in
from fairway.panel.feed import Feed
from fairway.panel.frame import framed
from fairway.panel.guards import MOUNT, OwnScriptsOnly, SignedInOnly
from fairway.panel.journal_export import add_export
from fairway.panel.open_pages import OpenPages
from fairway.panel.page import Page
from fairway.panel.pages.all_pages import PAGES
from fairway.panel.record_download import RECORD_PDF, record_pdf
from fairway.panel.sources import Sources
from fairway.panel.statement_download import add_statement
from fairway.panel.visit import PanelParts, Visit
from fairway.people.master_key import fresh_from
from fairway.world.chance import SystemChance

CANDLES: Final = "lwcharts"
"""The package that brings TradingView's library as a file; nothing of the package itself is imported."""
_ASSETS: Final = Path(str(files("fairway.panel") / "assets"))
_BEAT_EVERY: Final = 4
"""Looks of the feed between two beats."""


def attach(app: FastAPI) -> None:
    """Adds the panel to an application. Once in a process: NiceGUI has one application."""
    logging.getLogger("nicegui").setLevel(logging.ERROR)
    context = app.state.context
    sources = Sources(context)
    feed = Feed(sources)
    parts = PanelParts(context, app.state.runner, sources, feed)
    app.include_router(sign_in.router)
    opened = OpenPages(context.authenticator)
    for page in PAGES:
        _add(page, parts, opened)
    pages.add_api_route(RECORD_PDF, record_pdf(context), methods=["GET"])
    Client.shared_head_html = _head()
    add_export(pages, context)
    add_statement(pages, context)
    pages.add_api_route("/renewed", opened.renew, methods=["POST"], response_model=None)
    fresh = fresh_from(SystemChance())
    pages.add_middleware(OwnScriptsOnly, fresh=lambda: fresh(16).hex())
    pages.add_middleware(SignedInOnly, context=context)
    pages.mount("/assets", StaticFiles(directory=_ASSETS), name="assets")
    pages.mount("/charts", StaticFiles(directory=_candle_folder()), name="charts")
    feed.beat = _beats()
    for work in (feed.run, opened.run):
        pages.on_startup(lambda work=work: background_tasks.create(work(), name="panel"))
    ui.run_with(
        app,
        mount_path=MOUNT,
        title="Fairway",
        language="en-US",
        dark=None,
        tailwind=False,
        gzip_middleware_factory=None,
        show_welcome_message=False,
        binding_refresh_interval=None,
    )


def _add(page: Page, parts: PanelParts, opened: OpenPages) -> None:
    async def build(request: Request, client: Client) -> Response | None:
        caller: Caller = request.state.caller
        if not await short(parts.context.authenticator.has_own_password, caller.actor.name):
            return RedirectResponse("/?set_password=1", status_code=303)
        visit = Visit(parts, client, caller)
        opened.add(visit)
        client.on_delete(visit.close)
        await framed(visit, page, dict(request.path_params), dict(request.query_params))
        return None

    ui.page(page.path, title=f"{page.title} · Fairway", response_timeout=10)(build)


def _beats() -> Callable[[], Awaitable[None]]:
    """Tells all open pages, once a second, that what they show is current."""
    from nicegui import core

    looks = 0

    async def beat() -> None:
        nonlocal looks
        looks += 1
        if looks % _BEAT_EVERY == 0:
            await core.sio.emit("beat")

    return beat


def _head() -> str:
    """Links to the style of the frame, and to all scripts, that of the frame first."""
    names = sorted((each.name for each in _ASSETS.glob("*.js")), key=lambda name: (name != "panel.js", name))
    scripts = (f'<script src="{MOUNT}/assets/{name}"></script>' for name in names)
    return "".join((f'<link rel="stylesheet" href="{MOUNT}/assets/panel.css">', *scripts, '<link rel="icon" href="data:,">'))


def _candle_folder() -> Path:
    spec = find_spec(CANDLES)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations))) / "vendor"
