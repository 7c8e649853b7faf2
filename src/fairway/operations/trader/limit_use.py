"""Limit use: how much of each limit in force an account uses now, by the journal, and which cap sets it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import OWN_THINGS, Call, Exposure, Operation, Outcome, Preview
from fairway.operations.trader.caps import CapsRequest, perform_caps
from fairway.people.roles import UserAct
from fairway.reports.ratio import ratio

if TYPE_CHECKING:
    from fairway.operations.trader.guard_view import GuardedAccount
    from fairway.risk.caps import Cap
    from fairway.risk.limits import Limits

OF_ONE_ENTRY: Final = ("order_value", "risk", "size", "capital_min", "hours", "symbols", "strategies", "profiles")
"""Limits that one entry is checked against: nothing of them is used up."""
SHARE: Final = "%"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitUseRequest:
    """config: of the trader."""

    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitUse:
    """used: None if unknown. unit: `%` for shares of one, the asset of money, "" for numbers. by: the caps that set it."""

    limit: str
    used: Decimal | None
    most: Decimal
    unit: str
    by: str

    @property
    def share(self) -> Decimal | None:
        """Of the limit, 1 for all of it; below zero counts as nothing."""
        if self.used is None:
            return None
        return max(Decimal(0), ratio(self.used, self.most) or Decimal(1 if self.used > 0 else 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLimitUse:
    """One account. of_one_entry: limits that one entry is checked against, as text, with the cap that sets each."""

    account: str
    uses: tuple[LimitUse, ...]
    of_one_entry: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitUseOutcome(Outcome):
    """Of the accounts that the actor may read."""

    accounts: tuple[AccountLimitUse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedUse:
    """What one account has at work and has lost, in quote; None for what is not known. Shares are of one."""

    quote: str
    capital: Decimal | None
    positions: int
    exposure: Decimal | None
    largest: Decimal | None
    open_entries: int
    entries_a_minute: int
    lost: Decimal | None
    lost_in_a_day: Decimal | None
    fallen: Decimal | None
    exposure_of_all: Decimal | None
    lost_by_all: Decimal | None


def tell_limit_use(call: Call[LimitUseRequest]) -> LimitUseOutcome:
    """Raises SettingsError, JournalErrors."""
    from fairway.money.amount import CONTEXT
    from fairway.operations.trader.guard_view import guard_view
    from fairway.world.clock import SystemClock

    now = SystemClock().now()
    caps = perform_caps(Call(actor=call.actor, request=CapsRequest(config=call.request.config)))
    with guard_view(caps.settings) as view, localcontext(CONTEXT):
        of_all = _of_all(view.accounts, now)
        found = [
            _of_account(each.account, (*each.caps, each.settings_cap), standing_of(view.accounts[each.account], now, *of_all))
            for each in caps.accounts
            if each.account in view.accounts
        ]
    return LimitUseOutcome(accounts=tuple(found))


def _of_all(accounts: "Mapping[str, GuardedAccount]", now: int) -> tuple[Decimal | None, Decimal | None]:
    """Exposure, and what is lost without setting off a gain against it; None where it is not known of one account."""
    looks = [(its, its.look(now)) for its in accounts.values()]
    exposures = [
        sum((held.brings.value for held in look.held.values()), Decimal(0)) if look.is_whole else None for _, look in looks
    ]
    losses = [its.state.guards.stage_loss.lost(look.worth) for its, look in looks]
    exposure = None if None in exposures else sum((each for each in exposures if each is not None), Decimal(0))
    known = [max(Decimal(0), each) for each in losses if each is not None]
    return exposure, sum(known, Decimal(0)) if len(known) == len(losses) else None


def standing_of(its: "GuardedAccount", now: int, exposure_of_all: Decimal | None, lost_by_all: Decimal | None) -> CountedUse:
    """Of one account at an instant (ns)."""
    from fairway.orders.ids import Role
    from fairway.world.clock import MINUTE

    look, roster = its.look(now), its.state.guards
    values = [held.brings.value for held in look.held.values()] if look.is_whole else None
    figures = {guard.name: reading.figures for guard, reading in its.readings(now) if reading is not None and reading.figures}
    worth = look.worth.value if look.worth is not None else None
    return CountedUse(
        quote=its.state.config.quote,
        capital=worth if worth is None or look.capital is None else min(worth, look.capital.value),
        positions=len(its.state.money.ledger.positions),
        exposure=sum(values, Decimal(0)) if values is not None else None,
        largest=max(values, default=Decimal(0)) if values is not None else None,
        open_entries=sum(1 for order in its.state.orders.blotter.live.values() if order.role is Role.ENTRY),
        entries_a_minute=sum(1 for _ in roster.entries.since(now - MINUTE)),
        lost=roster.stage_loss.lost(look.worth),
        lost_in_a_day=_first(figures.get("stage daily loss")),
        fallen=_first(figures.get("stage drawdown")),
        exposure_of_all=exposure_of_all,
        lost_by_all=lost_by_all,
    )


def _first(figures: Sequence[tuple[str, object]] | None) -> Decimal | None:
    value = figures[0][1] if figures else None
    return value if isinstance(value, Decimal) else None


def _of_account(account: str, caps: "Sequence[Cap]", standing: CountedUse) -> AccountLimitUse:
    from fairway.risk.caps import in_force

    limits = in_force(caps)
    entry = tuple((name, _text(getattr(limits, name)), _by(caps, name)) for name in OF_ONE_ENTRY if name in limits.set_fields())
    return AccountLimitUse(account=account, uses=tuple(limit_uses(limits, standing, caps)), of_one_entry=entry)


def limit_uses(limits: "Limits", standing: CountedUse, caps: "Sequence[Cap]" = ()) -> Iterator[LimitUse]:
    """Each limit that something can be used of, in the order of what is asked first: positions, money at work, losses."""
    of_capital = standing.capital
    for name, used, is_share in (
        ("positions", Decimal(standing.positions), False),
        ("capital", standing.exposure, False),
        ("exposure_value", standing.exposure, False),
        ("exposure", _of(standing.exposure, of_capital), True),
        ("position_value", standing.largest, False),
        ("position", _of(standing.largest, of_capital), True),
        ("leverage", _of(standing.exposure, of_capital), False),
        ("open_orders", Decimal(standing.open_entries), False),
        ("orders_a_minute", Decimal(standing.entries_a_minute), False),
        ("daily_loss", standing.lost_in_a_day, True),
        ("drawdown", standing.fallen, True),
        ("loss", standing.lost, False),
        ("capital_total", standing.exposure_of_all, False),
        ("loss_total", standing.lost_by_all, False),
    ):
        most = getattr(limits, name)
        if most is not None:
            value = most if isinstance(most, Decimal) else Decimal(most) if isinstance(most, int) else most.value
            unit = SHARE if is_share else getattr(most, "asset", "")
            yield LimitUse(limit=name.replace("_", " "), used=used, most=value, unit=unit, by=_by(caps, name))


def _of(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return None if part is None or whole is None else ratio(part, whole)


def _by(caps: "Sequence[Cap]", field: str) -> str:
    from fairway.risk.caps import binding

    return ", ".join(dict.fromkeys(cap.kind.name for cap in binding(caps, field)))


def _text(value: object) -> str:
    return ", ".join(sorted(map(str, value))) if isinstance(value, frozenset) else str(value)


LIMIT_USE = Operation(
    name="limit use",
    summary="Show how much of each limit in force an account uses now.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=LimitUseRequest,
    subject=lambda asked: OWN_THINGS,
    preview=lambda call: Preview(effect="reads the journal; nothing is changed"),
    perform=tell_limit_use,
)
OPERATIONS: Final = (LIMIT_USE,)
