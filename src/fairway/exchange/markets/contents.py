"""Decides what market a recording can give, and says what it lacks: a book needs a depth snapshot, and each change after it."""

from typing import Final, NamedTuple

from fairway.market.candles import Trade
from fairway.market.files.frames import BookSnapshot, Difference, FrameFile, Top
from fairway.market.files.trades import TradeFile

_REMEDY: Final = "Record the stream depth@100ms, and GET /api/v3/depth?limit=5000 while it runs, to have the whole book."


class RecordingContents(NamedTuple):
    """How many frames of each kind a recording holds."""

    snapshots: int
    differences: int
    tops: int
    trades: int

    @property
    def is_tape(self) -> bool:
        """Trades are all that it can give."""
        return bool(self.trades) and not self.differences and not self.tops

    @property
    def is_empty(self) -> bool:
        """It can give nothing: a snapshot alone does not move, and has no time."""
        return not (self.differences or self.tops or self.trades)


def contents_of(file: FrameFile) -> RecordingContents:
    events = [frame.event for frame in file.frames]
    snapshots, differences, tops, trades = (
        sum(isinstance(event, kind) for event in events) for kind in (BookSnapshot, Difference, Top, Trade)
    )
    return RecordingContents(snapshots, differences, tops, trades)


def tape_of(file: FrameFile) -> TradeFile:
    """A recording of trades alone, as a file of trades."""
    trades = tuple(frame.event for frame in file.frames if isinstance(frame.event, Trade))
    return TradeFile(file=file.file, symbol=file.symbol, trades=trades, problems=file.problems, digest=file.digest)


def lacks(file: FrameFile) -> str:
    """What the recording lacks, what is shown instead, and what to record to have it; "" where it lacks nothing."""
    has = contents_of(file)
    if has.is_tape:
        return f"it holds trades and no book: the depth around them is made up. {_REMEDY}"
    if not has.differences:
        return f"it holds no changes of the book: the best price of each side is shown, {has.tops} of them. {_REMEDY}"
    if not has.snapshots:
        from_tops = f" and {has.tops} best prices" if has.tops else ""
        return f"it holds no depth snapshot: the book grows from {has.differences} changes{from_tops}. {_REMEDY}"
    hole = _hole_after_the_last_snapshot(file)
    if hole:
        return f"{hole}, and no depth snapshot follows: from there the book grows again from what changes. {_REMEDY}"
    return ""


def _hole_after_the_last_snapshot(file: FrameFile) -> str:
    """Where it is, or "". Differences that arrived before the snapshot may reach beyond it, so they count as well."""
    last, is_joined, hole = 0, False, ""
    for frame in file.frames:
        event = frame.event
        if isinstance(event, BookSnapshot):
            last, is_joined, hole = max(last, event.last_id), True, ""
        elif isinstance(event, Difference) and event.last_id > last:
            if is_joined and not hole and event.first_id > last + 1:
                hole = f"line {frame.line}: updates {last + 1} to {event.first_id - 1} are missing"
            last = event.last_id
    return hole
