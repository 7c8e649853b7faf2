"""The JSON of deposits, withdrawals and assets, as /sapi answers them; between accounts here transfers are internal ones."""

from typing import Final

from fairway.exchange.answers import Balance, Movement
from fairway.exchange.units import short_text, text
from fairway.world.clock import MILLISECOND, text_of

Json = dict[str, object]
_ZERO: Final = text(0)


def user_asset(it: Balance) -> Json:
    return {
        "asset": it.asset,
        "free": text(it.free),
        "locked": text(it.locked),
        "freeze": _ZERO,
        "withdrawing": _ZERO,
        "ipoable": _ZERO,
        "btcValuation": _ZERO,
    }


def deposit(it: Movement) -> Json:
    at = it.at // MILLISECOND
    return {
        "id": str(it.number),
        "amount": short_text(it.delta),
        "coin": it.asset,
        "network": it.asset,
        "status": 1,
        "address": "practice",
        "addressTag": "",
        "txId": _transaction(it),
        "insertTime": at,
        "completeTime": at,
        "transferType": int(bool(it.other)),
        "confirmTimes": "1/1",
        "unlockConfirm": 0,
        "walletType": 0,
        "travelRuleStatus": 0,
    }


def withdrawal(it: Movement) -> Json:
    at = text_of(it.at)[:19].replace("T", " ")
    return {
        "id": str(it.number),
        "amount": short_text(-it.delta),
        "transactionFee": "0",
        "coin": it.asset,
        "status": 6,
        "address": it.other or "practice",
        "txId": _transaction(it),
        "applyTime": at,
        "network": it.asset,
        "transferType": int(bool(it.other)),
        "confirmNo": 1,
        "walletType": 0,
        "txKey": "",
        "completeTime": at,
    }


def _transaction(it: Movement) -> str:
    return f"Internal transfer {it.number}" if it.other else f"practice {it.number}"
