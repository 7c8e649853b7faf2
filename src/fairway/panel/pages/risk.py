"""Risk: what each account may do and who can change it, limits against their use, guards with their distance, and the budgets."""

from typing import Final

from nicegui.element import Element

from fairway.panel.command_dialog import command_button
from fairway.panel.elements import Tag, card, empty
from fairway.panel.facts.budgets import BudgetFacts
from fairway.panel.facts.caps import CapFacts
from fairway.panel.facts.guards import GuardFacts
from fairway.panel.guards import MOUNT
from fairway.panel.live import Live
from fairway.panel.moments import live_age, live_moment
from fairway.panel.page import Given, Page
from fairway.panel.pages.risk_facts import RISK, AccountRisk, RiskFacts, UseFacts
from fairway.panel.parts import bar, since_link
from fairway.panel.tables import Column, SearchedTable
from fairway.panel.unseen import seen
from fairway.panel.visit import Visit


async def build(visit: Visit, given: Given) -> None:
    """The page."""
    Tag("h1", "Risk")
    live = await seen(visit, RISK)
    if live is None:
        return
    with Tag("p", "", "risk-sentence"):
        live.mark(lambda facts: facts.mark)
        live.words(lambda facts: facts.sentence)
    with Tag("div", "", "risk-cards"):
        with card("Escalation", "escalation"):
            live.rows(Tag("ul", "", "accounts"), lambda facts: facts.accounts, lambda each: each.account, _account)
            live.visible(
                empty("No account is traded yet. Start the trader with:", "fairway up"), lambda facts: not facts.accounts
            )
        with card("Budgets", "budgets"):
            _budgets(live)
        with card("Caps in force", "caps-in-force"):
            _caps(visit, live)
        with card("Limits against use", "uses"):
            _uses(live)
        with card("Guards", "guards"):
            _guards(visit, live)


def _account(row: Live[AccountRisk]) -> Element:
    with Tag("li") as found:
        with Tag("p", "", "state"):
            row.mark(lambda each: each.mark)
            row.words(lambda each: each.account, "strong")
            row.words(lambda each: each.state)
        row.words(lambda each: each.why, "p", "why")
        with Tag("p", "", "level"):
            row.mark(lambda each: each.level_mark)
            row.words(lambda each: f"guards {each.level}")
            row.words(lambda each: f"by {each.level_why}" if each.level_why else "", classes="why")
            with Tag("span", " since ", "since") as since:
                live_moment(row, lambda each: each.level_since)
            row.visible(since, lambda each: bool(each.level_since))
    return found


def _budgets(live: Live[RiskFacts]) -> None:
    live.rows(Tag("ul", "", "bars"), lambda facts: facts.budgets, lambda each: each.name, _budget)
    nothing = live.words(lambda facts: facts.no_budgets, "p", "empty")
    live.visible(nothing, lambda facts: bool(facts.no_budgets))


def _budget(row: Live[BudgetFacts]) -> Element:
    with Tag("li", "", "budget") as found:
        with Tag("p"):
            row.mark(lambda each: each.mark)
            row.words(lambda each: each.name, "strong")
            row.words(lambda each: each.target, classes="why")
        bar(row, lambda each: each.share, lambda each: each.words, f"{row.facts.name}, spent")
        row.words(lambda each: each.pace, "p", "why")
    row.toned(found, lambda each: f"is-{each.mark.value}")
    return found


def _caps(visit: Visit, live: Live[RiskFacts]) -> None:
    columns = CAP_COLUMNS
    if visit.may("lift"):
        columns = (*columns, Column(head="Lift", build=lambda row: _lift(visit, row)))
    SearchedTable(
        visit,
        live,
        columns,
        lambda facts: facts.caps,
        lambda each: each.key,
        name="caps",
        label="Caps in force",
        nothing="Nothing but the limits of the configuration. To be careful at once:",
        command='fairway pause CONFIG --reason "..."',
    )


