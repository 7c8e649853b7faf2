"""Accounts and users: what opens nothing says why, and what was not checked is not fine."""

from msgspec.structs import replace

from fairway.money.amount import Amount
from fairway.operations.people.listings import ListedAccount, ListedUser
from fairway.panel.pages.accounts_facts import RegisteredAccountFacts, account_facts
from fairway.panel.pages.users_facts import user_facts
from fairway.panel.state_marks import Mark
from fairway.people.account import Account, KeyCheck
from fairway.people.lifecycle import AccountChange, LifecycleState
from fairway.people.roles import UserRole
from fairway.people.user import ChangeNote, Profile, User

NOTE = ChangeNote(by="ada", reason="on holiday", at=1_000)
ACCOUNT = Account(
    id="ann1",
    user="ann",
    exchange="binance",
    mode="testnet",
    capital_max=Amount.of("5000", "USDT"),
    created_at=1,
    said=NOTE,
    keys_at=1,
    key_check=KeyCheck.SOUND,
)
USER = User(id="ann", name="", role=UserRole.TRADER, profile=Profile.MODERATE, created_at=1, said=NOTE)


def facts(account: Account = ACCOUNT, in_force: LifecycleState = LifecycleState.ACTIVE) -> RegisteredAccountFacts:
    return account_facts(ListedAccount(account=account, in_force=in_force), None, {"ann": Profile.MODERATE})


def test_an_account_that_no_trader_carries_is_held() -> None:
    found = facts()
    assert (found.state, found.state_mark, found.why_not) == ("active", Mark.HELD, "no trader carries it yet")
    assert (found.capital, found.worth, found.profile) == ("5,000 USDT at most", "—", "moderate")


def test_an_account_of_a_paused_user_says_that_it_is_the_user() -> None:
    assert facts(in_force=LifecycleState.PAUSED).why_not == "its user is paused"


def test_a_paused_account_says_who_paused_it_and_why() -> None:
    paused = replace(ACCOUNT, state=LifecycleState.PAUSED)
    assert facts(paused, LifecycleState.PAUSED).why_not == "by ada: on holiday"


def test_keys_that_were_not_checked_are_unknown() -> None:
    assert facts().keys_mark is Mark.GOOD
    assert facts(replace(ACCOUNT, key_check=KeyCheck.NOT_CHECKED)).keys_mark is Mark.UNKNOWN


def test_a_user_is_shown_with_what_its_state_allows() -> None:
    found = user_facts(ListedUser(user=USER, accounts=("ann1",), has_second_factor=False))
    assert found.possible >= {AccountChange.PAUSE, AccountChange.REMOVE}
    assert AccountChange.RESUME not in found.possible
    assert (found.second_factor, found.second_factor_mark) == ("password alone", Mark.PENDING)
    assert (found.name, found.state_why) == ("—", "")


def test_a_paused_user_says_why() -> None:
    found = user_facts(ListedUser(user=replace(USER, state=LifecycleState.PAUSED), accounts=(), has_second_factor=True))
    assert (found.state_mark, found.state_why) == (Mark.HELD, "by ada: on holiday")
