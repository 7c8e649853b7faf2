"""`fairway status`: what a bot holds, what protects it, what it has earned, whether it may open more, and whether it lives.

It shows the outcome of the operation `status`. The sentences are in `texts/messages/caps_messages.py`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.perform import outcome_of
from fairway.cli.shared_options import USUAL, Config
from fairway.operations.trader.status import STATUS, AccountStatus, StatusRequest, TraderStatus
from fairway.texts.messages.caps_messages import CapsMessage
from fairway.texts.messages.catalogue import rendered
from fairway.texts.messages.message import message

if TYPE_CHECKING:
    from fairway.reports.holdings import Earned, Held, Holdings


@shows
def status(config: Config = USUAL, /, *, account: str = "") -> CommandOutput:
    """Show what is held and protected, what was earned today and in all, and whether the bot lives and may open positions.

    It reads the journal and asks no exchange: a trader writes the account at market once a candle.

    Parameters
    ----------
    account: str
        This account only, where the trader has several.
    """
    outcome = outcome_of(STATUS, StatusRequest(config=config, account=account))
    lines = list[str]()
    for each in outcome.accounts:
        lines += account_lines(each.holdings, each.stage, each.why_not, f"fairway caps {config}", outcome.now)
    trader = _trader(outcome.trader, outcome.now)
    value = {"accounts": [_value(each) for each in outcome.accounts], "trader": trader}
    return CommandOutput(value=value, text=[*lines, trader])


def account_lines(found: "Holdings", stage: str, why_not: str, caps: str, now: int) -> Iterator[str]:
    """One account, at most 80 columns a line where names and numbers are of usual length."""
    from fairway.texts.display import NOTHING, amount
    from fairway.texts.durations import duration_words

    mark = f", valued {duration_words(max(0, now - found.marked_at))} ago" if found.marked_at else ""
    yield f"{found.account}{f', stage {stage}' if stage else ''}"
    yield f"  worth      {amount(found.worth, 2) if found.worth else NOTHING}{mark}"
    yield f"  earned     {_earned(found.today)} today"
    yield f"             {_earned(found.in_all)} {_since(found.in_all)}"
    yield f"  holds      {'nothing' if not found.held else ''}".rstrip()
    for held in found.held:
        yield from _held(held, now)
    yield f"  may open   {'yes' if not why_not else f'NO: {why_not};  {caps}'}"


def _earned(earned: "Earned") -> str:
    from fairway.texts.display import NOTHING, count_text, signed

    result = f"{signed(earned.result.value, 2)} {earned.result.asset}" if earned.result is not None else NOTHING
    return f"{result:>16} in {count_text(earned.trades, 'trade')}"


def _since(earned: "Earned") -> str:
    from fairway.texts.display import moment_text

    return f"since {moment_text(earned.since)} UTC" if earned.since else "in all"


def _held(held: "Held", now: int) -> Iterator[str]:
    from fairway.money.amount import text_of
    from fairway.texts.display import NOTHING, number, signed
    from fairway.texts.durations import duration_words

    bought = message(
        CapsMessage.HELD,
        quantity=text_of(held.quantity.value),
        entry=number(held.entry, 2),
        mark=number(held.mark) if held.mark is not None else "",
        result=f"{signed(held.result.value, 2)} {held.result.asset}" if held.result is not None else NOTHING,
    )
    stop = message(
        CapsMessage.HELD_STOP,
        stop=text_of(held.stop.value) if held.stop is not None else "",
        part="" if held.is_covered else text_of(held.covered.value),
        target=text_of(held.target.value) if held.target is not None else "",
        duration=duration_words(max(0, now - held.opened_at)),
    )
    yield f"    {held.symbol:<10} {rendered(bought).what}"
    yield f"    {'':<10} {rendered(stop).what}"


def _trader(trader: TraderStatus, now: int) -> str:
    """Whether a trader runs beside the journal, and when it last wrote."""
    from fairway.texts.durations import duration_words

    if not trader.is_started:
        return rendered(message(CapsMessage.TRADER_NOT_STARTED)).what
    if trader.last_at is None:
        wrote = message(CapsMessage.NEVER_WROTE)
    else:
        wrote = message(CapsMessage.LAST_WROTE, duration=duration_words(max(0, now - trader.last_at)))
    if trader.is_running is None:
        key = CapsMessage.TRADER_OF_DATABASE
    else:
        key = CapsMessage.TRADER_RUNS if trader.is_running else CapsMessage.TRADER_STOPPED
    return rendered(message(key, wrote=wrote)).what


def _value(each: AccountStatus) -> dict[str, object]:
    import msgspec

    return {**msgspec.to_builtins(each.holdings), "stage": each.stage, "why_not": each.why_not}
