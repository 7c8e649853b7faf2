"""The paths of the HTTP server, with their types in OpenAPI."""

from typing import Any, Final

from fastapi import FastAPI, Response, status
from pydantic import BaseModel

import fairway
from fairway.api.health import SystemHealth, health_of
from fairway.settings import Settings
from fairway.world.clock import Clock


class Alive(BaseModel):
    """The server answers."""

    status: str = "alive"


class Ready(BaseModel):
    """Whether the trader runs. why: "" where it does."""

    is_ready: bool
    why: str = ""


UNWELL: Final[dict[int | str, dict[str, Any]]] = {
    status.HTTP_503_SERVICE_UNAVAILABLE: {"description": "A part of the system is not well; the body says which, and why."}
}


def app_of(settings: Settings, clock: Clock) -> FastAPI:
    """The application of one configuration. It keeps nothing, and writes nothing."""
    app = FastAPI(title="Fairway", version=fairway.__version__, docs_url=None, redoc_url=None)

    @app.get("/live")
    def live() -> Alive:
        """Whether the server answers at all."""
        return Alive()

    @app.get("/ready", responses=UNWELL)
    def ready(response: Response) -> Ready:
        """Whether the trader runs and its journal can be read."""
        parts = health_of(settings, clock).components
        why = "; ".join(f"{name}: {parts[name].why}" for name in ("journal", "trader") if parts[name].why)
        if why:
            response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
        return Ready(is_ready=not why, why=why)

    @app.get("/health", responses=UNWELL)
    @app.get("/api/v1/health/", responses=UNWELL, operation_id="health_v1")
    def health(response: Response) -> SystemHealth:
        """How each part of the system is, with the time that each question took."""
        found = health_of(settings, clock)
        if not found.is_well:
            response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
        return found

    return app
