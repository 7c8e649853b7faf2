"""All routers of the planning documents' endpoints, for the application."""

from typing import Final

from fairway.api.documents import ai_models, alerts, engine_commands, engines, live, login, metrics, paper, reports, risk

DOCUMENT_ROUTERS: Final = (
    metrics.router,
    engines.router,
    engine_commands.router,
    live.router,
    risk.router,
    reports.router,
    alerts.router,
    ai_models.router,
    paper.router,
    login.router,
)
