"""Operations that bring API keys: add an account with its keys, and give an account new keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from msgspec.structs import replace

from fairway.money.amount import Amount
from fairway.operations.finding import DoctorFinding
from fairway.operations.operation import Call, Exposure, Of, Operation, Preview, Subject
from fairway.operations.people.accounts import AccountOutcome, AccountRequest
from fairway.operations.people.registry_place import RegistryPlace, note_of
from fairway.operations.refusal import against_rule, wrong_input
from fairway.people.account import Account, Cohort, KeyCheck, Mode
from fairway.people.lifecycle import AccountChange, LifecycleState
from fairway.people.problems import PeopleError
from fairway.people.registry import Registry
from fairway.people.roles import UserAct
from fairway.people.secret import Keys

KeySource = Callable[[], Keys]
"""Called only after everything else is checked, so that no person types keys in vain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAccountRequest:
    """account: an id that was never used. exchange: its name in ccxt. url: the address of a practice exchange.

    symbols: pairs to trade, none for those of the bot. capital_min, capital_max: such as "5000 USDT", "" for no bound.
    is_offline: the venue is not asked about the keys.
    """

    place: RegistryPlace
    account: str
    user: str
    exchange: str
    mode: Mode
    url: str = ""
    symbols: tuple[str, ...] = ()
    capital_min: str = ""
    capital_max: str = ""
    cohort: Cohort = Cohort.PUBLIC
    is_offline: bool = False
    reason: str = ""
    keys: KeySource = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateKeysRequest(AccountRequest):
    """is_offline: the venue is not asked about the keys."""

    is_offline: bool = False
    keys: KeySource = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysOutcome(AccountOutcome):
    """findings: what the venue says about the keys, none where it was not asked. keys_version: their number, from 1."""

    keys_version: int
    findings: tuple[DoctorFinding, ...]


def perform_add(call: Call[AddAccountRequest]) -> KeysOutcome:
    """Raises Refusal, ChangeRefused, SecretUnusable, StoreErrors, VaultErrors."""
    asked, wanted = call.request, _wanted(call)
    with asked.place.opened() as (registry, registrar):
        registrar.check_new(wanted)
        keys = asked.keys()
        _refuse_shared(registry, wanted, keys)
        check, findings = _checked(wanted, keys, is_offline=asked.is_offline)
        registrar.add_account(replace(wanted, key_check=check), keys)
    lines = [f"account {wanted.id} is added: {wanted.venue}, for {wanted.user}. A trader that runs takes it in within a second."]
    return _outcome(wanted, [*_unchecked(asked.is_offline), *lines], findings)


def _wanted(call: Call[AddAccountRequest]) -> Account:
    """The account, whose keys are not checked yet. Raises Refusal."""
    asked, note = call.request, note_of(call, call.request.reason)
    return Account(
        id=asked.account,
        user=asked.user,
        exchange=_known_exchange(asked.exchange, asked.url),
        mode=asked.mode,
        url=asked.url.rstrip("/"),
        symbols=asked.symbols,
        capital_min=amount_of("capital_min", asked.capital_min),
        capital_max=amount_of("capital_max", asked.capital_max),
        cohort=asked.cohort,
        created_at=note.at,
        said=note,
        keys_at=note.at,
        key_check=KeyCheck.NOT_CHECKED,
    )


def _known_exchange(exchange: str, url: str) -> str:
    """Raises Refusal."""
    from fairway.settings.venue import PRACTICE_PROTOCOLS
    from fairway.texts.nearest import nearest
    from fairway.venues.registry import DEFAULT_KIND, KIND

    venue = KIND.named(DEFAULT_KIND)
    names = venue.exchanges()
    code = f"EXCHANGE_UNKNOWN: exchange={exchange}"
    if names and exchange not in names:
        meant = nearest(exchange, names)
        hint = f"; did you mean {meant}?" if meant else "; a right one is binance"
        raise wrong_input(code, f"{exchange!r} is {venue.known_as}{hint}", field="exchange")
    if url and exchange not in PRACTICE_PROTOCOLS:
        why = f"{exchange} cannot be reached at another address; the practice exchange is binance"
        raise wrong_input(code, why, field="exchange")
    return exchange


def amount_of(name: str, text: str) -> Amount | None:
    """Of a text such as `5000 USDT`. Raises Refusal."""
    if not text:
        return None
    value, _, asset = text.strip().partition(" ")
    try:
        if asset.isalnum() and asset.isupper():
            return Amount.of(value, asset)
    except ValueError:
        pass
    raise wrong_input(f"AMOUNT_WRONG: {name}={text}", f"{name} {text!r} is no amount of an asset; a right one is '5000 USDT'")


