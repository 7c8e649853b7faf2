"""The /practice endpoints, for people and tests: accounts, the market's time, faults, and what happened.

They are not part of Binance's protocol and ask for no key: every program that reaches the server may use them.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec

from fairway.exchange.answers import KeyPermissions, TradingStatus
from fairway.exchange.connection import Delivery
from fairway.exchange.faults.active import ActiveFault
from fairway.exchange.faults.registry import FaultPlugin, faults, make
from fairway.exchange.market_time import NEVER
from fairway.exchange.origins import refused
from fairway.exchange.practice_exchange import STANDARD_FEE, PracticeExchange
from fairway.exchange.practice_requests import Advance, Deposit, Gap, NewAccount, NewFault, Speed, Transfer
from fairway.exchange.practice_views import account_shape, market_shape
from fairway.exchange.session import Request, Response
from fairway.exchange.units import parse
from fairway.exchange.wire import user_events
from fairway.exchange.wire.history_limits import KEPT
from fairway.world.chance import Chance
from fairway.world.clock import SECOND, text_of

ADVANCE_MAX_S: Final = 7 * 86_400
"""The longest that one request may send the market ahead."""
_ENCODE: Final = msgspec.json.Encoder().encode

Send = Callable[[list[Delivery]], Awaitable[None]]


class Practice:
    """Answers /practice requests. `send` brings what an advance causes to its listeners."""

    def __init__(self, exchange: PracticeExchange, chance: Chance, send: Send) -> None:
        self._exchange = exchange
        self._chance = chance
        self._send = send
        self._made = 0
        self.watchers: list[Callable[[Request, Response], None]] = []
        """Called with each request to /practice and its answer, which may hold the secret of a new account."""
        self.listens_at = ""
        """The name or address that the server was told to listen at."""

    async def handle(self, request: Request) -> Response:
        """Answer one request; a mistake in it is a 400 with one sentence that says what would be right, and what a page of
        another origin sends is a 403 (see `origins`)."""
        response = await self._response(request)
        for watch in self.watchers:
            watch(request, response)
        return response

    async def _response(self, request: Request) -> Response:
        if reason := refused(request.headers, self.listens_at):
            return _response(403, {"error": reason})
        route = request.path.removeprefix("/practice").strip("/")
        try:
            answer = await self._answer(request.method, route.split("/") if route else [], request)
        except (ValueError, msgspec.MsgspecError) as error:
            return _response(400, {"error": str(error)})
        except RecursionError:
            return _response(400, {"error": "the JSON is nested too deeply to be read"})
        if answer is None:
            return _response(
                404, {"error": f"there is no {request.method} {request.path}; see docs/reference/practice-exchange.md"}
            )
        return _response(200, answer)

    async def _answer(self, method: str, route: list[str], request: Request) -> object:
        match method, route:
            case "GET", []:
                return self._status()
            case "GET", ["market"]:
                return market_shape(self._exchange)
            case "GET", ["events"]:
                return self._events(request.query)
            case "GET", ["accounts", name]:
                self._known(name)
                return await account_shape(self._exchange, name)
            case _, ["accounts", *rest]:
                return self._accounts(method, rest, request.body)
            case _, ["faults", *rest]:
                return self._faults(method, rest, request.body)
            case "POST", [step]:
                return await self._market(step, request.body)
        return None

    def _accounts(self, method: str, rest: list[str], body: str) -> object:
        match method, rest:
            case "POST", []:
                return self._open(msgspec.json.decode(body, type=NewAccount))
            case "POST", [name, "deposits"]:
                return self._deposit(name, msgspec.json.decode(body, type=Deposit))
            case "POST", [name, "transfers"]:
                return self._transfer(name, msgspec.json.decode(body, type=Transfer))
            case (("POST" | "PUT"), [name, "rights"]):
                self._known(name)
                self._exchange.set_rights(name, msgspec.json.decode(body, type=KeyPermissions))
                return {"name": name}
            case (("POST" | "PUT"), [name, "standing"]):
                self._known(name)
                self._exchange.set_standing(name, msgspec.json.decode(body, type=TradingStatus))
                return {"name": name}
        return None

    async def _market(self, step: str, body: str) -> object:
        """Pauses the market, lets it go on, sends it ahead, sets its speed, or opens a gap in its prices."""
        match step:
            case "pause":
                self._exchange.time.pause()
            case "resume":
                self._exchange.time.resume()
            case "speed":
                self._exchange.time.run_at(msgspec.json.decode(body, type=Speed).times)
            case "advance":
                return await self._advance(msgspec.json.decode(body, type=Advance).seconds)
            case "gap":
                return self._gap(msgspec.json.decode(body, type=Gap))
            case _:
                return None
        return self._status()

    def _faults(self, method: str, rest: list[str], body: str) -> object:
        active = self._exchange.context.faults
        match method, rest:
            case "GET", ["kinds"]:
                return [_plugin_shape(plugin) for plugin in faults().values()]
            case "GET", []:
                return [_fault_shape(number, it) for number, it in active.all().items()]
            case "POST", []:
                wanted = msgspec.json.decode(body, type=NewFault)
                return {"id": self.switch_on(wanted), "name": wanted.name}
            case "DELETE", []:
                for number in list(active.all()):
                    active.remove(number)
                return {"switched_off": "all"}
            case "DELETE", [number]:
                if not number.isdigit() or not active.remove(int(number)):
                    raise ValueError(f"no fault with the number {number!r} is on; GET /practice/faults lists those that are")
                return {"switched_off": int(number)}
        return None

    def switch_on(self, wanted: NewFault) -> int:
        """Switches a fault on; returns the number that switches it off. ValueError where its name or options are wrong."""
        now = self._exchange.context.clock.now()
        since = now + int(wanted.after_s * SECOND) if wanted.after_s else wanted.scope.since
        until = max(since, now) + int(wanted.for_s * SECOND) if wanted.for_s else wanted.scope.until
        scope = msgspec.structs.replace(wanted.scope, since=since, until=until)
        self._made += 1
        fault = make(wanted.name, scope, wanted.options, self._chance.child(f"fault {self._made}"))
        return self._exchange.context.faults.add(fault, wanted.name)

    def _status(self) -> Mapping[str, object]:
        exchange = self._exchange
        return {
            "now": text_of(exchange.context.clock.now()),
            "market_now": text_of(exchange.time.now()),
            "paused": exchange.time.is_paused,
            "speed": exchange.time.speed,
            "market_ended": exchange.next_update_at() == NEVER,
            "symbols": list(exchange.context.rules),
            "accounts": exchange.account_names(),
            "faults": [_fault_shape(number, it) for number, it in exchange.context.faults.all().items()],
            "events": exchange.events[-1].number if exchange.events else 0,
            "events_lost": exchange.backend.lost_events,
            "kept": KEPT,
        }

    def _open(self, wanted: NewAccount) -> object:
        opened = self._exchange.open_account(
            wanted.name,
            {asset: amount_of(text, f"balances.{asset}") for asset, text in wanted.balances.items()},
            maker_fee=STANDARD_FEE if wanted.maker_fee is None else amount_of(wanted.maker_fee, "maker_fee"),
            taker_fee=STANDARD_FEE if wanted.taker_fee is None else amount_of(wanted.taker_fee, "taker_fee"),
            rights=wanted.rights,
            key=wanted.key,
            secret=wanted.secret,
            public_key=wanted.public_key,
            fee_asset=wanted.fee_asset,
        )
        return {"name": opened.name, "key": opened.key, "secret": opened.secret}

    def _deposit(self, name: str, wanted: Deposit) -> object:
        self._known(name)
        units = amount_of(wanted.amount.removeprefix("-"), "amount")
        delta = -units if wanted.amount.startswith("-") else units
        refusal = self._exchange.backend.accounts.deposit(name, wanted.asset, delta, self._exchange.time.now())
        if refusal is not None:
            raise ValueError(f"account {name!r} does not have {wanted.amount.removeprefix('-')} {wanted.asset} free to take out")
        return {"name": name, "asset": wanted.asset, "amount": wanted.amount}

    def _transfer(self, name: str, wanted: Transfer) -> object:
        self._known(name)
        self._known(wanted.to)
        if wanted.to == name:
            raise ValueError(f"account {name!r} cannot transfer to itself; name another one with 'to'")
        units = amount_of(wanted.amount, "amount")
        if self._exchange.backend.accounts.transfer(name, wanted.to, wanted.asset, units, self._exchange.time.now()):
            raise ValueError(f"account {name!r} does not have {wanted.amount} {wanted.asset} free to transfer")
        return {"name": name, "to": wanted.to, "asset": wanted.asset, "amount": wanted.amount}

    def _known(self, name: str) -> None:
        if name not in self._exchange.account_names():
            raise ValueError(f"there is no account {name!r}; there are: {', '.join(self._exchange.account_names())}")

    async def _advance(self, seconds: float) -> object:
        if not 0 < seconds <= ADVANCE_MAX_S:
            raise ValueError(f"cannot advance by {seconds} seconds; more than 0 and at most {ADVANCE_MAX_S}, such as 60")
        async for deliveries in self._exchange.advance(int(seconds * SECOND)):
            await self._send(deliveries)
        return self._status()

    def _gap(self, wanted: Gap) -> object:
        if wanted.symbol not in self._exchange.context.rules:
            raise ValueError(f"there is no symbol {wanted.symbol!r}; there are: {', '.join(self._exchange.context.rules)}")
        units = amount_of(wanted.percent.removeprefix("-"), "percent")
        self._exchange.backend.open_gap(wanted.symbol, -units if wanted.percent.startswith("-") else units)
        return {"symbol": wanted.symbol, "percent": wanted.percent}

    def _events(self, query: str) -> object:
        since = query.removeprefix("since=")
        if since and not since.isdigit():
            raise ValueError(f"{query!r} is not a number of an event; ask for /practice/events?since=0")
        after = int(since or 0)
        return [
            {"number": number, "account": user_events.account_of(event), "event": user_events.shape_of(event, sent_at)}
            for number, sent_at, event in self._exchange.events
            if number > after
        ]


def amount_of(text: str, place: str) -> int:
    """A decimal text in counts of 10⁻⁸. ValueError names the place and a right example."""
    units = parse(text)
    if units is None:
        raise ValueError(f"{place}: {text!r} is not an amount of at most eight decimals, such as '10000' or '0.001'")
    return units


def _plugin_shape(plugin: FaultPlugin) -> object:
    return {"name": plugin.name, "options": {it.name: it.default for it in msgspec.structs.fields(plugin.options)}}


def _fault_shape(number: int, active: ActiveFault) -> object:
    return {"id": number, "name": active.name, "scope": active.fault.scope}


def _response(status: int, shape: object) -> Response:
    return Response(status, {}, _ENCODE(shape))
