"""Messages, postmortem and status page of one incident, word for word."""

from tests.golden.test_command_line import golden
from tests.pure.incidents.responses import POLICY
from tests.pure.incidents.told_incident import timeline, told

from fairway.incidents.postmortem import draft_postmortem
from fairway.incidents.status_page import StatusFacts, status_page
from fairway.world.clock import DAY, HOUR


def test_the_messages_of_an_incident() -> None:
    shown = []
    for each in told().queued:
        it = each.message
        head = f"{each.channel}: {it.id} {it.severity} {it.phase.value} {it.thread}"
        shown.append(
            "\n".join([head, f"  {it.title}", *(f"    {line}" for line in it.lines), f"  $ {it.command} {it.link}".rstrip()])
        )
    golden("incident_messages.txt", "\n".join(shown) + "\n")


def test_the_postmortem_of_an_incident() -> None:
    desk = told()
    golden("incident_postmortem.md", draft_postmortem(desk.state, desk.incident, timeline(desk)))


def test_the_status_page_after_an_incident() -> None:
    desk = told()
    facts = StatusFacts(
        known={"Orders": True, "Exchange connection": False},
        maintenance=((desk.now + DAY, desk.now + DAY + HOUR),),
        protection=desk.facts.protection,
        watched_since=desk.now - 10 * DAY,
    )
    page = status_page(POLICY, desk.state, facts, desk.now)
    golden("incident_status.html", page.html.decode())
    golden("incident_status.json", page.json.decode() + "\n")
