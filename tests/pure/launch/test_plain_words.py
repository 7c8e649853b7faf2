"""Every code that a gate or a refusal says has its sentence; what is unknown is told as it stands."""

import re
from pathlib import Path

import fairway.launch
from fairway.launch.views.reason_text import reason_in_words
from fairway.texts.messages.reasons import BY_ENDING, CODES

ROOM = Path(fairway.launch.__file__).parent
CONTROL = ("command_handler", "reviews", "timeline", "guard_requirements")
GATES = [path for folder in ("kinds", "statistics") for path in (ROOM / "gates" / folder).glob("*.py")]
ONES = ("gates/evaluation.py", "evidence/claims.py", *(f"control/{each}.py" for each in CONTROL))
SAYERS = [*GATES, *(ROOM / each for each in ONES)]


def test_every_code_has_its_words_and_no_words_are_left_over() -> None:
    said = {code for file in SAYERS for code in re.findall(r'"([A-Z]{3,}(?:_[A-Z]+)+)', file.read_text())}
    assert said == set(CODES)
    assert set(re.findall(r'code\}(_[A-Z_]+)"', (ROOM / "gates" / "statistics" / "proportion_test.py").read_text())) == set(
        BY_ENDING
    )


def test_a_reason_is_told_in_words_with_its_code_and_short_numbers() -> None:
    assert reason_in_words("COVERAGE_LOW: coverage=0.888888888889 at_least=0.95") == (
        "too much of the time was not measured (COVERAGE_LOW: coverage=0.888 at_least=0.95)"
    )
    assert reason_in_words("SHARE_NOT_DISPROVEN: n=15") == "nothing speaks against the bound (SHARE_NOT_DISPROVEN: n=15)"
    assert reason_in_words("MOON_HIGH: n=1") == "MOON_HIGH: n=1"
