"""Kill: stops a bot for good from a process of its own, and reports what is left at the venue.

First it sets the latch, then it works at the venue, then it reports: no step needs a later one. It needs neither the trader nor
its journal.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview, Progress, Subject, account_or_bot
from fairway.operations.refusal import Ground, Refusal, reason_given, wrong_input
from fairway.operations.trader.kill_latches import BY_HAND, KillLatches, latch_of
from fairway.people.roles import UserAct
from fairway.risk.disposal import Disposal
from fairway.settings import Settings, SettingsError, load
from fairway.settings.latch_place import LatchPlace, latch_place, place_of
from fairway.trading.latch import KillCause, Killed, KillScope
from fairway.world.clock import SystemClock

if TYPE_CHECKING:
    from fairway.trading.kill import Killing

LOOK: Final = f"look at the venue's own page, and see {BY_HAND}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KillRequest:
    """config: of the bot; it may have mistakes. symbol: with scope SYMBOL only. account: one of a bot that has many."""

    config: Path
    reason: str
    scope: KillScope = KillScope.ACCOUNT
    symbol: str = ""
    account: str = ""
    cause: KillCause = KillCause.OTHER
    flatten: bool = False
    """Sell each position. Not obeyed where the cause forbids to sell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountKilled:
    """What was done for one account and what is left, by the venue's answer."""

    account: str
    cancelled: int
    protective: tuple[str, ...]
    """Client ids of orders that stay to protect positions."""
    sold: Mapping[str, str]
    """By symbol, the quantity."""
    unsold: Mapping[str, str]
    """By symbol, what was to be sold and why it was not."""
    foreign: int
    """Orders at the venue that are not of this bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KillOutcome(Outcome):
    """is_done: whether each latch is set and the venue confirmed all of it."""

    is_latched: bool
    accounts: tuple[AccountKilled, ...]


class KillUncertain(Refusal):
    """It is not certain that the kill was carried out. failed: by account, the error."""

    def __init__(self, failed: Mapping[str, BaseException], latches: KillLatches, *, has_many: bool) -> None:
        self.failed, self._has_many = failed, has_many
        self._latches = latches
        super().__init__(f"KILL_UNCERTAIN: accounts={','.join(failed)}", self.in_words(str), Ground.RULE)

    def in_words(self, words: Callable[[BaseException], str]) -> str:
        """The message, each error in the words that the shell has for it."""
        which = [f"{name}: {words(error)}" if self._has_many else words(error) for name, error in self.failed.items()]
        latched = "the latch is set, but" if self._latches.is_complete else "the latch is NOT set, and"
        return f"{latched} it is NOT certain that all is done: {'; '.join(which)}; {LOOK}\nAgain:  {self._latches.again()}"


def perform_kill(call: Call[KillRequest]) -> KillOutcome:
    """Raises Refusal, with `KillUncertain` where the venue did not confirm all of it."""
    asked = call.request
    killed = _killed(asked, call.actor.name)
    latches, place = KillLatches(asked.config, killed, asked.account, call.tell), latch_place(asked.config)
    latches.set_first(place)
    settings = _loaded(asked.config, place, latches)
    latches.check_named(settings.people is not None)
    if killed.scope in (KillScope.ALL, KillScope.BOT):
        latches.set(latch_of(settings, settings.account), killed)
        killed = replace(killed, scope=KillScope.ACCOUNT)
    killings = asyncio.run(_carry_out(settings, killed, latches, call))
    is_refused_sale = asked.flatten and killed.cause.forbids_selling
    is_done = latches.is_complete and not is_refused_sale and not any(killing.unsold for killing in killings.values())
    return KillOutcome(
        is_done=is_done,
        is_latched=latches.is_complete,
        accounts=tuple(_account_killed(name, killing) for name, killing in killings.items()),
        lines=tuple(_lines(settings, asked, killings, is_latched=latches.is_complete, is_refused_sale=is_refused_sale)),
    )


def _killed(asked: KillRequest, by: str) -> Killed:
    reason_given(asked.reason, "it buys every minute")
    if (asked.scope is KillScope.SYMBOL) != bool(asked.symbol):
        together = "--symbol and --scope symbol go together, such as --scope symbol --symbol BTC/USDT"
        raise wrong_input(f"SYMBOL_SCOPE_DIFFERS: scope={asked.scope.value} symbol={asked.symbol}", together)
    sells = asked.flatten and not asked.cause.forbids_selling
    return Killed(
        scope=asked.scope,
        symbol=asked.symbol,
        reason=asked.reason,
        by=by,
        disposal=Disposal.FLATTEN if sells else Disposal.KEEP_STOPS,
        cause=asked.cause,
        at=SystemClock().now(),
    )


def _loaded(config: Path, place: LatchPlace, latches: KillLatches) -> Settings:
    """Raises Refusal, after it has latched everything that can be found."""
    try:
        settings = load(config)
    except SettingsError as error:
        latches.set_near(place)
        raise latches.not_carried_out(error) from None
    latches.check(place_of(settings))
    return settings


async def _carry_out(settings: Settings, killed: Killed, latches: KillLatches, call: Call[KillRequest]) -> "dict[str, Killing]":
    """By account. Each account is latched before anything else is done to any; one that fails keeps no other waiting.

    Raises Refusal where it is not certain that all of it was done at the venue.
    """
    from fairway.money.amount import use_exact_decimals
    from fairway.operations.trader.kill_venues import latched_venues
    from fairway.trading.kill import PATIENCE_S, Killer
    from fairway.trading.run_ids import draw_run
    from fairway.world.chance import SystemChance

    use_exact_decimals()
    venues, failed = latched_venues(settings, killed, latches)
    clock, symbols, its_latches = SystemClock(), settings.symbols, {name: latch_of(settings, name) for name in venues}
    left = "leaves the latch set" if latches.is_complete else "has NO latch, and cannot know what was done"
    call.tell(Progress(f"asking the venue, for up to {PATIENCE_S} seconds; who stops waiting {left}"))
    run = draw_run(SystemChance().stream("runs"))
    killers = (Killer(venue, its_latches[name], clock, name, killed, symbols, run=run).run() for name, venue in venues.items())
    try:
        found = await asyncio.gather(*killers, return_exceptions=True)
    finally:
        for venue in venues.values():
            await venue.close()
    failed |= {name: error for name, error in zip(venues, found, strict=True) if isinstance(error, BaseException)}
    if failed:
        raise _uncertain(failed, latches, has_many=settings.people is not None)
    return {name: killing for name, killing in zip(venues, found, strict=True) if not isinstance(killing, BaseException)}


def _uncertain(failed: Mapping[str, BaseException], latches: KillLatches, *, has_many: bool) -> BaseException:
    """The refusal; the first error that is a mistake of Fairway itself, where there is one."""
    from fairway.people.problems import PeopleError
    from fairway.trading.kill import NotDone
    from fairway.venues.port import VenueError

    bugs = [error for error in failed.values() if not isinstance(error, NotDone | VenueError | PeopleError | OSError)]
    return bugs[0] if bugs else KillUncertain(failed, latches, has_many=has_many)


def _account_killed(name: str, killing: "Killing") -> AccountKilled:
    return AccountKilled(
        account=name,
        cancelled=killing.cancelled,
        protective=tuple(order.client_id for order in killing.protective),
        sold={symbol: str(quantity) for symbol, quantity in killing.sold.items()},
        unsold=dict(killing.unsold),
        foreign=len(killing.foreign),
    )


def _lines(
    settings: Settings, asked: KillRequest, killings: "Mapping[str, Killing]", *, is_latched: bool, is_refused_sale: bool
) -> list[str]:
    lines = [
        f"{name}: {line}" if settings.people is not None else line
        for name, killing in killings.items()
        for line in _lines_of(killing)
    ]
    lines.append(_next_step(settings, asked, list(killings), is_latched=is_latched))
    if is_refused_sale:
        cause = asked.cause.value
        lines.append(f"NOT SOLD: with --cause {cause} nothing is sold, and --flatten was not obeyed; stops and targets stay")
    return lines


def _lines_of(killing: "Killing") -> list[str]:
    """What was done and what is left, by the venue's answer."""
    stays = (
        f"{len(killing.protective)} protective orders stay:"
        if killing.protective
        else "nothing of this bot is open there any more"
    )
    lines = [f"at the venue: {killing.cancelled} orders were cancelled; {stays}"]
    lines += [f"  stays: {order.client_id}  {order.symbol}  {order.quantity}" for order in killing.protective]
    lines += [f"sold: {quantity} of {symbol}" for symbol, quantity in killing.sold.items()]
    lines += [f"NOT SOLD: {symbol}: {why}; sell it at the venue's own page" for symbol, why in killing.unsold.items()]
    if killing.foreign:
        lines.append(f"left alone: {len(killing.foreign)} orders that are not this bot's")
    return lines


