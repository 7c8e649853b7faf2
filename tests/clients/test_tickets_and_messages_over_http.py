"""Tickets and what became of messages, as the server shows them, each to those who may see them."""

from collections.abc import Iterator

import pytest
from tests.clients.servers import RunningServer, started, written
from tests.clients.systems import Client, free_port
from tests.pure.incidents.told_incident import told, write_alerting_journal

from fairway.incidents.incident_commands import AnswerTicket, OpenTicket
from fairway.notify.outbox import MessageFailed, MessageQueued, MessageSent
from fairway.settings import load
from fairway.world.clock import SECOND

DELIVERIES = "/api/v1/notify/deliveries"


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Client]]:
    folder = tmp_path_factory.mktemp("alerting")
    file = written(folder, free_port())
    desk = told()
    desk.say(OpenTicket(subject="I see no orders", text="since noon", is_critical=True), by="tom")
    desk.say(OpenTicket(subject="fees", text="why"), by="tim")
    desk.say(AnswerTicket(ticket="T-2", text="the venue's"), by="sue")
    first, second, *_ = [event for _, event in desk.journal if isinstance(event, MessageQueued)]
    sent = MessageSent(id=first.message.id, channel=first.channel, receipt="17", tries=2)
    failed = MessageFailed(id=second.message.id, channel=second.channel, why="404", tries=1)
    desk.journal += [(desk.now + SECOND, sent), (desk.now + SECOND, failed)]
    write_alerting_journal(load(file), desk)
    with started(folder) as running:
        yield known(running)


def known(server: RunningServer) -> dict[str, Client]:
    return {name: server.client(name) for name in ("ada", "tom", "sue")}


def test_a_user_sees_the_own_tickets_and_support_sees_all(clients: dict[str, Client]) -> None:
    def listed(user: str, query: str = "") -> list[str]:
        code, answer = clients[user].get(f"/api/v1/tickets{query}")
        assert code == 200, answer
        return [each["id"] for each in answer["tickets"]]

    assert listed("tom") == ["T-1"]
    assert listed("sue") == ["T-1", "T-2"]
    assert listed("sue", "?overdue=true") == ["T-1"]
    assert listed("sue", "?user=tim") == ["T-2"]
    assert listed("tom", "?user=tim") == []
    assert clients["sue"].get("/api/v1/tickets")[1]["overdue"] == 1


def test_a_ticket_is_shown_with_its_answers(clients: dict[str, Client]) -> None:
    code, ticket = clients["sue"].get("/api/v1/tickets/T-2")
    assert (code, ticket["state"], ticket["is_overdue"]) == (200, "answered", False)
    assert [(each["by"], each["text"]) for each in ticket["answers"]] == [("sue", "the venue's")]
    for unknown in ("T-2", "T-9"):
        code, problem = clients["tom"].get(f"/api/v1/tickets/{unknown}")
        assert (code, problem["code"]) == (422, f"TICKET_UNKNOWN: ticket={unknown}")


def test_what_became_of_messages_is_shown_by_channel_incident_and_failure(clients: dict[str, Client]) -> None:
    everything = clients["ada"].get(DELIVERIES)[1]["messages"]
    (sent,) = [each for each in everything if each["state"] == "sent"]
    assert (sent["receipt"], sent["tries"], sent["thread"]) == ("17", 2, "INC-20260105-1")
    assert sent["took_ms"] >= 1_000
    (failed,) = clients["ada"].get(f"{DELIVERIES}?failed=true")[1]["messages"]
    assert (failed["why"], failed["took_ms"]) == ("404", None)
    of_incident = clients["ada"].get(f"{DELIVERIES}?incident=INC-20260105-1&limit=1")[1]
    assert (len(of_incident["messages"]), of_incident["older"]) == (1, len(everything) - 1)
    code, problem = clients["ada"].get(f"{DELIVERIES}?channel=nowhere")
    assert (code, problem["code"]) == (422, "CHANNEL_UNKNOWN: channel=nowhere")
    assert clients["ada"].get(f"{DELIVERIES}?limit=0")[0] == 422
    assert clients["tom"].get(DELIVERIES)[0] == 403
