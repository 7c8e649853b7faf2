"""`fairway launch error-rates`: how often gates pass bots at or below their bound, beside a raw ratio, in simulations."""

from typing import TYPE_CHECKING, Annotated

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.exits import ExitCode, Failure
from fairway.cli.registry import show_rows
from fairway.cli.whole_numbers import whole

if TYPE_CHECKING:
    from fairway.launch.gates.error_rates import QualityErrorRates, StreamErrorRate

COLUMNS = ("true success", "let through", "after orders", "stopped", "after orders", "raw ratio lets through")
STREAMS = ("exactly at the bound", "gate", "let through")


@shows
def error_rates(*, runs: Annotated[int, whole(2000)] = 2000, orders: Annotated[int, whole(1000)] = 1000) -> CommandOutput:
    """Show how often the gate that asks for 95 % lets a bot through, at and around the boundary, beside a raw ratio.

    Bots of known quality are simulated, and the gate looks after every order. Then launches that are exactly at their bound, in
    which observations share causes. The same numbers give the same tables.

    Parameters
    ----------
    runs: int
        Bots of each quality.
    orders: int
        Orders of each bot.
    """
    from fairway.launch.gates.error_rates import RAW_FROM, stream_error_rates
    from fairway.launch.gates.error_rates import quality_error_rates as simulated

    for name, value, most in (("--runs", runs, 100_000), ("--orders", orders, 100_000)):
        if not RAW_FROM <= value <= most:
            raise Failure(f"{name} {value} must be from {RAW_FROM} to {most}; a right one is {name} 2000", ExitCode.USAGE)
    rows, streams = list(simulated(runs, orders)), list(stream_error_rates(runs, orders))

    def tell() -> None:
        show_rows(COLUMNS, [quality_cells(row) for row in rows])
        print(f"{runs} bots of each quality, {orders} orders each; the gate asks for 95 %, and looks after every order.\n")
        show_rows(STREAMS, [stream_cells(row) for row in streams])
        print(f"{runs} launches of each, {orders} orders or signals each; each gate may be wrong in 5 %.")

    return CommandOutput(value={"runs": runs, "orders": orders, "qualities": rows, "streams": streams}, text=tell)


def quality_cells(row: "QualityErrorRates") -> tuple[str, ...]:
    """A row in words."""
    return (
        f"{row.share * 100:g} %",
        _part(row.promoted, row.runs),
        _after(row.promoted_after),
        _part(row.stopped, row.runs),
        _after(row.stopped_after),
        _part(row.raw, row.runs),
    )


def stream_cells(row: "StreamErrorRate") -> tuple[str, ...]:
    """A stream in words."""
    return row.stream, row.gate, _part(row.passed, row.runs)


def _part(some: int, runs: int) -> str:
    share = f"{some / runs * 100:.2f}".rstrip("0").rstrip(".")
    return f"{share} %"


def _after(orders: float | None) -> str:
    return f"{orders:g}" if orders is not None else ""
