"""JUnit XML, as pytest and most test runners write it."""

from typing import Final

from fairway.launch.evidence.importers.port import REASONS_MAX, ImportedFile, Importer, Reason, SourceFile
from fairway.launch.evidence.importers.xml_tags import XmlTag, first, root_is, tags
from fairway.launch.evidence.model import Rank
from fairway.world.clock import parse_instant

BAD = ("failure", "error")
RELEASE: Final = "fairway.release"
AGAIN: Final = "fairway.again"
"""Properties of a suite of Fairway's own: the digest of the release that it was made on, and the command that makes it again."""


def knows(source: SourceFile) -> bool:
    return root_is(source, "testsuites", "testsuite")


def read(source: SourceFile) -> ImportedFile:
    found = tags(source)
    cases = bad = skipped = 0
    case: XmlTag | None = None
    counted: XmlTag | None = None
    reasons: list[Reason] = []
    for tag in found:
        if tag.name == "testcase":
            case, cases = tag, cases + 1
        elif tag.name in BAD and tag.parent == "testcase" and case is not None:
            bad += case is not counted
            if case is not counted and len(reasons) < REASONS_MAX:
                reasons.append(Reason(case.line, f"{_name(case)} did not pass"))
            counted = case
        elif tag.name in BAD and tag.parent == "testsuite":
            reasons.append(Reason(tag.line, "a suite could not be run"))
        elif tag.name == "skipped":
            skipped += 1
    if cases == skipped:
        reasons.append(Reason(0, "no test was run" if cases else "there is no test in it"))
    said = _properties(found)
    return ImportedFile(
        f"{cases} tests, {bad} did not pass, {skipped} were skipped",
        reasons,
        _made_at(found),
        release=said.get(RELEASE, ""),
        again=said.get(AGAIN, ""),
    )


def _properties(found: list[XmlTag]) -> dict[str, str]:
    """Of all suites; a later one does not change what an earlier one has said."""
    said: dict[str, str] = {}
    for tag in found:
        if tag.name == "property" and tag.parent == "properties":
            said.setdefault(tag.attributes.get("name", ""), tag.attributes.get("value", ""))
    return said


def _name(case: XmlTag) -> str:
    return ".".join(part for part in (case.attributes.get("classname", ""), case.attributes.get("name", "?")) if part)[:200]


def _made_at(found: list[XmlTag]) -> int:
    """When the first suite began (ns); 0 where the report does not say it, or says it without a time zone."""
    for suite in first(found, "testsuite"):
        try:
            return parse_instant(suite.attributes.get("timestamp", ""))
        except ValueError:
            return 0
    return 0


IMPORTER = Importer(
    "junit",
    "tests",
    Rank.MACHINE_ARTIFACT,
    "that tests were run, and that each of them passed",
    knows,
    read,
)
