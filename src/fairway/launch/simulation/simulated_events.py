"""What happens in a world between two looks of its pilot: signals, orders and their ends, faults, and answers of users."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from fairway.launch.simulation.simulated_account import PAIR, Open, SimulatedAccount
from fairway.money.amount import Amount
from fairway.risk import breakers, cap_kinds
from fairway.risk.caps import reduce_only
from fairway.risk.guards.memory import Memory
from fairway.risk.guards.port import Answered, Failed, Measured, Sent
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from fairway.launch.simulation.world import World

Happening = Callable[["World"], None]

_NAKED: Final = replace(cap_kinds.NAKED, source=cap_kinds.Source.INCIDENT)
"""A rehearsal counts the cap as an alert of its own, beside that of the position."""
NAKED: Final = _NAKED.id_of()
GAP: Final = 1.0
"""What a position without its stop loses beside the rest, in R, where the market moves just then: …"""
GAP_CHANCE: Final = 0.3
RUNAWAY_ORDERS: Final = 200
"""What a bot in a loop sends within a minute, …"""
RUNAWAY_COSTS: Final = 2.0
"""… and what it costs each account in fees, in R, before its own limits hold it."""
MEASURED_EVERY_NS: Final = 5 * MINUTE
ASKED_AFTER_NS: Final = 3 * DAY
ASKED_AGAIN_NS: Final = 7 * DAY
CONTENT_ABOVE: Final = 0.95
SEVERE_BELOW: Final = 0.85
"""A user is content who has so much left of what they brought, and complains who has less than that."""
_LOT: Final = Amount.of(1, "BTC")


def drawn(world: "World") -> Iterator[tuple[int, Happening]]:
    """All that happens whatever the launch decides."""
    for signal, at in enumerate(world.wishes.ats):
        yield at, partial(_signal, signal=signal)
    for at in range(world.now + HOUR, world.ends, HOUR):
        yield at, _hour
    at = world.now
    while world.bot.runaway_a_day and at < world.ends:
        at += round(world.dice.expovariate(world.bot.runaway_a_day) * DAY)
        yield at, _runs_away
    for at in world.pulse.naked:
        yield at, _naked
        yield at + world.pulse.naked_ns, _covered
    for at in world.pulse.births:
        yield at, _reborn
    for at in world.pulse.reconnects:
        yield at, _reconnects


# -- trades --------------------------------------------------------------------------------------------------------


def _signal(world: "World", signal: int) -> None:
    if not (world.pulse.lives(world.now) and world.pulse.answers(world.now)):
        return
    takes = world.wishes.takes[signal]
    for purse in world.purses.values():
        if takes[purse.number] < world.takes and purse.is_free:
            _enter(world, purse, signal)


def _enter(world: "World", purse: SimulatedAccount, signal: int) -> None:
    """Where its risk has room in all that may be lost: were all stops hit, this one's too, the stage's loss is kept."""
    positions = min(purse.positions_max, purse.limits.positions or purse.positions_max)
    risk = purse.risk()
    if risk <= 0 or len(purse.held) >= positions:
        return
    if world.loss_max is not None and _were_all_stops_hit(world, purse, risk) > world.loss_max:
        world.tape.note("refusals", world.now, 1, "LOSS_TOTAL_MAX")
        return
    if _order(world, purse, signal, 0, is_entry=True):
        position = Open(world.now, max(world.wishes.untils[signal], world.now + MINUTE), signal, risk)
        purse.held.append(position)
        world.tape.note("order_paths", world.now, 1, "open")
        world.push(position.until, partial(_close, purse=purse, position=position))


def _were_all_stops_hit(world: "World", purse: SimulatedAccount, risk: int) -> int:
    others = sum(max(each.lost + each.at_risk, 0) for each in world.purses.values() if each is not purse)
    return others + max(purse.lost + purse.at_risk + risk, 0)


def _close(world: "World", purse: SimulatedAccount, position: Open) -> None:
    if position not in purse.held:
        return
    signal, note, name = position.signal, world.tape.note, purse.seat.account
    for intent in range(1, world.terms.intents):
        _order(world, purse, signal, intent, is_entry=False)
    result = float(world.wishes.results[signal, purse.number])
    cents = purse.close(position, result, world.now)
    note("order_paths", world.now, 1, "close")
    note("order_paths", world.now, 1, "stop_hit" if world.wishes.is_stop[signal] else "target_hit" if result > 1 else "cancel")
    note("round_trips", world.now, 1, name)
    note("trade_pnl_r", world.now, result, name)
    note("trade_pnl", world.now, cents / 100, name)
    purse.look(world.now, note, lost=-cents)
    _count_losses(world)


def _order(world: "World", purse: SimulatedAccount, signal: int, intent: int, *, is_entry: bool) -> bool:
    """One order intent: whether it came to the end it was meant for."""
    wishes, now, note, name = world.wishes, world.now, world.tape.note, purse.seat.account
    is_good = bool(wishes.is_good[signal, purse.number, intent])
    ack = float(wishes.acks[signal, purse.number, intent]) * float(world.pulse.slower[world.pulse.minute(now)])
    purse.roster.observe(Sent(PAIR, _LOT, is_entry, now))
    purse.roster.observe(Answered(round(ack * SECOND), now) if is_good else Failed(now))
    note("order_success", now, float(is_good), name)
    if not is_good:
        note("order_paths", now, 1, "reject")
        return False
    note("order_ack", now, ack, name)
    note("order_confirm", now, ack + 0.05, name)
    if is_entry:
        note("slippage_bps", now, ack * 4, name)
        worse = world.dice.gauss(0.5, 5.0)
        if signal != world.paired:  # however many accounts follow it
            world.paired = signal
            note("live_vs_shadow_bps", now, worse, PAIR)
        if wishes.is_partial[signal, purse.number]:
            note("order_paths", now, 1, "partial_fill")
    return True


def _count_losses(world: "World") -> None:
    """What all may lose together is lost: none opens anything, until a person has looked."""
    if world.loss_max is None or world.is_stopped or world.lost_together() < world.loss_max:
        return
    world.is_stopped = True
    why = f"LOSS_TOTAL: lost={world.lost_together() / 100:.2f} limit={world.loss_max / 100:.2f}"
    for purse in world.purses.values():
        purse.raise_(breakers.all_have_lost(why, world.now), world.now, world.tape.note)


# -- faults --------------------------------------------------------------------------------------------------------


def _hour(world: "World") -> None:
    """Guards whose reason goes with time look again; one who leaks is measured."""
    for purse in world.purses.values():
        for at in range(world.now - HOUR, world.now, MEASURED_EVERY_NS) if world.bot.leak_an_hour else ():
            purse.roster.observe(Measured(None, round(float(world.pulse.memory[world.pulse.minute(at)])), at))
        if world.bot.leak_an_hour or purse.roster.alarms:
            purse.roster.has_news = True
            purse.look(world.now, world.tape.note)


def _runs_away(world: "World") -> None:
    for purse in world.purses.values():
        if not purse.is_free:
            continue
        for number in range(RUNAWAY_ORDERS):
            purse.roster.observe(Sent(PAIR, _LOT, True, world.now + number))
        purse.pay(round(RUNAWAY_COSTS * purse.risk()), world.now)
        purse.look(world.now, world.tape.note)
    _count_losses(world)


def _naked(world: "World") -> None:
    """The trader sees it within seconds and opens nothing; the stop is put back when it can be."""
    moves = world.dice.random() < GAP_CHANCE
    for purse in world.purses.values():
        if not purse.held:
            continue
        world.tape.note("alerts", world.now, 1, "P0")
        cap = reduce_only(_NAKED, "a position is without its stop", world.now)
        purse.raise_(cap, world.now, world.tape.note)
        if moves:
            purse.pay(round(GAP * purse.at_risk), world.now)
    _count_losses(world)


def _covered(world: "World") -> None:
    for purse in world.purses.values():
        if NAKED in purse.caps:
            purse.lower(NAKED, world.now, world.tape.note)


def _reborn(world: "World") -> None:
    """The trader is back, and finds what it held; what it has measured of its memory was another process's."""
    for purse in world.purses.values():
        for guard in purse.roster.guards:
            if isinstance(guard, Memory):
                guard.forget(world.now, "")
        if purse.held:
            world.tape.note("order_paths", world.now, 1, "restart_with_position")


def _reconnects(world: "World") -> None:
    if world.purses and world.pulse.lives(world.now):
        world.tape.note("order_paths", world.now, 1, "ws_reconnect")


# -- users ---------------------------------------------------------------------------------------------------------


def answers(world: "World", purse: SimulatedAccount) -> None:
    """A user is asked, some days after they were let in, and again each week."""
    left = purse.worth / purse.brought
    world.tape.note("feedback", world.now, float(left >= CONTENT_ABOVE), "severe" if left < SEVERE_BELOW else "")
    purse.is_content, purse.complains = left >= CONTENT_ABOVE, left < SEVERE_BELOW
    world.push(world.now + ASKED_AGAIN_NS, partial(answers, purse=purse))
