"""The audit tells who did what, and what came of it."""

from msgspec import Struct

from fairway.api.server_events import (
    CODEC,
    CommandAccepted,
    CommandEnded,
    RequestDenied,
    RequestServed,
    SignedIn,
    SignInFailed,
)
from fairway.journal.port import Record
from fairway.panel.facts.audit import Deed, deeds
from fairway.panel.state_marks import Mark


def recorded(*events: Struct, by: str = "ann") -> list[Record]:
    found = []
    for seq, event in enumerate(events, 1):
        kind, version, body = CODEC.encode(event)
        found.append(Record(seq, seq * 1_000, "", by, kind, version, body, ""))
    return found


def only(*events: Struct, by: str = "ann") -> Deed:
    [found] = deeds(recorded(*events, by=by))
    return found


def test_a_command_stands_with_its_end() -> None:
    accepted = CommandAccepted(id="c1", operation="pause", request='{"account":"<b>main</b>","reason":""}', shell="panel")
    ended = CommandEnded(id="c1", is_done=True, code="", sentences=("main is paused",), outcome="")
    found = only(accepted, ended)
    assert (found.who, found.what, found.origin) == ("ann", "pause: account=<b>main</b>", "panel")
    assert (found.outcome, found.mark) == ("done: main is paused", Mark.GOOD)


def test_a_command_without_its_end_is_unknown_and_not_done() -> None:
    accepted = CommandAccepted(id="c1", operation="kill", request="{}", shell="http")
    assert only(accepted).mark is Mark.UNKNOWN


def test_a_refused_command_names_its_reason() -> None:
    accepted = CommandAccepted(id="c1", operation="resume", request="{}", shell="http")
    ended = CommandEnded(id="c1", is_done=False, code="ROLE_FORBIDS", sentences=(), outcome="")
    assert only(accepted, ended).outcome == "not done: ROLE_FORBIDS"


def test_what_only_read_is_left_out() -> None:
    read = RequestServed(method="GET", path="/panel/", status=200, address="10.0.0.1")
    changed = RequestServed(method="POST", path="/api/v1/accounts", status=409, address="10.0.0.1")
    found = only(read, changed)
    assert (found.what, found.outcome, found.mark) == ("POST /api/v1/accounts", "not done, 409", Mark.BAD)


def test_refusals_are_shown_with_those_that_were_only_counted() -> None:
    denied = RequestDenied(method="GET", path="/panel/users", status=403, code="ROLE_FORBIDS", address="10.0.0.1", more=12)
    assert only(denied, by="").what == "GET /panel/users and 12 alike"
    assert only(denied, by="").who == "not proven"


def test_sign_ins_come_newest_first() -> None:
    failed = SignInFailed(user="ann", address="10.0.0.9", code="SIGN_IN_WRONG")
    found = deeds(recorded(failed, SignedIn(kind="session", token="t", address="10.0.0.1")))
    assert [(each.what, each.mark) for each in found] == [("signed in (session)", Mark.GOOD), ("tried to sign in", Mark.BAD)]


def test_a_record_of_a_newer_release_hides_no_other() -> None:
    known = recorded(SignedIn(kind="session", token="t", address="10.0.0.1"))
    found = deeds([*known, Record(2, 2_000, "", "ann", "FromTheFuture", 1, b"{}", "")])
    assert [each.mark for each in found] == [Mark.UNKNOWN, Mark.GOOD]
