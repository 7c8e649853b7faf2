"""The strategies on the control center: by account on or off, each with its switch, and the settings that all of them share."""

from typing import Final

from fairway.panel.command_dialog import command_button
from fairway.panel.elements import Tag
from fairway.panel.live import Live
from fairway.panel.pages.control_facts import ControlFacts, PairFacts
from fairway.panel.pages.strategy_facts import SWITCHES, StrategyFacts
from fairway.panel.tables import Column, live_table
from fairway.panel.visit import Visit

SAID: Final = (
    "A trader runs one strategy, with one set of settings, for all its accounts: another is chosen in the configuration below. "
    "It is switched off for an account by a pause of that account: nothing is opened, and what is held is managed on."
)
SETTINGS: Final[tuple[Column[PairFacts], ...]] = (
    Column(head="setting", words=lambda row: row.name),
    Column(head="in force", words=lambda row: row.value, is_number=True),
    Column(head="from", words=lambda row: row.source),
)


def strategies(visit: Visit, live: Live[ControlFacts]) -> None:
    """The card's content."""
    Tag("p", SAID, "note")

    def switch(row: Live[StrategyFacts]) -> None:
        account = row.facts.account
        if visit.may("pause", account=account):
            off = command_button(visit, "Switch off", "pause", {"account": account}, classes="lowers")
            off.attribute("aria-label", f"Switch off {account}")
            row.visible(off, lambda each: each.can_switch_off)
        for cap in SWITCHES:
            if visit.may("lift", cap=cap, account=account):
                on = command_button(visit, "Switch on", "lift", {"cap": cap, "account": account}, classes="raises")
                on.attribute("aria-label", f"Switch on {account}")
                row.visible(on, lambda each, cap=cap: each.switched_off_by == cap)  # type: ignore[misc]

    columns: tuple[Column[StrategyFacts], ...] = (
        Column(head="account", words=lambda row: row.account),
        Column(head="strategy", words=lambda row: row.strategy),
        Column(head="state", words=lambda row: row.state, mark=lambda row: row.mark),
        Column(head="", words=lambda row: "", build=switch),
    )
    live_table(
        live,
        columns,
        lambda facts: facts.strategies,
        lambda row: row.account,
        label="Strategies by account",
        nothing="No account yet.",
    )
    live_table(
        live,
        SETTINGS,
        lambda facts: facts.strategy_keys,
        lambda row: row.name,
        label="Settings of the strategy",
        nothing="It has no settings.",
    )