def perform_rotate(call: Call[RotateKeysRequest]) -> KeysOutcome:
    """The old keys go only when the venue has accepted the new ones.

    Raises Refusal, ChangeRefused, SecretUnusable, StoreErrors, VaultErrors.
    """
    asked = call.request
    with asked.place.opened() as (registry, registrar):
        seen = registry.account(asked.account)
        registrar.check_change(seen, AccountChange.ROTATE, note_of(call, asked.reason))
        keys = asked.keys()
        _refuse_same(registry, seen.id, keys)
        _refuse_shared(registry, seen, keys)
        check, findings = _checked(seen, keys, is_offline=asked.is_offline)
        changed = registrar.rotate_keys(seen, keys, check, note_of(call, asked.reason))
    lines = [f"account {seen.id} has new keys, number {changed.keys_version}. A trader that runs takes them in within a second."]
    if changed.state is LifecycleState.PAUSED:
        lines.append(f'it is paused; to let it open positions:  fairway accounts resume {seen.id} --reason "..."')
    lines.append(f"Now delete the old key at {seen.exchange}.")
    return _outcome(changed, [*_unchecked(asked.is_offline), *lines], findings)


def _refuse_same(registry: Registry, account: str, keys: Keys) -> None:
    """A person who rotated to the same key would then delete it at the venue. Raises Refusal."""
    try:
        old = registry.keys_of(account)
    except PeopleError:
        return  # they do not open, which is why there are new ones
    if old.key.reveal() == keys.key.reveal():
        raise against_rule(
            f"KEY_NOT_NEW: account={account}", f"account {account} has this key already; make a new one at the venue first"
        )


def _refuse_shared(registry: Registry, wanted: Account, keys: Keys) -> None:
    """Two accounts with one key are one account at the venue: each would trade the other's assets. Raises Refusal."""
    place = wanted.exchange, wanted.mode, wanted.url
    for each in registry.accounts():
        if each.id == wanted.id or (each.exchange, each.mode, each.url) != place:
            continue
        try:
            its = registry.keys_of(each.id)
        except PeopleError:
            continue  # an operation that needs these keys reports that they do not open
        if its.key.reveal() == keys.key.reveal():
            what = f"account {each.id} trades with this key, and two accounts of one key would trade the same money"
            raise against_rule(
                f"KEY_SHARED: account={each.id}",
                f"{what}; make another account or sub-account at the venue, with a key of its own",
            )


def _checked(account: Account, keys: Keys, *, is_offline: bool) -> tuple[KeyCheck, Sequence[DoctorFinding]]:
    """What the venue says of the keys. Raises Refusal where they must not be stored."""
    if is_offline:
        return KeyCheck.NOT_CHECKED, ()
    from fairway.operations.people.account_venue import check_keys  # it imports the venue's library

    return check_keys(account, keys)


def _unchecked(is_offline: bool) -> list[str]:
    line = "the venue was not asked: whether these keys are right, and may not withdraw, is not checked"
    return [line] if is_offline else []


def _outcome(account: Account, lines: Sequence[str], findings: Sequence[DoctorFinding]) -> KeysOutcome:
    return KeysOutcome(
        account=account.id,
        state=account.state,
        keys_version=account.keys_version,
        findings=tuple(findings),
        lines=tuple(lines),
    )


def preview_add(call: Call[AddAccountRequest]) -> Preview:
    """What would be added; no keys are asked for. Raises Refusal, ChangeRefused, StoreErrors, VaultErrors."""
    wanted = _wanted(call)
    with call.request.place.opened() as (_, registrar):
        registrar.check_new(wanted)
    return Preview(effect=f"adds the account {wanted.id} at {wanted.venue}, for {wanted.user}", accounts=(wanted.id,))


def preview_rotate(call: Call[RotateKeysRequest]) -> Preview:
    """What would change; no keys are asked for. Raises ChangeRefused, StoreErrors, VaultErrors."""
    asked = call.request
    with asked.place.opened() as (registry, registrar):
        seen = registry.account(asked.account)
        registrar.check_change(seen, AccountChange.ROTATE, note_of(call, asked.reason))
    return Preview(effect=f"replaces the keys with number {seen.keys_version} by new ones", accounts=(seen.id,))


ADD_ACCOUNT = Operation(
    name="accounts add",
    summary="Add an account and its keys.",
    act=UserAct.KEEP,
    exposure=Exposure.RAISES,
    request=AddAccountRequest,
    subject=lambda asked: Subject(Of.USER, asked.user),
    preview=preview_add,
    perform=perform_add,
)
ROTATE_KEYS = Operation(
    name="accounts rotate",
    summary="Give an account new keys.",
    act=UserAct.KEEP,
    exposure=Exposure.KEEPS,
    request=RotateKeysRequest,
    subject=lambda asked: Subject(Of.ACCOUNT, asked.account),
    preview=preview_rotate,
    perform=perform_rotate,
)
OPERATIONS: Final = (ADD_ACCOUNT, ROTATE_KEYS)
