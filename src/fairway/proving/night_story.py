"""The proof of a simulated night: what the servers received must tell one story, and the story must be what was injected.

It reads a `NightRecord` alone: no state of the alerting service. Each check returns sentences of what is wrong, none where
nothing is. `CHECKS` is the table of contents.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from fairway.alerting.condition import Condition, FigureKind
from fairway.alerting.rule import AlertRule
from fairway.incidents.status_page import ComponentState, PublicIncident, StatusDocument
from fairway.proving.night_faults import NightFault
from fairway.proving.night_record import RESOLVED, IncidentNotice, NightRecord, ReceivedMessage
from fairway.watch.indicators import INDICATORS
from fairway.world.clock import MINUTE, SECOND, parse_instant, text_of

DELIVERED_WITHIN_NS: Final = 5 * SECOND
"""From an alert that fires to a message that is there, where its server works."""
USERS_WITHIN_NS: Final = MINUTE + DELIVERED_WITHIN_NS
"""Users are sent one message a minute at most."""
MAIL_WITHIN_NS: Final = 15 * MINUTE
"""After its server is back: the longest pause between two tries."""
FOLLOWS_WITHIN_NS: Final = 2 * MINUTE
ESCALATES_AFTER_NS: Final = 10 * MINUTE
URGENT: Final = ("P0", "P1")
READ_ONCE: Final = {"began": "we are looking into it", "has an end in sight": "expected to be over", "is over": "it is over"}
DISTURBED: Final = (ComponentState.DOWN, ComponentState.DEGRADED)
_SAMPLED_S: Final = {each.name: each.every_s or 0 for each in INDICATORS}
_AGES: Final = frozenset({"data_age"})


def bound_of(rules: Mapping[str, AlertRule], fault: NightFault) -> int:
    """How soon after a fault its incident must be with people (ns): what its rules need, and five seconds."""
    needed = min(min(map(_delay_of, rules[name].alternatives)) + rules[name].lasts for name in fault.rules)
    return fault.seen_within + needed + DELIVERED_WITHIN_NS


def _delay_of(condition: Condition) -> int:
    """How long a condition needs at most until it is beyond its bound (ns), once what it measures is wrong for good."""
    if condition.kind is FigureKind.GAUGE:
        return 0
    limit_ns = round(condition.limit * SECOND)
    if condition.kind is FigureKind.AGE:
        return limit_ns
    sampled = _SAMPLED_S[condition.of] * SECOND
    if condition.kind is FigureKind.NEWEST:
        return sampled + (limit_ns if condition.of in _AGES else 0)
    return sampled + (condition.window_ns if condition.kind is FigureKind.BAD_SHARE else 0)


def violations(record: NightRecord) -> list[str]:
    """All that is wrong with the story, in words; none where it is whole."""
    return [f"{name}: {what}" for name, check in CHECKS.items() for what in check(record)]


def _clock(at: int) -> str:
    return text_of(at)[11:19]


# -- causes ----------------------------------------------------------------------------------------------------------


def _each_fault_has_one_incident(record: NightRecord) -> Iterator[str]:
    found = record.incidents()
    for fault in record.faults:
        until = fault.since + record.bounds[fault.name]
        opened = [
            messages[0][0]
            for messages in found.values()
            if messages[0][1].cause == fault.cause and fault.since <= messages[0][0].written_at < _next(record, fault)
        ]
        if len(opened) != 1:
            yield f"{fault.name} has {len(opened)} incidents of its cause {fault.cause}"
        elif opened[0].written_at > until:
            yield f"{fault.name} was told at {_clock(opened[0].written_at)}, later than {_clock(until)}"


def _next(record: NightRecord, fault: NightFault) -> int:
    return min((each.since for each in record.faults if each.since > fault.since), default=fault.until + 60 * MINUTE)


def _each_incident_has_a_cause(record: NightRecord) -> Iterator[str]:
    for incident, messages in record.incidents().items():
        first, notice = messages[0]
        faults = [each for each in record.faults if each.since <= first.written_at < _next(record, each)]
        late = [
            each
            for each in faults
            if notice.cause in each.follows and first.written_at > each.since + record.bounds[each.name] + FOLLOWS_WITHIN_NS
        ]
        if not any(notice.cause in (each.cause, *each.follows) for each in faults) or late:
            yield f"{incident} ({notice.cause}) at {_clock(first.written_at)} has no cause"
        if notice.kind != "opened":
            yield f"{incident} begins with a message that it is {notice.kind}"


def _severities_are_right(record: NightRecord) -> Iterator[str]:
    """Of each fault's own incident: as urgent as it must be, and never more."""
    for incident, messages in record.incidents().items():
        at, cause = messages[0][0].written_at, messages[0][1].cause
        wanted = {each.severity.value for each in record.faults if each.cause == cause and each.since <= at < _next(record, each)}
        worst = min(notice.severity for _, notice in messages)
        if wanted and wanted != {worst}:
            yield f"{incident} ({cause}) reached {worst}, and its fault is {', '.join(wanted)}"


