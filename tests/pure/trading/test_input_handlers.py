"""The table of inputs: complete, and free of anything that is no input."""

from typing import get_args

from fairway.market.candles import Quote
from fairway.trading.input_handlers import HANDLERS
from fairway.trading.inputs import Input


def test_each_type_of_input_has_one_line_in_the_table() -> None:
    """A quote alone has none: `step` puts it into the market cache and does nothing else."""
    assert {*HANDLERS} == {*get_args(Input)} - {Quote}
