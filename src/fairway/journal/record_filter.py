"""Which records of a journal are wanted."""

from msgspec import Struct


class RecordFilter(Struct, frozen=True, kw_only=True):
    """Each field narrows it, "" does not. text: what the body contains. Capitals and small letters count alike."""

    account: str = ""
    author: str = ""
    kind: str = ""
    text: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether some records may not fit."""
        return self != RecordFilter()
