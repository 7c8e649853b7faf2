"""Mischief with the answers to questions about the account's balances."""

import pytest
from tests.pure.exchange.misdeeds import act, mischief

from fairway.exchange.answers import Refusal
from fairway.exchange.mischief.port import Scope, Twist

BTC = {"asset": "BTC", "free": "1.00000000", "locked": "2.00000000"}
USDT = {"asset": "USDT", "free": "5.00000000", "locked": "0.00000000"}
TRUE: dict[str, object] = {"canTrade": True, "balances": [BTC, USDT]}
NONE = {"free": "0.00000000", "locked": "0.00000000"}


@pytest.mark.parametrize(("how", "told"), [("absent", [USDT]), ("zero", [BTC | NONE, USDT]), ("empty", [])])
def test_the_account_lacks_what_it_was_told_to_lack(how: str, told: list[dict[str, str]]) -> None:
    """The rest of the answer is true, as is every other answer, and a refusal stays one."""
    it = mischief("account_answer_lacks", how=how, times=1)
    assert it.after(act("openOrders.status"), [{"asset": "BTC"}]) is None
    assert it.after(act("account.status"), Refusal(-2015, "Invalid API-key.")) is None
    assert it.after(act("account.status"), TRUE) == Twist(answer={"canTrade": True, "balances": told})
    assert it.after(act("account.status"), TRUE) is None


def test_an_old_answer_is_told_again() -> None:
    """The first of the scope's time."""
    it = mischief("account_answer_lacks", how="stale")
    it.after(act("account.status"), {"balances": [USDT]})
    assert it.after(act("account.status"), TRUE) == Twist(answer={"canTrade": True, "balances": [USDT]})


def test_the_wallet_is_wrong_where_it_is_named() -> None:
    """It tells the same balances in other words."""
    wallet = [{"coin": "BTC", "free": "1.00000000"}, {"coin": "ETH", "free": "1.00000000"}]
    assert mischief("account_answer_lacks").after(act("sapi.coins"), wallet) is None
    it = mischief("account_answer_lacks", Scope(endpoints=("sapi.coins",)))
    assert it.after(act("sapi.coins"), wallet) == Twist(answer=wallet[1:])
