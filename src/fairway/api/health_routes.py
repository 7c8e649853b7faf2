"""The paths that need no sign-in: whether the server lives, whether the trader is ready, how each part is."""

from typing import Any, Final

from fastapi import APIRouter, Response, status
from pydantic import BaseModel

from fairway.api.context import Context
from fairway.api.health import SystemHealth

router: Final = APIRouter(tags=["health"])
UNWELL: Final[dict[int | str, dict[str, Any]]] = {
    status.HTTP_503_SERVICE_UNAVAILABLE: {"description": "A part of the system is not well; the body says which, and why."}
}


class Alive(BaseModel):
    """The server answers."""

    status: str = "alive"


class Ready(BaseModel):
    """Whether the trader runs. why: "" where it does."""

    is_ready: bool
    why: str = ""


@router.get("/live")
async def live() -> Alive:
    """Whether the server answers at all."""
    return Alive()


@router.get("/ready", responses={503: {"model": Ready, **UNWELL[503]}})
async def ready(response: Response, context: Context) -> Ready:
    """Whether the trader runs and its journal can be read."""
    parts = (await context.health.now()).components
    why = "; ".join(f"{name}: {parts[name].why}" for name in ("journal", "trader") if parts[name].why)
    if why:
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return Ready(is_ready=not why, why=why)


@router.get("/health", responses={503: {"model": SystemHealth, **UNWELL[503]}})
@router.get("/api/v1/health/", responses={503: {"model": SystemHealth, **UNWELL[503]}}, operation_id="health_v1")
async def health(response: Response, context: Context) -> SystemHealth:
    """How each part of the system is, with the time that each question took; a quarter of a second ago at most."""
    found = await context.health.now()
    if not found.is_well:
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return found
