"""Renders the page of a launch: its time axis, decisions with their reasons, users, and every account to the last digit."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fairway.money.amount import ZERO
from fairway.reports.figure import Figure
from fairway.reports.headline import TieOutVerdict
from fairway.reports.incident_text import IncidentSection, heading, incident_sections, introduction
from fairway.reports.launch_chart import LAUNCH_NARROW, LAUNCH_WIDE, launch_figure
from fairway.reports.launch_report import DecidedKind, LaunchResult, MarkKind, Spell, UserRun
from fairway.reports.page import Tile, environment
from fairway.reports.page_svg import page_elements
from fairway.reports.report import Report, report_of
from fairway.reports.rows import tone
from fairway.texts.display import count_text, day_text, moment_text, number, percent, signed, signed_percent
from fairway.texts.durations import duration_words, nearest

TEMPLATE = "launch.html.jinja"
PLACES = 2


@dataclass(frozen=True, slots=True)
class LaunchReport:
    """accounts: each user's own report, in the users' order."""

    run: LaunchResult
    accounts: tuple[tuple[UserRun, Report], ...]

    @property
    def ties_out(self) -> bool:
        """Whether every account's ledger is what the exchange says, to the last digit."""
        return all(report.tie.is_exact for _, report in self.accounts)


def launch_report_of(run: LaunchResult) -> LaunchReport:
    """Replays each account's part of the journal; the same run always gives the same report."""
    return LaunchReport(run, tuple((user, report_of(user.run)) for user in run.users))


def launch_page_bytes(report: LaunchReport) -> bytes:
    """The file's bytes, UTF-8."""
    return environment().get_template(TEMPLATE).render(**_context(report)).encode()


def launch_headline(report: LaunchReport) -> str:
    """What happened, in one sentence."""
    run = report.run
    last = run.lived[-1].name if run.lived else "no stage"
    promoted, demoted = _count(run, MarkKind.PROMOTED), _count(run, MarkKind.DEMOTED)
    span = duration_words(nearest(run.ended_at - run.started_at))
    return f"In {span} the plan {run.plan} was promoted {_times(promoted)}, taken back {_times(demoted)}, and ends in {last}."


def launch_outlook(report: LaunchReport) -> str:
    """Where it goes on from where it ends: the next stage, and what that still needs."""
    return f"Next stage: {report.run.next_stage}."


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _count(run: LaunchResult, kind: MarkKind) -> int:
    return sum(mark.kind is kind for mark in run.marks)


def _context(report: LaunchReport) -> dict[str, object]:
    run = report.run
    return {
        "title": f"Fairway launch {run.plan}, {day_text(run.started_at)} to {day_text(run.ended_at)}",
        "span": f"{day_text(run.started_at)} to {day_text(run.ended_at)}",
        "headline": launch_headline(report),
        "outlook": launch_outlook(report),
        "verdict": launch_verdict(report),
        "tiles": list(_tiles(report)),
        "chart": _chart(run),
        "decisions": list(decision_rows(run, but=(DecidedKind.HELD, DecidedKind.RELEASED))),
        "holds": list(_hold_groups(run)),
        "every_hold": list(_holds(run)),
        "staged": _marked(run, MarkKind.STAGED),
        "looked": _marked(run, MarkKind.LOOKED),
        "users": list(user_rows(report)),
        "balances": list(_balances(report)),
        "incidents": list(_incidents(report)),
        "incidents_heading": heading(),
        "incidents_introduced": introduction(),
        "run": run,
    }


def _chart(run: LaunchResult) -> str:
    """The figure as elements of the page."""

    def build(points_max: int) -> Figure:
        return launch_figure(run, points_max=points_max)

    return page_elements(build, wide=LAUNCH_WIDE, narrow=LAUNCH_NARROW)


def _marked(run: LaunchResult, kind: MarkKind) -> list[tuple[str, str]]:
    """When, and what."""
    return [(moment_text(mark.at), mark.text) for mark in run.marks if mark.kind is kind]


def launch_verdict(report: LaunchReport) -> TieOutVerdict:
    """Whether every account is what its ledger says."""
    accounts = count_text(len(report.accounts), "account")
    if report.ties_out:
        return TieOutVerdict("✓", "gain", f"All {accounts} tie out with the exchange, to the last digit")
    off = sum(not each.tie.is_exact for _, each in report.accounts)
    return TieOutVerdict("✕", "loss", f"{off} of {accounts} do not tie out with the exchange")


