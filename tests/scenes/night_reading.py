"""Reads what the servers of a simulated night received, as their people would, and the journals for drafts of postmortems."""

import re
from collections.abc import Iterator, Mapping
from email.message import Message as Mail
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

from tests.conformance.message_services import left_of_html
from tests.scenes.night_services import MAIL, NightServices

from fairway.alerting.rule_files import rules_of
from fairway.assembly.alerting_policy import COMPONENTS, rules_of_settings
from fairway.assembly.alerting_process import alerting_now
from fairway.incidents.alerting_journal import ALERTING_CODEC, ALERTING_STREAM, alerting_beside
from fairway.incidents.alerting_lines import alerting_source
from fairway.incidents.incident import Incident, Incidents
from fairway.incidents.postmortem import draft_postmortem
from fairway.incidents.status_page import ComponentState, PublicIncident, StatusDocument
from fairway.incidents.timeline import MoneyImpact, number_before, timeline_of
from fairway.incidents.trader_lines import trader_source
from fairway.journal.sql import open_reader
from fairway.notify.outbox import MessageFailed, MessageSent
from fairway.proving.launched_pilot import FLEET
from fairway.proving.night import CONFIG, NightSimulation
from fairway.proving.night_faults import FaultPlayer
from fairway.proving.night_record import NightRecord, NightRoles, ReceivedMessage
from fairway.proving.night_story import bound_of
from fairway.world.clock import MILLISECOND, SECOND, parse_instant, text_of

CHATS = {"anna": "anna-phone", "ben": "ben-phone", "@fairway_users": "users"}
TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC")


def delivered(services: NightServices) -> list[ReceivedMessage]:
    """All that both servers accepted, in the order of its arrival."""
    found = [_mail(at, mail) for at, mail in services.mailbox.received]
    found += [_chat(at, body) for at, body in services.chat.received]
    return sorted(found, key=lambda each: each.at)


def _mail(at: int, mail: Mail) -> ReceivedMessage:
    part = next(each for each in mail.walk() if each.get_content_type() == "text/plain")
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    lines = raw.decode().replace("\r\n", "\n").split("\n")
    written = parsedate_to_datetime(str(mail["Date"]))
    return ReceivedMessage(
        at=at,
        written_at=int(written.timestamp()) * SECOND,
        channel="ops-mail",
        key=str(mail["Message-ID"]),
        title=re.sub(r"\r?\n", "", str(mail["Subject"])).strip(),  # a long subject is folded
        lines=tuple(lines[: lines.index("")]),
    )


def _chat(at: int, body: dict[str, Any]) -> ReceivedMessage:
    if "blocks" in body:
        return _slack(at, body)
    text = left_of_html(re.sub(r"<(pre|a)\b.*?</\1>", "", body["text"], flags=re.DOTALL))[0]
    title, *lines, time = [line for line in text.split("\n") if line]
    channel = CHATS[body["chat_id"]]
    return ReceivedMessage(at=at, written_at=_instant(time), channel=channel, key=body["text"], title=title, lines=tuple(lines))


def _slack(at: int, body: dict[str, Any]) -> ReceivedMessage:
    texts = [unescape(block["text"]["text"]) for block in body["blocks"] if block["type"] == "section"]
    lines = [line for text in texts[1:] if not text.startswith("```") for line in text.split("\n")]
    time = next(block for block in body["blocks"] if block["type"] == "context")["elements"][0]["text"]
    key = f"{body['blocks']}"
    return ReceivedMessage(
        at=at, written_at=_instant(time), channel="team-chat", key=key, title=unescape(body["text"]), lines=tuple(lines)
    )


def _instant(text: str) -> int:
    found = TIME.search(text)
    assert found is not None, text
    return parse_instant(f"{found[1]}T{found[2]}.000Z")


