"""Checks a claim: it needs evidence of its class or a stronger one, of this release where required, and not too old."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

import msgspec

from fairway.launch.evidence.model import Evidence, newest
from fairway.launch.gates.fixtures import NOW, RELEASE
from fairway.launch.gates.port import Claim, Facts
from fairway.launch.gates.statistics.series_gate import Assessment
from fairway.launch.gates.verdict import Result
from fairway.world.clock import HOUR, SECOND


def assess_claim(claim: Claim, facts: Facts) -> Assessment:
    """The newest word that is strong enough decides, and a weak one that speaks against the claim counts, too."""
    if claim.name in facts.waived:
        return Assessment(Result.PASS, "CLAIM_WAIVED", {"claim": claim.name})
    about = [each for each in facts.evidence if each.claim == claim.name and each.made_at <= facts.now]
    here = [each for each in about if not claim.of_release or each.release == facts.release]
    word = newest((each for each in here if each.rank >= claim.rank or not each.holds), claim.name)
    if word is None:
        return _absent(claim, about, here)
    numbers = {"claim": claim.name, "class": str(word.rank), "by": word.producer}
    if not word.holds:
        return Assessment(Result.FAIL, "EVIDENCE_AGAINST", {**numbers, "why": word.why})
    age = facts.now - word.made_at
    if (word.ends_at and word.ends_at <= facts.now) or (claim.max_age and age > claim.max_age):
        return Assessment(Result.STALE, "EVIDENCE_EXPIRED", {**numbers, "age_s": age // SECOND})
    return Assessment(Result.PASS, "EVIDENCE_HOLDS", numbers)


def _absent(claim: Claim, about: Sequence[Evidence], here: Sequence[Evidence]) -> Assessment:
    numbers = {"claim": claim.name, "needs": str(claim.rank)}
    if here:
        return Assessment(Result.INSUFFICIENT, "EVIDENCE_WEAK", {**numbers, "is": str(max(each.rank for each in here))}, 1)
    if about:
        return Assessment(Result.STALE, "EVIDENCE_OF_ANOTHER_RELEASE", numbers)
    return Assessment(Result.INSUFFICIENT, "EVIDENCE_MISSING", numbers, 1)


def digest_of(evidence: Iterable[Evidence], claims: Iterable[str]) -> str:
    """sha256 of all that is said about claims."""
    wanted = set(claims)
    return sha256(msgspec.json.encode([each for each in evidence if each.claim in wanted])).hexdigest()


def facts_with_evidence(claims: Iterable[Claim]) -> Facts:
    """Facts in which each claim stands, by evidence that is an hour old."""
    known = tuple(claims)
    evidence = [
        Evidence(
            claim=each.name,
            rank=each.rank,
            holds=True,
            why="made for a proof",
            producer="proof",
            made_at=NOW - min(HOUR, each.max_age or HOUR),
            release=RELEASE if each.of_release else "",
        )
        for each in known
    ]
    return Facts(now=NOW, since=NOW - HOUR, release=RELEASE, evidence=evidence, checklist=known)
