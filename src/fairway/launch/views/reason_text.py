"""Says what the reason of a verdict or of a refused command means, what limits allow, and when a hold ends.

A reason's code stays beside its sentence. The sentences are in `texts/messages/reasons.py`.
"""

import re
from collections.abc import Sequence
from typing import Final

from fairway.launch.control.holds import Hold
from fairway.risk.caps import Cap, Lifting
from fairway.risk.guards.sentences import cap_reason
from fairway.risk.limits import Limits, TradingState
from fairway.texts.messages.catalogue import line
from fairway.texts.messages.message import message
from fairway.texts.messages.reasons import BY_ENDING, ReasonMessage
from fairway.texts.numbers import counted

NAMED_MOST: Final = 3
"""Accounts that are named of those that lack something, or open nothing."""
_NEVER_HEARD: Final = "silent_s=never"
_DIGITS: Final = re.compile(r"(\d+\.\d{3})\d+")


def reason_in_words(reason: str) -> str:
    """The sentence for a reason, with the reason in brackets and its numbers cut to three digits.

    The reason alone where its code has no sentence.
    """
    short = _DIGITS.sub(r"\1", reason)
    key = _key_of(reason)
    return f"{line(message(key))} ({short})" if key is not None else short


def _key_of(reason: str) -> ReasonMessage | None:
    code = reason.partition(":")[0].strip()
    if _NEVER_HEARD in reason:
        return ReasonMessage.SILENT_SINCE_START
    if code in ReasonMessage.__members__:
        return ReasonMessage[code]
    return next((key for ending, key in BY_ENDING.items() if code.endswith(ending)), None)


def limits_in_words(limits: Limits) -> str:
    """What limits allow still."""
    return ", ".join(limit_texts(limits))


def limit_texts(limits: Limits) -> tuple[str, ...]:
    """The same, each limit as a text of its own."""
    if limits.state is not TradingState.ACTIVE:
        return ("opens nothing; what is held stays under its stops",)
    fields = [(name, getattr(limits, name)) for name in limits.set_fields()]
    return tuple(f"{name.replace('_', ' ')} {_value(value)}" for name, value in fields) or ("nothing is limited",)


def shut_in_words(shut: Sequence[tuple[str, Cap]]) -> str:
    """Which accounts open nothing at all by their trader's own caps, and why; "" where none has such a cap."""
    whole = [(name, cap_reason(cap)) for name, cap in shut if not cap.symbol]
    if not whole:
        return ""
    names, reasons = (list(dict.fromkeys(each)) for each in zip(*whole, strict=True))
    more = f" and {len(names) - NAMED_MOST} more" if len(names) > NAMED_MOST else ""
    others = f" (and {counted(len(reasons) - 1, 'more reason')})" if len(reasons) > 1 else ""
    return f"{', '.join(names[:NAMED_MOST])}{more} {'open' if len(names) > 1 else 'opens'} nothing now: {reasons[0]}{others}"


def _value(value: object) -> str:
    return ", ".join(sorted(map(str, value))) if isinstance(value, frozenset) else str(value)


def ends_when(hold: Hold) -> str:
    """What has to happen for it to go."""
    if hold.lifting is Lifting.PERSON:
        return f'a person says so (fairway launch release CONFIG "{hold.id}")'
    return hold.kind.clears
