"""The record: a launch's GO or NO-GO with every claim, what it rests on, and the digest of that; as page, text and data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import msgspec

from fairway.launch.claims import claim_of, facts_of_claims
from fairway.launch.course import Asked, OnFail, Route
from fairway.launch.evidence import Evidence, Rank, newest
from fairway.launch.gates.port import Claim as Item
from fairway.launch.gates.standing import standing
from fairway.launch.happened import event_in_words
from fairway.launch.holds import on
from fairway.launch.kinds import MessageDue, ReleaseChanged
from fairway.launch.lifecycle import GatesPassed, Phase, StageEntered, TrackDemoted, TrackRearmed
from fairway.launch.moving import asked, lacks, unshown
from fairway.launch.obedience import leg_after
from fairway.launch.plain import limits_in_words, plainly, span
from fairway.launch.reviews import Kept, kept, overdue
from fairway.launch.state import TrackNow
from fairway.launch.targets import targets
from fairway.launch.timeline import lacking
from fairway.launch.verdict import Result, Verdict
from fairway.launch.words import Told, budgets, stay_of
from fairway.texts.quantities import duration_text
from fairway.world.clock import DAY, text_of

TEMPLATE: Final = "record.html.jinja"
STANDS: Final = {
    "EVIDENCE_HOLDS": "holds",
    "EVIDENCE_AGAINST": "DOES NOT HOLD",
    "EVIDENCE_EXPIRED": "EXPIRED",
    "EVIDENCE_OF_ANOTHER_RELEASE": "OF ANOTHER RELEASE",
    "EVIDENCE_MISSING": "no evidence",
    "CLAIM_WAIVED": "waived",
}
"""How an item of the checklist stands, by what is judged of it."""
PASSED_LASTS_NS: Final = 30 * DAY
"""What a stage has shown counts for another trader of the same release for so long."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of the record: what is claimed, whether it holds, on what that rests, and its digest."""

    name: str
    says: str
    result: str
    rests_on: str
    digest: str
    decides: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """One track. is_go: whether its next stage may be entered at this instant; missing: what keeps it from that."""

    track: str
    where: str
    next: str
    is_go: bool
    missing: Sequence[str]
    claims: Sequence[Claim]
    checklist: Sequence[Claim]
    approvals: Sequence[str]
    limits: str
    holds: Sequence[str]


@dataclass(frozen=True, slots=True)
class Record:
    """told: (instant as text, what happened), oldest first. journals: name and digest of what all of it rests on."""

    plan: str
    digest: str
    release: str
    author: str
    made_at: str
    sections: Sequence[Section]
    told: Sequence[tuple[str, str]]
    waivers: Sequence[str]
    budgets: Sequence[str]
    reviews: Sequence[str]
    messages: Sequence[tuple[str, str]]
    targets: Sequence[str]
    journals: Sequence[tuple[str, str]]
    passed: Sequence[Evidence]

    @property
    def is_go(self) -> bool:
        return all(each.is_go for each in self.sections)


def record_of(told: Told, history: Sequence[tuple[int, Any]], journals: Sequence[tuple[str, str]]) -> Record:
    """history: (instant in ns, event) of the launch's journal, oldest first."""
    launch = told.launch
    return Record(
        plan=told.course.name,
        digest=told.course.digest,
        release=launch.release,
        author=told.course.author,
        made_at=text_of(told.sight.now)[:19],
        sections=[_section(told, route) for route in told.course.routes],
        told=[(at, words) for at, words in _in_words(history, MessageDue, is_of=False) if words],
        targets=list(targets(told.course, launch, told.sight.series, told.sight.now)),
        messages=list(_in_words(history, MessageDue, is_of=True)),
        waivers=[
            f"{each.claim} until {text_of(each.ends_at)[:16]}, asked by {each.asked_by}, granted by {each.granted_by}: "
            f"{each.reason}"
            for each in launch.waivers
        ],
        budgets=list(budgets(told)),
        reviews=[_reviews(each) for each in kept(told.course, history, told.sight.now)],
        journals=journals,
        passed=list(_passed(told, history)),
    )


def _in_words(history: Sequence[tuple[int, Any]], kind: type, *, is_of: bool) -> Iterator[tuple[str, str]]:
    """All events of a kind, or all others."""
    return ((text_of(at)[:19], event_in_words(event)) for at, event in history if isinstance(event, kind) is is_of)


