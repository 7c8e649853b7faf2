"""What is said of mutants that no test notices is about code that is there."""

import pytest
from scripts.mutants_report import EXPLANATIONS, ROOM, ROOT, Explanations, Tally, change_of, table

DIFF = """\
--- src/fairway/risk/limits.py
+++ src/fairway/risk/limits.py
@@ -1,3 +1,3 @@
 def tightest(self):
-    if left < 0:
+    if left <= 0:
         return None"""
CHANGE = change_of("src/fairway/risk/limits.py", "Limits.tightest", DIFF)


def test_every_explanation_is_about_a_line_that_is_there() -> None:
    """One whose code has changed explains nothing any more: take the line away, or say it again of the new code."""
    for change in Explanations(EXPLANATIONS.read_text()).reasons:
        code = " ".join(line.strip() for line in (ROOT / ROOM / change.file).read_text().splitlines())
        assert change.old == "*" or change.old in code, str(change)
        name = change.function.rpartition(".")[2]
        assert name == "*" or f"def {name}(" in code, str(change)


def test_a_change_is_the_lines_that_differ() -> None:
    assert str(CHANGE) == "risk/limits.py Limits.tightest: if left < 0: => if left <= 0:"


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("risk/limits.py Limits.tightest: if left < 0: => if left <= 0: :: the same", True),
        ("risk/limits.py Limits.tightest: if left < 0: => * :: the same", True),
        ("risk/limits.py Limits.tightest: * => * :: the same", True),
        ("risk/limits.py *: if left < 0: => * :: the same", True),
        ("risk/limits.py Limits.tightest: if left < 0: => if left > 0: :: the same", False),
        ("risk/limits.py Limits.combined: if left < 0: => if left <= 0: :: the same", False),
        ("risk/caps.py Limits.tightest: * => * :: the same", False),
    ],
)
def test_an_explanation_is_of_one_change_or_of_all_where_it_says_so(line: str, meant: bool) -> None:
    assert (Explanations(f"# told\n\n{line}\n").of(CHANGE) == "the same") is meant


@pytest.mark.parametrize(
    "line", ["risk/limits.py tightest: a => b", "risk/limits.py tightest: a => b :: ", "tightest: a => b :: the same"]
)
def test_a_change_without_a_reason_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"mutants\.txt"):
        Explanations(line)


def test_what_the_types_refuse_is_not_counted_as_noticed() -> None:
    *_, of_risk, whole = table({"risk": Tally(killed=3, refused=90, endless=1, explained=2, survived=1, untested=1, unchecked=5)})
    assert of_risk == "| `risk` | 103 | 90 | 3 | 1 | 2 | 1 | 1 | 5 | 50.0 % |"
    assert whole == of_risk.replace("`risk`", "all")