# -- messages --------------------------------------------------------------------------------------------------------


def _nothing_comes_twice(record: NightRecord) -> Iterator[str]:
    counted = Counter((each.channel, each.key) for each in record.deliveries)
    titles = {each.key: each.title for each in record.deliveries}
    yield from (f"{channel} got {count} times: {titles[key]}" for (channel, key), count in counted.items() if count > 1)


def _each_channel_is_in_order(record: NightRecord) -> Iterator[str]:
    """Opened once, first; then changes as they were written; resolved once, last."""
    stories: dict[tuple[str, str], list[tuple[ReceivedMessage, str]]] = {}
    for each, notice in record.notices():
        stories.setdefault((each.channel, notice.incident), []).append((each, notice.mark))
    for (channel, incident), story in stories.items():
        marks = [mark for _, mark in story]
        written = [each.written_at for each, _ in story]
        if marks[0]:
            yield f"{channel} hears of {incident} first as {marks[0]}"
        if written != sorted(written):
            yield f"{channel} got messages about {incident} in another order than they were written"
        if marks.count(RESOLVED) != 1 or marks[-1] != RESOLVED:
            yield f"{channel} got for {incident}: {', '.join(mark or 'opened' for mark in marks)}"


def _channels_on_duty_agree(record: NightRecord) -> Iterator[str]:
    first, *others = record.roles.duty
    wanted = [(each.written_at, each.title, each.lines) for each in _by_writing(record, first)]
    for other in others:
        found = [(each.written_at, each.title, each.lines) for each in _by_writing(record, other)]
        missing = [title for _, title, _ in set(wanted) ^ set(found)]
        if wanted != found:
            yield f"{first} and {other} do not tell the same: {'; '.join(sorted(missing)[:3]) or 'another order'}"


def _by_writing(record: NightRecord, channel: str) -> list[ReceivedMessage]:
    found = [each for each, _ in record.notices(channel)]
    return sorted(found, key=lambda each: (each.written_at, each.title))


def _the_journal_agrees(record: NightRecord) -> Iterator[str]:
    yield from (f"the journal has not delivered {what}" for what in record.undelivered)
    for channel in {*record.sent, *(each.channel for each in record.deliveries)}:
        got, sent = len(record.of(channel)), len(record.sent.get(channel, ()))
        if got != sent:
            yield f"the journal says that {channel} took {sent} messages, and its server has {got}"


def _mail_waits_for_its_server(record: NightRecord) -> Iterator[str]:
    """While it is gone nothing comes; what was written meanwhile comes soon after; all else comes at once."""
    gone = [each for each in record.disturbances if each.node == record.mail_node]
    absent = [each for each in record.disturbances if each.node != record.mail_node]
    for each in record.deliveries:
        begins = max([each.written_at, *(it.until for it in absent if it.since <= each.written_at < it.until)])
        held = [it for it in gone if each.channel == record.mail and it.since <= each.written_at < it.until + MAIL_WITHIN_NS]
        latest = max([begins, *(it.until + MAIL_WITHIN_NS for it in held)]) + DELIVERED_WITHIN_NS
        if any(it.since <= each.at < it.until for it in held):
            yield f"a mail came at {_clock(each.at)} from a server that was gone"
        if each.at > latest:
            yield f"{each.channel} got at {_clock(each.at)} what was written at {_clock(each.written_at)}: {each.title}"
    if gone and not any(it.since <= each.written_at < it.until for each in record.of(record.mail) for it in gone):
        yield "no mail was written while its server was gone"


# -- people ----------------------------------------------------------------------------------------------------------


def _the_right_people_are_called(record: NightRecord) -> Iterator[str]:
    """The first on call is called with the first message; the second only where no person has acknowledged, ten minutes later."""
    called = {notice.incident for _, notice in record.notices(record.roles.first)}
    second: dict[str, ReceivedMessage] = {}
    for each, notice in record.notices(record.roles.second):
        second.setdefault(notice.incident, each)
    for incident, messages in record.incidents().items():
        first, notice = messages[0]
        if notice.severity in URGENT and incident not in called:
            yield f"{incident} called no person"
        is_late = incident in second and abs(second[incident].written_at - first.written_at - ESCALATES_AFTER_NS) > 5 * SECOND
        if (notice.cause in record.asleep) != (incident in second):
            yield f"the second person on call was {'' if incident in second else 'not '}called for {incident} ({notice.cause})"
        elif is_late:
            yield f"the second person on call was called for {incident} at {_clock(second[incident].written_at)}"


