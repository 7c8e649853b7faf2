"""Tells each kind of event in plain words: what happened, what the bot did about it, and what a person may do."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from fairway.journal import kinds
from fairway.journal.kinds import Event
from fairway.money.amount import ZERO
from fairway.orders.order import Side
from fairway.reports.order_text import ORDER_WORDS
from fairway.reports.protection_text import PROTECTION_WORDS
from fairway.reports.refusals import category_of, in_words
from fairway.reports.scene import Scene, Words, news, routine, trouble
from fairway.risk.caps import Lifting
from fairway.risk.escalation import Level
from fairway.risk.limits import TradingState
from fairway.texts.display import amount, count_text, number
from fairway.world.clock import text_of

PILOT: Final = "pilot"
"""A pilot that issues a lease several times a minute is not told each time: what changes is a cap."""
_CAPPED: Final = {
    TradingState.ACTIVE: ("is limited", "The bot trades within the limit."),
    TradingState.REDUCE_ONLY: ("takes no new positions", "What is held stays protected, and may be sold."),
    TradingState.HALTED: ("is halted", "The bot sends nothing but what protects what is held."),
    TradingState.KILLED: ("is killed", "The bot does nothing more of its own accord; stops and targets stay at the exchange."),
}

_ALARMED: Final = {
    Level.WARNING: "The bot trades on at half its size.",
    Level.CRITICAL: "The bot opens nothing; what is held stays protected.",
    Level.EMERGENCY: "The bot sells what is held at market, and opens nothing.",
}


def words_of(event: Event, scene: Scene) -> Words:
    """The words for one event. Raises KeyError for a kind nobody has written words for."""
    return _TOLD[type(event)](event, scene)


def _started(event: kinds.TraderStarted, scene: Scene) -> Words:
    again = "" if event.epoch <= 1 else f", start number {event.epoch}"
    return news(
        f"Started{again}: {event.strategy} on {', '.join(event.symbols)} at {event.venue}, account {event.account}",
        "Before anything else it asks the exchange what is true.",
    )


def _epoch_raised(event: kinds.EpochRaised, scene: Scene) -> Words:
    return news(
        "The exchange has orders of this journal's own run that the journal does not know",
        f"The bot counts on above them, as start number {event.epoch}, and its ids are of another run. It opens nothing.",
    )


def _stopped(event: kinds.TraderStopped, scene: Scene) -> Words:
    stopped = "Stopped" if event.why in ("", "stopped") else f"Stopped: {event.why}"
    if not event.protective_orders:
        return news(stopped, "No protective orders are left at the exchange.")
    rest = count_text(event.protective_orders, "protective order stays", "protective orders stay")
    return news(
        f"{stopped}; {rest} at the exchange",
        "They go on protecting what is held.",
        "Start again to go on, or close the position by hand.",
    )


def _failed(event: kinds.ClerkFailed, scene: Scene) -> Words:
    again = f" for the {event.recent}th time in ten minutes" if event.recent > 3 else ""
    if event.is_fenced:
        return trouble(
            f"Another trader has taken over the account: {event.why}",
            "This trader sends nothing more for it. Stops and targets stay at the exchange.",
            "Let one trader have the account: stop one of the two, or give each an account and a key of its own.",
        )
    if event.strategy:
        where = f" ({event.where})" if event.where else ""
        return trouble(
            f"The strategy '{event.strategy}' failed{again}: {event.why}{where}",
            "The account is taken up again, and the strategy is asked again at the next candle; stops and targets stay.",
            "Mend the file of the strategy, then stop the bot and start it again.",
        )
    return trouble(
        f"A fault of Fairway's own in handling the account{again}: {event.why} ({event.where})",
        "The account is taken up again from the journal and from what the exchange says; other accounts are not touched.",
        "Please report it with the journal; if it comes again, stop the bot: stops and targets stay at the exchange.",
    )


def _opened(event: kinds.BalancesOpened, scene: Scene) -> Words:
    held = ", ".join(f"{number(value)} {asset}" for asset, value in event.balances.items() if value)
    return news(f"The account holds {held or 'nothing'}")


def _external(event: kinds.ExternalFill, scene: Scene) -> Words:
    did = "bought" if event.side is Side.BUY else "sold"
    ours = "What they bought is theirs: the bot neither sells nor protects it." if event.side is Side.BUY else _OURS_SOLD
    return trouble(
        f"Somebody else {did} {amount(event.fill.quantity)} at {number(event.fill.price.value)}",
        f"{ours} The ledger says so.",
        "If it was not you, check who else uses this account.",
    )


_OURS_SOLD: Final = "What was theirs went first; what the bot held beyond that is closed, and the rest stays protected."


def _unexplained(event: kinds.Unexplained, scene: Scene) -> Words:
    if not event.amount:
        return trouble(
            f"The bot holds less {event.amount.asset} than its position says, though trades explain the balance",
            "The position now counts for what is there.",
            "Check who else sells on this account.",
        )
    direction = "more" if event.amount.value > ZERO else "less"
    return trouble(
        f"The exchange holds {amount(abs(event.amount))} {direction} than all trades explain: somebody moved it",
        "The exchange is right: the ledger now says the same. "
        + ("No result counts it." if event.amount.value > ZERO else "It counts as a loss, unless it was announced."),
        "If you moved it, announce it: fairway transfer. If you did not, check who else uses this account.",
    )


def _transfer(event: kinds.TransferAnnounced, scene: Scene) -> Words:
    way = "into" if event.amount.value > ZERO else "out of"
    return news(
        f"{event.by} announced that {amount(abs(event.amount))} are moved {way} the account: {event.why}",
        "Once the exchange shows exactly this, it is a transfer and counts as neither gain nor loss.",
    )


def _other_bot(event: kinds.OtherBotSeen, scene: Scene) -> Words:
    return trouble(
        f"Another bot, {event.bot}, trades with the same key: its order {event.client_id} in {event.symbol}",
        "What it spends is booked here as a loss within a minute, and a guard of losses may sell what is held. Where both trade "
        "the same symbol nothing is opened until you have looked; orders of the other bot are left alone.",
        "Stop one of the two, or give each a key of an account of its own, such as a sub-account.",
    )


def _foreign_order(event: kinds.ForeignOrderSeen, scene: Scene) -> Words:
    return news(
        f"Somebody else has an order open in {event.symbol}: to {event.side.value} {amount(event.quantity)}",
        "The bot leaves it alone.",
    )


def _standing(event: kinds.StandingTold, scene: Scene) -> Words:
    told = event.standing
    kind = f"The account is of the kind {told.kind}" if told.kind else "The exchange does not tell the account's kind"
    if told.key_trades is None:
        return news(f"{kind}; what its key may do the exchange does not tell")
    trades = "may trade" if told.may_trade else "may not trade"
    return news(f"{kind}; its key {trades} and {'may' if told.key_withdraws else 'may not'} withdraw")


def _planned(event: kinds.EntryPlanned, scene: Scene) -> Words:
    levels = f"stop {number(event.stop.value)}, target {number(event.target.value)}"
    return routine(f"{event.symbol} to be bought: {event.why}; {levels}")


def _marked(event: kinds.Marked, scene: Scene) -> Words:
    return routine(f"The account is worth {amount(event.worth)}")


def _measured(event: kinds.ProcessMeasured, scene: Scene) -> Words:
    return routine("The bot measured itself")


def _not_entered(event: kinds.EntryRefused, scene: Scene) -> Words:
    if category_of(event.code) == "CHECK_FAILED":
        return trouble(
            f"{event.symbol} not bought: {in_words(event.code)} ({event.code})",
            "What cannot be checked is not bought; what is held stays protected.",
            "This is a fault of the program: report it with the line above.",
        )
    return news(f"{event.symbol} not bought: {in_words(event.code)}")


def _leaving(event: kinds.ExitWanted, scene: Scene) -> Words:
    return news(f"{event.symbol} to be sold: {event.why}", "The bot cancels stop and target first, then sells at market.")


def _capped(event: kinds.CapRaised, scene: Scene) -> Words:
    cap = event.cap
    what, did = _CAPPED[cap.limits.state]
    if cap.limits.hands_off:
        did = "The bot sends nothing; whoever killed it sells what is held."
    told = f"{cap.symbol or 'The account'} {what}: {cap.reason}"
    if cap.lifting is not Lifting.PERSON:
        return news(told, f"{did} It ends with its reason.")
    return trouble(told, did, "Look at the account at the exchange, and put right what is wrong.")


def _uncapped(event: kinds.CapLifted, scene: Scene) -> Words:
    return news(f"Lifted by {event.by}: {event.cap_id} ({event.why})")


def _leased(event: kinds.LeaseAccepted, scene: Scene) -> Words:
    told = f"{event.by} issued a lease to trade until {text_of(event.until)}"
    return routine(told) if event.by == PILOT else news(told)


def _stage_began(event: kinds.StageBegan, scene: Scene) -> Words:
    stage = f"The stage {event.stage} began" if event.stage else "A stage began"
    return news(f"{stage} with {amount(event.worth)}; what it may lose is counted from there")


_SAID: Final = {"IssueLease": "lease to open positions", "LiftCap": "lift", "Pause": "pause", "StopEveryone": "pause everyone"}
"""What people and pilots say, by its name in the journal."""


def _told(event: kinds.InstructionTaken, scene: Scene) -> Words:
    name, _, of = event.what.partition(" ")
    said = f"{_SAID.get(name, name)} {of}".strip()
    if not event.refused:
        return routine(f"{event.by} said: {said}")
    return news(f"{event.by} said: {said}, which was not done: {in_words(event.refused)}")


def _alarmed(event: kinds.GuardTripped, scene: Scene) -> Words:
    told = f"{event.symbol or 'The account'}: the guard of {event.guard} is at {event.level} ({event.code})"
    if event.level is Level.WARNING:
        return news(told, _ALARMED[event.level])
    return trouble(told, _ALARMED[event.level], "Find out why before more is risked.")


def _calmed(event: kinds.GuardCleared, scene: Scene) -> Words:
    return news(f"{event.symbol or 'The account'}: the guard of {event.guard} is calm again ({event.why})")


def _escalated(event: kinds.EscalationChanged, scene: Scene) -> Words:
    return news(f"The account went from {event.was} to {event.level}: {event.why}")


def _stream_lost(event: kinds.StreamLost, scene: Scene) -> Words:
    if event.is_planned:
        return routine(f"The {event.channel} stream is renewed: {event.why}")
    return trouble(
        f"Lost the {event.channel} stream: {event.why}",
        "The bot opens nothing until the stream is back and all that was missed has been asked for. "
        "Stops and targets rest at the exchange and work meanwhile.",
        "Nothing is needed, unless it does not come back; then check the network.",
    )


def _stream_back(event: kinds.StreamRestored, scene: Scene) -> Words:
    if not scene.was_down:
        return routine(f"The {event.channel} stream is up")
    return news(f"The {event.channel} stream is back", "First the bot asks for what it missed.")


def _caught_up(event: kinds.CaughtUp, scene: Scene) -> Words:
    if not scene.was_down:
        return routine("The exchange was asked for all orders, fills and balances")
    return news(
        "Caught up: the exchange told all orders, fills and balances that were missed", "The bot may open positions again."
    )


_TOLD: Final[Mapping[type, Callable[[Any, Scene], Words]]] = {
    **ORDER_WORDS,
    **PROTECTION_WORDS,
    kinds.TraderStarted: _started,
    kinds.EpochRaised: _epoch_raised,
    kinds.TraderStopped: _stopped,
    kinds.ClerkFailed: _failed,
    kinds.BalancesOpened: _opened,
    kinds.ExternalFill: _external,
    kinds.Unexplained: _unexplained,
    kinds.TransferAnnounced: _transfer,
    kinds.ForeignOrderSeen: _foreign_order,
    kinds.OtherBotSeen: _other_bot,
    kinds.StandingTold: _standing,
    kinds.EntryPlanned: _planned,
    kinds.EntryRefused: _not_entered,
    kinds.ExitWanted: _leaving,
    kinds.CapRaised: _capped,
    kinds.CapLifted: _uncapped,
    kinds.LeaseAccepted: _leased,
    kinds.StageBegan: _stage_began,
    kinds.InstructionTaken: _told,
    kinds.GuardTripped: _alarmed,
    kinds.GuardCleared: _calmed,
    kinds.EscalationChanged: _escalated,
    kinds.StreamLost: _stream_lost,
    kinds.StreamRestored: _stream_back,
    kinds.CaughtUp: _caught_up,
    kinds.Marked: _marked,
    kinds.ProcessMeasured: _measured,
}
