"""Writes the tables in docs/reference/guards.md from the code of profiles and guards.

With --check it only says whether they are current.
"""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from scripts.pages import run

from fairway.money.amount import Amount, text_of
from fairway.money.fraction import Fraction
from fairway.risk.escalation import LIMITS_OF, Level, closes
from fairway.risk.guards.port import Guard
from fairway.risk.guards.registry import guards
from fairway.risk.guards.roster import Roster
from fairway.risk.guards.rules import NO_GUARDS
from fairway.risk.profiles import NUMBERS, Profile, rules_of
from fairway.risk.rules import RiskRules

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "guards.md"
BEGIN, END = "<!-- from the code: scripts/guards_table.py -->", "<!-- end -->"
RULES = {profile: rules_of(profile, "USDT") for profile in Profile}
PLUGINS = {plugin.name: plugin for plugin in guards()}


def page(old: str) -> str:
    """The page with its generated part made again."""
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    parts = [
        "## Guards\n\n" + _table(("guard", "what it measures: basis, window, scope", *Profile, "lifted"), _guards()),
        "## Guards of a stage\n\n" + _table(("guard", "what it measures: basis, scope", "of its limit", "lifted"), _of_stage()),
        "## Levels\n\n" + _table(("level", "what it does"), ((str(level), _does(level)) for level in Level)),
        "## Profiles\n\n" + _table(("", *Profile), _profiles()),
    ]
    return f"{before}{BEGIN}\n\n{chr(10).join(part + chr(10) for part in parts)}\n{END}{after}"


def every_guard() -> tuple[Guard, ...]:
    """All guards of a moderate profile, those of a stage too."""
    roster = Roster(RULES[Profile.MODERATE].guards, "USDT")
    return (*roster.guards, *roster.of_stage)


def _guards() -> Iterable[tuple[str, ...]]:
    rosters = {profile: Roster(rules.guards, "USDT").guards for profile, rules in RULES.items()}
    for same in zip(*rosters.values(), strict=True):
        bounds = (_bounds(guard, RULES[profile]) for guard, profile in zip(same, rosters, strict=True))
        yield (same[0].name, same[0].measures, *bounds, _lifted(same[0]))


def _of_stage() -> Iterable[tuple[str, ...]]:
    for guard in Roster(NO_GUARDS, "USDT").of_stage:
        sign = "≥" if guard.includes_limit else ">"
        bounds = ", ".join(f"{level} {sign} {Fraction(bound)}" for level, bound in guard.bounds.items())
        yield guard.name, guard.measures, bounds, _lifted(guard)


def _bounds(guard: Guard, rules: RiskRules) -> str:
    """Each level with the figure from which on a guard is so alarmed."""
    plugin, sign = PLUGINS[guard.name], "≥" if guard.includes_limit else ">"
    unit = plugin.unit
    if plugin.bounds_text is not None:
        return plugin.bounds_text(rules.guards)
    if not unit:
        return str(next(iter(guard.bounds)))
    return ", ".join(f"{level} {sign} {_figure(bound, unit)}" for level, bound in guard.bounds.items())


def _figure(bound: Decimal, unit: str) -> str:
    return str(Fraction(bound)) if unit == "%" else f"{text_of(bound)} {unit}".strip()


def _lifted(guard: Guard) -> str:
    levels = list(guard.bounds)
    if all(level >= guard.person_from for level in levels):
        return "by a person"
    if all(level < guard.person_from for level in levels):
        return "by itself"
    return f"by itself; from {guard.person_from} on by a person"


def _does(level: Level) -> str:
    limits = LIMITS_OF[level]
    fields = [f"{name} {getattr(limits, name)}" for name in limits.set_fields()]
    return ", ".join([*fields, "all positions are sold"] if closes(level) else fields) or "nothing"


def _profiles() -> Iterable[tuple[str, ...]]:
    yield ("large / middle / small assets, cash", *(_allocation(rules) for rules in RULES.values()))
    for told, name in _SHARES:
        yield (told, *(_text(getattr(rules, name)) for rules in RULES.values()))
    for told, name in _LIMITS:
        yield (told, *(_text(getattr(rules.limits, name)) for rules in RULES.values()))
    yield ("deepest drawdown of its own; breaker L2 is tighter or equal", *(str(it.loss_max) for it in NUMBERS.values()))


_SHARES = (
    ("at risk in a trade", "per_trade"),
    ("appetite: factor of that risk", "size"),
    ("largest position", "position_max"),
    ("room to drift below it", "drift"),
    ("largest entry, of the account", "capital_share"),
    ("largest entry, of what is free", "free_share"),
    ("correlated symbols together", "correlated_max"),
    ("farthest stop", "stop_max"),
    ("least confidence, where a strategy tells it", "confidence_min"),
    ("price against the candle's close", "collar"),
    ("slippage expected at most", "slippage_max"),
    ("the very same entry in 10 minutes", "repeats_max"),
)
_LIMITS = (
    ("positions", "positions"),
    ("position's value", "position_value"),
    ("all positions' value", "exposure_value"),
    ("all positions, of the account", "exposure"),
    ("entries a minute", "orders_a_minute"),
)


def _allocation(rules: RiskRules) -> str:
    it = rules.allocation
    assert it is not None
    return f"{it.large} / {it.middle} / {it.small}, {it.cash}"


def _text(value: Fraction | Amount | Decimal | int) -> str:
    return str(value)


def _table(head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    head = tuple(head)
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ("---",) * len(head), *rows))


if __name__ == "__main__":
    run(PAGE, page)