def _tiles(report: LaunchReport) -> Iterator[Tile]:
    run = report.run
    yield Tile("Promoted", number(Decimal(_count(run, MarkKind.PROMOTED))), "each approved by two people")
    yield Tile("Taken back", number(Decimal(_count(run, MarkKind.DEMOTED))), "by evidence, and by no person", "loss")
    contained = sum((hold.until - hold.since for hold in run.holds if hold.name == "contained"), 0)
    without = f"{duration_words(nearest(contained))} without a lease to open" if contained else ""
    yield Tile("Holds", number(Decimal(len(run.holds))), without)
    let_in = sum(user.admitted_at is not None for user in run.users)
    yield Tile("Users let in", f"{let_in} of {len(run.users)}", "the others wait for a larger stage")
    trips = sum(each.figures.trips for _, each in report.accounts)
    yield Tile("Round trips", number(Decimal(trips)), "of all accounts")
    change = sum((each.figures.change or ZERO for _, each in report.accounts), ZERO)
    yield Tile("Result", signed(change, PLACES), f"{run.quote}, after fees", tone(change))
    yield Tile("Decisions", number(Decimal(run.decisions[-1].number if run.decisions else 0)), "each can be replayed")
    yield Tile("Events", f"{run.journal_count + run.launch_count:,}", "in two chained journals")


@dataclass(frozen=True, slots=True)
class DecisionRow:
    number: int
    at: str
    what: str
    why: str
    tone: str


_COLOURS: Final = {DecidedKind.FORWARD: "gain", DecidedKind.BACK: "loss", DecidedKind.HELD: "loss"}


def decision_rows(run: LaunchResult, *, but: Collection[DecidedKind] = ()) -> Iterator[DecisionRow]:
    """Every decision that moved something, oldest first. but: kinds that are left out."""
    for each in run.decisions:
        if each.kind not in but:
            yield DecisionRow(each.number, moment_text(each.at), each.what, each.why, _COLOURS.get(each.kind, ""))


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One hold, or all of one kind: at, since when the first; why, of the last."""

    at: str
    times: int
    lasted: str
    what: str
    why: str
    is_contained: bool


def _holds(run: LaunchResult) -> Iterator[HoldRow]:
    """Each hold, oldest first."""
    for hold in sorted(run.holds, key=lambda it: it.since):
        yield _hold_row([hold])


def _hold_groups(run: LaunchResult) -> Iterator[HoldRow]:
    """Holds of one kind as one row, in the order in which each was first raised."""
    groups: dict[tuple[str, str], list[Spell]] = {}
    for hold in sorted(run.holds, key=lambda it: it.since):
        groups.setdefault((hold.of, hold.name), []).append(hold)
    yield from map(_hold_row, groups.values())


def _hold_row(same: Sequence[Spell]) -> HoldRow:
    contained = same[0].name == "contained"
    lasted = duration_words(nearest(sum(hold.until - hold.since for hold in same)))
    what = "lease revoked" if contained else "no promotion"
    return HoldRow(moment_text(same[0].since), len(same), lasted, what, same[-1].why, contained)


@dataclass(frozen=True, slots=True)
class UserRow:
    name: str
    profile: str
    cohort: str
    let_in: str
    worth: str
    result: str
    share: str
    trips: str
    won: str
    tone: str


def user_rows(report: LaunchReport) -> Iterator[UserRow]:
    """Every user, as they came."""
    for user, each in report.accounts:
        figures = each.figures
        yield UserRow(
            name=user.name,
            profile=user.profile,
            cohort=user.cohort,
            let_in=moment_text(user.admitted_at) if user.admitted_at is not None else "waits",
            worth=number(figures.worth_end, PLACES),
            result=signed(figures.change, PLACES),
            share=signed_percent(figures.return_share),
            trips=number(Decimal(figures.trips)),
            won=percent(figures.win_share, 0),
            tone=tone(figures.change),
        )


@dataclass(frozen=True, slots=True)
class LaunchBalanceRow:
    account: str
    asset: str
    ledger: str
    exchange: str
    difference: str
    is_exact: bool


def _balances(report: LaunchReport) -> Iterator[LaunchBalanceRow]:
    for user, each in report.accounts:
        for asset in each.tie.assets:
            yield LaunchBalanceRow(
                user.name,
                asset.asset,
                number(asset.ledger),
                number(asset.exchange),
                number(asset.difference),
                not asset.difference,
            )


def _incidents(report: LaunchReport) -> Iterator[IncidentSection]:
    for _, each in report.accounts:
        yield from incident_sections(each)