def _reviews(stay: Kept) -> str:
    """Each spell as long as the cadence is due one."""
    due = f"{stay.held} of {stay.due} reviews were held" if stay.due else "none is due yet"
    return f"{stay.track}/{stay.stage}, every {duration_text(stay.every_ns)}: {due}"


def _section(told: Told, route: Route) -> Section:
    launch, now = told.launch, told.sight.now
    track, leg = launch.track(route.name), leg_after(route, launch.track(route.name))
    verdicts = told.verdicts.get(route.name, ())
    pairs = list(zip(asked(told.course, route, launch), verdicts, strict=False))
    holds = [f"{each.reason} (since {text_of(each.since)[:16]})" for each in on(route.name, launch.holds.values())]
    missing = [f"{each.name}: {plainly(said.reason)}" for each, said in pairs if _blocks(each, said)]
    missing += [f"armed again: {track.why}"] if track.stage < 0 <= track.highest else []
    missing += [each for each in (unshown(told.course, route, launch, now),) if each]
    missing += [f"held: {each}" for each in holds]
    missing += [f"the stage's clock stands: {track.stopped}"] if track.stopped else []
    served, stay = track.served_ns(now), stay_of(route, track)
    missing += [f"{span(stay - served)} more in this stage"] if served < stay else []
    missing += [f"approval: {each}" for each in lacks(told.course, route, launch, now)]
    missing += lacking(told.course, route, leg, launch, told.sight) if leg is not None else []
    missing += [each for each in (overdue(route, launch, now),) if each]
    missing += ["the launch was given up"] if track.phase is Phase.ABORTED else []
    given = [each for each in launch.approvals if each.stage.startswith(f"{route.name}/")]
    return Section(
        track=route.name,
        where=f"{route.legs[track.stage].name} ({track.phase.value})" if track.stage >= 0 else track.phase.value,
        next=leg.name if leg is not None else "",
        is_go=not missing,
        missing=missing,
        claims=[_claim(each, said) for each, said in pairs],
        checklist=[_item(told, each) for each in told.course.checklist],
        approvals=[f"{each.person} as {each.role} for {each.stage}, {text_of(each.at)[:16]}: {each.comment}" for each in given],
        limits=limits_in_words(leg.limits) if leg is not None else "",
        holds=holds,
    )


def _blocks(gate: Asked, said: Verdict) -> bool:
    return said.result is not Result.PASS and gate.on_fail is not OnFail.TELL


def _claim(gate: Asked, said: Verdict) -> Claim:
    window = f"{text_of(said.since)[:16]} to {text_of(said.until)[:16]}" if said.since else ""
    return Claim(
        name=gate.name,
        says=gate.gate.means,
        result=said.result.value,
        rests_on=f"{plainly(said.reason)}{'; ' if window else ''}{window}",
        digest=said.digest,
        decides=gate.on_fail is not OnFail.TELL,
    )


def _item(told: Told, item: Item) -> Claim:
    """As a gate would judge it now, with the word that decides; where none is strong enough, the newest."""
    facts = facts_of_claims(told.launch, told.sight)
    strong = [each for each in facts.evidence if each.rank >= item.rank or not each.holds]
    found, code = newest(strong, item.name) or newest(facts.evidence, item.name), standing(item, facts).code
    result = f"TOO WEAK, it needs {item.rank}" if code == "EVIDENCE_WEAK" else STANDS[code]
    if found is None:
        return Claim(item.name, "", result, "", "")
    ends = f", until {text_of(found.ends_at)[:16]}" if found.ends_at else ""
    rests = f"{found.rank}, by {found.producer}, {text_of(found.made_at)[:16]}{ends}: {found.why}"
    again = f"; again: {found.again}" if found.again else ""
    digest = found.digest or sha256(msgspec.json.encode(found, order="deterministic")).hexdigest()
    return Claim(item.name, "", result, rests + again, digest)


