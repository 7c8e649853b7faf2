"""POST /auth/login: signs a program in, as document 004 writes it; the same as /api/v1/token."""

from typing import Final, Self

from fastapi import APIRouter
from pydantic import ConfigDict, Field, model_validator
from starlette.requests import HTTPConnection

from fairway.api.context import Context
from fairway.api.documents.json_bodies import JsonBodyRoute
from fairway.api.problems import documented
from fairway.api.sign_in_routes import Body, Tokens, tokens_for
from fairway.people.password import BYTES_MAX

router: Final = APIRouter(prefix="/auth", tags=["sign-in"], route_class=JsonBodyRoute)


class AuthLogin(Body):
    """A password, and the user by one of two names."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"user": "me", "password": "four unrelated words here"}]})

    user: str = Field(default="", max_length=32, examples=["me"])
    username: str = Field(default="", max_length=32, description="The same as user", examples=[""])
    password: str = Field(max_length=BYTES_MAX, examples=["four unrelated words here"])

    @property
    def name(self) -> str:
        return self.user or self.username

    @model_validator(mode="after")
    def _is_named(self) -> Self:
        """Raises ValueError."""
        if not self.name or (self.user and self.username and self.user != self.username):
            raise ValueError('name one user, as {"user": "me", "password": "..."}')
        return self


@router.post("/login", responses=documented(401, 403, 409, 413, 422, 429, 503))
def documents_login(body: AuthLogin, context: Context, connection: HTTPConnection) -> Tokens:
    """Exchange user and password for an access token, to be sent as `Authorization: Bearer`, and a refresh token."""
    return tokens_for(context, body.name, body.password, connection)
