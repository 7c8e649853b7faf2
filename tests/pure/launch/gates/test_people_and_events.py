"""Drills, checklists, approvals, surveys, and what is counted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from tests.pure.launch.gates.facts import NOW, facts, judged, series

from fairway.launch.evidence.model import Evidence, Rank
from fairway.launch.gates.port import Claim
from fairway.launch.gates.verdict import Result
from fairway.world.clock import DAY, HOUR, SECOND


def evidence(
    claim: str,
    *,
    rank: Rank = Rank.OBSERVED_IN_A_DRILL,
    holds: bool = True,
    at: int = NOW - HOUR,
    ends_at: int = 0,
    release: str = "r",
) -> Evidence:
    return Evidence(claim=claim, rank=rank, holds=holds, why="seen", producer="ci", made_at=at, ends_at=ends_at, release=release)


def drilled(*known: Evidence, **settings: str) -> str:
    return judged("drill", facts(evidence=known), drill="kill", **settings).reason.partition(":")[0]


def test_a_drill_is_seen_on_this_release_and_not_long_ago() -> None:
    assert drilled(evidence("kill")) == "EVIDENCE_HOLDS"
    assert drilled() == drilled(evidence("restore")) == "EVIDENCE_MISSING"
    assert drilled(evidence("kill", rank=Rank.MACHINE_ARTIFACT)) == "EVIDENCE_WEAK"
    assert drilled(evidence("kill", release="before")) == "EVIDENCE_OF_ANOTHER_RELEASE"
    assert drilled(evidence("kill", release="before"), of_release="false") == "EVIDENCE_HOLDS"
    assert drilled(evidence("kill", at=NOW - 7 * DAY), max_age="7d") == "EVIDENCE_HOLDS"
    assert drilled(evidence("kill", at=NOW - 7 * DAY - 1), max_age="7d") == "EVIDENCE_EXPIRED"
    assert drilled(evidence("kill", ends_at=NOW)) == "EVIDENCE_EXPIRED"
    assert drilled(evidence("kill", at=NOW + 1)) == "EVIDENCE_MISSING"


def test_what_a_drill_lacks_is_told() -> None:
    """One more word of evidence may be enough; age is told in whole seconds; who waived it is another event's to tell."""
    missing = judged("drill", facts(), drill="kill")
    assert (missing.reason, missing.missing) == ("EVIDENCE_MISSING: claim=kill needs=observed in a drill", 1)
    old = judged("drill", facts(evidence=[evidence("kill", at=NOW - 7 * DAY - SECOND // 2)]), drill="kill", max_age="7d")
    assert old.reason == "EVIDENCE_EXPIRED: claim=kill class=observed in a drill by=ci age_s=604800"
    assert judged("drill", facts(waived=frozenset({"kill"})), drill="kill").reason == "CLAIM_WAIVED: claim=kill"


TESTS = evidence("tests", rank=Rank.MACHINE_ARTIFACT)
DIGESTED: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "drill": ({"drill": "kill"}, [{"evidence": [evidence("kill")]}, {"waived": frozenset({"kill"})}]),
    "checklist": (
        {"items": ["tests"]},
        [
            {"evidence": [TESTS], "checklist": (Claim("tests", Rank.MACHINE_ARTIFACT),)},
            {"evidence": [TESTS], "checklist": (Claim("tests", Rank.ATTESTED_FILE),)},
            {"checklist": (Claim("tests", Rank.MACHINE_ARTIFACT),)},
            {"checklist": (Claim("tests", Rank.MACHINE_ARTIFACT),), "waived": frozenset({"tests"})},
        ],
    ),
    "approval": ({"need": {"owner": "1"}}, [{"approvals": {"owner": ["bob"]}}, {"approvals": {"owner": ["cid"]}}]),
}


@pytest.mark.parametrize("name", DIGESTED)
def test_a_digest_is_of_what_people_and_machines_have_said(name: str) -> None:
    """Whoever approves a verdict approves what it rests on: another word, another item, another waiver, another digest."""
    settings, all_facts = DIGESTED[name]
    digests = [judged(name, facts(**each), **settings).digest for each in [{}, *all_facts]]
    assert len(set(digests)) == len(digests)


def test_an_old_success_does_not_outlive_a_failure() -> None:
    """Not even one that only somebody said; and a later success that is only said mends nothing."""
    assert drilled(evidence("kill", at=1), evidence("kill", holds=False, rank=Rank.BARE_WORD)) == "EVIDENCE_AGAINST"
    assert drilled(evidence("kill", holds=False), evidence("kill", rank=Rank.BARE_WORD, at=NOW)) == "EVIDENCE_AGAINST"
    assert drilled(evidence("kill", holds=False), evidence("kill", at=NOW)) == "EVIDENCE_HOLDS"


CHECKLIST = (Claim("tests", Rank.MACHINE_ARTIFACT), Claim("legal", Rank.ATTESTED_FILE, 90 * DAY, of_release=False))


def ticked(*known: Evidence, checklist: Sequence[Claim] = CHECKLIST, **settings: Sequence[str]) -> tuple[Result, str]:
    said = judged("checklist", facts(evidence=known, checklist=checklist), **settings)
    return said.result, said.reason


def test_each_item_is_met_by_its_class() -> None:
    tests = evidence("tests", rank=Rank.MACHINE_ARTIFACT)
    legal = evidence("legal", rank=Rank.ATTESTED_FILE, release="")
    assert ticked(tests, legal) == (Result.PASS, "CHECKLIST_MET: items=2")
    assert ticked(tests) == (Result.INSUFFICIENT, "CHECKLIST_OPEN: legal=EVIDENCE_MISSING")
    assert ticked(tests, items=["tests"])[0] is Result.PASS
    word = evidence("tests", rank=Rank.BARE_WORD)
    assert ticked(word, legal) == (Result.INSUFFICIENT, "CHECKLIST_OPEN: tests=EVIDENCE_WEAK")
    old = replace_at(legal, NOW - 91 * DAY)
    assert ticked(tests, old) == (Result.STALE, "CHECKLIST_OPEN: legal=EVIDENCE_EXPIRED")
    failed = evidence("tests", rank=Rank.MACHINE_ARTIFACT, holds=False)
    assert ticked(failed, old)[0] is Result.FAIL


def replace_at(of: Evidence, at: int) -> Evidence:
    from msgspec import structs

    return structs.replace(of, made_at=at)


def test_an_item_that_is_not_in_the_checklist_is_met_by_nothing() -> None:
    assert ticked(evidence("tests"), items=["testes"]) == (Result.ERROR, "CHECKLIST_UNKNOWN: items=testes")
    assert ticked(evidence("tests"), checklist=()) == (Result.ERROR, "CHECKLIST_UNKNOWN: items=none")


def approved(given: Mapping[str, Sequence[str]]) -> tuple[Result, str, int | None]:
    said = judged("approval", facts(approvals=given, author="ann"), need={"owner": "1", "risk": "2"})
    return said.result, said.reason, said.missing


def test_nobody_counts_twice_and_the_author_never() -> None:
    assert approved({"owner": ["bob"], "risk": ["cid", "dan"]}) == (Result.PASS, "APPROVALS_GIVEN: by=bob,cid,dan", None)
    assert approved({"owner": ["ann"], "risk": ["cid", "dan"]}) == (Result.INSUFFICIENT, "APPROVALS_MISSING: owner=0/1", 1)
    assert approved({"owner": ["bob"], "risk": ["bob", "dan"]}) == (Result.INSUFFICIENT, "APPROVALS_MISSING: risk=1/2", 1)
    assert approved({}) == (Result.INSUFFICIENT, "APPROVALS_MISSING: owner=0/1 risk=0/2", 3)


def answered(good: int, bad: int, severe: int = 0) -> str:
    values, labels = [1.0] * good + [0.0] * bad, ["severe"] * severe + ["mild"] * (good + bad - severe)
    seen = facts(series("feedback", values, labels=labels))
    return judged("survey", seen, of="feedback", positive="50 %").reason.partition(":")[0]


def test_users_are_asked() -> None:
    assert answered(9, 0) == "OBSERVATIONS_FEW"
    assert answered(5, 5) == "SURVEY_POSITIVE"
    assert answered(5, 6) == "SURVEY_NEGATIVE"
    assert answered(10, 0, severe=1) == "SURVEY_SEVERE"


def events(name: str, labels: Sequence[str], **settings: object) -> str:
    of = str(settings.get("of", "order_paths"))
    return judged(name, facts(series(of, [1.0] * len(labels), labels=labels)), **settings).reason


def test_nothing_of_a_kind_happened() -> None:
    assert events("zero_events", [], of="alerts").startswith("EVENTS_NONE")
    assert events("zero_events", ["P2", "P1"], of="alerts", only=["P0"]).startswith("EVENTS_NONE")
    assert events("zero_events", ["P2", "P0"], of="alerts", only=["P0"]) == "EVENTS_HAPPENED: P0=1"
    assert events("zero_events", ["P2", "P0", "P2"], of="alerts") == "EVENTS_HAPPENED: P2=2 P0=1"


def test_a_dead_detector_is_no_good_news() -> None:
    silent = replace(series("alerts", []), beats=NOW - HOUR)
    assert judged("zero_events", facts(silent), of="alerts").result is Result.STALE


def test_users_and_events_are_counted() -> None:
    traders = ["ann", "bob", "ann", "cid"]
    assert events("count", traders, of="round_trips", distinct="true", at_least="3") == "COUNT_REACHED: n=3 at_least=3"
    assert events("count", traders, of="round_trips", distinct="true", at_least="4") == "COUNT_LOW: n=3 at_least=4"
    assert events("count", traders, of="round_trips", at_least="4") == "COUNT_REACHED: n=4 at_least=4"
    assert events("count", ["P1", "P1"], of="incidents", only=["P1"], at_most="2") == "COUNT_KEPT: n=2 at_most=2"
    assert events("count", ["P1", "P1"], of="incidents", only=["P1"], at_most="1") == "COUNT_HIGH: n=2 at_most=1"


def test_every_path_was_gone() -> None:
    paths = {"open": "2", "stop_hit": "1"}
    assert events("coverage", ["open", "stop_hit", "open"], paths=paths) == "PATHS_COVERED: open=2 stop_hit=1"
    assert events("coverage", ["open", "cancel"], paths=paths) == "PATHS_MISSING: open=1/2 stop_hit=0/1"


@pytest.mark.parametrize("value", [-50.0, 50.0])
def test_a_report_decides_nothing(value: float) -> None:
    assert judged("report_only", facts(series("trade_pnl_r", [value])), of="trade_pnl_r").result is Result.PASS
    assert judged("report_only", facts(), of="trade_pnl_r").result is Result.ERROR


def test_time_in_which_the_stage_s_clock_stood_is_no_part_of_a_window() -> None:
    """The stage is ten days old, and its trader was dead for eight of them; then for one."""
    quiet = series("incidents", [])
    quiet = replace(quiet, watermark=NOW, beats=NOW)
    for dead, reason in ((8, "WINDOW_SHORT"), (4, "WINDOW_SHORT"), (3, "EVENTS_NONE"), (1, "EVENTS_NONE")):
        seen = facts(quiet, since=NOW - 10 * DAY, pauses=((NOW - 9 * DAY, NOW - (9 - dead) * DAY),))
        assert judged("zero_events", seen, of="incidents", over="7d").reason.partition(":")[0] == reason, dead
    lasting = facts(quiet, since=NOW - 10 * DAY, pauses=((NOW - 4 * DAY, NOW),))
    assert judged("zero_events", lasting, of="incidents", over="7d").reason.startswith("WINDOW_SHORT")


def test_an_event_before_a_pause_is_in_the_window_that_the_pause_makes_longer() -> None:
    happened = series("incidents", [1.0], labels=["P0"], until=NOW - 8 * DAY)
    happened = replace(happened, watermark=NOW, beats=NOW)
    paused = facts(happened, since=NOW - 20 * DAY, pauses=((NOW - 5 * DAY, NOW - 3 * DAY),))
    assert judged("zero_events", paused, of="incidents", over="7d").result is Result.FAIL
    assert judged("zero_events", replace(paused, pauses=()), of="incidents", over="7d").result is Result.PASS
