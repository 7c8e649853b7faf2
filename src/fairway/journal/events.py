"""Turns events into records and back: one kind for each event class, a version for each kind, exact decimals.

Rooms above define their own events; the codec is given them. A kind whose fields changed lists the functions that lift a body
from version 1 to 2, from 2 to 3, and so on, so that what was written years ago is still read.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import UnionType
from typing import Any, Final, get_args

import msgspec
from msgspec import Struct

from fairway.journal.port import Record as Record
from fairway.journal.port import ReplayEntry, UnreadableRecord
from fairway.money.amount import text_of

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes a body of one version and gives that of the next."""


class Codec:
    """The kinds of events that a journal may hold.

    Takes event classes (msgspec Structs with a tag, which names their kind) and unions of them. `versions` holds the upcasters of
    kinds that changed; a kind's version is one more than their number.
    """

    def __init__(self, *events: type[Struct] | UnionType, versions: Mapping[str, Sequence[Upcaster]] | None = None) -> None:
        self._kinds: Final[dict[type[Struct], str]] = {}
        self._decoders: Final[dict[str, msgspec.json.Decoder[Any]]] = {}
        self._types: Final[dict[str, type[Struct]]] = {}
        for event in (member for each in events for member in _members(each)):
            self._add(event)
        self._upcasters: Final = {kind: tuple(steps) for kind, steps in (versions or {}).items()}
        self._newest: Final = {kind: 1 + len(self._upcasters.get(kind, ())) for kind in self._types}
        strangers = [kind for kind in self._upcasters if kind not in self._types]
        if strangers:
            raise ValueError(f"versions names {strangers[0]!r}, which is no kind of this codec")

    def _add(self, event: type[Struct]) -> None:
        kind = event.__struct_config__.tag
        if not isinstance(kind, str):
            raise TypeError(f"{event.__name__} has no tag; write class {event.__name__}(Struct, frozen=True, tag=True)")
        if self._types.get(kind, event) is not event:
            raise ValueError(f"two classes are of kind {kind!r}; give one of them another tag")
        self._kinds[event] = kind
        self._types[kind] = event
        self._decoders[kind] = msgspec.json.Decoder(event)

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(self._types)

    def version(self, kind: str) -> int:
        """The version that is written today."""
        return self._newest[kind]

    def encode(self, event: Struct) -> tuple[str, int, bytes]:
        """Kind, version and body; equal events give equal bytes. Raises TypeError for an unknown class, a float, a NaN."""
        kind = self._kinds.get(type(event))
        if kind is None:
            raise TypeError(f"{type(event).__name__} is no event of this journal; add it to the codec")
        fields = msgspec.to_builtins(event, builtin_types=(Decimal,), order="deterministic")
        del fields[event.__struct_config__.tag_field]
        return kind, self.version(kind), _ENCODER.encode(_canonical(fields, kind))

    def decode(self, record: Record | ReplayEntry) -> Struct:
        """The event. Raises UnreadableRecord."""
        try:
            if record.version == self._newest.get(record.kind):
                return self._decoders[record.kind].decode(record.body)  # type: ignore[no-any-return]
            return msgspec.convert(self._lifted(record), self._types[record.kind])
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise _unreadable(record, str(error)) from None

    def _lifted(self, record: Record | ReplayEntry) -> dict[str, Any]:
        newest = self._newest.get(record.kind)
        if newest is None:
            raise _unreadable(record, "this release knows no such kind; a newer one may have written it")
        if not 1 <= record.version <= newest:
            raise _unreadable(record, f"its version is {record.version}, and this release reads 1 to {newest}")
        fields = msgspec.json.decode(record.body, type=dict[str, Any])
        for upcast in self._upcasters[record.kind][record.version - 1 :]:
            try:
                fields = upcast(fields)
            except (KeyError, TypeError, ValueError) as error:
                raise _unreadable(record, f"{upcast.__name__} cannot lift it: {error!r}") from None
        return fields


def _unreadable(record: Record | ReplayEntry, why: str) -> UnreadableRecord:
    return UnreadableRecord(record.seq, record.kind, record.version, why)


_ENCODER: Final = msgspec.json.Encoder()


def _members(event: type[Struct] | UnionType) -> tuple[type[Struct], ...]:
    return get_args(event) if isinstance(event, UnionType) else (event,)


def _canonical(node: dict[str, Any], where: str) -> dict[str, Any]:
    """Puts, in place, text that does not depend on how it was computed where the decimals are."""
    for key, value in node.items():
        kind = type(value)
        if kind is dict:
            _canonical(value, where)
        elif kind in _NOT_PLAIN:
            node[key] = _canonical_value(value, where)
    return node


def _canonical_value(value: Any, where: str) -> Any:
    kind = type(value)
    if kind is Decimal:
        if not value.is_finite():
            raise TypeError(f"{where} holds {value}, which is no number to keep")
        return text_of(value)
    if kind is dict:
        return _canonical(value, where)
    if kind is list or kind is tuple:
        return [_canonical_value(each, where) for each in value]
    if kind is float:
        raise TypeError(f"{where} holds the float {value!r}; make it a Decimal, or an integer with its unit in the name")
    return value


_NOT_PLAIN: Final = frozenset({Decimal, dict, list, tuple, float})
