"""What an account and a user may be, how they live, and who may do what."""

from typing import Any

import pytest
from tests.pure.people.registries import account, said, user

from fairway.money.amount import Amount
from fairway.orders.ids import KILL_EPOCH, SEQUENCE_MAX, ClientId
from fairway.orders.ids import Role as OrderRole
from fairway.people.account import KeyCheck, changed, check_account, rotated
from fairway.people.lifecycle import TRANSITIONS, AccountChange, LifecycleState
from fairway.people.problems import ChangeRefused
from fairway.people.roles import RULES, ActReach, Denial, UserAct, UserRole, denial, may
from fairway.people.user import changed as user_changed
from fairway.people.user import check_user

PRACTICE = {"mode": "practice", "url": "http://127.0.0.1:9100"}


def usdt(value: str) -> Amount:
    return Amount.of(value, "USDT")


def refused(sentence: str, **fields: Any) -> None:
    account_id = fields.pop("id", "main")
    with pytest.raises(ChangeRefused) as told:
        check_account(account(account_id, **fields))
    assert str(told.value) == sentence


def test_a_right_account_passes() -> None:
    """With all of its optional fields, and with none; the least and the most may be the same."""
    check_account(account())
    check_account(account(capital_min=usdt("100"), capital_max=usdt("100"), symbols=("BTC/USDT", "ETH/USDT"), **PRACTICE))
    check_account(account(mode="testnet", capital_max=usdt("0.01")))


@pytest.mark.parametrize("wrong", ["", "Main", "main-1", "a" * 13, "main\n", "mäin"])
def test_an_accounts_id_fits_into_an_orders_id(wrong: str) -> None:
    """Whatever does not is refused; what passes is read back from the order."""
    form = "1 to 12 small letters and digits, for it is part of every order's id; a right one is 'ann1'"
    refused(f"{wrong!r} is no account's id: {form}", id=wrong)
    longest = check_account(account("a" * 12)).id
    made = ClientId(longest, KILL_EPOCH, SEQUENCE_MAX, OrderRole.ENTRY, "k3x9q")
    assert ClientId.parse(str(made)) == made


def test_an_address_belongs_to_practice_and_only_there() -> None:
    """A file that says live and means practice, or the other way round, is refused."""
    needs = "mode practice needs the address that `fairway exchange serve` prints; a right one is http://127.0.0.1:9100"
    refused(f"url is missing: {needs}", mode="practice")
    refused("url is for mode practice, and the mode is live; leave one of them out", url="http://127.0.0.1:9100")
    right = "is no address of a venue; a right one is http://127.0.0.1:9100"
    for url in ("127.0.0.1:9100", "ftp://a", "http://", "http://user:password@a"):
        refused(f"url {url!r} {right}", mode="practice", url=url)


def test_symbols_are_pairs_of_one_currency() -> None:
    """Each once."""
    refused("'BTCUSDT' is no symbol; a right one is BTC/USDT", symbols=("BTC/USDT", "BTCUSDT"))
    refused("the symbol BTC/USDT stands twice; once is enough", symbols=("BTC/USDT", "BTC/USDT"))
    priced = "the symbols are priced in USDT and EUR; one account is traded in one currency"
    refused(priced, symbols=("BTC/USDT", "BTC/EUR"))


def test_capital_is_above_zero_in_one_currency_and_in_order() -> None:
    """The least is not above the most."""
    pair = "a right pair is '100 USDT' and '5000 USDT'"
    above = f"capital_min 100.01 USDT is above capital_max 100 USDT; {pair}"
    refused(above, capital_min=usdt("100.01"), capital_max=usdt("100"))
    for wrong in ("0", "-5"):
        refused(f"capital_max {wrong} USDT is not above zero; a right one is '5000 USDT'", capital_max=usdt(wrong))
    mixed = "capital_min 1 EUR and capital_max 2 USDT are in two currencies; write both in one"
    refused(mixed, capital_min=Amount.of("1", "EUR"), capital_max=usdt("2"))
    foreign = "capital_max 1 EUR is not in the currency of BTC/USDT; write it in that one"
    refused(foreign, capital_max=Amount.of("1", "EUR"), symbols=("BTC/USDT",))


def test_keys_are_bound_to_everything_that_says_where_they_go() -> None:
    """Another exchange, another network, another address: another venue."""
    venues = [account(), account(exchange="kraken"), account(mode="testnet"), account(**PRACTICE)]
    assert len({each.venue for each in venues}) == 4


