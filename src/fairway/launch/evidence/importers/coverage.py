"""Coverage: Cobertura's XML, and the JSON of coverage.py."""

from decimal import Decimal

from fairway.launch.evidence.importers.json_values import at, looks_like, number, values
from fairway.launch.evidence.importers.port import ImportedFile, Importer, Reason, SourceFile
from fairway.launch.evidence.importers.xml_tags import root_is, tags
from fairway.launch.evidence.model import Rank
from fairway.money.fraction import Fraction
from fairway.world.clock import MILLISECOND

HUNDRED = Decimal(100)


def knows(source: SourceFile) -> bool:
    return root_is(source, "coverage") or looks_like(source, '"totals"', '"percent_covered"')


def read(source: SourceFile) -> ImportedFile:
    share, made_at = _xml(source) if root_is(source, "coverage") else _json(source)
    covered = f"{Fraction(round(share, 4))} of lines are covered"
    reasons = [] if share >= source.at_least.value else [Reason(0, f"at least {source.at_least} are asked for")]
    return ImportedFile(covered, reasons, made_at)


def _xml(source: SourceFile) -> tuple[Decimal, int]:
    root = tags(source)[0]
    rate, stamp = root.attributes.get("line-rate", ""), root.attributes.get("timestamp", "")
    share = number(rate)
    if share is None or not 0 <= share <= 1:
        raise source.broken(f"has no line-rate between 0 and 1, but {rate!r}", line=root.line)
    made_at = int(stamp) * MILLISECOND if stamp.isdecimal() and len(stamp) == 13 else 0
    return share, made_at


def _json(source: SourceFile) -> tuple[Decimal, int]:
    share = number(at(values(source), "totals", "percent_covered"))
    if share is None or not 0 <= share <= HUNDRED:
        raise source.broken("has no totals.percent_covered between 0 and 100")
    return share / HUNDRED, 0


IMPORTER = Importer("coverage", "coverage", Rank.MACHINE_ARTIFACT, "how much of the code its tests run", knows, read)
