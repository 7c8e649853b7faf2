"""What happens to a trader and its account, as sentences."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template


class TraderMessage(MessageKey):
    STARTED = auto()
    EPOCH_RAISED = auto()
    STOPPED = auto()
    STOPPED_WITH_ORDERS = auto()
    TAKEN_OVER = auto()
    STRATEGY_FAILED = auto()
    FAILED = auto()
    BALANCES_OPENED = auto()
    OTHERS_BOUGHT = auto()
    OTHERS_SOLD = auto()
    POSITION_SMALLER = auto()
    BALANCE_HIGHER = auto()
    BALANCE_LOWER = auto()
    TRANSFER_ANNOUNCED = auto()
    OTHER_BOT_SEEN = auto()
    FOREIGN_ORDER_SEEN = auto()
    ACCOUNT_STATUS = auto()
    ENTRY_PLANNED = auto()
    ENTRY_REFUSED = auto()
    ENTRY_UNCHECKED = auto()
    EXIT_WANTED = auto()
    WORTH = auto()
    MEASURED = auto()
    LIMITED = auto()
    REDUCE_ONLY = auto()
    HALTED = auto()
    KILLED = auto()
    KILLED_HANDS_OFF = auto()
    CAP_LIFTED = auto()
    LEASE_ACCEPTED = auto()
    STAGE_BEGAN = auto()
    INSTRUCTION_DONE = auto()
    INSTRUCTION_REFUSED = auto()
    SIGNAL_REFUSED = auto()
    SIGNAL_RECEIVED = auto()
    SIGNAL_LOST = auto()
    SIGNAL_SETTLED = auto()
    GUARD_WARNING = auto()
    GUARD_CRITICAL = auto()
    GUARD_EMERGENCY = auto()
    GUARD_CLEARED = auto()
    ESCALATION_CHANGED = auto()
    STREAM_LOST = auto()
    STREAM_RENEWED = auto()
    STREAM_UP = auto()
    STREAM_BACK = auto()
    ASKED_FOR_EVERYTHING = auto()
    CAUGHT_UP = auto()
    ADDRESS_SWITCHED = auto()


_ENDS_WITH_REASON: Final = "{% if ends_by_itself %} It ends with its reason.{% endif %}"
_LOOK_AT_ACCOUNT: Final = (
    "{% if not ends_by_itself %}Look at the account at the exchange, and put right what is wrong.{% endif %}"
)
_AGAIN: Final = "{% if times > 3 %} for the {{ times }}th time in ten minutes{% endif %}"
_GUARD: Final = (
    "{{ symbol or 'The account' }}: {% if why %}{{ why }}: {% endif %}the guard of {{ guard }} is at {{ level }} ({{ code }})"
)

ENGLISH: Final[Mapping[MessageKey, Template]] = {
    TraderMessage.STARTED: Template(
        "Started{% if epoch > 1 %}, start number {{ epoch }}{% endif %}: {{ strategy }} on {{ symbols }} at {{ venue }}, "
        "account {{ account }}",
        "Before anything else it asks the exchange what is true.",
    ),
    TraderMessage.EPOCH_RAISED: Template(
        "The exchange has orders of this journal's own run that the journal does not know",
        "The bot counts on above them, as start number {{ epoch }}, and its ids are of another run. It opens nothing.",
    ),
    TraderMessage.STOPPED: Template(
        "Stopped{% if why %}: {{ why }}{% endif %}", "No protective orders are left at the exchange."
    ),
    TraderMessage.STOPPED_WITH_ORDERS: Template(
        "Stopped{% if why %}: {{ why }}{% endif %}; "
        "{{ count }} {% if count == 1 %}protective order stays{% else %}protective orders stay{% endif %} at the exchange",
        "They go on protecting what is held.",
        "Start again to go on, or close the position by hand.",
    ),
    TraderMessage.TAKEN_OVER: Template(
        "Another trader has taken over the account: {{ why }}",
        "This trader sends nothing more for it. Stops and targets stay at the exchange.",
        "Let one trader have the account: stop one of the two, or give each an account and a key of its own.",
    ),
    TraderMessage.STRATEGY_FAILED: Template(
        "The strategy '{{ strategy }}' failed" + _AGAIN + ": {{ why }}{% if where %} ({{ where }}){% endif %}",
        "The account is taken up again, and the strategy is asked again at the next candle; stops and targets stay.",
        "Mend the file of the strategy, then stop the bot and start it again.",
    ),
    TraderMessage.FAILED: Template(
        "A fault of Fairway's own in handling the account" + _AGAIN + ": {{ why }} ({{ where }})",
        "The account is taken up again from the journal and from what the exchange says; other accounts are not touched.",
        "Please report it with the journal; if it comes again, stop the bot: stops and targets stay at the exchange.",
    ),
    TraderMessage.BALANCES_OPENED: Template("The account holds {{ balances or 'nothing' }}"),
    TraderMessage.OTHERS_BOUGHT: Template(
        "Another user of the account bought {{ quantity }} at {{ price }}",
        "What they bought is theirs: the bot neither sells nor protects it. The ledger says so.",
        "If it was not you, check who else uses this account.",
    ),
    TraderMessage.OTHERS_SOLD: Template(
        "Another user of the account sold {{ quantity }} at {{ price }}",
        "What was theirs went first; what the bot held beyond that is closed, and the rest stays protected. The ledger says so.",
        "If it was not you, check who else uses this account.",
    ),
    TraderMessage.POSITION_SMALLER: Template(
        "The bot holds less {{ asset }} than its position says, though trades explain the balance",
        "The position now counts for what is there.",
        "Check who else sells on this account.",
    ),
    TraderMessage.BALANCE_HIGHER: Template(
        "The exchange holds {{ amount }} more than all trades explain: a person or another program moved it",
        "The exchange is right: the ledger now says the same. No result counts it.",
        "If you moved it, announce it: fairway transfer. If you did not, check who else uses this account.",
    ),
    TraderMessage.BALANCE_LOWER: Template(
        "The exchange holds {{ amount }} less than all trades explain: a person or another program moved it",
        "The exchange is right: the ledger now says the same. It counts as a loss, unless it was announced.",
        "If you moved it, announce it: fairway transfer. If you did not, check who else uses this account.",
    ),
    TraderMessage.TRANSFER_ANNOUNCED: Template(
        "{{ by }} announced that {{ amount }} are moved "
        "{% if is_deposit %}into{% else %}out of{% endif %} the account: {{ why }}",
        "Once the exchange shows exactly this, it is a transfer and counts as neither gain nor loss.",
    ),
    TraderMessage.OTHER_BOT_SEEN: Template(
        "Another bot, {{ bot }}, trades with the same key: its order {{ order_id }} in {{ symbol }}",
        "What it spends is booked here as a loss within a minute, and a guard of losses may sell what is held. Where both trade "
        "the same symbol nothing is opened until you have looked; orders of the other bot are left alone.",
        "Stop one of the two, or give each a key of an account of its own, such as a sub-account.",
    ),
    TraderMessage.FOREIGN_ORDER_SEEN: Template(
        "Another user of the account has an order open in {{ symbol }}: to {{ side }} {{ quantity }}", "The bot leaves it alone."
    ),
    TraderMessage.ACCOUNT_STATUS: Template(
        "{% if kind %}The account is of the kind {{ kind }}{% else %}The exchange does not tell the account's kind{% endif %}; "
        "{% if not knows_key %}what its key may do the exchange does not tell{% else %}"
        "its key {% if may_trade %}may trade{% else %}may not trade{% endif %} and "
        "{% if may_withdraw %}may{% else %}may not{% endif %} withdraw{% endif %}"
    ),
    TraderMessage.ENTRY_PLANNED: Template("{{ symbol }} to be bought: {{ why }}; stop {{ stop }}, target {{ target }}"),
    TraderMessage.ENTRY_REFUSED: Template("{{ symbol }} not bought: {{ why }}"),
    TraderMessage.ENTRY_UNCHECKED: Template(
        "{{ symbol }} not bought: {{ why }} ({{ code }})",
        "What cannot be checked is not bought; what is held stays protected.",
        "This is a fault of the program: report it with the line above.",
    ),
    TraderMessage.EXIT_WANTED: Template(
        "{{ symbol }} to be sold: {{ why }}", "The bot cancels stop and target first, then sells at market."
    ),
    TraderMessage.WORTH: Template("The account is worth {{ worth }}"),
    TraderMessage.MEASURED: Template("The bot measured itself"),
    TraderMessage.LIMITED: Template(
        "{{ symbol or 'The account' }} is limited: {{ why }}",
        "The bot trades within the limit." + _ENDS_WITH_REASON,
        _LOOK_AT_ACCOUNT,
    ),
    TraderMessage.REDUCE_ONLY: Template(
        "{{ symbol or 'The account' }} takes no new positions: {{ why }}",
        "What is held stays protected, and may be sold." + _ENDS_WITH_REASON,
        _LOOK_AT_ACCOUNT,
    ),
    TraderMessage.HALTED: Template(
        "{{ symbol or 'The account' }} is halted: {{ why }}",
        "The bot sends nothing but what protects what is held." + _ENDS_WITH_REASON,
        _LOOK_AT_ACCOUNT,
    ),
    TraderMessage.KILLED: Template(
        "{{ symbol or 'The account' }} is killed: {{ why }}",
        "The bot does nothing more of its own accord; stops and targets stay at the exchange." + _ENDS_WITH_REASON,
        _LOOK_AT_ACCOUNT,
    ),
    TraderMessage.KILLED_HANDS_OFF: Template(
        "{{ symbol or 'The account' }} is killed: {{ why }}",
        "The bot sends nothing; the command that killed it sells what is held." + _ENDS_WITH_REASON,
        _LOOK_AT_ACCOUNT,
    ),
    TraderMessage.CAP_LIFTED: Template("Lifted by {{ by }}: {{ cap }} ({{ why }})"),
    TraderMessage.LEASE_ACCEPTED: Template("{{ by }} issued a lease to trade until {{ until }}"),
    TraderMessage.STAGE_BEGAN: Template(
        "{% if stage %}The stage {{ stage }} began{% else %}A stage began{% endif %} with {{ worth }}; "
        "what it may lose is counted from there"
    ),
    TraderMessage.INSTRUCTION_DONE: Template("{{ by }} said: {{ command }}"),
    TraderMessage.INSTRUCTION_REFUSED: Template("{{ by }} said: {{ command }}, which was not done: {{ why }}"),
    TraderMessage.SIGNAL_REFUSED: Template(
        "{{ by }} sent a {{ command }}, which was not obeyed: {{ why }} ({{ code }})",
        "Nothing was bought or sold for it; what is held stays protected.",
        "Check the sender's clock and its ids, and whether what is held is what you want.",
    ),
    TraderMessage.SIGNAL_RECEIVED: Template("Received the signal {{ signal }}: {{ action }} {{ symbol }}"),
    TraderMessage.SIGNAL_LOST: Template(
        "The signal {{ signal }} ({{ action }} {{ symbol }}) shows that signals of {{ source }} were lost, "
        "or that a position ended without one, such as by its stop: {{ code }}",
        "{% if doubted %}No signal of {{ source }} opens a position in {{ doubted }} until one of them shows that the position "
        "agrees again; signals that sell are obeyed."
        "{% else %}Signals that sell are obeyed, and nothing else depends on what was lost.{% endif %}",
        "Compare what is held with what the sender holds; fairway signal sells by hand.",
    ),
    TraderMessage.SIGNAL_SETTLED: Template(
        "The signal {{ signal }} ({{ action }} {{ symbol }}) shows that the position agrees again with what {{ source }} expects",
        "Signals of {{ source }} may open a position in {{ symbol }} again.",
    ),
    TraderMessage.GUARD_WARNING: Template(_GUARD, "The bot trades on at half its size."),
    TraderMessage.GUARD_CRITICAL: Template(
        _GUARD, "The bot opens nothing; what is held stays protected.", "Find out why before more is risked."
    ),
    TraderMessage.GUARD_EMERGENCY: Template(
        _GUARD, "The bot sells what is held at market, and opens nothing.", "Find out why before more is risked."
    ),
    TraderMessage.GUARD_CLEARED: Template("{{ symbol or 'The account' }}: the guard of {{ guard }} is calm again: {{ why }}"),
    TraderMessage.ESCALATION_CHANGED: Template("The account went from {{ was }} to {{ level }}: {{ why }}"),
    TraderMessage.STREAM_LOST: Template(
        "Lost the {{ channel }} stream: {{ why }}",
        "The bot opens nothing until the stream is back and all that was missed has been asked for. "
        "Stops and targets rest at the exchange and work meanwhile.",
        "Nothing is needed, unless it does not come back; then check the network.",
    ),
    TraderMessage.STREAM_RENEWED: Template("The {{ channel }} stream is renewed: {{ why }}"),
    TraderMessage.STREAM_UP: Template("The {{ channel }} stream is up"),
    TraderMessage.STREAM_BACK: Template("The {{ channel }} stream is back", "First the bot asks for what it missed."),
    TraderMessage.ASKED_FOR_EVERYTHING: Template("The exchange was asked for all orders, fills and balances"),
    TraderMessage.CAUGHT_UP: Template(
        "Caught up: the exchange told all orders, fills and balances that were missed", "The bot may open positions again."
    ),
    TraderMessage.ADDRESS_SWITCHED: Template(
        "The exchange is asked at {{ to_address }} and no more at {{ from_address }}: {{ why }}",
        "Orders in doubt are asked for there; none is sent again. Stops and targets rest at the exchange and work meanwhile.",
        "Nothing is needed; if it happens again and again, check the network.",
    ),
}
