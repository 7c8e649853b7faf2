"""Every sentence has one template; every event that people see has one; a medium formats and escapes its values."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from jinja2 import UndefinedError

import fairway
from fairway.launch.control import launch_events, lifecycle
from fairway.launch.evidence.model import Rank
from fairway.launch.views import event_text
from fairway.money.amount import Amount
from fairway.texts import messages
from fairway.texts.messages import catalogue, reasons, refusals
from fairway.texts.messages.catalogue import ENGLISH, LANGUAGES, SUBJECTS, arguments_of, rendered
from fairway.texts.messages.figure_messages import FigureMessage
from fairway.texts.messages.launch_messages import LaunchMessage
from fairway.texts.messages.medium import HTML, MEDIA, TELEGRAM, TERMINAL, Medium
from fairway.texts.messages.message import (
    Argument,
    DurationValue,
    InstantValue,
    KeyedMessage,
    MessageKey,
    NumberValue,
    Precision,
    Template,
    message,
)
from fairway.texts.messages.reasons import ReasonMessage
from fairway.texts.messages.refusals import RefusalMessage
from fairway.texts.messages.status_messages import StatusMessage
from fairway.world.clock import SECOND, parse_instant

ROOM = Path(fairway.__file__).parent
AT = parse_instant("2026-01-03T22:00:00.000Z")
HELD = message(LaunchMessage.HOLD_RAISED, reason="<b>late</b> & wrong", contains=True, ends_when="it is gone")


@pytest.mark.parametrize("subject", MessageKey.__subclasses__(), ids=lambda it: it.__name__)
def test_every_key_has_a_template_in_every_language(subject: type[MessageKey]) -> None:
    for templates in LANGUAGES.values():
        assert set(subject) <= set(templates)


def test_no_key_is_used_by_two_subjects() -> None:
    assert len(ENGLISH) == sum(map(len, SUBJECTS))
    assert all(template.what for template in ENGLISH.values())


def test_every_subject_of_the_folder_is_in_the_catalogue() -> None:
    modules = [import_module(f"{messages.__name__}.{file.stem}") for file in Path(messages.__path__[0]).glob("*.py")]
    subjects = {id(vars(module)["ENGLISH"]) for module in modules if "ENGLISH" in vars(module) and module is not catalogue}
    assert subjects == set(map(id, SUBJECTS))


@dataclass(frozen=True)
class Sample:
    """A value for every argument of a template, and what may not be seen of it where markup is escaped."""

    name: str
    value: Argument
    unescaped: str = ""


SAMPLES = (
    Sample("text", "<b>late</b> & wrong", "<b>"),
    Sample("nothing", ""),
    Sample("one", 1),
    Sample("many", 1_200),
    Sample("amount", Amount.of("1234.5", "USDT")),
    Sample("instant", InstantValue(AT, Precision.MINUTE)),
    Sample("duration", DurationValue(90 * SECOND)),
    Sample("list", ("<i>", message(StatusMessage.GATES_NONE)), "<i>"),
)


@pytest.mark.parametrize("medium", MEDIA, ids=lambda it: it.name)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda it: it.name)
def test_every_template_is_rendered_for_every_medium(medium: Medium, sample: Sample) -> None:
    for language, templates in LANGUAGES.items():
        for key, template in templates.items():
            values = dict.fromkeys(arguments_of(template), sample.value) | _numbers(template, sample)
            made = rendered(KeyedMessage(key, values), medium, language)
            assert made.what or not sample.value, key
            assert "{" not in made.sentence, key
            assert medium is TERMINAL or not sample.unescaped or sample.unescaped not in made.sentence, key


def _numbers(template: Template, sample: Sample) -> dict[str, Argument]:
    """What a template compares by size can be a number only."""
    names = {name for part in template.parts for name in re.findall(r"(\w+) [<>] \d", part)}
    return dict.fromkeys(names, sample.value if isinstance(sample.value, int) else 2)


def test_counts_have_their_unit_in_the_right_number() -> None:
    shown = [rendered(message(FigureMessage.TIMES, count=count)).what for count in (0, 1, 2, 1_200)]
    assert shown == ["no times", "1 time", "2 times", "1,200 times"]


def test_prepared_sentences_need_no_further_file() -> None:
    """The trader says what it holds also when the system gives it no more files."""
    code = (
        "import resource\n"
        "from fairway.texts.messages.catalogue import line, prepare\n"
        "from fairway.texts.messages.holdings_messages import HoldingsMessage\n"
        "from fairway.texts.messages.message import message\n"
        "prepare(HoldingsMessage)\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))\n"
        "print(line(message(HoldingsMessage.HELD, account='main', quantity='1 BTC', is_covered=False, is_selling=True)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "main holds 1 BTC NOT wholly under a stop at the venue, and is being sold.\n"


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
    launch_events.VenueChecked,
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
        rendered(message(LaunchMessage.TRACK_ABORTED))


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
    assert TERMINAL.text(Rank.MACHINE_ARTIFACT) == "machine artifact"
    assert TERMINAL.text(("ada", "ben")) == "ada, ben"


def test_parts_that_are_empty_leave_no_trace_in_a_sentence() -> None:
    assert rendered(HELD).sentence == "held: <b>late</b> & wrong; nothing is opened, and nothing promoted until it is gone"
    assert Template("what").parts == ("what", "", "")
