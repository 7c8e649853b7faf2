"""When a turn on call changes, the people whose turns end and begin are sent one message, whatever happens to the process."""

from tests.pure.incidents.responses import P1, Desk, alert

from fairway.assembly.alerting_policy import policy_of
from fairway.incidents.alerting_journal import ALERTING_CODEC, ALERTING_STREAM
from fairway.incidents.folding import incidents_from
from fairway.incidents.incident import Incidents
from fairway.incidents.incident_commands import Acknowledge
from fairway.incidents.policy import IncidentPolicy
from fairway.journal.memory import MemoryFile, open_memory
from fairway.notify.message import Message
from fairway.settings.load import parse
from fairway.world.clock import HOUR, MINUTE, SECOND, parse_instant

BEFORE = parse_instant("2026-01-12T08:59:59Z")
"""Anna's last second; Ben's turn begins with the next."""
CONFIGURATION = """\
mode: practice
account: main
venue: {{exchange: binance, url: "http://127.0.0.1:9100", key: key-of-the-test, secret: secret-of-the-test}}
symbols: [BTC/USDT]
strategy: {{name: periodic}}
journal: main.journal
notify: {{channels: [{channels}]}}
alerts:
  channels: {{P0: [team], P1: [team], P2: [team], P3: [team]}}
  contacts: {{anna: {anna}, ben: {ben}}}
  on_call: {{rotations: [{{people: [anna, ben], begins: 2026-01-05{rotation}}}]}}
"""
NAMES = ("team", "anna-chat", "anna-mail", "anna-phone", "ben-chat", "ben-mail")
BY_CHAT = {
    "anna": "{telegram: [anna-chat], email: [anna-mail], pager: [anna-phone]}",
    "ben": "{telegram: [ben-chat], email: [ben-mail]}",
}


def policy(rotation: str = "", **contacts: str) -> IncidentPolicy:
    channels = ", ".join(f"{{name: {name}, kind: console}}" for name in NAMES)
    settings = parse(CONFIGURATION.format(channels=channels, rotation=rotation, **{**BY_CHAT, **contacts}))
    assert settings.alerts is not None
    return policy_of(settings, settings.alerts, "fairway.yaml")


def hand_overs(desk: Desk) -> list[tuple[str, Message]]:
    """Channels and messages, in their order."""
    return [(each.channel, each.message) for each in desk.queued if each.message.id.startswith("on-call-")]


def reached(desk: Desk) -> list[str]:
    return [channel for channel, _ in hand_overs(desk)]


def restarted(desk: Desk) -> Incidents:
    """As the next process folds it from the journal."""
    file = MemoryFile("the alerting journal")
    journal = open_memory(file, ALERTING_CODEC, mode="practice", trader="main", stream=ALERTING_STREAM)
    for at, event in desk.journal:
        journal.append([event], account="", author="alerting", at=at)
    return incidents_from((each.at, ALERTING_CODEC.decode(each)) for each in journal.replay())


def test_at_the_change_of_turns_both_people_read_who_is_on_call_and_which_incidents_are_open() -> None:
    desk = Desk(policy=policy(), now=BEFORE - HOUR)
    desk.fire(alert("orders-failing", severity=P1))
    desk.say(Acknowledge(), by="anna")
    desk.later(HOUR)
    assert reached(desk) == []
    desk.later(SECOND)
    assert reached(desk) == ["anna-chat", "ben-chat"]
    (_, message), _ = hand_overs(desk)
    assert message.title == "On call: ben, after anna"
    assert message.lines == (
        "ben is on call until 2026-01-19T09:00:00.000Z.",
        f"open: {desk.incident.id} (P1, declared): {desk.incident.title}; anna commands the response",
    )


def test_it_is_sent_once_also_over_a_restart() -> None:
    desk = Desk(policy=policy(), now=BEFORE)
    desk.tick()
    desk.later(SECOND)
    desk.later(MINUTE)
    desk.state = restarted(desk)
    desk.later(MINUTE)
    assert reached(desk) == ["anna-chat", "ben-chat"]


def test_a_turn_that_began_while_the_process_was_down_is_told_once_after_its_start() -> None:
    desk = Desk(policy=policy(), now=BEFORE)
    desk.tick()
    desk.state = restarted(desk)
    desk.later(5 * HOUR)
    desk.later(SECOND)
    assert reached(desk) == ["anna-chat", "ben-chat"]


def test_the_first_start_tells_no_change() -> None:
    desk = Desk(policy=policy(), now=BEFORE - HOUR)
    desk.tick()
    desk.later(HOUR)
    assert reached(desk) == []


def test_a_channel_that_two_people_share_has_it_once() -> None:
    desk = Desk(policy=policy(anna="{telegram: [team]}", ben="{telegram: [team]}"), now=BEFORE)
    desk.tick()
    desk.later(SECOND)
    assert reached(desk) == ["team"]


def test_a_person_without_chat_has_it_by_mail_and_one_without_both_by_what_there_is() -> None:
    desk = Desk(policy=policy(anna="{pager: [anna-phone]}", ben="{email: [ben-mail], pager: [anna-phone]}"), now=BEFORE)
    desk.tick()
    desk.later(SECOND)
    assert reached(desk) == ["anna-phone", "ben-mail"]


def test_that_no_person_is_on_call_any_more_is_told_to_the_team_too() -> None:
    desk = Desk(policy=policy(rotation=", ends: 2026-01-12"), now=BEFORE)
    desk.tick()
    desk.later(SECOND)
    assert reached(desk) == ["anna-chat", "team"]
    assert hand_overs(desk)[0][1].title == "On call: no person, after anna"
    assert hand_overs(desk)[0][1].lines[0] == "No person is on call."
