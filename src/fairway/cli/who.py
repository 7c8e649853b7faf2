"""Who speaks. Whoever says nothing is the user of this machine; an empty name is a mistake, as of a variable that is not set.

Only where authority is given or used: whoever wants less, as with `kill`, `hold` and `abort`, is not kept from it by a name.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import Token


def _named(kind: object, tokens: "Sequence[Token]") -> str:
    name = tokens[0].value.strip()
    if not name:
        raise ValueError("it is empty; a right one is --by ann")
    return name


By = Annotated[str, Parameter(converter=_named)]
