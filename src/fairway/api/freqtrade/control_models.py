"""What freqtrade's clients send to control a bot, and what they are answered."""

from decimal import Decimal
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from fairway.api.freqtrade.trade_models import NUMBER_MAX

ALL: Final = "all"


class FtForceExit(BaseModel):
    """Which trade is to be sold. ordertype is not obeyed: Fairway sells in slices with a worst price."""

    model_config = ConfigDict(hide_input_in_errors=True)

    tradeid: Annotated[int, Field(ge=0, le=NUMBER_MAX)] | Annotated[str, Field(max_length=16)] = Field(
        description="Its number, or `all`", examples=["1"]
    )
    ordertype: str | None = Field(default=None, max_length=20)
    amount: Decimal | None = Field(
        default=None, gt=0, description="All of it: a part of a position is not sold", examples=["0.5"]
    )
    price: Decimal | None = Field(default=None, gt=0, description="Not obeyed")


class FtResult(BaseModel):
    """What became of it, in words."""

    result: str
