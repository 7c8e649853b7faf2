"""Operations on a practice exchange: what they refuse, how options are read, and how both sides are compared."""

from decimal import Decimal
from pathlib import Path

import pytest

from fairway.money.amount import Amount
from fairway.operations.actor import owner_of_machine
from fairway.operations.operation import Call
from fairway.operations.perform import perform, preview
from fairway.operations.practice.comparison import compare
from fairway.operations.practice.fault import PRACTICE_CLEAR, PRACTICE_FAULT, ClearRequest, FaultRequest
from fairway.operations.practice.fault_kinds import fault_kinds, options_of
from fairway.operations.practice.market import PRACTICE_TIME, TimeRequest, TimeStep
from fairway.operations.practice.show import SHOW_PRACTICE, PracticeAccount, PracticeOrder, PracticeShowRequest
from fairway.operations.practice.tour import TOUR
from fairway.operations.refusal import Ground, Refusal
from fairway.orders.ids import Role
from fairway.orders.order import Order, OrderState, OrderType, Side
from fairway.world.clock import SECOND

PRACTICE = """
mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9, key: env:KEY, secret: env:SECRET}
symbols: [BTC/USDT]
strategy: {name: trend}
"""
LIVE = PRACTICE.replace("mode: practice", "mode: live").replace("url: http://127.0.0.1:9, ", "")
ELSEWHERE = PRACTICE.replace("127.0.0.1:9", "exchange.example.com")
OWNER = owner_of_machine("test")


def config_of(folder: Path, text: str) -> Path:
    (folder / "bot.yaml").write_text(text)
    return folder / "bot.yaml"


@pytest.mark.parametrize("text", [LIVE, ELSEWHERE])
def test_only_a_practice_exchange_of_this_machine_is_told_what_to_do(tmp_path: Path, text: str) -> None:
    config = config_of(tmp_path, text)
    with pytest.raises(Refusal, match="fairway up --practice") as refused:
        perform(SHOW_PRACTICE, Call(actor=OWNER, request=PracticeShowRequest(config=config)))
    assert refused.value.ground is Ground.RULE
    with pytest.raises(Refusal, match="fairway up --practice"):
        perform(PRACTICE_CLEAR, Call(actor=OWNER, request=ClearRequest(config=config)))
    with pytest.raises(Refusal, match="fairway up --practice"):
        perform(PRACTICE_TIME, Call(actor=OWNER, request=TimeRequest(config=config, step=TimeStep.PAUSE)))


def test_an_exchange_that_does_not_answer_is_named(tmp_path: Path) -> None:
    request = PracticeShowRequest(config=config_of(tmp_path, PRACTICE))
    with pytest.raises(Refusal, match=r"http://127.0.0.1:9 does not answer .* fairway up status") as refused:
        perform(SHOW_PRACTICE, Call(actor=OWNER, request=request))
    assert refused.value.ground is Ground.VENUE_UNREACHABLE


def test_a_fault_says_before_what_it_does_and_what_the_trader_does(tmp_path: Path) -> None:
    request = FaultRequest(config=config_of(tmp_path, PRACTICE), name="key_revoked", lasts=30 * SECOND)
    effect = preview(PRACTICE_FAULT, Call(actor=OWNER, request=request)).effect
    assert effect.startswith("An account's keys are refused. It lasts for 30 s. ")
    assert "stop rests at the exchange" in effect


def test_options_are_read_as_their_defaults_are() -> None:
    given = ("executions=TRADE,NEW", "every=2")
    assert options_of("missing_events", given) == {"executions": ["TRADE", "NEW"], "every": 2}
    assert options_of("muted_stream", ("market=false",)) == {"market": False}
    assert options_of("partial_fills", ("quantity=0.5",)) == {"quantity": "0.5"}


@pytest.mark.parametrize(
    ("name", "option", "said"),
    [
        ("latenci", "a=1", "no fault is called 'latenci'"),
        ("latency", "after=1", "latency has no option 'after'; it has before_ms, after_ms, spread_ms"),
        ("latency", "after_ms=soon", "after_ms is 'soon'; a right one is after_ms=0"),
        ("key_revoked", "a=1", "it has none"),
    ],
)
def test_a_wrong_option_names_the_right_ones(name: str, option: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        options_of(name, (option,))


def test_the_tour_has_five_faults_and_takes_three_minutes() -> None:
    assert len(TOUR) == 5
    assert sum(step.lasts for step in TOUR) <= 180 * SECOND
    for step in TOUR:
        options_of(step.fault, step.options)
    assert {step.fault for step in TOUR} <= {kind.name for kind in fault_kinds()}


def order(name: str, state: OrderState = OrderState.OPEN, filled: str = "0") -> Order:
    return Order(
        id=name,
        symbol="BTC/USDT",
        side=Side.SELL,
        type=OrderType.LIMIT,
        role=Role.TARGET,
        quantity=Amount(Decimal(1), "BTC"),
        filled=Amount(Decimal(filled), "BTC"),
        cost=Amount(Decimal(0), "USDT"),
        state=state,
    )


def at_exchange(name: str, executed: str = "0") -> PracticeOrder:
    return PracticeOrder(
        client_id=name,
        symbol="BTC/USDT",
        side="sell",
        type="limit",
        price=Decimal(1),
        stop_price=Decimal(0),
        quantity=Decimal(1),
        executed=Decimal(executed),
    )


def account(*orders: PracticeOrder, **balances: str) -> PracticeAccount:
    return PracticeAccount(
        name="me",
        can_trade=True,
        balances=tuple((asset, Decimal(text), Decimal(0)) for asset, text in balances.items()),
        orders=orders,
    )


def test_both_sides_agree_to_the_last_digit() -> None:
    found = compare(account(at_exchange("a"), USDT="10.5"), {"USDT": Decimal("10.50"), "BTC": Decimal(0)}, [order("a")])
    assert found.differences == 0
    assert [each.asset for each in found.balances] == ["USDT"]


def test_a_balance_that_differs_and_one_that_only_the_trader_has_are_differences() -> None:
    found = compare(account(USDT="10"), {"USDT": Decimal(9), "BTC": Decimal(1)}, [])
    assert [(each.asset, each.agrees) for each in found.balances] == [("BTC", False), ("USDT", False)]
    assert found.differences == 2


def test_an_order_that_only_one_side_has_is_a_difference() -> None:
    found = compare(account(at_exchange("fw-me-k3x9q-3-1f-s")), {}, [order("gone")])
    assert [(each.believed, each.known) for each in found.orders] == [("open", ""), ("", "open")]
    assert [each.what for each in found.orders] == ["target, sell", "stop, sell"]


def test_an_unknown_order_is_one_that_the_trader_asks_for() -> None:
    [found] = compare(account(at_exchange("a")), {}, [order("a", OrderState.UNKNOWN)]).orders
    assert (found.agrees, found.is_asked) == (False, True)


def test_a_fill_that_the_trader_has_not_heard_of_is_a_difference() -> None:
    [found] = compare(account(at_exchange("a", "0.25")), {}, [order("a")]).orders
    assert (found.agrees, found.known) == (False, "open, 0.25 filled")
