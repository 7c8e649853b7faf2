"""Says why an order was refused or not answered: one sentence for each category of Fairway's own checks, and the meaning of what
exchanges and networks report.
"""

import re
from typing import Final

REFUSALS: Final[dict[str, str]] = {
    "SYMBOL_NOT_TRADING": "the exchange has trading in it switched off",
    "STATE_REDUCE_ONLY": "it may only be closed and protected for now",
    "STATE_HALTED": "trading is halted",
    "STATE_KILLED": "trading was killed, and waits for a person to resume it",
    "SYMBOL_NOT_ALLOWED": "it is not among the symbols that may be traded now",
    "STRATEGY_NOT_ALLOWED": "its strategy may not open positions now",
    "PROFILE_NOT_ALLOWED": "accounts of this risk profile may not open positions now",
    "HOURS_CLOSED": "it was outside of the hours in which positions may be opened",
    "OPEN_ORDERS_MAX": "as many purchases as allowed were at work already",
    "WISH_LATE": "its candle came late, when the next one had closed already",
    "DATA_BLIND": "a data stream was down, and the bot does not buy without prices",
    "DATA_MISSING": "there was no price yet",
    "DATA_STALE": "the last price was too old",
    "DATA_AHEAD": "the clock had been set back, so the age of the last price was unknown",
    "DATA_FLAWED": "the last price made no sense",
    "DATA_DISAGREES": "the candle and the last price were too far apart to be both true",
    "SYMBOL_BUSY": "it was already held, or an order was at work",
    "SPREAD_WIDE": "buying and selling prices were too far apart",
    "PRICE_MOVED": "the price had moved past its stop or target",
    "WORTH_UNKNOWN": "something in the account has no price, so its worth is unknown",
    "CHECK_FAILED": "one of the bot's own checks could not be made",
    "CLOCK_SKEWED": "this machine's clock and the exchange's were too far apart",
    "PRICE_COLLAR": "the price had run too far from the one it was decided at",
    "STOP_FAR": "its stop was farther away than the profile allows",
    "CONFIDENCE_LOW": "the strategy was not sure enough of it",
    "SELF_TRADE": "an order of the bot's own would have sold to it",
    "CAPITAL_MIN": "the account was worth less than the least that may be traded with",
    "DUPLICATE": "the same had been bought a moment before",
    "RATE_MAX": "as many purchases as allowed were made within a minute",
    "REPEATED": "the very same purchase had been made too often",
    "ORDER_VALUE_MAX": "the order would have been worth more than allowed",
    "ORDER_QUANTITY_MAX": "the order would have been larger than the exchange takes",
    "EXPOSURE_MAX": "all positions together would have been worth more than allowed",
    "LOSS_MAX": "with it, the account could have lost more than its stage allows in all",
    "CAPITAL_TOTAL_MAX": "all accounts together had as much at work as they may",
    "LOSS_TOTAL_MAX": "with it, all accounts together could have lost more than their stage allows",
    "LOSS_UNKNOWN": "the loss since the stage began was unknown",
    "LEVERAGE_MAX": "it would have cost more than the account has, or may use",
    "SLIPPAGE_MAX": "too little was offered at this price for its size",
    "POSITIONS_MAX": "as many positions as allowed were open",
    "SIZE_BELOW_LOT": "the right size was below the smallest the exchange sells",
    "SIZE_NO_EDGE": "the closed trades show no edge to bet on",
    "SIZE_STOP_ABOVE_PRICE": "the price had fallen to its stop already",
    "LEASE_FENCED": "a later lease was granted already",
    "LEASE_OF_A_STAGE": "a launch grants its leases; `--new-epoch` takes it over from the launch",
    "LEASE_OVER": "it had ended before it was read",
    "CAP_UNKNOWN": "no such cap is in force",
    "CAP_OF_KILL": "a kill is ended by fairway resume alone",
    "CAP_NOT_YOURS": "it ends by itself when its reason is gone, or with a change of the configuration",
    "CAP_TOO_EARLY": "it must stay in force for a while longer",
    "FILTER_ENTRY": "the exchange's order filters would not take the purchase",
    "FILTER_STOP": "the exchange's order filters would not take the stop, so it could not be protected",
    "FILTER_RUNG": "the exchange's order filters would not take one of the rungs, so it could not be left as planned",
    "FILTER_MAX_NUM_ALGO_ORDERS": "the exchange does not let as many stops rest as its rungs need",
    "EXIT_MAX_NUM_ALGO_ORDERS": "other stops in this pair leave no room at the exchange for its own; cancel some of them by hand",
    "EXIT_MAX_NUM_ORDERS": "other orders in this pair leave no room at the exchange for its own; cancel some of them by hand",
    "EXIT_LOCKED": "other orders lock more coins than the account is known to have, so its stop might find none",
    "PLAN": "the strategy's plan for leaving it made no sense",
    "FILTER_TARGET": "the exchange's order filters would not take the target, so it could not be protected",
}

EXCHANGE_MEANT: Final[dict[str, str]] = {
    "the relationship of the prices for the orders is not correct": "the price had already passed the stop or the target",
    "order would trigger immediately": "the price had already passed the stop",
    "stop price would trigger immediately": "the price had already passed the stop",
    "order would immediately match and take": "the price had already passed the target",
    "account has insufficient balance for requested action": "the account does not have enough for it",
    "market is closed": "trading in it is closed",
}
"""By what exchanges say, in small letters."""

UNANSWERED: Final[dict[str, str]] = {
    "connection reset by peer": "the connection was cut",
    "server disconnected": "the connection was cut",
    "timeouterror": "none came in time",
}
"""By what a request without an answer ended with, in small letters."""
_HOST: Final = re.compile(r"\w+://[^/\s]+")


def category_of(code: str) -> str:
    """`DATA_STALE` of `DATA_STALE: age_ms=…`."""
    return code.partition(":")[0].strip()


def in_words(code: str) -> str:
    """The sentence for a code; the code itself where this release knows no better."""
    category = category_of(code)
    if category in REFUSALS:
        return REFUSALS[category]
    family = next((name for name in REFUSALS if category.startswith(f"{name}_")), None)
    return REFUSALS[family] if family else code


def meant(why: str) -> str:
    """What an exchange said, after what it meant by that where this release knows."""
    said = why.rstrip(". ")
    plain = next((plain for words, plain in EXCHANGE_MEANT.items() if words in said.lower()), "")
    return f"{plain} ({said})" if plain else said


def unanswered(why: str) -> str:
    """Why there was no answer. Where this release does not know it is told as it was, less the host: reports name none."""
    said = why.lower()
    return next((plain for words, plain in UNANSWERED.items() if words in said), _HOST.sub("", why)) or "no reason given"
