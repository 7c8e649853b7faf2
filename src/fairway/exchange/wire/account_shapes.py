"""The JSON of accounts, commissions, key rights and assets."""

from collections.abc import Iterable
from typing import Final

from fairway.exchange.answers import AccountAnswer, Balance
from fairway.exchange.rules import SymbolRules
from fairway.exchange.settlement import DISCOUNT
from fairway.exchange.units import ONE, short_text, text
from fairway.exchange.wire.keys import Key
from fairway.world.clock import MILLISECOND

Json = dict[str, object]
_ZERO: Final = text(0)


def account(state: AccountAnswer, key: Key, omit_zeros: bool) -> Json:
    rights = key.rights
    return {
        "makerCommission": state.maker_fee * 10_000 // ONE,
        "takerCommission": state.taker_fee * 10_000 // ONE,
        "buyerCommission": 0,
        "sellerCommission": 0,
        "commissionRates": _rates(state.maker_fee, state.taker_fee),
        "canTrade": rights.spot_trading and state.standing.can_trade,
        "canWithdraw": rights.withdrawals,
        "canDeposit": True,
        "brokered": False,
        "requireSelfTradePrevention": False,
        "preventSor": False,
        "updateTime": state.updated_at // MILLISECOND,
        "accountType": state.standing.kind,
        "balances": [
            {"asset": it.asset, "free": text(it.free), "locked": text(it.locked)}
            for it in state.balances
            if not omit_zeros or it.free or it.locked
        ],
        "permissions": [state.standing.kind],
        "uid": account_number(state.name),
    }


def commission(symbol: str, state: AccountAnswer) -> Json:
    """Simplified: there are no taxes and no special fees."""
    return {
        "symbol": symbol,
        "standardCommission": _rates(state.maker_fee, state.taker_fee),
        "specialCommission": _rates(0, 0),
        "taxCommission": _rates(0, 0),
        "discount": _discount(state),
    }


def commission_of_order(state: AccountAnswer) -> Json:
    """What a test order would pay, simplified as in `commission`."""
    none = {"maker": _ZERO, "taker": _ZERO}
    return {
        "standardCommissionForOrder": {"maker": text(state.maker_fee), "taker": text(state.taker_fee)},
        "specialCommissionForOrder": none,
        "taxCommissionForOrder": none,
        "discount": _discount(state),
    }


def _discount(state: AccountAnswer) -> Json:
    """The rate that is left of fees which are paid in another asset."""
    is_enabled = bool(state.fee_asset)
    left = text(ONE - DISCOUNT) if is_enabled else _ZERO
    return {
        "enabledForAccount": is_enabled,
        "enabledForSymbol": is_enabled,
        "discountAsset": state.fee_asset or "BNB",
        "discount": left,
    }


def trade_fee(symbol: str, state: AccountAnswer) -> Json:
    return {"symbol": symbol, "makerCommission": short_text(state.maker_fee), "takerCommission": short_text(state.taker_fee)}


def api_restrictions(key: Key) -> Json:
    rights = key.rights
    shape: Json = {
        "ipRestrict": bool(rights.addresses),
        "createTime": key.created_at // MILLISECOND,
        "enableReading": rights.reading,
        "enableWithdrawals": rights.withdrawals,
        "enableInternalTransfer": False,
        "enableMargin": False,
        "enableFutures": False,
        "permitsUniversalTransfer": False,
        "enableVanillaOptions": False,
        "enableFixApiTrade": False,
        "enableFixReadOnly": False,
        "enableSpotAndMarginTrading": rights.spot_trading,
        "enablePortfolioMarginTrading": False,
    }
    if rights.expires_at:
        shape["tradingAuthorityExpirationTime"] = rights.expires_at // MILLISECOND
    return shape


def coins(rules: Iterable[SymbolRules], state: AccountAnswer) -> list[Json]:
    """All assets with the account's balances. Each has one made-up network, through which nothing moves."""
    balances = {it.asset: it for it in state.balances}
    assets = dict.fromkeys(asset for it in rules for asset in (it.base, it.quote)) | dict.fromkeys(balances)
    return [_coin(asset, *_free_and_locked(balances.get(asset))) for asset in assets]


def account_number(name: str) -> int:
    """A stable number for an account's name."""
    return int.from_bytes(name.encode()[:6].ljust(6, b"\0"))


def _free_and_locked(balance: Balance | None) -> tuple[int, int]:
    return (0, 0) if balance is None else (balance.free, balance.locked)


def _coin(asset: str, free: int, locked: int) -> Json:
    network: Json = {
        "network": asset,
        "coin": asset,
        "name": f"{asset} (practice)",
        "isDefault": True,
        "depositEnable": False,
        "withdrawEnable": False,
        "depositDesc": "practice money does not move",
        "withdrawDesc": "practice money does not move",
        "specialTips": "",
        "resetAddressStatus": False,
        "addressRegex": "",
        "memoRegex": "",
        "withdrawFee": _ZERO,
        "withdrawMin": _ZERO,
        "withdrawMax": _ZERO,
        "withdrawIntegerMultiple": "0.00000001",
        "minConfirm": 1,
        "unLockConfirm": 0,
        "sameAddress": False,
        "busy": False,
    }
    return {
        "coin": asset,
        "depositAllEnable": False,
        "free": text(free),
        "freeze": _ZERO,
        "ipoable": _ZERO,
        "ipoing": _ZERO,
        "isLegalMoney": False,
        "locked": text(locked),
        "name": asset,
        "networkList": [network],
        "storage": _ZERO,
        "trading": True,
        "withdrawAllEnable": False,
        "withdrawing": _ZERO,
    }


def _rates(maker: int, taker: int) -> Json:
    return {"maker": text(maker), "taker": text(taker), "buyer": _ZERO, "seller": _ZERO}
