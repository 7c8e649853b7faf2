"""Operations on the capital of an account: change its bounds, or lower them, which needs no permission but the account's own."""

from dataclasses import dataclass
from typing import Final

from fairway.money.amount import Amount
from fairway.operations.operation import Call, Exposure, Of, Operation, Preview, Subject
from fairway.operations.people.account_keys import amount_of
from fairway.operations.people.accounts import AccountOutcome, AccountRequest
from fairway.operations.people.registry_place import note_of
from fairway.people.account import Account, capital_text, has_less_capital, with_capital
from fairway.people.roles import UserAct

NO_BOUND: Final = "none"
TAKEN: Final = "a trader that runs takes it in within a second; what is held stays, and stays protected"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapitalRequest(AccountRequest):
    """capital_min, capital_max: such as "5000 USDT", "none" for no bound, "" for the one that it has."""

    capital_min: str = ""
    capital_max: str = ""


def perform_capital(call: Call[CapitalRequest]) -> AccountOutcome:
    """Raises Refusal, ChangeRefused, StoreErrors."""
    asked = call.request
    with asked.place.opened() as (registry, registrar):
        least, most = _bounds(asked, registry.account(asked.account))
        changed = registrar.set_capital(asked.account, least, most, note_of(call, asked.reason))
    return _outcome(changed)


def perform_lower(call: Call[CapitalRequest]) -> AccountOutcome:
    """Raises Refusal, ChangeRefused, StoreErrors."""
    asked = call.request
    with asked.place.opened() as (registry, registrar):
        least, most = _bounds(asked, registry.account(asked.account))
        changed = registrar.lower_capital(asked.account, least, most, note_of(call, asked.reason))
    return _outcome(changed)


def _bounds(asked: CapitalRequest, account: Account) -> tuple[Amount | None, Amount | None]:
    """Raises Refusal."""
    least = _bound("capital_min", asked.capital_min, account.capital_min)
    return least, _bound("capital_max", asked.capital_max, account.capital_max)


def _bound(name: str, text: str, before: Amount | None) -> Amount | None:
    if not text.strip():
        return before
    return None if text.strip() == NO_BOUND else amount_of(name, text)


def _outcome(changed: Account) -> AccountOutcome:
    line = f"account {changed.id} puts to work: {capital_text(changed)}; {TAKEN}"
    return AccountOutcome(account=changed.id, state=changed.state, lines=(line,))


def _preview(call: Call[CapitalRequest]) -> Preview:
    """Raises Refusal, ChangeRefused, StoreErrors."""
    asked = call.request
    with asked.place.opened() as (registry, _):
        before = registry.account(asked.account)
    if not asked.capital_min.strip() and not asked.capital_max.strip():
        said = f"puts to work what is named here, such as 5000 USDT, instead of {capital_text(before)}; {TAKEN}"
        return Preview(effect=said, accounts=(before.id,))
    changed = with_capital(before, *_bounds(asked, before))
    more = "" if has_less_capital(changed, before) else ", which lets it put more to work"
    return Preview(
        effect=f"puts to work: {capital_text(changed)}, instead of {capital_text(before)}{more}; {TAKEN}", accounts=(before.id,)
    )


SET_CAPITAL = Operation(
    name="accounts capital",
    summary="Change how much of an account is put to work.",
    act=UserAct.KEEP,
    exposure=Exposure.RAISES,
    request=CapitalRequest,
    subject=lambda request: Subject(Of.ACCOUNT, request.account),
    preview=_preview,
    perform=perform_capital,
)
LOWER_CAPITAL = Operation(
    name="accounts lower-capital",
    summary="Let an account put less to work than before.",
    act=UserAct.PAUSE,
    exposure=Exposure.LOWERS,
    request=CapitalRequest,
    subject=lambda request: Subject(Of.ACCOUNT, request.account),
    preview=_preview,
    perform=perform_lower,
)
OPERATIONS: Final = (SET_CAPITAL, LOWER_CAPITAL)
