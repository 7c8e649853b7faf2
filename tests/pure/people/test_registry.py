"""The registry in both databases: nothing is lost, no id comes back, and each change says who and why."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from tests.pure.people.registries import FRESH, KEYS, Ground, account, said, user

from fairway.money.amount import Amount
from fairway.people.account import Account, Cohort, KeyCheck
from fairway.people.lifecycle import AccountChange, LifecycleState
from fairway.people.master_key import KEY_BYTES, MasterKey
from fairway.people.problems import ChangeRefused, WrongMasterKey
from fairway.people.roles import UserRole
from fairway.people.secret import Keys, Secret
from fairway.people.user import Profile
from fairway.store.failures import StoreError, StoreLocked


@pytest.fixture(params=["sqlite", "postgres"])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    """The same promises hold in both."""
    place = request.getfixturevalue("postgres") if request.param == "postgres" else tmp_path / "fairway.people"
    with closing(Ground(place)) as ground:
        yield ground


@pytest.fixture
def begun(ground: Ground) -> Ground:
    """With ann, a trader, and her account main."""
    ground.registrar.add_user(user())
    ground.registrar.add_account(account(), KEYS)
    return ground


def revealed(ground: Ground, account_id: str = "main") -> tuple[str, str]:
    keys = ground.registry.keys_of(account_id)
    return keys.key.reveal(), keys.secret.reveal()


def test_what_was_added_is_read_by_another_process(ground: Ground) -> None:
    """Every field of it."""
    ann, bob = user(), user("bob", UserRole.ADMIN, name="", profile=Profile.AGGRESSIVE)
    plain = account()
    rich = account(
        "b2",
        "bob",
        mode="practice",
        url="http://127.0.0.1:9100",
        symbols=("BTC/USDT", "ETH/USDT"),
        capital_min=Amount.of("100", "USDT"),
        capital_max=Amount.of("5000.5", "USDT"),
        key_check=KeyCheck.NOT_CHECKED,
    )
    for each in (ann, bob):
        ground.registrar.add_user(each)
    for it in (plain, rich):
        ground.registrar.add_account(it, KEYS)
    other = ground.again().registry
    assert other.users() == [ann, bob]
    assert other.every_account() == [rich, plain]
    assert other.accounts() == [rich, plain]
    assert (other.user("ann"), other.account("b2")) == (ann, rich)
    assert revealed(ground, "b2") == ("key-0123456789", "secret-0123456789")


def test_a_trader_sees_that_something_changed(begun: Ground) -> None:
    """Once for each change, and not for a refused one."""
    version = begun.registry.version()
    assert version == 2
    assert not begun.registry.changed_since(version)
    begun.again().registrar.change_account("main", AccountChange.PAUSE, said())
    assert begun.registry.changed_since(version)
    version = begun.registry.version()
    with pytest.raises(ChangeRefused):
        begun.registrar.change_account("main", AccountChange.PAUSE, said())
    assert not begun.registry.changed_since(version)


def states(ground: Ground) -> list[tuple[str, str]]:
    return [(each.id, each.state) for each in ground.registry.accounts()]


def test_an_account_is_paused_and_resumed(begun: Ground) -> None:
    """It is carried all the while; who and why stand with the state."""
    assert states(begun) == [("main", "active")]
    begun.registrar.change_account("main", AccountChange.PAUSE, said("ann", "holiday", 9))
    assert states(begun) == [("main", "paused")]
    assert begun.registry.account("main").said == said("ann", "holiday", 9)
    begun.registrar.change_account("main", AccountChange.RESUME, said("ann", "back", 10))
    assert states(begun) == [("main", "active")]


def test_a_paused_user_pauses_all_accounts(begun: Ground) -> None:
    """They come back with the user, but for those that were paused by themselves."""
    for name, change in (("gone", AccountChange.REMOVE), ("second", AccountChange.PAUSE), ("shut", AccountChange.DEACTIVATE)):
        begun.registrar.add_account(account(name), KEYS)
        begun.registrar.change_account(name, change, said(reason="by itself"))
    begun.registrar.change_user("ann", AccountChange.PAUSE, said("bob", "odd orders", 9))
    assert states(begun) == [("main", "paused"), ("second", "paused")]
    assert [each.said.reason for each in begun.registry.accounts()] == ["odd orders", "by itself"]
    begun.registrar.change_user("ann", AccountChange.RESUME, said(reason="explained"))
    assert states(begun) == [("main", "active"), ("second", "paused")]


def test_a_deactivated_account_is_not_carried_until_it_has_new_keys_and_is_resumed(begun: Ground) -> None:
    """New keys make it usable; that it trades again is a person's word. That keys are refused is told whatever one's role."""
    begun.registrar.add_user(user("trader", UserRole.VIEWER))
    seen = begun.registrar.change_account("main", AccountChange.DEACTIVATE, said("trader", "API-key format invalid."))
    assert states(begun) == []
    with pytest.raises(ChangeRefused, match="the venue refuses its keys, so give it new ones first: fairway accounts rotate"):
        begun.registrar.change_account("main", AccountChange.RESUME, said(reason="please"))
    begun.registrar.rotate_keys(seen, KEYS, KeyCheck.SOUND, said("ann", "new ones"))
    assert states(begun) == [("main", "paused")]
    assert begun.registry.account("main").said.reason == "new ones"
    begun.registrar.change_account("main", AccountChange.RESUME, said(reason="checked"))
    assert states(begun) == [("main", "active")]


def test_new_keys_take_the_place_of_the_old_ones(begun: Ground) -> None:
    """With a number of their own; the state and its reason stay."""
    new = Keys(Secret("another-key"), Secret("another-secret"))
    changed = begun.registrar.rotate_keys(begun.registry.account("main"), new, KeyCheck.NOT_TOLD, said("ann", "monthly", 20))
    assert changed == begun.registry.account("main")
    assert changed == account(keys_version=2, keys_at=20, key_check=KeyCheck.NOT_TOLD)
    assert revealed(begun) == ("another-key", "another-secret")


def test_keys_are_rotated_by_one_at_a_time(begun: Ground) -> None:
    """A change of an account that was changed since it was read is refused."""
    seen = begun.registry.account("main")
    begun.registrar.rotate_keys(seen, Keys(Secret("first"), Secret("s")), KeyCheck.SOUND, said("bob"))
    with pytest.raises(ChangeRefused, match="account main was changed at the same time, by operator; look at it, and try again"):
        begun.registrar.rotate_keys(seen, Keys(Secret("second"), Secret("s")), KeyCheck.SOUND, said())
    assert revealed(begun)[0] == "first"


def test_a_removed_account_has_no_keys_and_its_id_is_never_used_again(begun: Ground) -> None:
    """Its row and its history stay."""
    begun.registrar.change_account("main", AccountChange.REMOVE, said("ann", "enough"))
    assert states(begun) == []
    with pytest.raises(ChangeRefused, match="account main was removed by ann, and its keys were destroyed"):
        begun.registry.keys_of("main")
    assert begun.registry.accounts_with_keys() == 0
    assert begun.registry.every_account()[0].state is LifecycleState.REMOVED
    assert [each.what for each in begun.registry.history("account main")] == ["added for ann: binance live", "removed"]
    for again in (account(), account(exchange="kraken")):
        with pytest.raises(ChangeRefused, match="account main was removed, and ids are not used twice; take another id"):
            begun.registrar.add_account(again, KEYS)


def test_a_taken_id_is_refused(begun: Ground) -> None:
    """Of an account and of a user, and nothing is left of the attempt."""
    version = begun.registry.version()
    with pytest.raises(ChangeRefused, match="there is account main already; take another id"):
        begun.registrar.add_account(account(), KEYS)
    with pytest.raises(ChangeRefused, match="there is user ann already; take another id"):
        begun.registrar.add_user(user())
    assert begun.registry.version() == version


def test_a_user_with_accounts_is_not_removed(begun: Ground) -> None:
    """The accounts are named; afterwards the id stays used."""
    begun.registrar.add_account(account("second"), KEYS)
    with pytest.raises(ChangeRefused, match="user ann still has the accounts main, second; remove those first"):
        begun.registrar.change_user("ann", AccountChange.REMOVE, said())
    for each in ("main", "second"):
        begun.registrar.change_account(each, AccountChange.REMOVE, said())
    begun.registrar.change_user("ann", AccountChange.REMOVE, said())
    assert begun.registry.user("ann").state is LifecycleState.REMOVED
    with pytest.raises(ChangeRefused, match="user ann was removed, and ids are not used twice; take another id"):
        begun.registrar.add_user(user())


def test_who_never_was_is_said_so(begun: Ground) -> None:
    """With what shows the right ones."""
    with pytest.raises(ChangeRefused, match="there is no user 'bob'; `fairway users list` shows them"):
        begun.registrar.add_account(account("b1", "bob"), KEYS)
    with pytest.raises(ChangeRefused, match="there is no account 'mian'; `fairway accounts list` shows them"):
        begun.registry.keys_of("mian")


def test_roles_decide_who_changes_what(begun: Ground) -> None:
    """An author who is no user acts by the permission to open the registry; a user acts by role, and only while active."""
    for each in (user("root1", UserRole.ADMIN), user("sue", UserRole.SUPPORT), user("vic", UserRole.VIEWER), user("tom")):
        begun.registrar.add_user(each)
    with pytest.raises(ChangeRefused, match="ROLE_FORBIDS: by=vic role=viewer act='pause an account' of=ann; ask an admin"):
        begun.registrar.change_account("main", AccountChange.PAUSE, said("vic"))
    with pytest.raises(ChangeRefused, match="ROLE_FORBIDS: by=tom role=trader act='pause an account' of=ann"):
        begun.registrar.change_account("main", AccountChange.PAUSE, said("tom"))
    begun.registrar.change_account("main", AccountChange.PAUSE, said("sue"))
    with pytest.raises(ChangeRefused, match="ROLE_FORBIDS: by=sue"):
        begun.registrar.change_account("main", AccountChange.RESUME, said("sue", "why not"))
    begun.registrar.change_account("main", AccountChange.RESUME, said("ann", "my own"))
    for by in ("ann", "sue", "vic"):
        with pytest.raises(ChangeRefused, match=f"ROLE_FORBIDS: by={by} role=.* act='change users'"):
            begun.registrar.set_role(by, UserRole.ADMIN, said(by))
        with pytest.raises(ChangeRefused, match="ROLE_FORBIDS"):
            begun.registrar.add_user(replace(user("new"), said=said(by)))
        with pytest.raises(ChangeRefused, match="ROLE_FORBIDS"):
            begun.registrar.renew(said(by))
    with pytest.raises(ChangeRefused, match="ROLE_FORBIDS: by=tom"):
        begun.registrar.rotate_keys(begun.registry.account("main"), KEYS, KeyCheck.SOUND, said("tom"))
    begun.registrar.change_user("tom", AccountChange.PAUSE, said("tom"))
    with pytest.raises(ChangeRefused, match="ROLE_INACTIVE: by=tom state=paused; a user who is paused may not change anything"):
        begun.registrar.change_user("tom", AccountChange.RESUME, said("tom", "back"))
    begun.registrar.change_user("tom", AccountChange.RESUME, said("root1", "back"))
    begun.registrar.change_account("main", AccountChange.REMOVE, said("root1"))


def test_a_paused_user_may_pause_the_own_accounts_and_nothing_else(begun: Ground) -> None:
    """Lowering exposure needs no approval. The registrar and the operations ask the same rule."""
    begun.registrar.add_user(user("vic", UserRole.VIEWER))
    for name in ("ann", "vic"):
        begun.registrar.change_user(name, AccountChange.PAUSE, said(name))
    assert begun.registrar.change_account("main", AccountChange.PAUSE, said("ann")).state is LifecycleState.PAUSED
    with pytest.raises(ChangeRefused, match="ROLE_INACTIVE: by=ann state=paused"):
        begun.registrar.change_account("main", AccountChange.RESUME, said("ann", "back"))
    with pytest.raises(ChangeRefused, match="ROLE_INACTIVE: by=vic state=paused"):
        begun.registrar.change_account("main", AccountChange.PAUSE, said("vic"))


def test_only_an_active_user_of_a_role_with_accounts_gets_one(begun: Ground) -> None:
    """And a user who has accounts keeps a role that may have them."""
    begun.registrar.add_user(user("vic", UserRole.VIEWER))
    begun.registrar.add_user(user("tom"))
    begun.registrar.change_user("tom", AccountChange.PAUSE, said())
    with pytest.raises(ChangeRefused, match="user vic has the role viewer, which has no accounts; change that first"):
        begun.registrar.check_new(account("v1", "vic"))
    with pytest.raises(ChangeRefused, match="user tom is paused; only an active user gets an account"):
        begun.registrar.add_account(account("t1", "tom"), KEYS)
    with pytest.raises(ChangeRefused, match="user ann still has the accounts main; a viewer has none"):
        begun.registrar.set_role("ann", UserRole.VIEWER, said())
    assert begun.registrar.set_role("ann", UserRole.ADMIN, said()).role is UserRole.ADMIN
    assert begun.registrar.set_profile("ann", Profile.AGGRESSIVE, said()) == begun.registry.user("ann")
    changes = [each.what for each in begun.registry.history("user ann")]
    assert changes == ["added as trader, moderate", "made admin, was trader", "made aggressive, was moderate"]


def test_resuming_needs_a_reason(begun: Ground) -> None:
    """Pausing asks for none."""
    begun.registrar.change_account("main", AccountChange.PAUSE, said())
    begun.registrar.change_user("ann", AccountChange.PAUSE, said())
    for reason in ("", "  "):
        with pytest.raises(ChangeRefused, match="resuming needs a reason"):
            begun.registrar.change_account("main", AccountChange.RESUME, said(reason=reason))
        with pytest.raises(ChangeRefused, match="resuming needs a reason"):
            begun.registrar.change_user("ann", AccountChange.RESUME, said(reason=reason))


def test_every_change_is_recorded_and_no_record_changes(begun: Ground) -> None:
    """Who, what, why, when; not even a person with a database tool alters it by accident, or takes an id away."""
    begun.registrar.change_account("main", AccountChange.PAUSE, said("ann", "holiday", 9))
    begun.registrar.rotate_keys(begun.registry.account("main"), KEYS, KeyCheck.SOUND, said("ann", "monthly", 10))
    told = [(each.at, each.author, each.what, each.reason) for each in begun.registry.history("account main")]
    assert told == [
        (7, "operator", "added for ann: binance live", ""),
        (9, "ann", "paused", "holiday"),
        (10, "ann", "keys rotated: trades, cannot withdraw", "monthly"),
    ]
    for act in ("UPDATE changes SET reason = 'none'", "DELETE FROM changes", "DELETE FROM users", "DELETE FROM accounts"):
        with pytest.raises(StoreError, match="are kept"), begun.tables.writing() as connection:
            connection.execute(sa.text(act))


def test_many_commands_at_once_lose_nothing(ground: Ground) -> None:
    """Each of eight adds an account and takes another's id: all of theirs are there, and one of each disputed one.

    A command that is refused because another one writes just now, as on a busy machine, is tried again."""
    ground.registrar.add_user(user())
    refused: list[str] = []

    def until_heard(say: Callable[[], object]) -> None:
        while True:
            with suppress(StoreLocked):
                say()
                return

    def work(number: int) -> None:
        mine = ground.again().registrar
        until_heard(lambda: mine.add_account(account(f"own{number}"), KEYS))
        try:
            until_heard(lambda: mine.add_account(account(f"shared{number // 2}"), KEYS))
        except ChangeRefused as error:
            refused.append(str(error))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [each.id for each in ground.registry.accounts()]
    assert ids == [*(f"own{number}" for number in range(8)), *(f"shared{number}" for number in range(4))]
    assert sorted(refused) == [f"there is account shared{number} already; take another id" for number in range(4)]
    assert ground.registry.version() == 13
    assert all(revealed(ground, each) for each in ids)


def test_a_change_that_fails_leaves_nothing(begun: Ground) -> None:
    """The master key is lost in the middle: the old keys stay, and nothing is recorded."""
    seen, version, master = begun.registry.account("main"), begun.registry.version(), begun.masters[0]
    begun.masters[0] = MasterKey(FRESH(KEY_BYTES))
    with pytest.raises(WrongMasterKey, match="the vault was closed with another master key than this"):
        begun.registrar.rotate_keys(seen, KEYS, KeyCheck.SOUND, said())
    with pytest.raises(WrongMasterKey):
        begun.registrar.add_account(account("second"), KEYS)
    with pytest.raises(WrongMasterKey):
        begun.registrar.check_new(account("second"))
    with pytest.raises(WrongMasterKey):
        begun.again().registry.keys_of("main")
    begun.masters[0] = master
    assert begun.registry.version() == version
    assert begun.registry.every_account() == [seen]
    assert revealed(begun) == ("key-0123456789", "secret-0123456789")


def test_a_user_lowers_the_own_capital_even_while_paused_and_only_a_keeper_raises_it(begun: Ground) -> None:
    def lower(least: str, most: str, by: str = "ann") -> Account:
        return begun.registrar.lower_capital("ann1", bound(least), bound(most), said(by, "a calmer month"))

    def bound(text: str) -> Amount | None:
        return Amount.of(*text.split()) if text else None

    begun.registrar.add_account(account("ann1"), KEYS)
    begun.registrar.set_capital("ann1", bound("100 USDT"), bound("5000 USDT"), said("ann", "more"))
    begun.registrar.change_user("ann", AccountChange.PAUSE, said("root1", "a look"))
    assert lower("100 USDT", "4000 USDT").capital_max == bound("4000 USDT")
    for least, most in (("100 USDT", "4001 USDT"), ("99 USDT", "4000 USDT"), ("100 USDT", ""), ("", "4000 USDT")):
        with pytest.raises(ChangeRefused, match="is not less than 100 USDT to 4000 USDT"):
            lower(least, most)
    with pytest.raises(ChangeRefused, match="ann"):
        begun.registrar.set_capital("ann1", None, None, said("ann", "more"))
    assert lower("200 USDT", "3000 USDT", by="root1").capital_min == bound("200 USDT")
    assert begun.registry.history("account ann1")[-1].what == ("capital made 200 USDT to 3000 USDT, was 100 USDT to 4000 USDT")


def test_a_user_cannot_raise_the_own_cohort(begun: Ground) -> None:
    """A cohort raises what an account may do, so only an admin or the bot's owner sets it; it stays through a change of keys."""
    begun.registrar.add_user(user("root1", UserRole.ADMIN))
    with pytest.raises(ChangeRefused, match="ROLE_FORBIDS: by=ann role=trader act='change users' of=ann"):
        begun.registrar.add_account(account("ann2", cohort=Cohort.TEAM, said=said("ann")), KEYS)
    begun.registrar.add_account(account("ann2", said=said("ann")), KEYS)
    with pytest.raises(ChangeRefused, match="ROLE_FORBIDS: by=ann"):
        begun.registrar.set_cohort("ann2", Cohort.TRUSTED, said("ann", "please"))
    begun.registrar.set_cohort("ann2", Cohort.TRUSTED, said("root1", "she tests with us"))
    begun.registrar.rotate_keys(begun.registry.account("ann2"), KEYS, KeyCheck.SOUND, said("ann"))
    assert begun.registry.account("ann2").cohort is Cohort.TRUSTED
    assert "made trusted, was public" in [change.what for change in begun.registry.history("account ann2")]
    begun.registrar.change_account("ann2", AccountChange.REMOVE, said("root1", "left"))
    with pytest.raises(ChangeRefused, match="account ann2 was removed"):
        begun.registrar.set_cohort("ann2", Cohort.TEAM, said("root1", "again"))
    assert Cohort.TRUSTED.and_nearer() == {"team", "trusted"}
