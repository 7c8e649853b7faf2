"""The oracle's rules about leases: what the bot bought while forbidden, while no lease was in force, or after it was replaced."""

from collections.abc import Iterator, Sequence
from typing import Final

from fairway.exchange.units import short_text
from fairway.orders.ids import ClientId
from fairway.proving.coins import own_id
from fairway.proving.exchange_log import EntryBan, RunFacts
from fairway.proving.exchange_recorder import FOR_EVER
from fairway.proving.oracle_case import OracleCase
from fairway.proving.restrictions import READ_WITHIN_NS
from fairway.proving.scenario_script import seconds_into
from fairway.risk.limits import TradingState
from fairway.world.clock import SECOND, SLEW

ON_THE_WIRE_NS: Final = 5 * SECOND
"""An order that was sent before a restriction arrives within the exchange's receive window, or is refused."""
SUPERSEDED_NS: Final = 5 * SECOND
"""How long a trader may take to learn that a newer one has begun."""


def nothing_is_bought_while_forbidden(case: OracleCase) -> Iterator[str]:
    """By a kill at the disk, a cap that a person ordered, or a cap that the trader announced."""
    yield from _bought_within(case, case.facts.restrictions)


def nothing_is_bought_without_a_lease(case: OracleCase) -> Iterator[str]:
    if case.facts.issued is not None:
        yield from _bought_within(case, list(_without_lease(case.facts)))


def _bought_within(case: OracleCase, restrictions: Sequence[EntryBan]) -> Iterator[str]:
    for order_id, order in case.buys:
        left_at = case.left_at(order_id, order)
        for it in restrictions:
            since = it.since + it.grace_ns
            was_held_back = left_at > since or order.created_at > since + ON_THE_WIRE_NS
            if it.is_own and case.facts.traders > 1 and order_id not in case.facts.journaled:
                continue  # the second trader knows nothing of what the first has found
            if it.covers(case.symbol(order)) and since < order.created_at and left_at < it.until and was_held_back:
                yield (
                    f"order {order_id} bought {short_text(order.quantity)} {order.symbol} at second "
                    f"{seconds_into(order.created_at):.3f}, {(order.created_at - it.since) / SECOND:.3f} s after this: {it.why}"
                )
                break


def _without_lease(facts: RunFacts) -> Iterator[EntryBan]:
    """The times that no lease covers, as the issuer wrote them; a later lease replaces an earlier one."""
    until, epoch, why = facts.began_at, 0, "no lease was ever granted"
    for issue in facts.issued or ():
        lease = issue.lease
        if lease.epoch < epoch:
            continue
        if issue.at > until:
            yield EntryBan(until, issue.at, why, grace_ns=_lease_grace(facts, until))
        until, epoch, why = lease.until, lease.epoch, f"the last lease ended at second {seconds_into(lease.until):.3f}"
        if lease.limits.state is not TradingState.ACTIVE:
            until, why = issue.at, f"the issuer took the lease away at second {seconds_into(issue.at):.3f}"
    yield EntryBan(until, FOR_EVER, why, grace_ns=_lease_grace(facts, until))


def _lease_grace(facts: RunFacts, until: int) -> int:
    """To read that it was taken away; its clock may creep, and be off by so much before it opens nothing."""
    return READ_WITHIN_NS + (until - facts.began_at) // SLEW if until > facts.began_at else 0


def an_older_trader_buys_nothing(case: OracleCase) -> Iterator[str]:
    """Epochs count the starts on one journal: once the orders of a start are there, an earlier one opens nothing."""
    first: dict[tuple[str, int], int] = {}
    for report in case.log.reports:
        own = ClientId.parse(own_id(report))
        if own is not None and not own.is_of_a_kill:
            first.setdefault((own.run, own.epoch), report.order.created_at)
    for order_id, order in case.buys:
        own = ClientId.parse(order_id)
        newer = [at for (run, epoch), at in first.items() if own is not None and run == own.run and epoch > own.epoch]
        if newer and case.left_at(order_id, order) > min(newer) + SUPERSEDED_NS:
            late_s = (order.created_at - min(newer)) / SECOND
            yield f"order {order_id} over {short_text(order.quantity)} came {late_s:.3f} s after a newer trader's first order"
