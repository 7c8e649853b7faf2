"""The result of a run, as sentences: whether it ties out, the headline, what keeps it honest, and the values of its figures."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template
from fairway.texts.messages.plural import counted


class ResultMessage(MessageKey):
    # Whether ledger and exchange agree.
    TIES_OUT = auto()
    TIE_NOT_READ = auto()
    TIE_WITHOUT_PRICE = auto()
    TIE_FAILS = auto()
    MORE = auto()
    LESS = auto()
    UNEXPLAINED = auto()
    # The headline.
    NOT_TRADED = auto()
    EARNINGS_UNKNOWN = auto()
    EARNED = auto()
    # What a careful reader should know.
    STOPPED_EARLY = auto()
    NOT_BOOKED = auto()
    NO_TRIPS = auto()
    FEW_TRIPS = auto()
    STILL_HELD = auto()
    MOVED_BY_OTHERS = auto()
    FEES_MADE_LOSS = auto()
    FEES_SHARE = auto()
    # Why a round trip ended, and what changed a balance without a trade of the bot's.
    TOO_LITTLE_BOUGHT = auto()
    STOP_HIT = auto()
    TARGET_HIT = auto()
    ENDED_BY_OTHERS = auto()
    TRADED_BY_OTHERS = auto()
    MOVED_OUTSIDE = auto()


ENGLISH: Final[Mapping[MessageKey, Template]] = {
    ResultMessage.TIES_OUT: Template("Ties out with the exchange, to the last digit"),
    ResultMessage.TIE_NOT_READ: Template("The tie-out is not known: the bot ended before it had read what the account holds"),
    ResultMessage.TIE_WITHOUT_PRICE: Template("The tie-out is not known: something held has no price"),
    ResultMessage.TIE_FAILS: Template("Does not tie out with the exchange: trust the exchange, not this report"),
    ResultMessage.MORE: Template("{{ amount }} more"),
    ResultMessage.LESS: Template("{{ amount }} less"),
    ResultMessage.UNEXPLAINED: Template(
        "The exchange holds {% if most %}{{ most }} and {% endif %}{{ last }} than the bot's trades explain"
    ),
    ResultMessage.NOT_TRADED: Template(
        "In {{ span }} the bot did not trade{% if is_unchanged %}, and nothing changed{% endif %}."
    ),
    ResultMessage.EARNINGS_UNKNOWN: Template(
        f"In {{{{ span }}}} the bot made {counted('trips', 'round trip')}; "
        "what it earned is not known, because something it holds has no price."
    ),
    ResultMessage.EARNED: Template(
        f"In {{{{ span }}}} the bot made {counted('trips', 'round trip')} and "
        "{% if not change %}ended where it began"
        "{% else %}{% if is_gain %}earned{% else %}lost{% endif %} {{ change }} ({{ share }}){% endif %}"
        "{% if fees %} after {{ fees }} of fees{% endif %}."
    ),
    ResultMessage.STOPPED_EARLY: Template("It was stopped before its last day; this is what was reached."),
    ResultMessage.NOT_BOOKED: Template("{{ unexplained }}. It is booked once it is read again, and no result counts it."),
    ResultMessage.NO_TRIPS: Template("No round trip was completed, so nothing is known yet of how good the strategy is."),
    ResultMessage.FEW_TRIPS: Template(
        f"{counted('trips', 'round trip')} can neither prove nor disprove a strategy: "
        "with so few, luck decides. That is why there is no Sharpe ratio here and nothing is annualised."
    ),
    ResultMessage.STILL_HELD: Template("Still held at the end, valued at market: {{ symbols }}."),
    ResultMessage.MOVED_BY_OTHERS: Template(
        "Another user of the account moved {{ amount }}; it is not counted as the bot's result, but the curve shows it."
    ),
    ResultMessage.FEES_MADE_LOSS: Template("Before fees it would have earned; fees made it a loss."),
    ResultMessage.FEES_SHARE: Template("Fees took {{ share }} of the opening worth."),
    ResultMessage.TOO_LITTLE_BOUGHT: Template("too little was bought for any order"),
    ResultMessage.STOP_HIT: Template("the stop at the exchange was hit"),
    ResultMessage.TARGET_HIT: Template("the target at the exchange was hit"),
    ResultMessage.ENDED_BY_OTHERS: Template("another user of the account sold it or moved it"),
    ResultMessage.TRADED_BY_OTHERS: Template("{{ symbol }} traded by another user of the account"),
    ResultMessage.MOVED_OUTSIDE: Template("moved outside of all trades"),
}
