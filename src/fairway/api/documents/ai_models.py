"""GET /ai/models: the models that strategies ask. There are none yet, so the list is empty."""

from typing import Final

from fastapi import APIRouter
from pydantic import BaseModel

from fairway.api.context import Asking
from fairway.api.problems import documented

router: Final = APIRouter(prefix="/ai", tags=["documents"])


class AiModel(BaseModel):
    """A model by name and version."""

    name: str
    version: str


@router.get("/models", responses=documented(401, 403, 422, 429, 503))
def documents_ai_models(caller: Asking) -> list[AiModel]:
    """The models in use: none, for no strategy of this release asks one."""
    return []
