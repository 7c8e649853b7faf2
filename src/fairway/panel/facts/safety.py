"""Whether the money is safe, in one sentence."""

from collections.abc import Sequence

from fairway.operations.trader.status import StatusOutcome
from fairway.panel.facts.kills import KillFacts, kill_sentence
from fairway.panel.facts.positions import PositionFacts
from fairway.panel.state_marks import Mark
from fairway.texts.display import count_text


def safety(status: StatusOutcome, positions: Sequence[PositionFacts], kills: Sequence[KillFacts] = ()) -> tuple[str, Mark]:
    """The sentence, and how it looks. What is not known is never good."""
    if not status.trader.is_started:
        return "Nothing is at risk: the trader was never started.", Mark.UNKNOWN
    naked = [f"{each.symbol} of {each.account}" for each in positions if each.mark is Mark.BAD]
    if naked:
        killed = f" {kill_sentence(kills)}" if kills else ""
        return f"NOT PROTECTED: {', '.join(naked)} has no stop that covers it.{killed}", Mark.BAD
    if kills:
        return f"{kill_sentence(kills)} {_held(positions)}", Mark.BAD
    if status.trader.is_running is False:
        return "No trader runs: what is shown was true when it last wrote. Stops rest at the exchange.", Mark.UNKNOWN
    doubts = [(each.holdings.account, each.why_not) for each in status.accounts if each.why_not]
    if doubts:
        return f"{_held(positions)} {_opens_nothing(doubts)}", Mark.HELD
    return _held(positions), Mark.GOOD


def _held(positions: Sequence[PositionFacts]) -> str:
    if not positions:
        return "Nothing is held."
    return f"Everything is protected: {count_text(len(positions), 'position')}, with a stop at the exchange."


def _opens_nothing(doubts: Sequence[tuple[str, str]]) -> str:
    """The reason of the first account, and which other accounts open nothing."""
    account, why = doubts[0]
    others = f", and {count_text(len(doubts) - 1, 'more account')}" if len(doubts) > 1 else ""
    return f"Nothing is opened ({account}{others}): {why}."
