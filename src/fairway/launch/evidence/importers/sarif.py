"""SARIF 2.1, as most analysers of code write it."""

from typing import Any

from fairway.launch.evidence.importers.json_values import at, listed, looks_like, number, values, word
from fairway.launch.evidence.importers.port import REASONS_MAX, ImportedFile, Importer, Reason, SourceFile
from fairway.launch.evidence.model import Rank

HIGH = 7
"""A security-severity from here on is high, whatever its level says (CVSS 3)."""


def knows(source: SourceFile) -> bool:
    return looks_like(source, '"runs"', '"version"') and looks_like(source, "sarif")


def read(source: SourceFile) -> ImportedFile:
    found = values(source)
    runs = listed(found, "runs")
    reasons: list[Reason] = []
    count = 0
    tools: list[str] = []
    for run in runs:
        tools.append(word(run, "tool", "driver", "name") or "a tool without a name")
        grades = _grades(run)
        if not isinstance(at(run, "results"), list):
            reasons.append(Reason(0, f"{tools[-1]} has no results: it did not run"))
        for result in listed(run, "results"):
            if listed(result, "suppressions"):
                continue
            count += 1
            if _is_grave(result, grades) and len(reasons) < REASONS_MAX:
                reasons.append(Reason(0, _told(result)))
    if not runs:
        reasons.append(Reason(0, "no tool was run"))
    return ImportedFile(f"{', '.join(tools) or 'nothing'} found {count}", reasons)


def _grades(run: Any) -> dict[str, tuple[str, Any]]:
    """By rule: its own level, and how grave it is for security."""
    rules = listed(run, "tool", "driver", "rules")
    return {
        word(rule, "id"): (word(rule, "defaultConfiguration", "level"), at(rule, "properties", "security-severity"))
        for rule in rules
    }


def _is_grave(result: Any, grades: dict[str, tuple[str, Any]]) -> bool:
    level, severity = grades.get(word(result, "ruleId"), ("", None))
    grade = number(severity)
    return (word(result, "level") or level or "warning") == "error" or (grade is not None and grade >= HIGH)


def _told(result: Any) -> str:
    places = listed(result, "locations")
    where = word(places[0], "physicalLocation", "artifactLocation", "uri") if places else ""
    line = at(places[0], "physicalLocation", "region", "startLine") if places else None
    place = f" in {where}{f':{line}' if isinstance(line, int) else ''}" if where else ""
    return f"{word(result, 'ruleId') or 'a rule without a name'}{place}: {word(result, 'message', 'text')[:160]}"


IMPORTER = Importer(
    "sarif", "security", Rank.MACHINE_ARTIFACT, "that an analyser looked at the code, and found nothing grave", knows, read
)
