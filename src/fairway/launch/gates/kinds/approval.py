"""Approval: enough people of each role approved plan and release; each person counts once, and the author does not count."""

from dataclasses import replace

from pydantic import Field

from fairway.launch.gates.fixtures import NOW, RELEASE
from fairway.launch.gates.port import Facts, Gate, GateSettings
from fairway.launch.gates.statistics.series_gate import Assessment, verdict
from fairway.launch.gates.verdict import Result, Verdict


class ApprovalSettings(GateSettings):
    """need: how many people of each role."""

    need: dict[str, int] = Field(
        description="How many people of each role", min_length=1, max_length=20, examples=["{owner: 1, risk: 1}"]
    )


def judge(settings: ApprovalSettings, facts: Facts) -> Verdict:
    counted, lacks = set[str](), dict[str, str]()
    for role, asked in settings.need.items():
        given = sorted(set(facts.approvals.get(role, ())) - counted - {facts.author})[:asked]
        counted |= set(given)
        if len(given) < asked:
            lacks[role] = f"{len(given)}/{asked}"
    missing = sum(settings.need.values()) - len(counted)
    if lacks:
        found = Assessment(Result.INSUFFICIENT, "APPROVALS_MISSING", lacks, missing)
    else:
        found = Assessment(Result.PASS, "APPROVALS_GIVEN", {"by": ",".join(sorted(counted))})
    return verdict(settings, facts, found, None, repr(sorted((role, sorted(by)) for role, by in facts.approvals.items())))


def indicators(settings: ApprovalSettings) -> tuple[str, ...]:
    return ()


def passing_facts(settings: ApprovalSettings) -> Facts:
    given = {role: [f"{role} {number}" for number in range(asked)] for role, asked in settings.need.items()}
    return Facts(now=NOW, since=NOW, release=RELEASE, author="author", approvals=given)


def failing_facts(settings: ApprovalSettings) -> Facts:
    """The last role has one too few."""
    good = passing_facts(settings)
    last = list(settings.need)[-1]
    return replace(good, approvals={**good.approvals, last: good.approvals[last][:-1]})


GATE = Gate(
    "approval",
    ApprovalSettings,
    judge,
    indicators,
    question="Have enough people of each role approved the current plan, release, limits and evidence?",
    formula="For each role, the number of different people, without the author and without those who count for another role, "
    "is at least what is asked. An approval is bound to the digests of plan, release, limits and evidence, and "
    "expires.",
    reference="Separation of duties: Clark and Wilson, IEEE Symposium on Security and Privacy, 1987; Delegated Regulation (EU) "
    "2017/589, article 5",
    example="{name: committee, gate: approval, need: {owner: 1, risk: 1}}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    approvals=lambda settings: settings.need,
    assumptions="People are who they say they are",
    limitations="A word is counted for a person who did not give it; see `fairway people`",
)
