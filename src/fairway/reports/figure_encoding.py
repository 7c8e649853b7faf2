"""Writes a figure as JSON, for a browser that draws it, and reads it back."""

from fairway.reports.figure import Figure


def encoded(figure: Figure) -> bytes:
    """JSON with the field names of `figure.py`, UTF-8. The same figure gives the same bytes."""
    import msgspec

    return msgspec.json.encode(figure)


def decoded(text: bytes) -> Figure:
    """The figure that was encoded. Raises msgspec.ValidationError where a field is missing or of another type."""
    import msgspec

    return msgspec.json.decode(text, type=Figure)