def _passed(told: Told, history: Sequence[tuple[int, Any]]) -> Iterator[Evidence]:
    """Each stage that was passed with the release that runs, as evidence for a launch of another trader."""
    for route in told.course.routes:
        track = told.launch.track(route.name)
        for place, leg in enumerate(route.legs):
            at = _passed_at(route.name, place, history)
            if at and (place < track.stage or (place == track.stage and _has_passed(told, route, track))):
                yield Evidence(
                    claim=claim_of(route, leg),
                    rank=Rank.OBSERVED_IN_PRODUCTION if told.is_live else Rank.OBSERVED_IN_A_DRILL,
                    holds=True,
                    why=f"stage {leg.name} of plan {told.course.name} was passed",
                    producer="another trader's launch",
                    made_at=at,
                    ends_at=at + PASSED_LASTS_NS,
                    release=told.launch.release,
                    digest=told.course.digest,
                    again="fairway launch start CONFIG PLAN",
                )


def _has_passed(told: Told, route: Route, track: TrackNow) -> bool:
    """Of the stage that it is in: whether people alone are missing. While anything holds it, nobody may build on it."""
    return track.phase in (Phase.READY, Phase.STEADY) and not on(route.name, told.launch.holds.values())


def _passed_at(track: str, stage: int, history: Sequence[tuple[int, Any]]) -> int:
    """When the gates of a stage last passed with the release that runs (ns); 0 for never."""
    found, place = 0, -1
    for at, event in history:
        match event:
            case ReleaseChanged():
                found = 0
            case StageEntered(track=name, stage=entered) | TrackDemoted(track=name, stage=entered) if name == track:
                place = entered
            case TrackRearmed(track=name) if name == track:
                place = -1
            case GatesPassed(track=name) if name == track and place == stage:
                found = at
    return found


# -- as text, as a page, as data ---------------------------------------------------------------------------------------


def markdown(record: Record) -> str:
    """The record as text that is read anywhere."""
    return "\n".join(_markdown(record)) + "\n"


def _markdown(record: Record) -> Iterator[str]:
    yield f"# {'GO' if record.is_go else 'NO-GO'}: launch of plan {record.plan}"
    yield ""
    release = record.release[:16] or "unknown"
    yield f"Made {record.made_at} UTC. Plan `{record.digest[:16]}` by {record.author}, release `{release}`."
    for section in record.sections:
        yield from ("", f"## {section.track}: {section.where}", "")
        limits = f", {section.limits}" if section.limits else ""
        yield f"Next: **{section.next or 'nothing: this is the last stage'}**{limits}."
        yield from ("", *([f"- missing: {_cell(each)}" for each in section.missing] or ["Nothing is missing."]))

        yield from _table("gate", section.claims)
        yield from _table("item of the checklist", section.checklist)
        yield from ("", "Approvals: " + ("; ".join(section.approvals) or "none."))
    if record.waivers:
        yield from ("", "## Waivers", "", *(f"- {_cell(each)}" for each in record.waivers))
    if record.budgets:
        yield from ("", "## Budgets", "", *(f"- {_cell(each)}" for each in record.budgets))
    if record.reviews:
        yield from ("", "## Reviews", "", *(f"- {_cell(each)}" for each in record.reviews))
    if record.targets:
        yield from ("", "## Targets", "", "They are looked at on their day, and decide nothing.", "")
        yield from (f"- {_cell(each)}" for each in record.targets)
    if record.messages:
        yield from ("", "## Messages", "", *(f"- {at} {_cell(words)}" for at, words in record.messages))
    yield from ("", "## What happened", "", *(f"- {at} {_cell(words)}" for at, words in record.told))
    yield from ("", "## What all of it rests on", "", *(f"- {name}: `{digest}`" for name, digest in record.journals))


def _table(head: str, claims: Sequence[Claim]) -> Iterator[str]:
    if not claims:
        return
    yield from ("", f"| {head} | result | rests on | digest |", "|---|---|---|---|")
    for each in claims:
        told = "" if each.decides else " (told only)"
        digest = f"`{each.digest[:16]}`" if each.digest else "–"
        yield f"| {_cell(each.name)}{told} | {each.result} | {_cell(each.rests_on)} | {digest} |"


def _cell(text: str) -> str:
    """What somebody wrote must not end a cell, nor begin anything else."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;").replace("`", "'")


def page(record: Record) -> bytes:
    """The record as one page that needs nothing else, UTF-8. The same record gives the same bytes."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("fairway.launch"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(TEMPLATE).render(record=record).encode()


def data(record: Record) -> bytes:
    """The record for other programs."""
    return msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"
