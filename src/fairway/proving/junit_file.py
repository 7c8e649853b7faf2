"""Writes a report as JUnit XML that `fairway launch evidence` takes, and reads it again as its importer does."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from fairway.launch.evidence.importers import junit
from fairway.launch.evidence.importers.port import SourceFile
from fairway.world.clock import text_of


class JunitCase(NamedTuple):
    """One number as a test. against: what speaks against it, "" where nothing does. is_unknown: it could not be measured."""

    group: str
    name: str
    against: str = ""
    is_unknown: bool = False


class ReportBroken(Exception):
    """The report that was written does not say what was measured."""


def write_junit(
    path: Path, suite: str, made_at: int, cases: Iterable[JunitCase], *, release: str, again: str, said: Mapping[str, str]
) -> None:
    """made_at: ns. said: further properties. What is not known is an error, and no test that was skipped. Raises ReportBroken."""
    root = ElementTree.Element("testsuite", name=suite, timestamp=text_of(made_at))
    properties = ElementTree.SubElement(root, "properties")
    for name, value in {junit.RELEASE: release, junit.AGAIN: again, **said}.items():
        ElementTree.SubElement(properties, "property", name=name, value=value)
    tests = failures = errors = 0
    for each in cases:
        case = ElementTree.SubElement(root, "testcase", classname=each.group, name=each.name)
        tests += 1
        if each.against:
            failures += not each.is_unknown
            errors += each.is_unknown
            ElementTree.SubElement(case, "error" if each.is_unknown else "failure", message=each.against)
    for name, number in (("tests", tests), ("failures", failures), ("errors", errors)):
        root.set(name, str(number))
    ElementTree.indent(root)
    path.write_bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")
    _read_again(path, tests, failures + errors)


def _read_again(path: Path, tests: int, bad: int) -> None:
    read = junit.read(SourceFile(str(path), path.read_bytes(), 0))
    if not read.about.startswith(f"{tests} tests, {bad} did not pass") or read.holds is (bad > 0 or not tests):
        raise ReportBroken(f"{path} was written with {tests} tests, {bad} of them bad, and says: {read.about}")