def _lift(visit: Visit, row: Live[CapFacts]) -> None:
    """A button where a person can lift it; what stays says by itself when it ends. A kill is resumed with its account."""
    its = row.facts
    if not its.id:
        return
    if its.is_kill:
        Tag("a", "Resume the account", href=f"{MOUNT}/control")
        return
    given = {"cap": its.id, "account": its.account}
    found = command_button(visit, "Lift", "lift", given, classes="small")
    found.attribute("aria-label", f"Lift {its.what} of {its.account}")


def _why(row: Live[CapFacts]) -> None:
    """The sentence, and below it the code that operators look up."""
    row.words(lambda each: each.reason)
    code = row.words(lambda each: each.code, "code", "code-of")
    row.visible(code, lambda each: bool(each.code))


CAP_COLUMNS: Final[tuple[Column[CapFacts], ...]] = (
    Column(head="Cap", words=lambda each: each.what, mark=lambda each: each.mark),
    Column(head="Account", words=lambda each: each.account),
    Column(head="Pair", words=lambda each: each.symbol or "all"),
    Column(head="What it allows", words=lambda each: each.allows),
    Column(head="Why", words=lambda each: f"{each.reason} {each.code}", build=lambda row: _why(row)),
    Column(head="Since", at=lambda each: each.since, build=lambda row: since_link(row, "")),
    Column(head="Who lifts it", words=lambda each: each.lifted_by),
)


def _uses(live: Live[RiskFacts]) -> None:
    live.rows(Tag("ul", "", "bars"), lambda facts: facts.uses, lambda each: each.key, _use)
    entry = live.words(lambda facts: f"Each entry is checked against: {facts.entry_limits}.", "p", "why")
    live.visible(entry, lambda facts: bool(facts.entry_limits))
    trouble = live.words(lambda facts: f"Unknown: {facts.uses_trouble}.", "p", "empty")
    live.visible(trouble, lambda facts: bool(facts.uses_trouble))


def _use(row: Live[UseFacts]) -> Element:
    its = row.facts
    with Tag("li", "", "use") as found:
        row.mark(lambda each: each.mark)
        Tag("a", f"{its.account} {its.limit}", "name", href=its.records)
        bar(row, lambda each: each.share, lambda each: each.words, f"{its.limit} of {its.account}")
        row.words(lambda each: f"by {each.by}" if each.by else "", classes="why")
    return found


def _guards(visit: Visit, live: Live[RiskFacts]) -> None:
    trouble = live.words(lambda facts: f"The figures of the guards are unknown: {facts.guards_trouble}.", "p", "empty")
    live.visible(trouble, lambda facts: bool(facts.guards_trouble))
    with Tag("p", "Figures are made of the trader's journal. Its prices: ", "why") as said:
        live_age(live, lambda facts: facts.marked_at)
    live.visible(said, lambda facts: bool(facts.marked_at))
    SearchedTable(
        visit,
        live,
        GUARD_COLUMNS,
        lambda facts: facts.guards,
        lambda each: each.key,
        name="guards",
        label="Guards",
        nothing="No guard is on, or none is known yet. docs/reference/guards.md lists them by profile.",
    )


def _towards(row: Live[GuardFacts]) -> None:
    bar(row, lambda each: each.share, lambda each: each.next, f"{row.facts.guard}, towards its next threshold")


GUARD_COLUMNS: Final[tuple[Column[GuardFacts], ...]] = (
    Column(head="Guard", words=lambda each: each.guard, mark=lambda each: each.mark, link=lambda each: each.records),
    Column(head="Account", words=lambda each: each.account),
    Column(head="Pair", words=lambda each: each.symbol),
    Column(head="Figure", words=lambda each: each.figure, is_number=True),
    Column(head="Towards the next threshold", words=lambda each: each.next, build=_towards),
    Column(head="Distance", words=lambda each: each.distance, is_number=True),
    Column(head="Now", words=lambda each: each.level),
    Column(head="Alarms so far", words=lambda each: f"{each.trips:,}", by=lambda each: each.trips, is_number=True),
    Column(head="A person lifts from", words=lambda each: each.person_from),
    Column(head="What it measures", words=lambda each: each.why or each.measures),
)

PAGE: Final = Page(styles=("risk",), path="/risk", title="Risk", nav="Risk", key="r", build=build)
