"""The JSON of scanners of images and dependencies: Trivy's, and Grype's."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from fairway.launch.evidence.importers.json_values import at, listed, looks_like, values, word
from fairway.launch.evidence.importers.port import REASONS_MAX, ImportedFile, Importer, Reason, SourceFile
from fairway.launch.evidence.model import Rank

CRITICAL_MAX, HIGH_MAX = 0, 2
"""None that is critical, and at most two that are high."""


def knows(source: SourceFile) -> bool:
    return looks_like(source, '"SchemaVersion"', '"Results"') or looks_like(source, '"matches"', '"vulnerability"')


def read(source: SourceFile) -> ImportedFile:
    found = values(source)
    known = list(_weaknesses(found))
    counts = Counter(severity for severity, _ in known)
    reasons = [Reason(0, f"critical: {told}") for severity, told in known if severity == "CRITICAL"][:REASONS_MAX]
    if counts["HIGH"] > HIGH_MAX:
        high = ", ".join(told for severity, told in known if severity == "HIGH")[:300]
        reasons.append(Reason(0, f"{counts['HIGH']} are high, and at most {HIGH_MAX} may be: {high}"))
    if not isinstance(at(found, "Results"), list) and not isinstance(at(found, "matches"), list):
        reasons.append(Reason(0, "nothing was scanned"))
    told = ", ".join(f"{counts[severity]} {severity.lower()}" for severity in ("CRITICAL", "HIGH", "MEDIUM", "LOW"))
    return ImportedFile(f"{len(known)} weaknesses: {told}", reasons)


def _weaknesses(found: Any) -> Iterator[tuple[str, str]]:
    """The severity of each, in capitals, and what it is."""
    for result in listed(found, "Results"):
        for key, name in (("Vulnerabilities", "VulnerabilityID"), ("Misconfigurations", "ID"), ("Secrets", "RuleID")):
            for each in listed(result, key):
                if word(each, "Status") != "PASS":
                    yield word(each, "Severity").upper(), f"{word(each, name)} {word(each, 'PkgName')}".strip()
    for match in listed(found, "matches"):
        weak = at(match, "vulnerability")
        yield word(weak, "severity").upper(), f"{word(weak, 'id')} {word(match, 'artifact', 'name')}".strip()


IMPORTER = Importer(
    "scanner", "security", Rank.MACHINE_ARTIFACT, "that an image and what it depends on have no grave weakness", knows, read
)
