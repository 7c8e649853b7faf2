"""The application of one configuration: its paths, and what stands before all of them."""

from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi_offline import FastAPIOffline
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Lifespan

import fairway
from fairway.api import health_routes, sign_in_routes, status_routes
from fairway.api.access_log import AccessLog
from fairway.api.bodies import BoundedBodies
from fairway.api.command_routes import command_router
from fairway.api.command_runner import CommandRunner
from fairway.api.context import ServerContext
from fairway.api.documents.routers import DOCUMENT_ROUTERS
from fairway.api.events import routes as events
from fairway.api.freqtrade.control_routes import freqtrade_commands
from fairway.api.freqtrade.routers import FREQTRADE_ROUTERS
from fairway.api.graphql.routes import graphql_router
from fairway.api.guards import SafeHeaders
from fairway.api.openapi import describe
from fairway.api.problems import HttpProblem, handle_problems, response_of
from fairway.api.views import alerts, incidents, journal, launch, messages, orders, people, portfolio, runbooks, tickets
from fairway.api.views.alerts import alertmanager_router
from fairway.api.webhooks import webhook_router

DESCRIPTION: Final = """\
Fairway over HTTP. Amounts, prices and shares are texts, exact to the last digit; instants are texts in UTC.
Errors are problem documents (RFC 9457) with a code for programs. What lowers exposure is never kept waiting."""

ROUTERS: Final = (
    health_routes.router,
    status_routes.router,
    sign_in_routes.router,
    portfolio.router,
    runbooks.router,
    orders.router,
    launch.router,
    people.router,
    journal.router,
    incidents.router,
    alerts.router,
    messages.router,
    tickets.router,
    events.router,
    *DOCUMENT_ROUTERS,
    *FREQTRADE_ROUTERS,
)


def app_of(context: ServerContext, runner: CommandRunner, lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """The application. lifespan: what runs as long as it does. The caller closes context and runner."""
    app = FastAPIOffline(
        lifespan=lifespan,
        docs_url="/docs",
        redoc_url=None,
        title="Fairway",
        version=fairway.__version__,
        description=DESCRIPTION,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.context = context
    app.state.runner = runner
    commands = (
        command_router(runner),
        webhook_router(runner),
        alertmanager_router(runner),
        graphql_router(runner),
        freqtrade_commands(runner),
    )
    for router in (*ROUTERS, *commands):
        app.include_router(router)
    handle_problems(app)
    describe(app)
    app.add_exception_handler(Exception, _bug)
    app.add_middleware(BoundedBodies)
    app.add_middleware(AccessLog, context=context)
    app.add_middleware(SafeHeaders)  # the last stands outermost
    if context.server.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(context.server.origins),
            allow_credentials=True,  # FreqUI asks browsers for it, though it signs in by token
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "Prefer", "Last-Event-ID"],
        )
    return app


async def _bug(request: Request, error: Exception) -> JSONResponse:
    """The answer to a mistake in Fairway itself. The error goes on to the server's log."""
    what = "a mistake in Fairway itself; its log has the details, and trading goes on"
    return response_of(HttpProblem(500, "SERVER_FAILED", what), request.url.path)
