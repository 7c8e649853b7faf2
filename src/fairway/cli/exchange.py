"""`fairway exchange serve`: the practice exchange on this machine's network, for any client that speaks Binance's protocol."""

from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import App, Parameter

from fairway.cli.durations import duration
from fairway.cli.exits import ExitCode, Failure
from fairway.cli.interrupts import say, stop_signal
from fairway.cli.listen_ports import cannot_listen, check_port
from fairway.cli.printing import say as say_line
from fairway.cli.printing import say_wrong
from fairway.cli.shared_options import Flag
from fairway.cli.whole_numbers import whole
from fairway.world.clock import HOUR

if TYPE_CHECKING:
    from fairway.assembly.operational_log import OperationalLog
    from fairway.exchange.opening import OpeningMarket
    from fairway.exchange.order_record import OrderRecord
    from fairway.exchange.practice_exchange import Credentials, PracticeExchange
    from fairway.exchange.server import Server, ServerAddress
    from fairway.world.chance import Chance
    from fairway.world.clock import Clock

app = App(name="exchange", help="The practice exchange: it speaks Binance's wire protocol and misbehaves on request.")

DEFAULT_ACCOUNT: Final = "practice:USDT=10000,BTC=1,ETH=10,SOL=100"
HISTORY_MAX: Final = "7d"
"""A week. An hour of a made-up market takes about a quarter of a second to make, so this is most of a minute."""

_MANY: Final = Parameter(negative=(), consume_multiple=False)

LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["json", "console"]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for on the command line.

    Parameters
    ----------
    host: str
        The address to listen on. Who reaches it may open accounts there: leave it on this machine.
    port: int
        The port to listen on; 0 takes a free one.
    account: list[str]
        An account and what it has, NAME:USDT=10000,BTC=1; may be repeated.
    data: list[Path]
        A file of candles, trades or recorded frames to replay, one for each pair; may be repeated. Its times are moved onto the
        present.
    seed: int
        Decides the made-up market, the keys and the secrets; without it they are new each time.
    history: int
        How much of the market lies in the past when the exchange opens, such as 3h; at most 7d. A number alone is hours.
    json: bool
        Print one line of JSON once it listens, and nothing else.
    hide_keys: bool
        Print no key and no secret.
    script: Path
        A JSON file with faults to switch on, see docs/reference/practice-exchange.md.
    keep: Path
        A file that records each order, so that a killed exchange opens again as it was; see docs/reference/practice-exchange.md.
    log: Path
        The file of the operational log, see docs/reference/logs.md; without it no log is written.
    log_level: str
        Lines of the log below this level are left out.
    log_format: str
        How a line of the log is written.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, whole(9100)] = 9100
    account: Annotated[list[str] | None, _MANY] = None
    data: Annotated[list[Path] | None, _MANY] = None
    seed: Annotated[int | None, whole(1)] = None
    history: Annotated[int, duration("3h", HISTORY_MAX, least=0, bare="h")] = 3 * HOUR
    json: Flag = False
    hide_keys: Flag = False
    script: Path | None = None
    keep: Path | None = None
    log: Path | None = None
    log_level: LogLevel = "info"
    log_format: LogFormat = "json"


USUAL: Final = Options()


@app.command(name="serve")
def serve_command(*, options: Options = USUAL) -> int:
    """Serve the practice exchange until Ctrl-C. Without data it shows a made-up market of BTCUSDT, ETHUSDT and SOLUSDT."""
    return serve(options)


def serve(options: Options) -> ExitCode:
    """Serve until Ctrl-C or SIGTERM."""
    import asyncio

    from fairway.cli.exchange_record import kept_options, opened_record
    from fairway.exchange.order_record import ReplayClock
    from fairway.exchange.server import Server
    from fairway.world.chance import Chance, SystemChance
    from fairway.world.clock import SystemClock
    from fairway.world.realtime import run_real

    _check(options)
    clock = ReplayClock(SystemClock())
    kept = opened_record(options.keep, options, clock.now()) if options.keep is not None else None
    if kept is not None:
        options, clock.stands_at = kept_options(options, kept.head), kept.head.opened_at
    chance = SystemChance() if options.seed is None else Chance(options.seed)
    market = _market(options, clock, chance.child("market"))
    exchange = _exchange(market, clock, chance, kept.record if kept is not None else None)
    server = Server(exchange, chance.child("practice"))
    log = _log(options, clock, exchange, server)
    opened = [_open(exchange, text) for text in options.account or (DEFAULT_ACCOUNT,)]
    if kept is not None:
        asyncio.run(exchange.carry_out_again(kept.record, kept.calls, clock))
        kept.begin()
    if options.script is not None:
        _run_script(server, options.script)
    exchange.warm_up(clock.now())  # not in the loop, where Ctrl-C would wait for it

    async def listen() -> int:
        async with AsyncExitStack() as stack:
            address = await _listening(stack, server, options)
            _tell(options, address, opened, market)
            return await stop_signal()

    try:
        return say(run_real(lambda: log.watching(listen())))
    finally:
        log.close()


def _check(options: Options) -> None:
    check_port("--port", options.port, example="9100, or 0 for a free one")


