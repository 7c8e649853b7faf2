"""Commands about alerts: silences, and what Prometheus has found. Each is answered by one `CommandAnswered`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec import Struct

from fairway.alerting.alert_book import AlertBook
from fairway.alerting.alert_events import AlertEvent, Silence
from fairway.alerting.alertmanager_webhook import read_webhook
from fairway.alerting.rule import AlertRule
from fairway.alerting.silences import SilenceRefused, end_silence, silence
from fairway.incidents.incident_events import CommandAnswered
from fairway.journal.command_reader import ReadCommand


class BeginSilence(Struct, frozen=True, tag=True, kw_only=True):
    """The author does not want to be notified of alerts for a time. rule, subject: "" for all; length: ns."""

    rule: str = ""
    subject: str = ""
    length: int
    reason: str


class EndSilence(Struct, frozen=True, tag=True, kw_only=True):
    id: str


class ReportAlerts(Struct, frozen=True, tag=True, kw_only=True):
    """What Alertmanager has posted: the message as it came, version 4 of its webhook."""

    message: str


ALERT_COMMANDS: Final[tuple[type[Struct], ...]] = (BeginSilence, EndSilence, ReportAlerts)


@dataclass(frozen=True, slots=True)
class AnsweredCommands:
    """events: to be journaled. others: commands that are not about alerts, for the decision about incidents."""

    events: tuple[Struct, ...]
    others: tuple[ReadCommand, ...]


def answered(commands: Sequence[ReadCommand], rules: Sequence[AlertRule], book: AlertBook, now: int) -> AnsweredCommands:
    """Carries out or refuses each command about alerts, at an instant (ns)."""
    own = [each for each in commands if isinstance(each.instruction, ALERT_COMMANDS)]
    events = [event for each in own for event in _events(each, rules, book, now)]
    return AnsweredCommands(tuple(events), tuple(each for each in commands if each not in own))


def _events(command: ReadCommand, rules: Sequence[AlertRule], book: AlertBook, now: int) -> Iterator[Struct]:
    found, refused, made = _HANDLERS[type(command.instruction)](command, rules, book, now)
    yield from found
    yield CommandAnswered(
        number=command.number,
        what=type(command.instruction).__name__,
        by=command.by,
        refused=refused,
        made=made,
        digest=command.digest,
    )


Handled = tuple[Sequence[AlertEvent], str, str]
"""The events, why it was refused ("" where it was not), and the id of what it made."""


def _begin(command: ReadCommand, rules: Sequence[AlertRule], book: AlertBook, now: int) -> Handled:
    asked = command.instruction
    assert isinstance(asked, BeginSilence)
    wanted = Silence(
        id=f"S{command.number}",
        rule=asked.rule,
        subject=asked.subject,
        by=command.by,
        reason=asked.reason,
        since=now,
        until=now + asked.length,
    )
    found = silence(wanted, rules, book, now)
    return ((), found.code, "") if isinstance(found, SilenceRefused) else ((found,), "", wanted.id)


def _end(command: ReadCommand, rules: Sequence[AlertRule], book: AlertBook, now: int) -> Handled:
    asked = command.instruction
    assert isinstance(asked, EndSilence)
    found = end_silence(asked.id, command.by, book)
    return ((), found.code, "") if isinstance(found, SilenceRefused) else ((found,), "", "")


def _report(command: ReadCommand, rules: Sequence[AlertRule], book: AlertBook, now: int) -> Handled:
    """Alerts that are understood are taken; a message of which none is understood is refused."""
    asked = command.instruction
    assert isinstance(asked, ReportAlerts)
    found = read_webhook(asked.message.encode(), rules, book)
    wrong = "; ".join(str(each) for each in found.refused)
    return found.events, f"ALERT_NOT_UNDERSTOOD: {wrong}" if wrong and not found.understood else "", ""


_HANDLERS: Final[dict[type[Struct], Callable[[ReadCommand, Sequence[AlertRule], AlertBook, int], Handled]]] = {
    BeginSilence: _begin,
    EndSilence: _end,
    ReportAlerts: _report,
}