def _users_read_it_once(record: NightRecord) -> Iterator[str]:
    """Of each urgent incident: that it began, one word of a person with an end in sight, and that it is over."""
    wanted = Counter(record.roles.component(story[0][1].cause) for story in record.incidents().values() if _is_urgent(story))
    lines = [line for each in record.of(record.roles.users) for line in each.lines]
    for what, words in READ_ONCE.items():
        found = Counter(line.partition(" (")[0] for line in lines if words in line)
        if found != wanted:
            yield f"users read that it {what}: {dict(found)}, and there were {dict(wanted)}"
    said = {word for line in lines for word in record.never_public if word in line}
    yield from (f"users read {word!r}" for word in sorted(said))


def _is_urgent(story: Sequence[tuple[ReceivedMessage, IncidentNotice]]) -> bool:
    return any(notice.severity in URGENT for _, notice in story)


def _the_page_says_no_more(record: NightRecord) -> Iterator[str]:
    """Each part that it calls disturbed, and each word on it, was in a message to users of that time or earlier."""
    users = record.of(record.roles.users)
    for at, page in record.pages:
        told = [each for each in users if each.written_at <= at + USERS_WITHIN_NS]
        known = {name for each in told for name in each.components}
        words = " ".join(line for each in told for line in each.lines)
        for incident in (*page.incidents, *page.history):
            if incident.component not in known:
                yield f"at {_clock(at)} the page names {incident.component}, of which users have read nothing"
            yield from (f"at {_clock(at)} the page says {it.text!r}" for it in incident.updates if it.text not in words)
        shown = repr(page)
        yield from (f"at {_clock(at)} the page says {word!r}" for word in record.never_public if word in shown)
    if record.pages and record.pages[-1][1].incidents:
        yield "the last page shows an incident that lasts"


def _the_page_shows_each_incident(record: NightRecord) -> Iterator[str]:
    """Each urgent one, from its first message to its last: as open, with its part disturbed; then in the past."""
    for incident, story in record.incidents().items():
        if not _is_urgent(story):
            continue
        component = record.roles.component(story[0][1].cause)
        since, until = story[0][0].written_at, _end_of(story)
        seen = list(_pages_between(record, since + DELIVERED_WITHIN_NS, until))
        if not seen:
            yield f"{incident} was never on the page"
        for at, page in seen:
            if not any(_is_of(each, component, since) for each in page.incidents):
                yield f"at {_clock(at)} the page does not show {incident} ({component})"
            if not any(each.name == component and each.state in DISTURBED for each in page.components):
                yield f"at {_clock(at)} the page does not say that {component} is disturbed"
        for at, page in _pages_between(record, until + DELIVERED_WITHIN_NS, record.pages[-1][0] + 1):
            if any(_is_of(each, component, since) for each in page.incidents):
                yield f"at {_clock(at)} the page still shows {incident}, which is over"
            if not any(_is_of(each, component, since) and each.ended for each in page.history):
                yield f"at {_clock(at)} the page has forgotten {incident}"


def _end_of(story: Sequence[tuple[ReceivedMessage, IncidentNotice]]) -> int:
    return max((each.written_at for each, notice in story if notice.mark == RESOLVED), default=story[-1][0].written_at)


def _pages_between(record: NightRecord, since: int, until: int) -> Iterator[tuple[int, StatusDocument]]:
    """The page that a user saw at `since`, and each later one before `until` (ns)."""
    before = [(since, page) for at, page in record.pages if at <= since]
    yield from (each for each in (*before[-1:], *(it for it in record.pages if since < it[0])) if each[0] < until)


def _is_of(shown: PublicIncident, component: str, since: int) -> bool:
    return shown.component == component and abs(parse_instant(shown.began[:-1] + ".000Z") - since) <= DELIVERED_WITHIN_NS


def _each_urgent_incident_has_a_postmortem(record: NightRecord) -> Iterator[str]:
    for incident, story in record.incidents().items():
        draft = record.postmortems.get(incident, "")
        if _is_urgent(story) and (incident not in draft or story[0][1].cause not in draft):
            yield f"{incident} has no draft of a postmortem"


CHECKS: Final[Mapping[str, Callable[[NightRecord], Iterator[str]]]] = {
    "one incident for one fault": _each_fault_has_one_incident,
    "no incident without a cause": _each_incident_has_a_cause,
    "severities": _severities_are_right,
    "nothing twice": _nothing_comes_twice,
    "order": _each_channel_is_in_order,
    "mail and chat": _channels_on_duty_agree,
    "the journal": _the_journal_agrees,
    "an outage of the mail": _mail_waits_for_its_server,
    "people": _the_right_people_are_called,
    "users": _users_read_it_once,
    "no more on the status page": _the_page_says_no_more,
    "each incident on the status page": _the_page_shows_each_incident,
    "postmortems": _each_urgent_incident_has_a_postmortem,
}
"""By what it is about, each check."""
