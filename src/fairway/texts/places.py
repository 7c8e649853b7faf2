"""The types of keys that name a place: a path, and a secret. Relative paths start at the file's own directory."""

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, InstanceOf, ValidationInfo

from fairway.world.secret import SecretReference


def folder_of(info: ValidationInfo) -> Path:
    """Where relative paths start: the file's own directory, so that it does not matter from where Fairway is started."""
    return info.context["folder"] if info.context else Path()


def _secret(value: object, info: ValidationInfo) -> object:
    return SecretReference(value, folder_of(info)) if isinstance(value, str) else value


def path_in(value: object, info: ValidationInfo) -> object:
    """A path; raises ValueError in words that follow the key's name."""
    if isinstance(value, str):
        if not value:
            raise ValueError("is empty")
        value = Path(value)
    return folder_of(info) / value.expanduser() if isinstance(value, Path) else value


Place = Annotated[Path, BeforeValidator(path_in)]
Hidden = Annotated[InstanceOf[SecretReference], BeforeValidator(_secret)]
"""A secret: `env:NAME`, `file:PATH`, or the secret itself. It is looked up only when it is used, and never shown."""
