"""`fairway accounts`: whose money is traded where; added, shown, paused, resumed, given new keys, removed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import App, Parameter

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.exits import ExitCode
from fairway.cli.perform import outcome_of, perform_here
from fairway.cli.printing import say
from fairway.cli.registry import TYPED_KEYS, CommandPlace, KeyOptions, show_rows
from fairway.cli.shared_options import AccountId, Flag, WhyChanged
from fairway.money.amount import text_of
from fairway.people.account import Account, Cohort, Mode
from fairway.people.lifecycle import LifecycleState
from fairway.world.clock import text_of as time_of

if TYPE_CHECKING:
    from fairway.operations.people.account_keys import KeysOutcome

app = App(name="accounts", help="Accounts at venues: add, pause, resume and remove them, and give them new keys.")

HERE: Final = CommandPlace()
MANY: Final = Parameter(negative=(), consume_multiple=False)


@app.command(name="list")
@shows
def list_accounts(*, place: CommandPlace = HERE) -> CommandOutput:
    """Show all accounts, the removed ones too."""
    from fairway.operations.people.listings import LIST_ACCOUNTS, ListRequest

    accounts = outcome_of(LIST_ACCOUNTS, ListRequest(place=place.where), place.by).accounts
    if not accounts:
        none = "no accounts yet; add one with:  fairway accounts add ann1 --user ann --exchange binance --mode testnet"
        return CommandOutput(value={"accounts": []}, text=[none])
    rows = [_row(each.account, each.in_force) for each in accounts]
    columns = ("account", "user", "venue", "capital", "state", "keys")
    value = [dict(zip(columns, row, strict=True)) for row in rows]
    return CommandOutput(value={"accounts": value}, text=lambda: show_rows(columns, rows))


@app.command
@shows
def show(account: AccountId, /, *, place: CommandPlace = HERE) -> CommandOutput:
    """Show one account, and all that was done to it."""
    from fairway.operations.people.listings import SHOW_ACCOUNT, ShowAccountRequest

    shown = outcome_of(SHOW_ACCOUNT, ShowAccountRequest(place=place.where, account=account), place.by)
    facts, columns = _facts(shown.account), ("at", "by", "what", "why")
    rows = [(time_of(each.at), each.author, each.what, each.reason) for each in shown.history]

    def show_all() -> None:
        show_rows((), list(facts.items()))
        print()
        show_rows(columns, rows)

    history = [dict(zip(columns, row, strict=True)) for row in rows]
    return CommandOutput(value={**facts, "symbols": list(shown.account.symbols), "history": history}, text=show_all)


def _facts(found: Account) -> dict[str, str]:
    """By name, what is shown of one account."""
    said = found.said
    return {
        "account": found.id,
        "user": found.user,
        "venue": found.venue,
        "symbols": " ".join(found.symbols) or "what the bot trades",
        "capital": _capital(found),
        "cohort": found.cohort,
        "state": f"{found.state}, by {said.by} at {time_of(said.at)}{f': {said.reason}' if said.reason else ''}",
        "keys": f"{_keys_state(found)}; number {found.keys_version}, of {time_of(found.keys_at)}",
    }


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOptions:
    """What an account is, besides its id and its keys.

    Parameters
    ----------
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
    """

    user: str
    exchange: str
    mode: Mode
    url: str = ""
    symbol: Annotated[list[str] | None, MANY] = None
    capital_min: str = ""
    capital_max: str = ""
    cohort: Cohort = Cohort.PUBLIC


@app.command
def add(
    account: str,
    /,
    *,
    new: AccountOptions,
    keys: KeyOptions = TYPED_KEYS,
    reason: WhyChanged = "",
    place: CommandPlace = HERE,
) -> int:
    """Add an account and its keys. The venue is asked first: keys that may withdraw, or may not trade, are not taken in.

    Parameters
    ----------
    account: str
        The account's id, such as ann1; part of every order's id, and never used again.
    """
    keys.check()
    from fairway.operations.people.account_keys import ADD_ACCOUNT, AddAccountRequest

    request = AddAccountRequest(
        place=place.where,
        account=account,
        user=new.user,
        exchange=new.exchange,
        mode=new.mode,
        url=new.url,
        symbols=tuple(new.symbol or ()),
        capital_min=new.capital_min,
        capital_max=new.capital_max,
        cohort=new.cohort,
        is_offline=keys.offline,
        reason=reason,
        keys=keys.read,
    )
    return _show_keys(outcome_of(ADD_ACCOUNT, request, place.by))


@app.command
def rotate(account: AccountId, /, *, keys: KeyOptions = TYPED_KEYS, reason: WhyChanged = "", place: CommandPlace = HERE) -> int:
    """Give an account new keys. The old ones go only when the venue has accepted the new ones."""
    keys.check()
    from fairway.operations.people.account_keys import ROTATE_KEYS, RotateKeysRequest

    request = RotateKeysRequest(place=place.where, account=account, is_offline=keys.offline, reason=reason, keys=keys.read)
    return _show_keys(outcome_of(ROTATE_KEYS, request, place.by))


@app.command(name="cohort")
def set_cohort(account: AccountId, cohort: Cohort, /, *, reason: WhyChanged, place: CommandPlace = HERE) -> int:
    """Put an account into another cohort. A launch that runs lets it in, or out, with its next lease.

    Parameters
    ----------
    cohort: Cohort
        team, trusted or public: a stage that is open to one is open to those before it.
    """
    from fairway.operations.people.accounts import SET_COHORT, CohortRequest

    request = CohortRequest(place=place.where, account=account, cohort=cohort, reason=reason)
    return perform_here(SET_COHORT, request, place.by)


@app.command
def capital(
    account: AccountId,
    /,
    *,
    at_least: str = "",
    at_most: str = "",
    reason: WhyChanged,
    place: CommandPlace = HERE,
) -> int:
    """Change how much of an account is put to work. A trader that runs takes it in; what is held stays, and stays protected.

    Parameters
    ----------
    at_least: str
        With less it opens nothing, such as "100 USDT"; none for no bound. As it is where it is left out.
    at_most: str
        Most that is put to work, such as "5000 USDT"; none for no bound. As it is where it is left out.
    """
    from fairway.operations.people.account_capital import SET_CAPITAL, CapitalRequest

    request = CapitalRequest(place=place.where, account=account, capital_min=at_least, capital_max=at_most, reason=reason)
    return perform_here(SET_CAPITAL, request, place.by)


@app.command
def lower_capital(
    account: AccountId,
    /,
    *,
    at_least: str = "",
    at_most: str = "",
    reason: WhyChanged = "",
    place: CommandPlace = HERE,
) -> int:
    """Let an account put less to work. It is refused where it would put more to work; so users may do it to their own accounts.

    Parameters
    ----------
    at_least: str
        With less it opens nothing, such as "100 USDT". As it is where it is left out.
    at_most: str
        Most that is put to work, such as "1000 USDT". As it is where it is left out.
    """
    from fairway.operations.people.account_capital import LOWER_CAPITAL, CapitalRequest

    request = CapitalRequest(place=place.where, account=account, capital_min=at_least, capital_max=at_most, reason=reason)
    return perform_here(LOWER_CAPITAL, request, place.by)


@app.command
def pause(account: AccountId, /, *, reason: WhyChanged = "", place: CommandPlace = HERE) -> int:
    """Pause an account: it opens nothing; what is held stays, and stays protected."""
    from fairway.operations.people.accounts import PAUSE_ACCOUNT, AccountRequest

    return perform_here(PAUSE_ACCOUNT, AccountRequest(place=place.where, account=account, reason=reason), place.by)


@app.command
def resume(account: AccountId, /, *, reason: WhyChanged, place: CommandPlace = HERE) -> int:
    """End an account's pause."""
    from fairway.operations.people.accounts import RESUME_ACCOUNT, AccountRequest

    return perform_here(RESUME_ACCOUNT, AccountRequest(place=place.where, account=account, reason=reason), place.by)