def record_of(simulation: NightSimulation, services: NightServices, player: FaultPlayer, asleep: frozenset[str]) -> NightRecord:
    """What the proof of a night reads. Raises JournalErrors."""
    alerts = simulation.settings.alerts
    assert alerts is not None
    assert alerts.status_page is not None
    rules = {each.name: each for each in rules_of(alerts.rules).rules}
    assert tuple(rules.values()) == rules_of_settings(alerts)
    sent, undelivered = _sent(simulation)
    return NightRecord(
        deliveries=delivered(services),
        faults=player.faults,
        disturbances=player.disturbances,
        sent=sent,
        undelivered=undelivered,
        pages=simulation.pages,
        bounds={each.name: bound_of(rules, each) for each in player.faults},
        roles=NightRoles(
            duty=("ops-mail", "team-chat"),
            first="anna-phone",
            second="ben-phone",
            users="users",
            components={**COMPONENTS, **alerts.status_page.components},
        ),
        asleep=asleep,
        never_public=(
            *(user.name for user in simulation.users),
            *(symbol.partition("/")[0] for symbol in simulation.market.symbols),
            *(name for name in rules if "-" in name),
        ),
        mail="ops-mail",
        mail_node=MAIL,
        postmortems=dict(_postmortems(simulation)),
    )


def _sent(simulation: NightSimulation) -> tuple[Mapping[str, list[str]], list[str]]:
    sent: dict[str, list[str]] = {}
    failed = []
    with open_reader(alerting_beside(simulation.journal), trader=FLEET, stream=ALERTING_STREAM) as journal:
        for entry in journal.replay():
            event = ALERTING_CODEC.decode(entry)
            if isinstance(event, MessageSent):
                sent.setdefault(event.channel, []).append(event.id)
            elif isinstance(event, MessageFailed):
                failed.append(f"{event.id} by {event.channel}: {event.why}")
    outbox = alerting_now(simulation.settings).outbox
    waiting = [f"{id} by {name}" for name in outbox.channels() for id in outbox.queue_of(name).waiting]
    return sent, [*failed, *waiting]


def _postmortems(simulation: NightSimulation) -> Iterator[tuple[str, str]]:
    state = alerting_now(simulation.settings).incidents
    for incident in state.by_id.values():
        if incident.needs_postmortem:
            yield incident.id, _draft(simulation, state, incident)


def _draft(simulation: NightSimulation, state: Incidents, incident: Incident) -> str:
    money, until = MoneyImpact(), incident.resolved_at or state.users_at
    with (
        open_reader(simulation.journal, trader=FLEET) as trader,
        open_reader(alerting_beside(simulation.journal), trader=FLEET, stream=ALERTING_STREAM) as alerting,
    ):
        sources = [
            (trader_source(money), trader.replay(number_before(trader, incident.since))),
            (alerting_source(incident.id), alerting.replay()),
        ]
        found = timeline_of(sources, money, incident.since, until)
    return draft_postmortem(state, incident, found, config=CONFIG)


def told(record: NightRecord, player: FaultPlayer) -> str:
    """The night as a text: what was injected, each message with the seconds until each channel had it, and the status page."""
    lines: list[tuple[int, int, str]] = [(at // SECOND, 0, f"== {what}") for at, what in player.log]
    messages: dict[tuple[int, str], list[ReceivedMessage]] = {}
    for each in record.deliveries:
        messages.setdefault((each.written_at, each.title), []).append(each)
    for (at, title), copies in messages.items():
        where = ", ".join(f"{each.channel}{_after(each)}" for each in sorted(copies, key=lambda each: each.channel))
        lines.append((at // SECOND, 1, f"{title}\n           -> {where}"))
    lines += [(at // SECOND, 2, f"status page: {text}") for at, text in _page_changes(record)]
    shown = [f"{text_of(at * SECOND)[11:19]}   {text}" for at, _, text in sorted(lines)]
    return "\n".join(shown) + "\n"


def _page_changes(record: NightRecord) -> Iterator[tuple[int, str]]:
    """Each text of the status page that differs from the one before it."""
    before = ""
    for at, page in record.pages:
        text = _page_text(page)
        if text != before:
            yield at, text
        before = text


def _page_text(page: StatusDocument) -> str:
    parts = [f"{each.name} {each.state.value}" for each in page.components if each.state is not ComponentState.OPERATIONAL]
    lines = [f"{page.state.value}; positions {page.positions.value}; {', '.join(parts) or 'each part works'}"]
    for each in page.incidents:
        lines.append(f"{each.severity} {each.component} since {each.began[11:19]}{': ' * bool(each.updates)}{_last(each)}")
    return "\n           ".join(lines)


def _last(incident: PublicIncident) -> str:
    """What people wrote last, the newest first."""
    return f'"{incident.updates[0].text}"' if incident.updates else ""


def _after(each: ReceivedMessage) -> str:
    seconds = (each.at - each.written_at) // (100 * MILLISECOND) / 10
    return "" if seconds < 2 else f" after {seconds:.0f} s"
