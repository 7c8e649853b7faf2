"""`fairway accounts`: whose money is traded where; added, shown, paused, resumed, given new keys, removed."""

from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import App, Parameter
from msgspec.structs import replace

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.exits import ExitCode, Failure
from fairway.cli.registry import TYPED, CommandPlace, check_references, keys_from, show_rows
from fairway.cli.shared_options import AccountId, Flag, WhyChanged
from fairway.money.amount import Amount, text_of
from fairway.people.account import Account, Cohort, KeyCheck, Mode
from fairway.people.lifecycle import AccountChange, LifecycleState
from fairway.people.problems import PeopleError
from fairway.people.secret import Keys
from fairway.world.clock import text_of as time_of

if TYPE_CHECKING:
    from fairway.people.registry import Registry

app = App(name="accounts", help="Accounts at venues: add, pause, resume and remove them, and give them new keys.")

HERE: Final = CommandPlace()
MANY: Final = Parameter(negative=(), consume_multiple=False)


@app.command(name="list")
@shows
def list_accounts(*, place: CommandPlace = HERE) -> CommandOutput:
    """Show all accounts, the removed ones too."""
    with place.opened() as (registry, _):
        accounts = registry.every_account()
        in_force = {account.id: account.state for account in registry.accounts()}
    if not accounts:
        none = "no accounts yet; add one with:  fairway accounts add ann1 --user ann --exchange binance --mode testnet"
        return CommandOutput(value={"accounts": []}, told=[none])
    rows = [_row(each, in_force.get(each.id, each.state)) for each in accounts]
    columns = ("account", "user", "venue", "capital", "state", "keys")
    value = [dict(zip(columns, row, strict=True)) for row in rows]
    return CommandOutput(value={"accounts": value}, told=lambda: show_rows(columns, rows))


@app.command
@shows
def show(account: AccountId, /, *, place: CommandPlace = HERE) -> CommandOutput:
    """Show one account, and all that was done to it."""
    with place.opened() as (registry, _):
        found, history = registry.account(account), registry.history(f"account {account}")
    said = found.said
    facts = {
        "account": found.id,
        "user": found.user,
        "venue": found.venue,
        "symbols": " ".join(found.symbols) or "what the bot trades",
        "capital": _capital(found),
        "cohort": found.cohort,
        "state": f"{found.state}, by {said.by} at {time_of(said.at)}{f': {said.reason}' if said.reason else ''}",
        "keys": f"{_keys_told(found)}; number {found.keys_version}, of {time_of(found.keys_at)}",
    }
    columns = ("at", "by", "what", "why")
    rows = [(time_of(each.at), each.author, each.what, each.reason) for each in history]

    def told() -> None:
        show_rows((), list(facts.items()))
        print()
        show_rows(columns, rows)

    value = {**facts, "symbols": list(found.symbols), "history": [dict(zip(columns, row, strict=True)) for row in rows]}
    return CommandOutput(value=value, told=told)


@app.command
def add(
    account: str,
    /,
    *,
    user: str,
    exchange: str,
    mode: Mode,
    url: str = "",
    symbol: Annotated[list[str] | None, MANY] = None,
    capital_min: str = "",
    capital_max: str = "",
    cohort: Cohort = Cohort.PUBLIC,
    key: str = TYPED,
    secret: str = TYPED,
    offline: Flag = False,
    reason: WhyChanged = "",
    place: CommandPlace = HERE,
) -> int:
    """Add an account and its keys. The venue is asked first: keys that may withdraw, or may not trade, are not taken in.

    Parameters
    ----------
    account: str
        The account's id, such as ann1; part of every order's id, and never used again.
    user: str
        Whose it is.
    exchange: str
        The exchange, by its name in ccxt, such as binance.
    mode: Mode
        practice: a served practice exchange. testnet: the exchange's test network. live: real money.
    url: str
        The address of a practice exchange, such as http://127.0.0.1:9100.
    symbol: list[str]
        A pair to trade, such as BTC/USDT; may be repeated. Without it, whatever the bot trades.
    capital_min: str
        With less it opens nothing, such as "100 USDT".
    capital_max: str
        Most that is put to work, such as "5000 USDT".
    cohort: Cohort
        team, trusted or public: from which stage of a launch on it is let in.
    key: str
        Where the API key is: env:NAME, file:PATH, or - to type it unseen or pipe it in.
    secret: str
        Where the API secret is, like the key; piped in it is the line after the key.
    offline: bool
        Do not ask the venue; the list then says "not checked".
    """
    check_references(key, secret)
    said = place.said(reason)
    wanted = Account(
        id=account,
        user=user,
        exchange=_known_exchange(exchange, url),
        mode=mode,
        url=url.rstrip("/"),
        symbols=tuple(symbol or ()),
        capital_min=_amount("capital_min", capital_min),
        capital_max=_amount("capital_max", capital_max),
        cohort=cohort,
        created_at=said.at,
        said=said,
        keys_at=said.at,
        key_check=KeyCheck.NOT_CHECKED,
    )
    with place.opened() as (registry, registrar):
        registrar.check_new(wanted)
        keys = keys_from(key, secret)
        _refuse_shared(registry, wanted, keys)
        check = _checked(wanted, keys, offline=offline)
        registrar.add_account(replace(wanted, key_check=check), keys)
    print(f"account {account} is added: {wanted.venue}, for {user}. A trader that runs takes it in within a second.")
    return ExitCode.OK


