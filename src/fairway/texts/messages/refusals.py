"""Why an order or a command was refused: one sentence for each category of Fairway's own checks, by the category's name."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template


class RefusalMessage(MessageKey):
    SYMBOL_NOT_TRADING = auto()
    STATE_REDUCE_ONLY = auto()
    STATE_HALTED = auto()
    STATE_KILLED = auto()
    SYMBOL_NOT_ALLOWED = auto()
    STRATEGY_NOT_ALLOWED = auto()
    PROFILE_NOT_ALLOWED = auto()
    HOURS_CLOSED = auto()
    OPEN_ORDERS_MAX = auto()
    INTENT_LATE = auto()
    DATA_BLIND = auto()
    DATA_MISSING = auto()
    DATA_STALE = auto()
    DATA_AHEAD = auto()
    DATA_FLAWED = auto()
    DATA_DISAGREES = auto()
    SYMBOL_BUSY = auto()
    SPREAD_WIDE = auto()
    PRICE_MOVED = auto()
    WORTH_UNKNOWN = auto()
    CHECK_FAILED = auto()
    CLOCK_SKEWED = auto()
    PRICE_COLLAR = auto()
    STOP_FAR = auto()
    CONFIDENCE_LOW = auto()
    SELF_TRADE = auto()
    CAPITAL_MIN = auto()
    DUPLICATE = auto()
    RATE_MAX = auto()
    REPEATED = auto()
    ORDER_VALUE_MAX = auto()
    ORDER_QUANTITY_MAX = auto()
    EXPOSURE_MAX = auto()
    LOSS_MAX = auto()
    CAPITAL_TOTAL_MAX = auto()
    LOSS_TOTAL_MAX = auto()
    LOSS_UNKNOWN = auto()
    LEVERAGE_MAX = auto()
    SLIPPAGE_MAX = auto()
    POSITIONS_MAX = auto()
    SIZE_BELOW_LOT = auto()
    SIZE_NO_EDGE = auto()
    SIZE_STOP_ABOVE_PRICE = auto()
    LEASE_FENCED = auto()
    LEASE_OF_A_STAGE = auto()
    LEASE_OVER = auto()
    ADDRESS_SINGLE = auto()
    CHANNEL_UNKNOWN = auto()
    ORDER_NOT_AT_WORK = auto()
    ORDER_PROTECTS = auto()
    ORDER_NOT_RESTING = auto()
    CAP_UNKNOWN = auto()
    CAP_OF_KILL = auto()
    CAP_NOT_YOURS = auto()
    CAP_TOO_EARLY = auto()
    FILTER_ENTRY = auto()
    FILTER_STOP = auto()
    FILTER_RUNG = auto()
    FILTER_MAX_NUM_ALGO_ORDERS = auto()
    EXIT_MAX_NUM_ALGO_ORDERS = auto()
    EXIT_MAX_NUM_ORDERS = auto()
    EXIT_LOCKED = auto()
    PLAN = auto()
    FILTER_TARGET = auto()
    STRATEGY_WITHOUT_SIGNALS = auto()
    SIGNAL_REPEATED = auto()
    SIGNAL_ALTERED = auto()
    SIGNAL_LATE = auto()
    SIGNAL_LOST = auto()
    SIGNAL_OUT_OF_ORDER = auto()
    SIGNAL_SYMBOL = auto()
    SIGNAL_SOURCES_MAX = auto()
    SIGNAL_WITHOUT_CANDLES = auto()
    SIGNAL_WITHOUT_STOP = auto()


ENGLISH: Final[Mapping[MessageKey, Template]] = {
    RefusalMessage.SYMBOL_NOT_TRADING: Template("the exchange has trading in it switched off"),
    RefusalMessage.STATE_REDUCE_ONLY: Template("only closing and protecting orders are allowed now; see fairway caps"),
    RefusalMessage.STATE_HALTED: Template("trading is halted"),
    RefusalMessage.STATE_KILLED: Template("trading was killed, and waits for a person to resume it"),
    RefusalMessage.SYMBOL_NOT_ALLOWED: Template("it is not among the symbols that may be traded now"),
    RefusalMessage.STRATEGY_NOT_ALLOWED: Template("its strategy may not open positions now"),
    RefusalMessage.PROFILE_NOT_ALLOWED: Template("accounts of this risk profile may not open positions now"),
    RefusalMessage.HOURS_CLOSED: Template("it was outside of the hours in which positions may be opened"),
    RefusalMessage.OPEN_ORDERS_MAX: Template("as many purchases as allowed were at work already"),
    RefusalMessage.INTENT_LATE: Template("its candle came late, when the next one had closed already"),
    RefusalMessage.DATA_BLIND: Template("a data stream was down, and the bot does not buy without prices"),
    RefusalMessage.DATA_MISSING: Template("there was no price yet"),
    RefusalMessage.DATA_STALE: Template("the last price was too old"),
    RefusalMessage.DATA_AHEAD: Template("the clock had been set back, so the age of the last price was unknown"),
    RefusalMessage.DATA_FLAWED: Template("the last price made no sense"),
    RefusalMessage.DATA_DISAGREES: Template("the candle and the last price were too far apart to be both true"),
    RefusalMessage.SYMBOL_BUSY: Template("it was already held, or an order was at work"),
    RefusalMessage.SPREAD_WIDE: Template("buying and selling prices were too far apart"),
    RefusalMessage.PRICE_MOVED: Template("the price had moved past its stop or target"),
    RefusalMessage.WORTH_UNKNOWN: Template("something in the account has no price, so its worth is unknown"),
    RefusalMessage.CHECK_FAILED: Template("one of the bot's own checks could not be made"),
    RefusalMessage.CLOCK_SKEWED: Template("this machine's clock and the exchange's were too far apart"),
    RefusalMessage.PRICE_COLLAR: Template("the price had run too far from the one it was decided at"),
    RefusalMessage.STOP_FAR: Template("its stop was farther away than the profile allows"),
    RefusalMessage.CONFIDENCE_LOW: Template("the strategy was not sure enough of it"),
    RefusalMessage.SELF_TRADE: Template("an order of the bot's own would have sold to it"),
    RefusalMessage.CAPITAL_MIN: Template("the account was worth less than the least that may be traded with"),
    RefusalMessage.DUPLICATE: Template("the same had been bought a moment before"),
    RefusalMessage.RATE_MAX: Template("as many purchases as allowed were made within a minute"),
    RefusalMessage.REPEATED: Template("the very same purchase had been made too often"),
    RefusalMessage.ORDER_VALUE_MAX: Template("the order would have been worth more than allowed"),
    RefusalMessage.ORDER_QUANTITY_MAX: Template("the order would have been larger than the exchange takes"),
    RefusalMessage.EXPOSURE_MAX: Template("all positions together would have been worth more than allowed"),
    RefusalMessage.LOSS_MAX: Template("with it, the account could have lost more than its stage allows in all"),
    RefusalMessage.CAPITAL_TOTAL_MAX: Template("all accounts together had as much at work as they may"),
    RefusalMessage.LOSS_TOTAL_MAX: Template("with it, all accounts together could have lost more than their stage allows"),
    RefusalMessage.LOSS_UNKNOWN: Template("the loss since the stage began was unknown"),
    RefusalMessage.LEVERAGE_MAX: Template("it would have cost more than the account has, or may use"),
    RefusalMessage.SLIPPAGE_MAX: Template("too little was offered at this price for its size"),
    RefusalMessage.POSITIONS_MAX: Template("as many positions as allowed were open"),
    RefusalMessage.SIZE_BELOW_LOT: Template("the right size was below the smallest the exchange sells"),
    RefusalMessage.SIZE_NO_EDGE: Template("the closed trades show no edge to bet on"),
    RefusalMessage.SIZE_STOP_ABOVE_PRICE: Template("the price had fallen to its stop already"),
    RefusalMessage.LEASE_FENCED: Template("a later lease was granted already"),
    RefusalMessage.LEASE_OF_A_STAGE: Template("a launch grants its leases; `--new-epoch` takes it over from the launch"),
    RefusalMessage.LEASE_OVER: Template("it had ended before it was read"),
    RefusalMessage.ADDRESS_SINGLE: Template("the exchange has no further address: `venue.fallbacks` names none"),
    RefusalMessage.CHANNEL_UNKNOWN: Template("there is no such stream; there are market and account"),
    RefusalMessage.ORDER_NOT_AT_WORK: Template("no such order is at work"),
    RefusalMessage.ORDER_PROTECTS: Template(
        "only entries are cancelled by hand: a stop or a target protects, and an exit lowers exposure; close the position instead"
    ),
    RefusalMessage.ORDER_NOT_RESTING: Template(
        "it does not rest at the exchange: its answer is awaited, or it is being cancelled"
    ),
    RefusalMessage.CAP_UNKNOWN: Template("no such cap is in force"),
    RefusalMessage.CAP_OF_KILL: Template("a kill is ended by fairway resume alone"),
    RefusalMessage.CAP_NOT_YOURS: Template("it ends by itself when its reason is gone, or with a change of the configuration"),
    RefusalMessage.CAP_TOO_EARLY: Template("it must stay in force for a while longer"),
    RefusalMessage.FILTER_ENTRY: Template("the exchange's order filters would not take the purchase"),
    RefusalMessage.FILTER_STOP: Template("the exchange's order filters would not take the stop, so it could not be protected"),
    RefusalMessage.FILTER_RUNG: Template(
        "the exchange's order filters would not take one of the rungs, so it could not be left as planned"
    ),
    RefusalMessage.FILTER_MAX_NUM_ALGO_ORDERS: Template("the exchange does not let as many stops rest as its rungs need"),
    RefusalMessage.EXIT_MAX_NUM_ALGO_ORDERS: Template(
        "other stops in this pair leave no room at the exchange for its own; cancel some of them by hand"
    ),
    RefusalMessage.EXIT_MAX_NUM_ORDERS: Template(
        "other orders in this pair leave no room at the exchange for its own; cancel some of them by hand"
    ),
    RefusalMessage.EXIT_LOCKED: Template(
        "other orders lock more coins than the account is known to have, so its stop might find none"
    ),
    RefusalMessage.PLAN: Template("the strategy's plan for leaving it made no sense"),
    RefusalMessage.FILTER_TARGET: Template(
        "the exchange's order filters would not take the target, so it could not be protected"
    ),
    RefusalMessage.STRATEGY_WITHOUT_SIGNALS: Template("the strategy of this trader takes no signals; the strategy signals does"),
    RefusalMessage.SIGNAL_REPEATED: Template("the same signal was received before, and has no second effect"),
    RefusalMessage.SIGNAL_ALTERED: Template("a signal with the same id and other content was received before"),
    RefusalMessage.SIGNAL_LATE: Template("it was sent too long ago, or its sender's clock is ahead"),
    RefusalMessage.SIGNAL_LOST: Template(
        "an earlier signal of its source was lost, or the position is not the one that its sender expects"
    ),
    RefusalMessage.SIGNAL_OUT_OF_ORDER: Template("a later signal of its source was received before"),
    RefusalMessage.SIGNAL_SYMBOL: Template("its symbol is none of those that this trader trades"),
    RefusalMessage.SIGNAL_SOURCES_MAX: Template("signals of as many sources as can be remembered were received before"),
    RefusalMessage.SIGNAL_WITHOUT_CANDLES: Template("too few candles have closed to find its stop"),
    RefusalMessage.SIGNAL_WITHOUT_STOP: Template("no stop above zero and below its target could be found"),
}