def _next_step(settings: Settings, asked: KillRequest, accounts: Sequence[str], *, is_latched: bool) -> str:
    """A latch that failed comes first: an account without one cannot be resumed, and opens positions again."""
    if not is_latched:
        return "NOT LATCHED, see above: put that right and kill again, or the next start trades as if nothing had been"
    return f"to trade again: stop the trader, then  {_resume_command(settings, asked, accounts)}"


def _resume_command(settings: Settings, asked: KillRequest, accounts: Sequence[str]) -> str:
    """The whole command that ends this kill; a bot with many accounts needs it for each of them."""
    whose = f" --account {accounts[0] if len(accounts) == 1 else 'NAME'}" if settings.people is not None else ""
    has_wide = any(killed.is_wide for name in accounts for killed in latch_of(settings, name).read())
    wide = " --all" if asked.scope in (KillScope.ALL, KillScope.BOT) or has_wide else ""
    return f'fairway resume {asked.config}{whose}{wide} --reason "what it was, and why it will not come again"'


def preview_kill(call: Call[KillRequest]) -> Preview:
    """What the kill would cancel, keep and sell, asked from the venue now; what could not be asked is listed as unknown."""
    from fairway.operations.trader.kill_preview import kill_preview

    return kill_preview(_killed(call.request, call.actor.name), call.request.config, call.request.account)


def _subject(asked: KillRequest) -> Subject:
    return account_or_bot("" if asked.scope in (KillScope.ALL, KillScope.BOT) else asked.account)


KILL = Operation(
    name="kill",
    summary="Stop a bot for good: cancel what does not protect, sell where asked to, and verify it at the venue.",
    act=UserAct.STOP,
    exposure=Exposure.LOWERS,
    request=KillRequest,
    subject=_subject,
    preview=preview_kill,
    perform=perform_kill,
)
OPERATIONS: Final = (KILL,)
