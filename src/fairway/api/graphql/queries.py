"""Fields that read. Each asks the same operation as a path under /api/v1, with the caller's role."""

import strawberry
from strawberry import Info

from fairway.api import sign_in_routes
from fairway.api.graphql.asking import asking_of
from fairway.api.graphql.nodes import many, one
from fairway.api.graphql.strategies import MadeDecision, StrategyState, decisions_of, strategies_of
from fairway.api.sign_in_routes import SignInState
from fairway.api.views import launch as launch_view
from fairway.api.views import orders as orders_view
from fairway.api.views import people, portfolio
from fairway.api.views.launch import LaunchState
from fairway.api.views.orders import ShownOrders
from fairway.api.views.people import ShownAccount, UserState
from fairway.api.views.portfolio import ShownPosition


def _strategies(info: Info, id: str = "", limit: int = 100) -> list[StrategyState]:
    asking = asking_of(info)
    return strategies_of(asking.caller, asking.server, id)[:limit]


def _portfolio_decisions(info: Info, strategy_id: str, symbol: str = "", limit: int = 50) -> list[MadeDecision]:
    asking = asking_of(info)
    return decisions_of(asking.caller, asking.server, strategy_id, symbol, limit)


def _latest_decision(info: Info, strategy_id: str, symbol: str = "") -> MadeDecision | None:
    asking = asking_of(info)
    return next(iter(decisions_of(asking.caller, asking.server, strategy_id, symbol, 1)), None)


def _positions(info: Info, account: str = "", limit: int = 100) -> list[ShownPosition]:
    asking = asking_of(info)
    return portfolio.positions(asking.caller, asking.server, account)[:limit]


def _orders(info: Info, account: str = "", symbol: str = "", is_open: bool = False, limit: int = 100) -> ShownOrders:
    asking = asking_of(info)
    return orders_view.orders(asking.caller, asking.server, account, symbol, is_open, limit)


def _launch(info: Info) -> LaunchState:
    asking = asking_of(info)
    return launch_view.launch(asking.caller, asking.server)


def _users(info: Info, limit: int = 100) -> list[UserState]:
    asking = asking_of(info)
    return people.users(asking.caller, asking.server)[:limit]


def _exchange_accounts(info: Info, limit: int = 100) -> list[ShownAccount]:
    asking = asking_of(info)
    return people.accounts(asking.caller, asking.server)[:limit]


def _me(info: Info) -> SignInState:
    asking = asking_of(info)
    return sign_in_routes.session(asking.caller, asking.server)


@strawberry.type(description="What may be read. A field that is refused is null, and `errors` says why.")
class Query:
    strategies = strawberry.field(
        resolver=_strategies,
        graphql_type=many(StrategyState),
        description="The strategies of the accounts that you may read; with `id` the one of that account",
    )
    portfolio_decisions = strawberry.field(
        resolver=_portfolio_decisions,
        graphql_type=many(MadeDecision),
        description="What the trader decided, the newest first, among the newest 1,000 of an account; "
        "with `symbol` what concerns it",
    )
    latest_decision = strawberry.field(
        resolver=_latest_decision, graphql_type=one(MadeDecision), description="The newest decision that concerns a symbol"
    )
    positions = strawberry.field(
        resolver=_positions, graphql_type=many(ShownPosition), description="Open positions, each with its stop and its target"
    )
    orders = strawberry.field(resolver=_orders, graphql_type=one(ShownOrders), description="Orders, the newest first")
    launch = strawberry.field(
        resolver=_launch, graphql_type=one(LaunchState), description="Where the launch is: its stages, gates and holds"
    )
    users = strawberry.field(resolver=_users, graphql_type=many(UserState), description="All users, the removed ones too")
    exchange_accounts = strawberry.field(
        resolver=_exchange_accounts,
        graphql_type=many(ShownAccount),
        description="The accounts of the registry that you may read, the removed ones too; keys are never shown",
    )
    me = strawberry.field(
        resolver=_me, graphql_type=one(SignInState), description="Who is signed in, and what that sign-in may do"
    )
