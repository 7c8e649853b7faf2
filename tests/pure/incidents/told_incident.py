"""One incident from its beginning to its end, with what the trader's journal holds of it: for the golden files."""

from contextlib import closing
from decimal import Decimal

from msgspec import Struct
from tests.pure.incidents.responses import BEGAN, P0, PROTECTED, Desk, alert

from fairway.incidents.alerting_journal import ALERTING_CODEC, ALERTING_STREAM, alerting_beside
from fairway.incidents.alerting_lines import alerting_source
from fairway.incidents.incident_commands import AddAction, AddNote, InformUsers, MovePhase, TakeOver
from fairway.incidents.incident_events import MitigationDone
from fairway.incidents.incident_tick import IncidentFacts
from fairway.incidents.lifecycle import IncidentPhase
from fairway.incidents.timeline import IncidentTimeline, MoneyImpact, timeline_of
from fairway.incidents.trader_lines import CODEC, trader_source
from fairway.journal.kinds import AccountStatusReported, CapLifted, Marked, StreamLost, StreamRestored
from fairway.journal.memory import MemoryFile, MemoryJournal, open_memory
from fairway.journal.sql import open_journal
from fairway.ledger.reconcile import Standing
from fairway.money.amount import Amount, Price
from fairway.orders.lifecycle import OrderFilled, OrderRejected
from fairway.orders.order import Fill
from fairway.settings import Settings
from fairway.world.clock import DAY, MINUTE, SECOND

HOSTILE = "| **bold** <b>x</b>\n# head [link](javascript:alert(1))"


def told() -> Desk:
    """A P0 about orders: detected, acted on, acknowledged, resolved, with a note of hostile text and an action item."""
    desk = Desk(facts=PROTECTED)
    desk.fire(alert("cannot-place-orders", severity=P0, since=BEGAN - 2 * MINUTE))
    incident = desk.incident.id
    desk.now += SECOND
    desk.tick(done=[MitigationDone(incident=incident, action="reduce", outcome="2 accounts only reduce")])
    desk.now += 3 * MINUTE
    desk.say(TakeOver(reason="I am here"), by="ann")
    desk.say(AddNote(text=HOSTILE), by="ben")
    desk.now += MINUTE
    desk.say(InformUsers(impact="New orders are delayed <now>", eta=BEGAN + 30 * MINUTE), by="ann")
    desk.now += 10 * MINUTE
    desk.facts = IncidentFacts(
        protection=PROTECTED.protection, exposure=PROTECTED.exposure, realized=Amount.of("-52.5", "USDT"), stage="internal"
    )
    desk.clear("cannot-place-orders", reason="1 of 40 orders failed")
    desk.now += MINUTE
    desk.say(MovePhase(phase=IncidentPhase.RESOLVED, reason="the venue answers again"), by="ann")
    action = AddAction(
        incident=incident, text="Lower the limit of open positions", owner="ben", due_at=BEGAN + 7 * DAY, verification="limits"
    )
    desk.say(action, by="ann")
    return desk


def trader_events() -> list[tuple[int, str, Struct]]:
    fill = Fill(
        trade_id="1",
        price=Price.of("100", "BTC", "USDT"),
        quantity=Amount.of("1", "BTC"),
        quote=Amount.of("100", "USDT"),
        fee=Amount.of("0.1", "USDT"),
        is_maker=False,
        at=BEGAN,
    )

    def marked(worth: str) -> Marked:
        return Marked(worth=Amount.of(worth, "USDT"), marks={"BTC/USDT": Decimal("100")})

    return [
        (BEGAN - 20 * MINUTE, "main", marked("2000")),
        (BEGAN - 3 * MINUTE, "main", marked("1000")),
        (BEGAN - MINUTE, "main", OrderRejected("o1", "the venue is | busy")),
        (BEGAN, "main", StreamLost(channel="account", why="no pong")),
        (BEGAN + MINUTE, "main", marked("940")),
        (BEGAN + 2 * MINUTE, "main", OrderFilled(order_id="o2", fill=fill)),
        (BEGAN + 3 * MINUTE, "main", AccountStatusReported(standing=Standing())),
        (BEGAN + 4 * MINUTE, "main", StreamRestored(channel="account")),
        (BEGAN + 5 * MINUTE, "main", CapLifted(cap_id="blind", by="trader", why="caught up")),
        (BEGAN + 6 * MINUTE, "main", marked("980")),
        (BEGAN + DAY, "main", marked("10")),
    ]


def journal_of_trader() -> MemoryJournal:
    journal = open_memory(MemoryFile(), CODEC, mode="practice", trader="main")
    for at, account, event in trader_events():
        journal.append([event], account=account, author="trader", at=at)
    journal.sync()
    return journal


def timeline(desk: Desk) -> IncidentTimeline:
    alerts = open_memory(MemoryFile(), ALERTING_CODEC, mode="practice", trader="main")
    for at, event in desk.journal:
        alerts.append([event], account="", author="alerting", at=at)
    alerts.sync()
    money = MoneyImpact()
    incident = desk.incident
    sources = [(trader_source(money), journal_of_trader().read()), (alerting_source(incident.id), alerts.read())]
    return timeline_of(sources, money, incident.since, desk.now, {"server": "there is no such journal"})


def write_alerting_journal(settings: Settings, desk: Desk) -> None:
    """Writes the journal of these decisions where the alerting process has it."""
    where, mode = alerting_beside(settings.journal), settings.mode
    opened = open_journal(where, ALERTING_CODEC, mode=mode, trader=settings.account, stream=ALERTING_STREAM)
    with closing(opened) as journal:
        for at, event in desk.journal:
            journal.append([event], account="", author="alerting", at=at)
        journal.sync()
