"""The oracle's rules about money: what was bought after too much was lost, what was kept in an emergency, and what was too large.

A loss is judged by the exchange's own balances and the prices of its last trades; fees that are still due are not counted, so
the trader has always lost at least as much by its own measure.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import Final

from fairway.exchange.answers import OrderSnapshot
from fairway.exchange.units import ONE, short_text
from fairway.orders.ids import ClientId, Role
from fairway.proving.account_worth import Loss
from fairway.proving.coins import own_id
from fairway.proving.exchange_log import IssuedLease, RunFacts
from fairway.proving.oracle_case import OracleCase
from fairway.proving.outages import is_free_from
from fairway.proving.scenario_script import seconds_into
from fairway.risk.limits import Limits
from fairway.world.clock import MILLISECOND, MINUTE, SECOND, SLEW

NOTICED_WITHIN_NS: Final = 5 * SECOND
"""From a loss beyond its limit to the cap."""
SOLD_WITHIN_NS: Final = 10 * SECOND
"""From such a loss to the first sale, where the guard sells."""
TOLERANCE: Final = Decimal("0.002")
"""Of the worth: a tick between the last trade and the middle of the book, and what slips."""
PRICED_WITHIN_NS: Final = 6 * SECOND
"""An entry is sized at a price that is at most so old."""
RATE_SLACK_NS: Final = MINUTE // SLEW + 10 * MILLISECOND

LostBeyond = tuple[str, Sequence[Loss]]


# -- losses ----------------------------------------------------------------------------------------------------------


def a_loss_stops_entries(case: OracleCase) -> Iterator[str]:
    for what, losses in chain(_of_guards(case, sells=False), _of_stages(case)):
        for loss in losses:
            yield from _bought_after(case, what, loss)


def _bought_after(case: OracleCase, what: str, loss: Loss) -> Iterator[str]:
    seen_at = _seen_from(case, loss.since, NOTICED_WITHIN_NS) + NOTICED_WITHIN_NS
    for order_id, order in case.buys:
        if seen_at < case.left_at(order_id, order) < loss.until:
            yield (
                f"order {order_id} bought {short_text(order.quantity)} {order.symbol} at second "
                f"{seconds_into(order.created_at):.3f}, and from second {seconds_into(loss.since):.3f} on {what}: up to "
                f"{short_text(loss.most)} was lost"
            )
            return


def an_emergency_sells_everything(case: OracleCase) -> Iterator[str]:
    for what, losses in _of_guards(case, sells=True):
        for loss in losses:
            yield from _kept_after(case, what, loss)


def _kept_after(case: OracleCase, what: str, loss: Loss) -> Iterator[str]:
    deadline = _seen_from(case, loss.since, SOLD_WITHIN_NS) + SOLD_WITHIN_NS
    if deadline >= loss.until:
        return
    for name, tracker in case.trackers.items():
        symbol = case.facts.pairs[name].symbol
        held = next((it for it in reversed(tracker.positions) if it.at <= deadline), None)
        stays = any(it.forbids_selling and it.covers(symbol) and it.since < deadline for it in case.facts.restrictions)
        stays = stays or _is_a_persons(case, name, symbol, deadline)
        if held is not None and tracker.sellable(held.held) and not stays and not _was_sold(case, name, loss.since, deadline):
            kept = f"{symbol}: {short_text(held.held)} were held at second {seconds_into(deadline):.3f}"
            yield (
                f"{kept}, and no order of the bot had begun to sell them; from second {seconds_into(loss.since):.3f} on {what}: "
                f"up to {short_text(loss.most)} was lost"
            )


def _is_a_persons(case: OracleCase, venue_symbol: str, symbol: str, at: int) -> bool:
    """Whether all that was bought of it was forgotten with a journal, and a person was told to look after it."""
    known = any(order.symbol == venue_symbol and order_id in case.facts.journaled for order_id, order in case.buys)
    return not known and any(it.calls_person and it.covers(symbol) and it.since < at for it in case.facts.restrictions)


def _was_sold(case: OracleCase, venue_symbol: str, since: int, until: int) -> bool:
    """Whether a sale of the bot came to the exchange, or one of its stops was filled."""
    for report in case.log.reports:
        own = ClientId.parse(own_id(report)) if report.order.symbol == venue_symbol and since <= report.at <= until else None
        if own is not None and (own.role is Role.EXIT or (own.role is Role.STOP and report.fill is not None)):
            return True
    return False


def _seen_from(case: OracleCase, since: int, within_ns: int) -> int:
    """From when on the trader sees its market and its account, without trouble for so long."""
    troubles = [*case.facts.troubles, *case.facts.blindness]
    return is_free_from(since, troubles, case.log.answers, within_ns)


def _of_guards(case: OracleCase, *, sells: bool) -> Iterator[LostBeyond]:
    """What was lost beyond the bounds of the profile's guards; sells: only of those that sell everything."""
    guards, worth = case.facts.rules.guards, case.worth
    for since, until in _counted(case.facts):
        base = worth.at(since)
        bounds = [("breaker_loss", guards.breaker_loss)] + ([] if sells else [("daily_loss", guards.daily_loss)])
        for name, bound in bounds:
            if bound is not None:
                most = int((bound.value + TOLERANCE) * base)
                yield f"more was lost than {name} {bound} allows", _until(worth.losses(since, most), until)
        if guards.drawdown is not None:
            drawn = worth.draws(since, guards.drawdown.value + TOLERANCE)
            yield f"the account was below its highest worth by more than {guards.drawdown}", _until(drawn, until)


