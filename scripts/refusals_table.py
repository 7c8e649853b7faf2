"""Writes the table in docs/reference/refusals.md: each reason code of a refused entry, its meaning, check and limit.

The check is found in the code of `risk`: the function whose text begins with the code. With --check it only says whether the
table is current.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from scripts.pages import run

from fairway.texts.messages.catalogue import ENGLISH
from fairway.texts.messages.refusals import RefusalMessage

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "reference" / "refusals.md"
BEGIN, END = "<!-- from the code: scripts/refusals_table.py -->", "<!-- end -->"
RISK: Final = ROOT / "src" / "fairway" / "risk"
NOT_OF_ENTRIES: Final = ("LEASE_", "CAP_", "SIGNAL_", "STRATEGY_WITHOUT_SIGNALS", "ORDER_NOT_", "ORDER_PROTECTS")
"""Codes of refused commands, which are no refusals of entries."""
CAPS = "a cap: `fairway caps` names it and the command that lifts it"
PROFILE = "the profile ([guards](guards.md#profiles))"
STAGE = "the stage's limits, or a cap"
EXCHANGE = "the exchange's filters; a larger entry needs a larger `risk.position_max`, `risk.per_trade`, balance or stage"
SET_BY: Final = {
    RefusalMessage.STATE_REDUCE_ONLY: CAPS,
    RefusalMessage.STATE_HALTED: CAPS,
    RefusalMessage.STATE_KILLED: "a kill: `fairway resume`",
    RefusalMessage.SYMBOL_NOT_ALLOWED: STAGE,
    RefusalMessage.STRATEGY_NOT_ALLOWED: STAGE,
    RefusalMessage.PROFILE_NOT_ALLOWED: STAGE,
    RefusalMessage.HOURS_CLOSED: STAGE,
    RefusalMessage.OPEN_ORDERS_MAX: STAGE,
    RefusalMessage.SPREAD_WIDE: "`risk.spread_max`",
    RefusalMessage.PRICE_COLLAR: PROFILE,
    RefusalMessage.STOP_FAR: PROFILE,
    RefusalMessage.CONFIDENCE_LOW: PROFILE,
    RefusalMessage.CAPITAL_MIN: STAGE,
    RefusalMessage.DUPLICATE: PROFILE,
    RefusalMessage.RATE_MAX: f"{PROFILE}, {STAGE}",
    RefusalMessage.REPEATED: PROFILE,
    RefusalMessage.ORDER_VALUE_MAX: STAGE,
    RefusalMessage.ORDER_QUANTITY_MAX: "the exchange's filters",
    RefusalMessage.EXPOSURE_MAX: f"{PROFILE}, {STAGE}",
    RefusalMessage.LOSS_MAX: STAGE,
    RefusalMessage.CAPITAL_TOTAL_MAX: STAGE,
    RefusalMessage.LOSS_TOTAL_MAX: STAGE,
    RefusalMessage.LEVERAGE_MAX: f"the free balance, {STAGE}",
    RefusalMessage.SLIPPAGE_MAX: PROFILE,
    RefusalMessage.POSITIONS_MAX: f"`risk.positions_max`, {PROFILE}, {STAGE}",
    RefusalMessage.SIZE_BELOW_LOT: EXCHANGE,
    RefusalMessage.FILTER_ENTRY: EXCHANGE,
    RefusalMessage.FILTER_STOP: EXCHANGE,
    RefusalMessage.FILTER_TARGET: EXCHANGE,
    RefusalMessage.FILTER_RUNG: EXCHANGE,
    RefusalMessage.CLOCK_SKEWED: PROFILE,
}
"""What sets the limit; a code without one refuses by a fact, such as a price that is missing."""


CHECK_OF: Final = {
    RefusalMessage.STATE_REDUCE_ONLY: "checks/account.py:may_enlarge",
    RefusalMessage.STATE_HALTED: "checks/account.py:may_enlarge",
    RefusalMessage.STATE_KILLED: "checks/account.py:may_enlarge",
    RefusalMessage.SYMBOL_NOT_ALLOWED: "checks/account.py:is_allowed",
    RefusalMessage.STRATEGY_NOT_ALLOWED: "checks/account.py:is_of_an_allowed_strategy",
    RefusalMessage.PROFILE_NOT_ALLOWED: "checks/account.py:is_of_an_allowed_profile",
    RefusalMessage.FILTER_STOP: "checks/order.py:fits_filters",
    RefusalMessage.FILTER_TARGET: "checks/order.py:fits_filters",
    RefusalMessage.FILTER_RUNG: "checks/order.py:fits_filters",
    RefusalMessage.FILTER_MAX_NUM_ALGO_ORDERS: "checks/order.py:fits_filters",
    **{
        key: "checks/data.py:has_sound_quote"
        for key in RefusalMessage
        if key.name.startswith("DATA_") and key.name != "DATA_BLIND"
    },
}
"""The check of a code that is composed, or made in a function that the check calls."""


def page(old: str) -> str:
    """The page with its table made again."""
    rows = [("reason code", "meaning", "check", "what sets the limit"), ("---",) * 4, *_rows()]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def codes() -> list[RefusalMessage]:
    """Of refused entries, in alphabetical order."""
    return sorted((key for key in RefusalMessage if not key.name.startswith(NOT_OF_ENTRIES)), key=lambda key: key.name)


def _rows() -> Iterator[tuple[str, str, str, str]]:
    places = dict(_texts())
    for key in codes():
        found = dict.fromkeys(place for text, place in places.items() if text.startswith(key.name))
        checks = [CHECK_OF[key]] if key in CHECK_OF else list(found)
        yield f"`{key.name}`", ENGLISH[key].what, ", ".join(f"`{each}`" for each in checks), SET_BY.get(key, "")


def _texts() -> Iterator[tuple[str, str]]:
    """Each text in the code of risk that may begin with a code, with its function: `checks/market.py:is_trading`."""
    for file in sorted(RISK.rglob("*.py")):
        for function in ast.walk(ast.parse(file.read_text())):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value[:2].isupper():
                    yield node.value, f"{file.relative_to(RISK)}:{function.name}"


if __name__ == "__main__":
    run(PAGE, page)