async def _listening(stack: AsyncExitStack, server: "Server", options: Options) -> "ServerAddress":
    try:
        return await stack.enter_async_context(server.listening(options.host, options.port))
    except OSError as error:
        choose = "--host and --port (0 takes a free one)"
        raise cannot_listen(error, options.host, options.port, choose=choose) from None


def _market(options: Options, clock: "Clock", chance: "Chance") -> "OpeningMarket":
    from fairway.exchange.opening import made_up, replayed

    if not options.data:
        return made_up(chance, clock.now(), options.history / HOUR)
    try:
        market = replayed(options.data, chance, clock.now(), options.history / HOUR)
    except ValueError as error:
        raise Failure(f"--data: {error}", ExitCode.DATA) from None
    for note in market.notes:
        say_wrong(f"fairway: --data: {note}")
    return market


def _exchange(market: "OpeningMarket", clock: "Clock", chance: "Chance", record: "OrderRecord | None") -> "PracticeExchange":
    from fairway.exchange.practice_exchange import PracticeExchange
    from fairway.exchange.server import pause

    return PracticeExchange(
        market.rules, market.updates, clock=clock, chance=chance.child("exchange"), pause=pause, record=record
    )


def _log(options: Options, clock: "Clock", exchange: "PracticeExchange", server: "Server") -> "OperationalLog":
    """The log of what this exchange does from now on; one that writes nothing where no file was named."""
    from fairway.assembly.operational_log import LogOptions, OperationalLog, opened_log
    from fairway.logs.exchange_lines import ExchangeLines
    from fairway.logs.log import LogForm, Process

    if options.log is None:
        return OperationalLog(clock)
    log = opened_log(LogOptions(options.log, options.log_level, LogForm(options.log_format)), clock, Process.EXCHANGE)
    assert log.log is not None, "a log with a file has lines"
    ExchangeLines(log.log, log.redaction, log.limits).follow(exchange, server)
    return log


def _open(exchange: "PracticeExchange", text: str) -> "Credentials":
    from fairway.exchange.practice import amount_of

    name, colon, amounts = text.partition(":")
    try:
        if not name or not colon:
            raise ValueError("there is no name, or no colon after it")
        pairs = [amount.partition("=") for amount in amounts.split(",") if amount]
        balances = {asset.strip().upper(): amount_of(number.strip(), asset) for asset, _, number in pairs}
        return exchange.open_account(name, balances)
    except ValueError as error:
        raise Failure(f"--account {text!r}: {error}; a right one is alice:USDT=10000,BTC=1", ExitCode.USAGE) from None


def _run_script(server: "Server", path: Path) -> None:
    import msgspec

    from fairway.exchange.practice_requests import NewFault

    try:
        for fault in msgspec.json.decode(path.read_bytes(), type=list[NewFault]):
            server.practice.switch_on(fault)
    except (ValueError, RecursionError, msgspec.MsgspecError) as error:
        example = '[{"name": "latency", "options": {"after_ms": 500}, "after_s": 60, "for_s": 30}]'
        raise Failure(f"{path}: {error}; a right script is {example}", ExitCode.SETTINGS) from None
    except OSError as error:
        raise Failure(f"--script {path} cannot be read: {error.strerror or error}", ExitCode.SETTINGS) from None


def _tell(options: Options, address: "ServerAddress", opened: Iterable["Credentials"], market: "OpeningMarket") -> None:
    if options.json:
        import msgspec

        shape = {
            "url": address.url,
            "ws": address.ws,
            "ws_api": f"{address.ws}/ws-api/v3",
            "accounts": [{"name": it.name, "key": it.key, "secret": it.secret} for it in opened],
        }
        say_line(msgspec.json.encode(shape).decode())
        return
    lines = [
        f"The practice exchange listens on {address.url} with {', '.join(it.symbol for it in market.rules)}.",
        *([f"The market of the files goes on until {_ends(market)}; then it stands still."] if options.data else []),
        "",
        *(_shown(it, is_hidden=options.hide_keys) for it in opened),
        "",
        "Point a Binance client at it:",
        f"  REST           {address.url}/api/v3 and {address.url}/sapi/v1",
        f"  streams        {address.ws}/ws and {address.ws}/stream",
        f"  WebSocket API  {address.ws}/ws-api/v3",
        f"  practice       {address.url}/practice",
        "docs/how-to/clients shows how for ccxt, freqtrade, NautilusTrader, python-binance and binance-sdk-spot. "
        "Ctrl-C stops it.",
    ]
    say_line("\n".join(lines))


def _shown(account: "Credentials", *, is_hidden: bool) -> str:
    return f"account {account.name}" + ("" if is_hidden else f"\n  key    {account.key}\n  secret {account.secret}")


def _ends(market: "OpeningMarket") -> str:
    """When the market of each pair ends: `2026-12-13 09:55 UTC (ETHBTC)`."""
    from fairway.world.clock import text_of

    pairs: dict[str, list[str]] = {}
    for symbol, ends_at in market.ends_at.items():
        pairs.setdefault(f"{text_of(ends_at)[:16].replace('T', ' ')} UTC", []).append(symbol)
    return ", ".join(f"{ends_at} ({', '.join(symbols)})" for ends_at, symbols in pairs.items())
