"""Says why a command to the alerting process was refused, and what a person can do."""

import re
from collections.abc import Mapping
from typing import Final

_VALUE: Final = re.compile(r"(\w+)=('[^']*'|\S+)")

SENTENCES: Final[Mapping[str, str]] = {
    "INCIDENT_UNKNOWN": "no incident is called {incident}; `fairway incident list` shows those there are",
    "INCIDENT_NOT_NAMED": "say which incident is meant; open are: {open}",
    "INCIDENT_OVER": "{incident} is {phase} already",
    "MOVE_NOT_POSSIBLE": "{incident} is {phase}, and {wanted} is not to be reached from there",
    "ALERTS_FIRE": "{alerts} alerts of {incident} fire still, such as {first}; it is over when they have cleared, "
    "or were silenced by a person: fairway alerts silence",
    "POSTMORTEM_MISSING": "{incident} is {severity}, and is closed with a postmortem only: fairway incident postmortem",
    "SEVERITY_SAME": "{incident} is {severity} already",
    "SEVERITY_BELOW_ALERTS": "alerts about money of {incident} fire as {alerts}; it is no less severe while they do",
    "REASON_MISSING": "say why the severity of {incident} changes",
    "DUE_PASSED": "the day is over already; name a later one",
    "ACTIONS_FULL": "{incident} has {actions} action items, which is the most",
    "ACTION_UNKNOWN": "no action item is called {action}; `fairway incident action list` shows those there are",
    "ACTION_DONE": "{action} is done already",
    "ACTION_ATTESTED": "{action} is attested already; it is done once the launch shows its verification",
    "ACTION_NOT_SHOWN": "nothing shows that {action} is done, verified by {verification}: {why}. "
    "Show it in the launch (fairway drill --list, fairway launch evidence), then say again that it is done",
    "ACTION_MUST_BE_SHOWN": "the plan of the launch asks for {verification} as a machine shows it, so {action} is not attested: "
    "show it in the launch (fairway drill --list, fairway launch evidence), then say without --attest that it is done",
    "SINCE_AHEAD": "it cannot begin later than now",
    "TICKETS_FULL": "{open} tickets are open, which is the most",
    "TICKET_UNKNOWN": "no ticket is called {ticket}; `fairway ticket list` shows those there are",
    "TICKET_CLOSED": "{ticket} is closed already; open another one",
}
"""By code, the sentence, with the values of the code."""


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def refusal_in_words(code: str) -> str:
    """The sentence for a code; the code itself where this release has none."""
    sentence = SENTENCES.get(code.partition(":")[0])
    if sentence is None:
        return code
    return sentence.format_map(_Values({name: value.strip("'") for name, value in _VALUE.findall(code)}))
