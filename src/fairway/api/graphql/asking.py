"""What the fields of one GraphQL request share."""

from dataclasses import dataclass
from typing import cast

from strawberry import Info

from fairway.api.authentication import Caller
from fairway.api.command_runner import CommandRunner
from fairway.api.context import ServerContext


@dataclass(frozen=True, slots=True)
class GraphQLAsking:
    """Who asks, which server, and who performs its commands."""

    caller: Caller
    server: ServerContext
    runner: CommandRunner


def asking_of(info: Info) -> GraphQLAsking:
    """Of the request that a field belongs to."""
    return cast(GraphQLAsking, info.context)
