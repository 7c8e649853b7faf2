"""Says what a command of Fairway does to exposure, by the operation of its name, or by these lists. Unknown is never harmless."""

import shlex
from typing import Final

from fairway.incidents.runbooks.facts import StepEffect
from fairway.operations.registry import all_operations
from fairway.operations.runbooks.requests import operation_effect

WORDS_MAX: Final = 3
"""Of a command's name."""
READING: Final = frozenset(
    {
        "alerts rules",
        "alerts calibrate",
        "completion",
        "doctor",
        "journal backup",  # it writes a copy and changes nothing of the journal
        "journal export",
        "journal project",  # tables that can be deleted and made again
        "journal show",
        "journal verify",
        "launch clock",
        "launch decision",
        "launch error-rates",
        "launch explain",
        "launch import",
        "launch lint",
        "launch messages",
        "launch plans",
        "launch probe",
        "launch prove-gates",
        "launch rehearse",
        "launch rules",
        "launch status",
        "limits",
        "up status",
        "watch",
        "runbook lint",
    }
)
STAYING: Final = frozenset({"alerts run", "chaos", "demo", "exchange serve", "launch start", "run", "server", "soak", "up"})
"""They run until they are stopped, so no runbook waits for their end."""
OTHERWISE_CALLED: Final = {
    "switch-address": "switch address",
    "launch drill": "drill",
    "incident mitigate": "incident phase",
    "incident stabilise": "incident phase",
    "incident resolve": "incident phase",
    "incident close": "incident phase",
}
"""Commands whose operation has another name."""
CHANGING: Final = frozenset({"alerts export", "init", "users second-factor"})


def command_name(command: str) -> str:
    """The words of a command line that name its command, as far as one is known; "" where none is."""
    try:
        words = shlex.split(command)[1 : WORDS_MAX + 1]
    except ValueError:
        return ""
    known = {*READING, *STAYING, *CHANGING, *OTHERWISE_CALLED, *all_operations()}
    candidates = [" ".join(words[:count]) for count in range(len(words), 0, -1)]
    return next((name for name in candidates if name in known), "")


def command_effect(command: str) -> StepEffect:
    """What a command line does; UNKNOWN for one that neither these lists nor the operations name."""
    name = command_name(command)
    if name in STAYING or "--serve" in command.split():
        return StepEffect.STAYS
    if name in READING:
        return StepEffect.READS
    return StepEffect.CHANGES if name in CHANGING else operation_effect(OTHERWISE_CALLED.get(name, name))
