"""Says each kind of event: what happened, what the bot did about it, and what a person can do.

The sentences are in `texts/messages/trader_messages.py`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from fairway.journal import kinds
from fairway.journal.kinds import Event
from fairway.money.amount import ZERO, Amount
from fairway.orders.order import Side
from fairway.reports.event_context import EventContext, EventText, news, routine, trouble
from fairway.reports.order_text import ORDER_TEXTS
from fairway.reports.protection_text import PROTECTION_TEXTS
from fairway.reports.refusals import category_of, in_words
from fairway.risk.caps import Cap, Lifting
from fairway.risk.escalation import Level
from fairway.risk.guards.sentences import cap_reason, guard_sentence, with_sentences
from fairway.risk.limits import TradingState
from fairway.texts.messages.message import InstantValue, KeyedMessage, message
from fairway.texts.messages.trader_messages import TraderMessage

PILOT: Final = "pilot"
"""A pilot that issues a lease several times a minute is not shown each time: its caps are shown when they change."""


def text_of_event(event: Event, context: EventContext) -> EventText:
    """The text of one event. Raises KeyError for a kind without a message."""
    return _TEXTS[type(event)](event, context)


def _started(event: kinds.TraderStarted, context: EventContext) -> EventText:
    return news(
        message(
            TraderMessage.STARTED,
            epoch=event.epoch,
            strategy=event.strategy,
            symbols=tuple(event.symbols),
            venue=event.venue,
            account=event.account,
        )
    )


def _epoch_raised(event: kinds.EpochRaised, context: EventContext) -> EventText:
    return news(message(TraderMessage.EPOCH_RAISED, epoch=event.epoch))


def _stopped(event: kinds.TraderStopped, context: EventContext) -> EventText:
    why = "" if event.why == "stopped" else event.why
    if not event.protective_orders:
        return news(message(TraderMessage.STOPPED, why=why))
    return news(message(TraderMessage.STOPPED_WITH_ORDERS, why=why, count=event.protective_orders))


def _failed(event: kinds.AccountFailed, context: EventContext) -> EventText:
    if event.is_fenced:
        return trouble(message(TraderMessage.TAKEN_OVER, why=event.why))
    if event.strategy:
        return trouble(
            message(TraderMessage.STRATEGY_FAILED, strategy=event.strategy, times=event.recent, why=event.why, where=event.where)
        )
    return trouble(message(TraderMessage.FAILED, times=event.recent, why=event.why, where=event.where))


def _opened(event: kinds.BalancesOpened, context: EventContext) -> EventText:
    held = tuple(Amount(value, asset) for asset, value in event.balances.items() if value)
    return news(message(TraderMessage.BALANCES_OPENED, balances=held))


def _external(event: kinds.ExternalFill, context: EventContext) -> EventText:
    quantity, price = event.fill.quantity, event.fill.price
    if event.side is Side.BUY:
        return trouble(message(TraderMessage.OTHERS_BOUGHT, quantity=quantity, price=price))
    return trouble(message(TraderMessage.OTHERS_SOLD, quantity=quantity, price=price))


def _unexplained(event: kinds.Unexplained, context: EventContext) -> EventText:
    if not event.amount:
        return trouble(message(TraderMessage.POSITION_SMALLER, asset=event.amount.asset))
    if event.amount.value > ZERO:
        return trouble(message(TraderMessage.BALANCE_HIGHER, amount=event.amount))
    return trouble(message(TraderMessage.BALANCE_LOWER, amount=abs(event.amount)))


def _transfer(event: kinds.TransferAnnounced, context: EventContext) -> EventText:
    is_deposit = event.amount.value > ZERO
    return news(
        message(TraderMessage.TRANSFER_ANNOUNCED, by=event.by, amount=abs(event.amount), is_deposit=is_deposit, why=event.why)
    )


def _other_bot(event: kinds.OtherBotSeen, context: EventContext) -> EventText:
    return trouble(message(TraderMessage.OTHER_BOT_SEEN, bot=event.bot, order_id=event.client_id, symbol=event.symbol))


def _foreign_order(event: kinds.ForeignOrderSeen, context: EventContext) -> EventText:
    return news(message(TraderMessage.FOREIGN_ORDER_SEEN, symbol=event.symbol, side=event.side.value, quantity=event.quantity))


def _account_status(event: kinds.AccountStatusReported, context: EventContext) -> EventText:
    it = event.standing
    return news(
        message(
            TraderMessage.ACCOUNT_STATUS,
            kind=it.kind,
            knows_key=it.key_trades is not None,
            may_trade=bool(it.may_trade),
            may_withdraw=bool(it.key_withdraws),
        )
    )


def _planned(event: kinds.EntryPlanned, context: EventContext) -> EventText:
    return routine(message(TraderMessage.ENTRY_PLANNED, symbol=event.symbol, why=event.why, stop=event.stop, target=event.target))


def _marked(event: kinds.Marked, context: EventContext) -> EventText:
    return routine(message(TraderMessage.WORTH, worth=event.worth))


def _measured(event: kinds.ProcessMeasured, context: EventContext) -> EventText:
    return routine(message(TraderMessage.MEASURED))


def _not_entered(event: kinds.EntryRefused, context: EventContext) -> EventText:
    why = in_words(event.code)
    if category_of(event.code) == "CHECK_FAILED":
        return trouble(message(TraderMessage.ENTRY_UNCHECKED, symbol=event.symbol, why=why, code=event.code))
    return news(message(TraderMessage.ENTRY_REFUSED, symbol=event.symbol, why=why))


def _leaving(event: kinds.ExitWanted, context: EventContext) -> EventText:
    return news(message(TraderMessage.EXIT_WANTED, symbol=event.symbol, why=event.why))


def _capped(event: kinds.CapRaised, context: EventContext) -> EventText:
    made = _cap_message(event.cap)
    return trouble(made) if event.cap.lifting is Lifting.PERSON else news(made)


def _cap_message(cap: Cap) -> KeyedMessage:
    ends_by_itself, why = cap.lifting is not Lifting.PERSON, cap_reason(cap)
    if cap.limits.hands_off:
        return message(TraderMessage.KILLED_HANDS_OFF, symbol=cap.symbol, why=why, ends_by_itself=ends_by_itself)
    match cap.limits.state:
        case TradingState.ACTIVE:
            return message(TraderMessage.LIMITED, symbol=cap.symbol, why=why, ends_by_itself=ends_by_itself)
        case TradingState.REDUCE_ONLY:
            return message(TraderMessage.REDUCE_ONLY, symbol=cap.symbol, why=why, ends_by_itself=ends_by_itself)
        case TradingState.HALTED:
            return message(TraderMessage.HALTED, symbol=cap.symbol, why=why, ends_by_itself=ends_by_itself)
        case TradingState.KILLED:
            return message(TraderMessage.KILLED, symbol=cap.symbol, why=why, ends_by_itself=ends_by_itself)


def _uncapped(event: kinds.CapLifted, context: EventContext) -> EventText:
    return news(message(TraderMessage.CAP_LIFTED, by=event.by, cap=event.cap_id, why=with_sentences(event.why)))


def _leased(event: kinds.LeaseAccepted, context: EventContext) -> EventText:
    made = message(TraderMessage.LEASE_ACCEPTED, by=event.by, until=InstantValue(event.until))
    return routine(made) if event.by == PILOT else news(made)


def _stage_began(event: kinds.StageBegan, context: EventContext) -> EventText:
    return news(message(TraderMessage.STAGE_BEGAN, stage=event.stage.partition(" ")[0], worth=event.worth))


_COMMANDS: Final = {
    "CancelEntry": "cancel",
    "IssueLease": "lease to open positions",
    "LiftCap": "lift",
    "LimitPositions": "limit of positions",
    "Pause": "pause",
    "TrialEntry": "question to risk about an entry in",
    "ReceiveSignal": "signal",
    "Reconnect": "reconnect",
    "StopEveryone": "pause everyone",
    "SwitchAddress": "switch the venue's address",
}
"""What people and pilots command, by its name in the journal."""
_WRONG_SIGNALS: Final = ("SIGNAL_LATE", "SIGNAL_ALTERED", "SIGNAL_OUT_OF_ORDER")
"""Refusals that say that the sender, or the way of its signals, does not work as it should."""


def _instruction(event: kinds.InstructionTaken, context: EventContext) -> EventText:
    name, _, of = event.what.partition(" ")
    command = f"{_COMMANDS.get(name, name)} {of}".strip()
    if not event.refused:
        return routine(message(TraderMessage.INSTRUCTION_DONE, by=event.by, command=command))
    why = in_words(event.refused)
    if category_of(event.refused) in _WRONG_SIGNALS:
        return trouble(message(TraderMessage.SIGNAL_REFUSED, by=event.by, command=command, why=why, code=event.refused))
    return news(message(TraderMessage.INSTRUCTION_REFUSED, by=event.by, command=command, why=why))


def _signal(event: kinds.SignalReceived, context: EventContext) -> EventText:
    it = event.signal
    if event.lost:
        return trouble(
            message(
                TraderMessage.SIGNAL_LOST,
                signal=it.name,
                action=it.action.value,
                symbol=it.symbol,
                source=it.source,
                code=event.lost,
                doubted=event.doubted,
            )
        )
    if event.is_settled:
        return news(
            message(TraderMessage.SIGNAL_SETTLED, signal=it.name, action=it.action.value, symbol=it.symbol, source=it.source)
        )
    return routine(message(TraderMessage.SIGNAL_RECEIVED, signal=it.name, action=it.action.value, symbol=it.symbol))


def _guard_tripped(event: kinds.GuardTripped, context: EventContext) -> EventText:
    symbol, guard, level, code = event.symbol, event.guard, str(event.level), event.code
    why = guard_sentence(code, event.level)
    if event.level is Level.WARNING:
        return news(message(TraderMessage.GUARD_WARNING, symbol=symbol, guard=guard, level=level, code=code, why=why))
    if event.level is Level.CRITICAL:
        return trouble(message(TraderMessage.GUARD_CRITICAL, symbol=symbol, guard=guard, level=level, code=code, why=why))
    assert event.level is Level.EMERGENCY
    return trouble(message(TraderMessage.GUARD_EMERGENCY, symbol=symbol, guard=guard, level=level, code=code, why=why))


def _guard_cleared(event: kinds.GuardCleared, context: EventContext) -> EventText:
    return news(message(TraderMessage.GUARD_CLEARED, symbol=event.symbol, guard=event.guard, why=with_sentences(event.why)))


def _escalated(event: kinds.EscalationChanged, context: EventContext) -> EventText:
    return news(message(TraderMessage.ESCALATION_CHANGED, was=str(event.was), level=str(event.level), why=event.why))


def _stream_lost(event: kinds.StreamLost, context: EventContext) -> EventText:
    if event.is_planned:
        return routine(message(TraderMessage.STREAM_RENEWED, channel=event.channel, why=event.why))
    return trouble(message(TraderMessage.STREAM_LOST, channel=event.channel, why=event.why))


def _stream_back(event: kinds.StreamRestored, context: EventContext) -> EventText:
    if not context.was_down:
        return routine(message(TraderMessage.STREAM_UP, channel=event.channel))
    return news(message(TraderMessage.STREAM_BACK, channel=event.channel))


def _caught_up(event: kinds.CaughtUp, context: EventContext) -> EventText:
    if not context.was_down:
        return routine(message(TraderMessage.ASKED_FOR_EVERYTHING))
    return news(message(TraderMessage.CAUGHT_UP))


def _address_switched(event: kinds.AddressSwitched, context: EventContext) -> EventText:
    return trouble(
        message(TraderMessage.ADDRESS_SWITCHED, from_address=event.from_address, to_address=event.to_address, why=event.why)
    )


_TEXTS: Final[Mapping[type, Callable[[Any, EventContext], EventText]]] = {
    **ORDER_TEXTS,
    **PROTECTION_TEXTS,
    kinds.TraderStarted: _started,
    kinds.EpochRaised: _epoch_raised,
    kinds.TraderStopped: _stopped,
    kinds.AccountFailed: _failed,
    kinds.BalancesOpened: _opened,
    kinds.ExternalFill: _external,
    kinds.Unexplained: _unexplained,
    kinds.TransferAnnounced: _transfer,
    kinds.ForeignOrderSeen: _foreign_order,
    kinds.OtherBotSeen: _other_bot,
    kinds.AccountStatusReported: _account_status,
    kinds.EntryPlanned: _planned,
    kinds.EntryRefused: _not_entered,
    kinds.ExitWanted: _leaving,
    kinds.CapRaised: _capped,
    kinds.CapLifted: _uncapped,
    kinds.LeaseAccepted: _leased,
    kinds.StageBegan: _stage_began,
    kinds.InstructionTaken: _instruction,
    kinds.SignalReceived: _signal,
    kinds.GuardTripped: _guard_tripped,
    kinds.GuardCleared: _guard_cleared,
    kinds.EscalationChanged: _escalated,
    kinds.StreamLost: _stream_lost,
    kinds.StreamRestored: _stream_back,
    kinds.CaughtUp: _caught_up,
    kinds.AddressSwitched: _address_switched,
    kinds.Marked: _marked,
    kinds.ProcessMeasured: _measured,
}
