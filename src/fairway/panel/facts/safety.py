"""Whether the money is safe, in one sentence."""

from collections.abc import Sequence

from fairway.operations.trader.status import StatusOutcome
from fairway.panel.facts.positions import PositionFacts
from fairway.panel.state_marks import Mark
from fairway.texts.display import count_text


def safety(status: StatusOutcome, positions: Sequence[PositionFacts]) -> tuple[str, Mark]:
    """The sentence, and how it looks. What is not known is never good."""
    if not status.trader.is_started:
        return "Nothing is at risk: the trader was never started.", Mark.UNKNOWN
    naked = [f"{each.symbol} of {each.account}" for each in positions if each.mark is Mark.BAD]
    if naked:
        return f"NOT PROTECTED: {', '.join(naked)} has no stop that covers it.", Mark.BAD
    if status.trader.is_running is False:
        return "No trader runs: what is shown was true when it last wrote. Stops rest at the exchange.", Mark.UNKNOWN
    held = count_text(len(positions), "position")
    safe = f"Everything is protected: {held}, with a stop at the exchange." if positions else "Nothing is held."
    doubts = sorted({each.why_not for each in status.accounts if each.why_not})
    return (f"{safe} Nothing is opened: {doubts[0]}." if doubts else safe), (Mark.HELD if doubts else Mark.GOOD)