@app.command
def remove(account: AccountId, /, *, reason: WhyChanged, keep_positions: Flag = False, place: CommandPlace = HERE) -> int:
    """Remove an account for good: its keys are destroyed here, its history and its id stay.

    The venue is asked first: while it holds a position or an order of it, the account stays.

    Parameters
    ----------
    keep_positions: bool
        Remove it all the same, and leave at the venue what is there.
    """
    from fairway.operations.people.accounts import REMOVE_ACCOUNT, RemoveAccountRequest

    request = RemoveAccountRequest(place=place.where, account=account, reason=reason, keep_positions=keep_positions)
    return perform_here(REMOVE_ACCOUNT, request, place.by)


def _show_keys(outcome: "KeysOutcome") -> int:
    """What the venue says of the keys, as a table, and what was done."""
    if outcome.findings:
        found = [
            (each.verdict, each.check, f"{each.found}{f'; {each.advice}' if each.advice else ''}") for each in outcome.findings
        ]
        show_rows((), found)
    for line in outcome.lines:
        say(line)
    return ExitCode.OK


def _row(account: Account, in_force: LifecycleState) -> tuple[str, ...]:
    state = account.state if account.state is in_force else f"{in_force} (user)"
    venue = f"{account.exchange} {account.mode}"
    user = account.user if account.cohort is Cohort.PUBLIC else f"{account.user} ({account.cohort})"
    return account.id, user, venue, _capital(account), state, _keys_state(account)


def _capital(account: Account) -> str:
    least, most = account.capital_min, account.capital_max
    if least is not None and most is not None:
        return f"{text_of(least.value)} to {most}"
    return f"from {least}" if least is not None else f"up to {most}" if most is not None else "all of it"


def _keys_state(account: Account) -> str:
    return "destroyed" if account.state is LifecycleState.REMOVED else account.key_check
