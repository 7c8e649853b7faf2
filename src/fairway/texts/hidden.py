"""The type of a key that holds a secret, and the directory at which relative paths of a file start."""

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, InstanceOf, ValidationInfo

from fairway.world.secret import SecretReference


def folder_of(info: ValidationInfo) -> Path:
    """Where relative paths start: the file's own directory, so that it does not matter from where Fairway is started."""
    return info.context["folder"] if info.context else Path()


def _secret(value: object, info: ValidationInfo) -> object:
    return SecretReference(value, folder_of(info)) if isinstance(value, str) else value


Hidden = Annotated[InstanceOf[SecretReference], BeforeValidator(_secret)]
"""A secret: `env:NAME`, `file:PATH`, or the secret itself. It is looked up only when it is used, and never shown."""