def _counted(facts: RunFacts) -> Iterator[tuple[int, int]]:
    """The times in which a loss is counted from their beginning: a person who lifts a guard's cap begins a new one."""
    begins = [facts.journal_began_at, *facts.guard_lifts]
    yield from zip(begins, [*begins[1:], facts.ended_at], strict=True)


def _until(losses: Iterator[Loss], until: int) -> Sequence[Loss]:
    return [loss._replace(until=min(loss.until, until)) for loss in losses if loss.since < until]


def _of_stages(case: OracleCase) -> Iterator[LostBeyond]:
    """What was lost beyond the limit of a stage, counted from the lowest worth while it began."""
    issued = [issue for issue in case.facts.issued or () if issue.lease.stage]
    for number, (at, lease) in enumerate(issued):
        if lease.limits.loss is None or (number and issued[number - 1].lease.stage == lease.stage):
            continue
        ends = next((later.at for later in issued[number:] if later.lease.stage != lease.stage), case.facts.ended_at)
        began = _seen_from(case, at, SOLD_WITHIN_NS) + SOLD_WITHIN_NS
        base = min(case.worth.within(at, began))
        most = _units(lease.limits.loss.value) + int(TOLERANCE * base) + case.worth.at(began) - base
        losses = _until(case.worth.losses(began, most), min([ends, *case.facts.guard_lifts]))
        yield f"more was lost than {lease.limits.loss} of stage {lease.stage!r} allows", losses


# -- limits ----------------------------------------------------------------------------------------------------------


def buys_are_within_limits(case: OracleCase) -> Iterator[str]:
    left = [case.left_at(order_id, order) for order_id, order in case.buys]
    for number, (order_id, order) in enumerate(case.buys):
        found = [_breaches(case, order, left[: number + 1], limits) for limits in _limits(case.facts, left[number])]
        for breach in found[0] if all(found) else ():
            second = f"{seconds_into(order.created_at):.3f}"
            yield f"order {order_id} bought {short_text(order.quantity)} {order.symbol} at second {second}, and {breach}"


def _breaches(case: OracleCase, order: OrderSnapshot, left: Sequence[int], limits: Limits) -> list[str]:
    return [*_too_large(case, order, left[-1], limits), *_too_many(case, order, limits), *_too_often(left, limits)]


def _limits(facts: RunFacts, at: int) -> list[Limits]:
    """Those that the trader may go by: of the configuration, and of the newest lease that it must have read, or of any that was
    written since."""
    given = [issue for issue in facts.issued or () if issue.at <= at]
    must = [issue for issue in given if issue.at + SECOND + 100 * MILLISECOND <= at]
    told = [facts.rules.limits & _newest(must).lease.limits if must else facts.rules.limits]
    return told + [facts.rules.limits & issue.lease.limits for issue in given if issue not in must]


def _newest(issued: Sequence[IssuedLease]) -> IssuedLease:
    return max(issued, key=lambda issue: (issue.lease.epoch, issue.at))


def _too_large(case: OracleCase, order: OrderSnapshot, at: int, limits: Limits) -> Iterator[str]:
    """At the lowest price that it may have been sized at."""
    prices = [point.last for point in case.log.market[order.symbol] if at - PRICED_WITHIN_NS <= point.at <= at]
    if not prices or any(it.since <= at <= it.until for it in case.facts.blindness):
        return
    value = Decimal(min(prices) * order.quantity // ONE) / ONE
    worth = Decimal(max(case.worth.within(at - PRICED_WITHIN_NS, at))) / ONE
    most = case.facts.rules.position_max.value * (worth if limits.capital is None else min(worth, limits.capital.value))
    if value > most * (1 + TOLERANCE):
        yield f"it was worth {value:.2f}, of at most {most:.2f} in one position"
    for name in ("order_value", "position_value", "exposure_value", "capital"):
        bound = getattr(limits, name)
        if bound is not None and value > bound.value * (1 + TOLERANCE):
            yield f"it was worth {value:.2f}, of at most {bound} of {name}"


def _too_many(case: OracleCase, order: OrderSnapshot, limits: Limits) -> Iterator[str]:
    """Symbols in which the bot held something when the exchange accepted the order."""
    most = min(it for it in (case.facts.rules.positions_max, limits.positions) if it is not None)
    held = list[str]()
    for name, tracker in case.trackers.items():
        before = next((it for it in reversed(tracker.positions) if it.at < order.created_at), None)
        if name != order.symbol and before is not None and (tracker.sellable(before.held) or before.buys):
            held.append(name)
    if len(held) >= most:
        yield f"{', '.join(held)} were held already, of at most {most} positions"


def _too_often(left: Sequence[int], limits: Limits) -> Iterator[str]:
    """left: when this order and those before it left the trader (ns)."""
    most = limits.orders_a_minute
    if most is not None and len(left) > most and left[-1] - left[-1 - most] < MINUTE - RATE_SLACK_NS:
        yield f"{most} others had left within the minute before, of at most {most}"


def _units(value: Decimal) -> int:
    return int(value * ONE)
