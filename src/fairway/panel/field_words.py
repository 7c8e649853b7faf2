"""What the fields of commands are called in a dialog, and an example of each."""

from collections.abc import Mapping
from typing import Any, Final

from fairway.api.command_bodies import CommandForm
from fairway.api.command_examples import EXAMPLES

WORDS: Final[Mapping[str, str]] = {
    "asked_by": "asked for by",
    "attest": "what you have seen yourself",
    "contain": "open nothing meanwhile",
    "critical": "critical: the first answer is due in 2 h",
    "every": "end a kill of the whole bot too",
    "everyone": "all accounts",
    "flatten": "sell everything at the market",
    "hold_id": "hold",
    "id": "id of the signal",
    "impact": "what users notice",
    "keep_positions": "remove it even with positions or orders",
    "length": "for how long",
    "new_epoch": "refuse the leases before it",
    "owner": "who does it",
    "person": "who takes over; you where empty",
    "sent_at": "sent at",
    "symbol": "pair",
    "verified_by": "what shows that it is done",
}
"""Of fields whose name alone does not say it; the others are called as they are."""


def label_of(field: str) -> str:
    """What stands beside a field."""
    return WORDS.get(field, field.replace("_", " "))


def example_of(form: CommandForm, field: str) -> str | None:
    """`such as BTC/USDT`; None where there is none."""
    found: Any = EXAMPLES.get(form.operation.name, {}).get(field) or _USUAL.get(field)
    return f"such as {found}" if isinstance(found, str) else None


_USUAL: Final[Mapping[str, str]] = {
    "account": "main",
    "incident": "INC-20260105-1",
    "person": "ben",
    "symbol": "BTC/USDT",
    "user": "bob",
}
"""Of fields that the example of their command leaves out, for they may be."""