@pytest.mark.parametrize("wrong", ["", "Ann", "ann lee", ".ann", "a" * 33, "ann\n"])
def test_a_users_id_is_plain(wrong: str) -> None:
    """It is typed often, and stands in a column."""
    with pytest.raises(ChangeRefused, match="is no user's id: up to 32 small letters, digits, dots, hyphens or underlines"):
        check_user(user(wrong))
    assert check_user(user("ann.lee-2_b")).id == "ann.lee-2_b"


def test_a_name_prints() -> None:
    """What could repaint a terminal is refused."""
    for name in ("x" * 81, "a\x1b[2J", "a\nb"):
        with pytest.raises(ChangeRefused, match="the name of user ann has more than 80 characters, or some that do not print"):
            check_user(user(name=name))


@pytest.mark.parametrize("state", list(LifecycleState))
@pytest.mark.parametrize("change", list(AccountChange))
def test_each_change_of_each_state_is_allowed_or_refused_with_advice(state: LifecycleState, change: AccountChange) -> None:
    """Of accounts and of users alike; who did it and why stand with the new state."""
    before = account(state=state, said=said("bob", "why not"))
    expected = TRANSITIONS.get((state, change))
    if expected is None:
        with pytest.raises(ChangeRefused, match=rf"account main is {state}, by bob \(why not\); "):
            changed(before, change, said("ann"))
        with pytest.raises(ChangeRefused, match=f"user ann is {state}, by operator; "):
            user_changed(user(state=state), change, said("ann"))
    else:
        after = changed(before, change, said("ann", "because", 9))
        assert (after.state, after.said) == (expected, said("ann", "because", 9))


def test_nothing_comes_back_from_removed_and_all_can_be_removed() -> None:
    """And nothing becomes active but by a person who resumes it."""
    assert {state for state, _ in TRANSITIONS} == set(LifecycleState) - {LifecycleState.REMOVED}
    assert {state for state, change in TRANSITIONS if change is AccountChange.REMOVE} == set(LifecycleState) - {
        LifecycleState.REMOVED
    }
    woken = {
        change
        for (state, change), after in TRANSITIONS.items()
        if after is LifecycleState.ACTIVE and state is not LifecycleState.ACTIVE
    }
    assert woken == {AccountChange.RESUME}


def test_new_keys_have_a_new_number_and_leave_the_states_reason() -> None:
    """Only of a deactivated account do they change the state, and so its reason."""
    new = rotated(account(state=LifecycleState.PAUSED, said=said("bob", "odd")), KeyCheck.NOT_TOLD, said("ann", "monthly", 30))
    assert (new.state, new.said, new.keys_version, new.keys_at) == (LifecycleState.PAUSED, said("bob", "odd"), 2, 30)
    revived = rotated(account(state=LifecycleState.DEACTIVATED), KeyCheck.SOUND, said("ann", "new", 30))
    assert (revived.state, revived.said) == (LifecycleState.PAUSED, said("ann", "new", 30))


def test_the_table_of_roles_says_something_of_each_act() -> None:
    """A role that may change another's accounts may pause them; a viewer changes nothing; admins can do all."""
    assert {role: set(acts) for role, acts in RULES.items()} == {role: set(UserAct) for role in UserRole}
    for role in UserRole:
        for to_self in (True, False):
            assert not may(role, UserAct.KEEP, to_self=to_self) or may(role, UserAct.PAUSE, to_self=to_self)
            assert not may(UserRole.VIEWER, UserAct.PAUSE, to_self=to_self)
            assert may(UserRole.ADMIN, UserAct.GOVERN, to_self=to_self)
    assert [role for role in UserRole if may(role, UserAct.PAUSE, to_self=False)] == [UserRole.ADMIN, UserRole.SUPPORT]
    assert [role for role in UserRole if may(role, UserAct.KEEP, to_self=False)] == [UserRole.ADMIN]
    assert RULES[UserRole.TRADER][UserAct.KEEP] is ActReach.SELF


@pytest.mark.parametrize("role", UserRole)
@pytest.mark.parametrize("act", UserAct)
def test_lowering_the_own_exposure_is_never_denied(role: UserRole, act: UserAct) -> None:
    """In no role, and not while paused. Everything else asks first whether the user is active, and then the table of roles."""
    for is_active in (True, False):
        assert denial(role, act, is_active=is_active, to_self=True, lowers=True) is None
    for to_self, lowers in ((True, False), (False, True), (False, False)):
        by_role = None if may(role, act, to_self=to_self) else Denial.FORBIDDEN
        assert denial(role, act, is_active=True, to_self=to_self, lowers=lowers) is by_role
        assert denial(role, act, is_active=False, to_self=to_self, lowers=lowers) is Denial.INACTIVE
