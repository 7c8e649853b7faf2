"""Values as they are shown: exact amounts as texts, instants as texts in UTC."""

from decimal import Decimal
from typing import Any

import msgspec
from pydantic import BaseModel, Field

from fairway.money.amount import Amount
from fairway.money.amount import text_of as number_text
from fairway.world.clock import text_of


class ShownAmount(BaseModel):
    """An exact amount of an asset."""

    value: str = Field(examples=["99.5"])
    asset: str = Field(examples=["USDT"])


def shown_amount(amount: Amount) -> ShownAmount:
    """An amount that is there."""
    return ShownAmount(value=number_text(amount.value), asset=amount.asset)


def money(amount: Amount | None) -> ShownAmount | None:
    """None where there is none."""
    return shown_amount(amount) if amount is not None else None


def number(value: Decimal | None) -> str | None:
    """Exact, without an exponent; None where there is none."""
    return number_text(value) if value is not None else None


def instant(at: int) -> str:
    """An instant (ns); "" for none."""
    return text_of(at) if at else ""


def plain(value: Any) -> Any:
    """Structs and their like as dicts, lists and texts."""
    return msgspec.to_builtins(value, enc_hook=str, str_keys=True)
