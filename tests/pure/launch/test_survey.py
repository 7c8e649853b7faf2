"""Users' answers to a survey are read row by row, count once each, and are what the gate `survey` judges by."""

import asyncio
from collections.abc import Sequence

import pytest
from tests.pure.launch.launches import BEGIN, Flight, plan

from fairway.launch.control import launch_events
from fairway.launch.control.commands import BringAnswers
from fairway.launch.control.gate_stage import verdicts_of
from fairway.launch.control.state import CODEC
from fairway.launch.evidence.survey import ANSWERS_MAX, SurveyError, UserAnswer, answers_of
from fairway.launch.evidence.survey_answers import Surveying
from fairway.launch.gates.kinds.survey import GATE
from fairway.launch.observation.external_series import with_external
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledStage, CompiledTrack
from fairway.risk.limits import Limits
from fairway.world.clock import DAY, HOUR, MINUTE, parse_instant

NOW = parse_instant("2026-11-28T12:00Z")
FILE = """\
id,at,positive,severity,comment
1,2026-11-28T10:00Z,yes,,"good, as it is"
2,2026-11-28T09:00Z,No,mild,"two
lines"
3,2026-11-28T11:00Z,TRUE,severe,
"""


def read(text: str) -> tuple[UserAnswer, ...]:
    return answers_of(text, file="answers.csv", now=NOW)


def test_answers_are_read_oldest_first_and_nothing_of_who_gave_them() -> None:
    found = read(FILE)
    assert [(each.at - NOW, each.is_positive, each.severity) for each in found] == [
        (-3 * HOUR, False, "mild"),
        (-2 * HOUR, True, "none"),
        (-HOUR, True, "severe"),
    ]
    assert len({each.key for each in found}) == 3
    assert "good" not in repr(found)
    assert {each.key for each in read(FILE)} == {each.key for each in found}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "answers.csv:1:1: has no column id, at, positive; right is  id,at,positive,severity"),
        ("id,when,positive\n", "has no column at"),
        ("id,at,positive\n", "holds no answer"),
        ("id,at,positive\n1,2026-11-28,maybe\n", "answers.csv:2:1: positive: 'maybe' is neither yes nor no; right is  yes"),
        ("id,at,positive\n1,soon,yes\n", "at: 'soon' is no instant; right is  2026-11-28T10:00Z"),
        ("id,at,positive\n1,2026-11-29,yes\n", "at: '2026-11-29' is yet to come"),
        ("id,at,positive\n1,0001-01-01,yes\n", "before 1970"),
        ("id,at,positive\n,2026-11-28,yes\n", "id: is empty"),
        ("id,at,positive\n1,2026-11-28,yes\n1,2026-11-28,no\n", "answers.csv:3:1: id: '1' is the id of line 2, too"),
        ("id,at,positive,severity\n1,2026-11-28,no,Critical\n", "severity: 'Critical' is not one of none, mild, severe"),
        ("id,at,positive\n1,2026-11-28\n", "positive: '' is neither yes nor no"),
        ('id,at,positive\n1,"2026-11-28,yes\n', "is no row of a table"),
        ("id,at,positive\n" + "".join(f"{n},2026-11-28,yes\n" for n in range(ANSWERS_MAX + 1)), "is answer 5001"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, says: str) -> None:
    with pytest.raises(SurveyError) as told:
        read(text)
    assert says in str(told.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(SurveyError) as told:
        read("id,at,positive\n,soon,maybe\n2,2026-11-28,why\n")
    assert len(told.value.problems) == 4


# -- in a launch -------------------------------------------------------------------------------------------------------

SETTINGS = {"name": "content", "positive": "60 %", "at_least_n": "3"}
CONTENT = CompiledGate("content", GATE, GATE.settings.model_validate(SETTINGS))


class Surveyed:
    """A launch whose pilot takes what people bring, tick by tick."""

    def __init__(self) -> None:
        stage = CompiledStage("small", Limits(), stay_min_ns=MINUTE, gates=(CONTENT,))
        self.flight = Flight(plan=plan(CompiledTrack("engine", (stage, stage))))
        self.flight.tick()
        self.flight.fly(2 * HOUR, MINUTE)
        self.source = Surveying()

    def bring(self, *answers: tuple[str, bool, str]) -> None:
        rows = tuple(
            UserAnswer(key=key, at=self.flight.now - MINUTE, is_positive=is_positive, severity=severity)
            for key, is_positive, severity in answers
        )
        self.flight.tick(("ann", BringAnswers(reason="the survey", answers=rows, digest="d")))
        self.step()

    def step(self) -> int:
        noted = asyncio.run(self._news())
        assert all(CODEC.encode(each) for each in noted)
        self.flight.take(*noted)
        return len(noted)

    async def _news(self) -> Sequence[launch_events.SamplesTaken]:
        return await self.source.news(self.flight.launch, self.flight.now)

    def said(self) -> str:
        flight = self.flight
        observation = with_external(flight.observation(), flight.launch.external, {})
        (verdict,) = verdicts_of(flight.plan, flight.launch, observation)["engine"]
        return f"{verdict.result.value} {verdict.reason.partition(':')[0]}"


def test_a_gate_judges_by_what_was_brought_and_each_answer_counts_once() -> None:
    launch = Surveyed()
    assert launch.said() == "ERROR SERIES_MISSING"
    launch.bring(("a", True, "none"), ("b", True, "none"))
    launch.bring(("a", True, "none"), ("b", False, "severe"))
    assert launch.said() == "INSUFFICIENT OBSERVATIONS_FEW"
    launch.bring(("b", True, "none"), ("c", False, "mild"))
    assert launch.said() == "PASS SURVEY_POSITIVE"
    assert launch.step() == 0
    taken = [each for each in launch.flight.events if isinstance(each, launch_events.AnswersTaken)]
    assert [len(each.answers) for each in taken] == [2, 0, 1]
    launch.bring(("d", True, "severe"))
    assert launch.said() == "FAIL SURVEY_SEVERE"


def test_what_was_brought_is_known_after_a_start_and_grows_old() -> None:
    launch = Surveyed()
    launch.bring(*((each, True, "none") for each in "abc"))
    launch.flight.take(launch_events.PilotStarted(epoch=2, version="test"))
    launch.source = Surveying()
    assert launch.said() == "STALE SERIES_STALE", "the new pilot has not said yet what it knows"
    assert launch.step() == 1
    assert launch.said() == "PASS SURVEY_POSITIVE"
    assert len(launch.flight.launch.external.series()["feedback"]) == 3
    launch.flight.now += 8 * DAY
    assert launch.said() == "STALE SERIES_STALE"
    launch.bring(("a", True, "none"))
    assert launch.said() == "PASS SURVEY_POSITIVE", "asked again, and nobody new has answered"
    assert launch.flight.launch.answers_at > BEGIN
