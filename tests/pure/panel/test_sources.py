"""What the panel's sources keep for all pages, and what they do not."""

import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast

import pytest

from fairway.api.context import ServerContext
from fairway.operations.actor import Shell, owner_of_machine
from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview
from fairway.panel.sources import Sources, UnknownOutcome
from fairway.people.roles import UserAct
from fairway.world.clock import HOUR, SystemClock


@dataclass(frozen=True, slots=True)
class Asked:
    """A question without anything to say."""


def gone(call: Call[Asked]) -> Outcome:
    raise OSError("the disk is gone")


QUESTION = Operation(
    name="a question",
    summary="Shows something.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=Asked,
    subject=lambda request: WHOLE_BOT,
    preview=lambda call: Preview(effect="nothing"),
    perform=gone,
)


def test_a_failure_that_was_found_beside_is_no_answer_for_who_waits_for_one() -> None:
    sources, actor = Sources(cast(ServerContext, SimpleNamespace(clock=SystemClock()))), owner_of_machine("me", Shell.CLI)
    ends_at = time.monotonic() + 30
    while sources.known(actor, QUESTION, Asked(), HOUR) is None:
        assert time.monotonic() < ends_at
    assert isinstance(sources.known(actor, QUESTION, Asked(), HOUR), UnknownOutcome)
    with pytest.raises(OSError, match="the disk is gone"):
        sources.outcome(actor, QUESTION, Asked(), HOUR)
