"""Values as JavaScript."""

import json
from typing import Any


def javascript(value: Any) -> str:
    """As an expression, also within a page's script, where `<` could end it."""
    return json.dumps(value).replace("<", "\\u003c")
