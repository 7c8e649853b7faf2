"""Every sentence has one template; every event that people see has one; a medium formats and escapes its values."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from jinja2 import UndefinedError

import fairway
from fairway.launch.control import launch_events, lifecycle
from fairway.launch.views import event_text
from fairway.money.amount import Amount
from fairway.texts.messages import (
    caps_messages,
    launch_messages,
    order_messages,
    protection_messages,
    reasons,
    refusals,
    status_messages,
    stop_messages,
    trader_messages,
)
from fairway.texts.messages.caps_messages import CapsMessage
from fairway.texts.messages.catalogue import ENGLISH, LANGUAGES, arguments_of, rendered
from fairway.texts.messages.launch_messages import LaunchMessage
from fairway.texts.messages.medium import HTML, MEDIA, TELEGRAM, TERMINAL, Medium
from fairway.texts.messages.message import (
    DurationValue,
    InstantValue,
    MessageKey,
    NumberValue,
    Precision,
    Template,
    message,
)
from fairway.texts.messages.order_messages import OrderMessage
from fairway.texts.messages.protection_messages import ProtectionMessage
from fairway.texts.messages.reasons import ReasonMessage
from fairway.texts.messages.refusals import RefusalMessage
from fairway.texts.messages.status_messages import StatusMessage
from fairway.texts.messages.stop_messages import StopMessage
from fairway.texts.messages.trader_messages import TraderMessage
from fairway.world.clock import SECOND, parse_instant

ROOM = Path(fairway.__file__).parent
AT = parse_instant("2026-01-03T22:00:00.000Z")
HELD = message(LaunchMessage.HOLD_RAISED, reason="<b>late</b> & wrong", contains=True, ends_when="it is gone")


@pytest.mark.parametrize(
    "subject",
    [
        LaunchMessage,
        ReasonMessage,
        RefusalMessage,
        OrderMessage,
        ProtectionMessage,
        TraderMessage,
        StatusMessage,
        CapsMessage,
        StopMessage,
    ],
)
def test_every_key_has_a_template_in_every_language(subject: type[MessageKey]) -> None:
    for templates in LANGUAGES.values():
        assert set(subject) <= set(templates)


def test_no_key_is_used_by_two_subjects() -> None:
    subjects = (
        launch_messages,
        order_messages,
        protection_messages,
        reasons,
        refusals,
        status_messages,
        trader_messages,
        caps_messages,
        stop_messages,
    )
    assert len(ENGLISH) == sum(len(subject.ENGLISH) for subject in subjects)
    assert all(template.what for template in ENGLISH.values())


def test_what_a_reason_means_names_no_argument() -> None:
    for subject in (reasons, refusals):
        assert all(arguments_of(template) == set() for template in subject.ENGLISH.values())


def test_every_event_of_a_launch_is_shown_or_is_for_the_pilot_alone() -> None:
    events = {each for module in (launch_events, lifecycle) for each in vars(module).values() if _is_event(each)}
    shown = set(event_text._MESSAGES)
    assert shown | FOR_THE_PILOT_ALONE == events
    assert not shown & FOR_THE_PILOT_ALONE


def _is_event(each: object) -> bool:
    return isinstance(each, type) and issubclass(each, (launch_events.LaunchEvent, lifecycle.Move)) and each not in BASES


BASES = (launch_events.LaunchEvent, lifecycle.Move)
FOR_THE_PILOT_ALONE: set[type] = {
    launch_events.AccountsSeen,
    launch_events.Decided,
    launch_events.KillSeen,
    launch_events.LeaseIssued,
    launch_events.VenueSeen,
}


@dataclass(frozen=True)
class Use:
    """A call of `message` in the code."""

    key: str
    arguments: frozenset[str]
    place: str


def _uses() -> Iterator[Use]:
    for file in sorted(ROOM.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Call(func=ast.Name(id="message"), args=[ast.Attribute(value=ast.Name(id=subject), attr=name)]):
                    names = frozenset(str(each.arg) for each in node.keywords)
                    yield Use(f"{subject}.{name}", names, f"{file.name}:{node.lineno}")


KEYS = {f"{type(key).__name__}.{key.name}": key for key in ENGLISH}


def test_each_template_names_exactly_the_arguments_that_its_callers_give() -> None:
    wrong = {use.place: use for use in _uses() if arguments_of(ENGLISH[KEYS[use.key]]) != use.arguments}
    assert wrong == {}


def test_every_template_is_used() -> None:
    used = {use.key for use in _uses()}
    sources = [file.read_text() for file in ROOM.rglob("*.py") if file.parent.name != "messages"]
    named = {name for source in sources for name in re.findall(r"\b\w+Message\.[A-Z_]+\b", source)}
    assert {
        name for name, key in KEYS.items() if name not in used | named and not isinstance(key, ReasonMessage | RefusalMessage)
    } == set()


def test_a_missing_argument_is_an_error() -> None:
    with pytest.raises((UndefinedError, TypeError)):
        rendered(message(LaunchMessage.PILOT_STOPPED))


def test_a_value_that_no_medium_can_show_is_an_error() -> None:
    with pytest.raises(TypeError, match="object"):
        TERMINAL.text(object())


def test_terminal_shows_text_as_it_is_and_media_of_markup_escape_it() -> None:
    assert rendered(HELD).what == "held: <b>late</b> & wrong"
    for medium in (HTML, TELEGRAM):
        assert rendered(HELD, medium).what == "held: &lt;b&gt;late&lt;/b&gt; &amp; wrong"


@pytest.mark.parametrize("medium", MEDIA, ids=lambda it: it.name)
def test_text_of_a_template_is_the_same_in_every_medium(medium: Medium) -> None:
    assert rendered(message(ReasonMessage.HARM_PROVEN), medium).what == "it does harm"


def test_values_are_formatted_by_their_type() -> None:
    assert TERMINAL.text(InstantValue(AT, Precision.MINUTE)) == "2026-01-03T22:00"
    assert HTML.text(InstantValue(AT, Precision.SECOND)) == '<time datetime="2026-01-03T22:00:00">2026-01-03T22:00:00</time>'
    assert TERMINAL.text(DurationValue(12 * SECOND)) == "12 s"
    assert TERMINAL.text(Amount.of("1234.5", "USDT")) == "1,234.5 USDT"
    assert TERMINAL.text(NumberValue(Decimal("1.255"), 1, is_signed=True)) == "+1.3"
    assert TERMINAL.text(("ada", "ben")) == "ada, ben"


def test_parts_that_are_empty_leave_no_trace_in_a_sentence() -> None:
    assert rendered(HELD).sentence == "held: <b>late</b> & wrong; nothing is opened, and nothing promoted until it is gone"
    assert Template("what").parts == ("what", "", "")
