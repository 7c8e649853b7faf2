"""What people received in a simulated night, as the servers had it, and what was injected: all that its proof reads."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from fairway.incidents.status_page import StatusDocument
from fairway.proving.night_faults import Disturbance, NightFault

_TITLE: Final = re.compile(r"\[(P\d)(?: (\w+))?\] (INC-\d+-\d+) (\w+): ([\w-]+): .*")
_OF_USERS: Final = re.compile(r"(?:\[(?:P\d)(?: \w+)?\] )?([\w, ]+): ([\w, ]+)")
RESOLVED: Final = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMessage:
    """One message that a server accepted. at, written_at: when it came, and when it was written (ns). key: the same for the same
    message, however often it comes."""

    at: int
    written_at: int
    channel: str
    key: str
    title: str
    lines: tuple[str, ...]

    @property
    def incident(self) -> "IncidentNotice | None":
        """What its title says of an incident; None where it is about none."""
        found = _TITLE.fullmatch(self.title)
        if found is None:
            return None
        severity, mark, incident, kind, cause = found.groups()
        return IncidentNotice(incident=incident, cause=cause, severity=severity, kind=kind, mark=mark or "")

    @property
    def components(self) -> tuple[str, ...]:
        """To users: the parts of the service that its title names."""
        found = _OF_USERS.fullmatch(self.title)
        return tuple(found[1].split(", ")) if found is not None else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentNotice:
    """kind: opened, changed, raised, reopened, escalated or resolved. mark: what the channel puts before the title."""

    incident: str
    cause: str
    severity: str
    kind: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NightRoles:
    """The names of channels. duty: those that are sent every incident of P0 and P1; first, second: the phones of the people on
    call; users: to users. components: by cause, what users call it; other causes are `Service`."""

    duty: tuple[str, ...]
    first: str
    second: str
    users: str
    components: Mapping[str, str]

    def component(self, cause: str) -> str:
        return self.components.get(cause, "Service")


@dataclass(frozen=True, slots=True, kw_only=True)
class NightRecord:
    """deliveries: in the order of their arrival. sent: by channel, the ids that the alerting journal calls delivered.

    undelivered: what it calls failed or still waiting. pages: the status page as it changed. bounds: by fault, how soon its
    incident must be open (ns). asleep: the causes whose incidents the first person on call does not acknowledge. never_public:
    words that no user may read. mail, mail_node: the channel whose server was gone for a while, and that server. postmortems: by
    incident, the draft.
    """

    deliveries: Sequence[ReceivedMessage]
    faults: Sequence[NightFault]
    disturbances: Sequence[Disturbance]
    sent: Mapping[str, Sequence[str]]
    undelivered: Sequence[str]
    pages: Sequence[tuple[int, StatusDocument]]
    bounds: Mapping[str, int]
    roles: NightRoles
    asleep: frozenset[str] = frozenset()
    never_public: tuple[str, ...] = ()
    mail: str
    mail_node: str
    postmortems: Mapping[str, str] = field(default_factory=dict)

    def of(self, channel: str) -> list[ReceivedMessage]:
        return [each for each in self.deliveries if each.channel == channel]

    def notices(self, channel: str = "") -> Iterator[tuple[ReceivedMessage, IncidentNotice]]:
        """Messages about incidents, of one channel or of all."""
        for each in self.deliveries:
            notice = each.incident
            if notice is not None and channel in ("", each.channel):
                yield each, notice

    def incidents(self) -> dict[str, list[tuple[ReceivedMessage, IncidentNotice]]]:
        """By incident, every message about it, in the order of their writing."""
        found: dict[str, list[tuple[ReceivedMessage, IncidentNotice]]] = {}
        for each, notice in sorted(self.notices(), key=lambda pair: pair[0].written_at):
            found.setdefault(notice.incident, []).append((each, notice))
        return found