@app.command
def rotate(
    account: AccountId,
    /,
    *,
    key: str = TYPED,
    secret: str = TYPED,
    offline: Flag = False,
    reason: WhyChanged = "",
    place: CommandPlace = HERE,
) -> int:
    """Give an account new keys. The old ones go only when the venue has accepted the new ones.

    Parameters
    ----------
    key: str
        Where the new API key is: env:NAME, file:PATH, or - to type it unseen or pipe it in.
    secret: str
        Where the new API secret is, like the key.
    offline: bool
        Do not ask the venue; the list then says "not checked".
    """
    check_references(key, secret)
    with place.opened() as (registry, registrar):
        seen = registry.account(account)
        registrar.check_change(seen, AccountChange.ROTATE, place.said(reason))
        keys = keys_from(key, secret)
        _refuse_same(registry, account, keys)
        _refuse_shared(registry, seen, keys)
        changed = registrar.rotate_keys(seen, keys, _checked(seen, keys, offline=offline), place.said(reason))
    print(f"account {account} has new keys, number {changed.keys_version}. A trader that runs takes them in within a second.")
    if changed.state is LifecycleState.PAUSED:
        print(f'it is paused; to let it open positions:  fairway accounts resume {account} --reason "..."')
    print(f"Now delete the old key at {seen.exchange}.")
    return ExitCode.OK


@app.command(name="cohort")
def set_cohort(account: AccountId, cohort: Cohort, /, *, reason: WhyChanged, place: CommandPlace = HERE) -> int:
    """Put an account into another cohort. A launch that runs lets it in, or out, with its next lease.

    Parameters
    ----------
    cohort: Cohort
        team, trusted or public: a stage that is open to one is open to those before it.
    """
    with place.opened() as (_, registrar):
        changed = registrar.set_cohort(account, cohort, place.said(reason))
    print(f"account {account} is of the cohort {changed.cohort}")
    return ExitCode.OK


@app.command
def pause(account: AccountId, /, *, reason: WhyChanged = "", place: CommandPlace = HERE) -> int:
    """Pause an account: it opens nothing; what is held stays, and stays protected."""
    with place.opened() as (_, registrar):
        registrar.change_account(account, AccountChange.PAUSE, place.said(reason))
    print(f"account {account} is paused: it opens nothing; what is held stays, and stays protected")
    return ExitCode.OK


@app.command
def resume(account: AccountId, /, *, reason: WhyChanged, place: CommandPlace = HERE) -> int:
    """End an account's pause."""
    with place.opened() as (registry, registrar):
        changed = registrar.change_account(account, AccountChange.RESUME, place.said(reason))
        user = registry.user(changed.user)
    if user.state is LifecycleState.ACTIVE:
        print(f"account {account} is active: it may open positions")
    else:
        print(f"account {account} is active, but it opens nothing while user {user.id} is {user.state}")
    return ExitCode.OK


