"""The events of a rehearsal between two ticks of the pilot: signals, orders and their ends, faults, and users' answers."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from fairway.launch.gates.kinds.survey import SEVERE
from fairway.launch.simulation.population import survey_answer
from fairway.launch.simulation.simulated_account import PAIR, SimulatedAccount, SimulatedPosition
from fairway.money.amount import Amount
from fairway.risk import breakers, cap_kinds
from fairway.risk.caps import reduce_only
from fairway.risk.guards.memory import Memory
from fairway.risk.guards.port import Failed, Measured, OrderAnswered, Sent
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from fairway.launch.simulation.world import World

SimulatedEvent = Callable[["World"], None]

_NAKED: Final = replace(cap_kinds.NAKED, source=cap_kinds.CapSource.INCIDENT)
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
_LOT: Final = Amount.of(1, "BTC")


def drawn(world: "World") -> Iterator[tuple[int, SimulatedEvent]]:
    """All that happens whatever the launch decides."""
    for signal, at in enumerate(world.signals.ats):
        yield at, partial(_signal, signal=signal)
    for at in range(world.now + HOUR, world.ends, HOUR):
        yield at, _hour
    at = world.now
    while world.bot.runaway_a_day and at < world.ends:
        at += round(world.random.expovariate(world.bot.runaway_a_day) * DAY)
        yield at, _runs_away
    for at in world.background.naked:
        yield at, _naked
        yield at + world.background.naked_ns, _covered
    for at in world.background.births:
        yield at, _reborn
    for at in world.background.reconnects:
        yield at, _reconnects


# -- trades --------------------------------------------------------------------------------------------------------


def _signal(world: "World", signal: int) -> None:
    if not (world.background.lives(world.now) and world.background.answers(world.now)):
        return
    takes = world.signals.takes[signal]
    for account in world.accounts.values():
        if takes[account.number] < world.takes and account.is_free:
            _enter(world, account, signal)


def _enter(world: "World", account: SimulatedAccount, signal: int) -> None:
    """Where its risk has room in all that may be lost: were all stops hit, this one's too, the stage's loss is kept."""
    positions = min(account.positions_max, account.limits.positions or account.positions_max)
    risk = account.risk()
    if risk <= 0 or len(account.held) >= positions:
        return
    if world.loss_max is not None and _were_all_stops_hit(world, account, risk) > world.loss_max:
        world.observed.note("refusals", world.now, 1, "LOSS_TOTAL_MAX")
        return
    if _order(world, account, signal, 0, is_entry=True):
        position = SimulatedPosition(world.now, max(world.signals.untils[signal], world.now + MINUTE), signal, risk)
        account.held.append(position)
        world.observed.note("order_paths", world.now, 1, "open")
        world.push(position.until, partial(_close, account=account, position=position))


def _were_all_stops_hit(world: "World", account: SimulatedAccount, risk: int) -> int:
    others = sum(max(each.lost + each.at_risk, 0) for each in world.accounts.values() if each is not account)
    return others + max(account.lost + account.at_risk + risk, 0)


def _close(world: "World", account: SimulatedAccount, position: SimulatedPosition) -> None:
    if position not in account.held:
        return
    signal, note, name = position.signal, world.observed.note, account.user.name
    for intent in range(1, world.terms.intents):
        _order(world, account, signal, intent, is_entry=False)
    result = float(world.signals.results[signal, account.number])
    cents = account.close(position, result, world.now)
    note("order_paths", world.now, 1, "close")
    note("order_paths", world.now, 1, "stop_hit" if world.signals.is_stop[signal] else "target_hit" if result > 1 else "cancel")
    note("round_trips", world.now, 1, name)
    note("trade_pnl_r", world.now, result, name)
    note("trade_pnl", world.now, cents / 100, name)
    note("trade_won", world.now, float(cents > 0), name)
    account.look(world.now, note, lost=-cents)
    _count_losses(world)


def _order(world: "World", account: SimulatedAccount, signal: int, intent: int, *, is_entry: bool) -> bool:
    """One order intent: whether it came to the end it was meant for."""
    signals, now, note, name = world.signals, world.now, world.observed.note, account.user.name
    is_good = bool(signals.is_good[signal, account.number, intent])
    ack = float(signals.acks[signal, account.number, intent]) * float(world.background.slower[world.background.minute(now)])
    account.roster.observe(Sent(PAIR, _LOT, is_entry, now))
    account.roster.observe(OrderAnswered(round(ack * SECOND), now) if is_good else Failed(now))
    note("order_success", now, float(is_good), name)
    if not is_good:
        note("order_paths", now, 1, "reject")
        return False
    note("order_ack", now, ack, name)
    note("order_confirm", now, ack + 0.05, name)
    if is_entry:
        note("slippage_bps", now, ack * 4, name)
        worse = world.random.gauss(0.5, 5.0)
        if signal != world.paired:  # however many accounts follow it
            world.paired = signal
            note("live_vs_shadow_bps", now, worse, PAIR)
        if signals.is_partial[signal, account.number]:
            note("order_paths", now, 1, "partial_fill")
    return True


def _count_losses(world: "World") -> None:
    """What all may lose together is lost: none opens anything, until a person has looked."""
    if world.loss_max is None or world.is_stopped or world.lost_together() < world.loss_max:
        return
    world.is_stopped = True
    why = f"LOSS_TOTAL: lost={world.lost_together() / 100:.2f} limit={world.loss_max / 100:.2f}"
    for account in world.accounts.values():
        account.raise_(breakers.all_have_lost(why, world.now), world.now, world.observed.note)


# -- faults --------------------------------------------------------------------------------------------------------


def _hour(world: "World") -> None:
    """Guards whose reason goes with time look again; one who leaks is measured."""
    for account in world.accounts.values():
        for at in range(world.now - HOUR, world.now, MEASURED_EVERY_NS) if world.bot.leak_an_hour else ():
            account.roster.observe(Measured(None, round(float(world.background.memory[world.background.minute(at)])), at))
        if world.bot.leak_an_hour or account.roster.alarms:
            account.roster.has_news = True
            account.look(world.now, world.observed.note)


def _runs_away(world: "World") -> None:
    for account in world.accounts.values():
        if not account.is_free:
            continue
        for number in range(RUNAWAY_ORDERS):
            account.roster.observe(Sent(PAIR, _LOT, True, world.now + number))
        account.pay(round(RUNAWAY_COSTS * account.risk()), world.now)
        account.look(world.now, world.observed.note)
    _count_losses(world)


def _naked(world: "World") -> None:
    """The trader sees it within seconds and opens nothing; the stop is put back when it can be."""
    moves = world.random.random() < GAP_CHANCE
    for account in world.accounts.values():
        if not account.held:
            continue
        world.observed.note("alerts", world.now, 1, "P0")
        cap = reduce_only(_NAKED, "a position is without its stop", world.now)
        account.raise_(cap, world.now, world.observed.note)
        if moves:
            account.pay(round(GAP * account.at_risk), world.now)
    _count_losses(world)


def _covered(world: "World") -> None:
    for account in world.accounts.values():
        if NAKED in account.caps:
            account.lower(NAKED, world.now, world.observed.note)


def _reborn(world: "World") -> None:
    """The trader is back, and finds what it held; what it has measured of its memory was another process's."""
    for account in world.accounts.values():
        for guard in account.roster.guards:
            if isinstance(guard, Memory):
                guard.forget(world.now, "")
        if account.held:
            world.observed.note("order_paths", world.now, 1, "restart_with_position")


def _reconnects(world: "World") -> None:
    if world.accounts and world.background.lives(world.now):
        world.observed.note("order_paths", world.now, 1, "ws_reconnect")


# -- users ---------------------------------------------------------------------------------------------------------


def answers(world: "World", account: SimulatedAccount) -> None:
    """A user answers a survey some days after the pilot let the account in, and again each week."""
    answer = survey_answer(account.worth / account.brought)
    world.observed.note("feedback", world.now, float(answer.is_content), SEVERE if answer.is_severe else "")
    account.is_content, account.complains = answer.is_content, answer.is_severe
    world.push(world.now + ASKED_AGAIN_NS, partial(answers, account=account))
