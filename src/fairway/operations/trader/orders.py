"""Orders: what was ordered and what became of it, and one order's whole life, from the journal."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import Call, Exposure, Of, Operation, Outcome, Preview, Subject, account_or_own
from fairway.operations.permissions import may_read
from fairway.operations.refusal import wrong_input
from fairway.operations.trader.journal_view import view_of
from fairway.orders.ids import ClientId
from fairway.orders.order import ENDED
from fairway.people.roles import UserAct
from fairway.settings import load

if TYPE_CHECKING:
    from fairway.journal.models import OrderRow
    from fairway.reports.trader_view import OrderMoment

LISTED_MAX: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersRequest:
    """account, symbol: of these only, "" for all. is_open: those that have not ended. before: instant (ns), 0 for now."""

    config: Path
    account: str = ""
    symbol: str = ""
    is_open: bool = False
    before: int = 0
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersOutcome(Outcome):
    """The newest first. is_cut: whether there are older ones."""

    orders: "tuple[OrderRow, ...]"
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRequest:
    """order: the client order id."""

    config: Path
    order: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOutcome(Outcome):
    """moments: all that happened to it, oldest first."""

    order: "OrderRow"
    moments: "tuple[OrderMoment, ...]"


def list_orders(call: Call[OrdersRequest]) -> OrdersOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    asked = call.request
    if not 1 <= asked.limit <= LISTED_MAX:
        raise wrong_input(f"LIMIT_WRONG: limit={asked.limit}", f"is not between 1 and {LISTED_MAX}", field="limit", example="100")
    with view_of(load(asked.config)) as view:
        found = [
            life.order
            for name, account in view.accounts.items()
            if asked.account in ("", name) and may_read(call.actor, name)
            for life in account.orders.values()
            if _is_meant(life.order, asked)
        ]
    found.sort(key=lambda order: (order.created_at, order.order_id), reverse=True)
    return OrdersOutcome(orders=tuple(found[: asked.limit]), is_cut=len(found) > asked.limit)


def _is_meant(order: "OrderRow", asked: OrdersRequest) -> bool:
    return (
        asked.symbol in ("", order.symbol)
        and not (asked.is_open and order.state in ENDED)
        and (not asked.before or order.created_at < asked.before)
    )


def show_order(call: Call[OrderRequest]) -> OrderOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    asked = call.request
    account = _account_of(asked)
    with view_of(load(asked.config)) as view:
        known = view.accounts.get(account)
        life = known.orders.get(asked.order) if known is not None else None
        if life is None:
            raise wrong_input(f"ORDER_UNKNOWN: order={asked.order}", f"there is no order {asked.order!r} in the journal")
        return OrderOutcome(order=life.order, moments=tuple(life.moments))


def _account_of(asked: OrderRequest) -> str:
    """The account that an order's id names; "" for what is no id."""
    parsed = ClientId.parse(asked.order)
    return parsed.account if parsed is not None else ""


LIST_ORDERS = Operation(
    name="orders",
    summary="Show orders, the newest first.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=OrdersRequest,
    subject=lambda asked: account_or_own(asked.account),
    preview=lambda call: Preview(effect="reads the journal; nothing is changed"),
    perform=list_orders,
)
SHOW_ORDER = Operation(
    name="order",
    summary="Show an order and all that happened to it.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=OrderRequest,
    subject=lambda asked: Subject(Of.ACCOUNT, _account_of(asked)),
    preview=lambda call: Preview(effect="reads the journal; nothing is changed"),
    perform=show_order,
)
OPERATIONS: Final = (LIST_ORDERS, SHOW_ORDER)