@app.command
def remove(account: AccountId, /, *, reason: WhyChanged, keep_positions: Flag = False, place: CommandPlace = HERE) -> int:
    """Remove an account for good: its keys are destroyed here, its history and its id stay.

    The venue is asked first: while it holds a position or an order of it, the account stays, for nobody would watch them.

    Parameters
    ----------
    keep_positions: bool
        Remove it all the same, and leave at the venue what is there.
    """
    with place.opened() as (registry, registrar):
        found = registry.account(account)
        registrar.check_change(found, AccountChange.REMOVE, place.said(reason))
        from fairway.cli.account_venue import check_left

        left = check_left(registry, found, keep_positions=keep_positions)
        registrar.change_account(account, AccountChange.REMOVE, place.said(reason))
    print(f"account {account} is removed: its keys are destroyed here, its history and its id stay.")
    print(f"At {found.exchange}: {left}. Now delete the key there: an older copy of the registry may still hold it.")
    return ExitCode.OK


def _known_exchange(exchange: str, url: str) -> str:
    from fairway.settings.model import PRACTICE_PROTOCOLS
    from fairway.texts.nearest import nearest
    from fairway.venues.registry import DEFAULT_KIND, KIND

    venue = KIND.named(DEFAULT_KIND)
    names = venue.exchanges()
    if names and exchange not in names:
        meant = nearest(exchange, names)
        hint = f"; did you mean {meant}?" if meant else "; a right one is binance"
        raise Failure(f"--exchange {exchange!r} is {venue.known_as}{hint}", ExitCode.USAGE)
    if url and exchange not in PRACTICE_PROTOCOLS:
        raise Failure(
            f"--exchange {exchange} cannot be reached at another address; the practice exchange is binance", ExitCode.USAGE
        )
    return exchange


def _amount(option: str, text: str) -> Amount | None:
    """`5000 USDT`. Raises Failure."""
    if not text:
        return None
    value, _, asset = text.strip().partition(" ")
    try:
        if asset.isalnum() and asset.isupper():
            return Amount.of(value, asset)
    except ValueError:
        pass
    raise Failure(f"{option} {text!r} is no amount of an asset; a right one is '5000 USDT'", ExitCode.USAGE)


def _refuse_same(registry: "Registry", account: str, keys: Keys) -> None:
    """Whoever rotated to the same keys would then delete them at the venue."""
    try:
        old = registry.keys_of(account)
    except PeopleError:
        return  # they do not open, which is why there are new ones
    if old.key.reveal() == keys.key.reveal():
        raise Failure(f"account {account} has this key already; make a new one at the venue first", ExitCode.NO)


def _refuse_shared(registry: "Registry", wanted: Account, keys: Keys) -> None:
    """Two accounts with one key are one account at the venue: each would trade what is the other's. Raises Failure."""
    place = wanted.exchange, wanted.mode, wanted.url
    for each in registry.accounts():
        if each.id == wanted.id or (each.exchange, each.mode, each.url) != place:
            continue
        try:
            its = registry.keys_of(each.id)
        except PeopleError:
            continue  # they do not open, which is told where they are needed
        if its.key.reveal() == keys.key.reveal():
            what = f"account {each.id} trades with this key, and two accounts of one key would trade the same money"
            raise Failure(f"{what}; make another account or sub-account at the venue, with a key of its own", ExitCode.NO)


def _checked(account: Account, keys: Keys, *, offline: bool) -> KeyCheck:
    """What the venue says of the keys, which is shown. Raises Failure where they are not to be taken in."""
    if offline:
        print("the venue was not asked: whether these keys are right, and may not withdraw, is not checked")
        return KeyCheck.NOT_CHECKED
    from fairway.cli.account_venue import check_keys  # it brings ccxt, for which other commands need not wait

    check, findings = check_keys(account, keys)
    show_rows((), [(each.verdict, each.check, f"{each.found}{f'; {each.advice}' if each.advice else ''}") for each in findings])
    return check


def _row(account: Account, in_force: LifecycleState) -> tuple[str, ...]:
    state = account.state if account.state is in_force else f"{in_force} (user)"
    venue = f"{account.exchange} {account.mode}"
    user = account.user if account.cohort is Cohort.PUBLIC else f"{account.user} ({account.cohort})"
    return account.id, user, venue, _capital(account), state, _keys_told(account)


def _capital(account: Account) -> str:
    least, most = account.capital_min, account.capital_max
    if least is not None and most is not None:
        return f"{text_of(least.value)} to {most}"
    return f"from {least}" if least is not None else f"up to {most}" if most is not None else "all of it"


def _keys_told(account: Account) -> str:
    return "destroyed" if account.state is LifecycleState.REMOVED else account.key_check
