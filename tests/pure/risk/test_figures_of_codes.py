"""A figure in a code is told whatever the venue has sent: a guard that refuses must not fail over how it says so."""

from decimal import Decimal, localcontext

import pytest

from fairway.money.amount import CONTEXT
from fairway.risk.codes import short


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("0.1234567", "0.123457"),
        ("-12.5", "-12.5"),
        ("999999999999999.1234567", "999999999999999.123457"),
        ("1000000000000000", "1.00e+15"),
        ("-1.2345e999", "-1.23e+999"),
        ("1e-999", "0"),
    ],
)
def test_a_figure_is_short(value: str, told: str) -> None:
    with localcontext(CONTEXT):
        assert short(Decimal(value)) == told
