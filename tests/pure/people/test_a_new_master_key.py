"""A new master key closes every envelope again; a broken envelope or a lost key is found and named."""

import pytest
import sqlalchemy as sa
from tests.pure.people.registries import FRESH, KEYS, Ground, account, said, user
from tests.pure.people.test_registry import begun as begun
from tests.pure.people.test_registry import ground as ground
from tests.pure.people.test_registry import revealed

from fairway.people.account import KeyCheck
from fairway.people.master_key import KEY_BYTES, MasterKey
from fairway.people.problems import EnvelopeTampered, EnvelopeTruncated


def test_a_new_master_key_closes_all_and_no_trader_stops(begun: Ground) -> None:
    """First both are there, then all envelopes are closed again, then the old one goes; keys are read at each moment."""
    begun.registrar.add_account(account("second"), KEYS)
    trader, old, new = begun.again(), begun.masters[0], MasterKey(FRESH(KEY_BYTES))
    assert begun.registrar.outdated() == 0
    for masters, outdated in (([old], 0), ([new, old], 4)):
        begun.masters[:] = masters
        assert begun.registrar.outdated() == outdated
        assert revealed(trader)[0] == "key-0123456789"
    assert begun.registrar.renew(said(reason="yearly")) == 4
    assert begun.registrar.outdated() == 0
    begun.masters[:] = [new]
    assert [revealed(trader, each)[1] for each in ("main", "second")] == ["secret-0123456789"] * 2
    assert [each.what for each in trader.registry.history("vault")] == ["4 envelopes closed with a new master key"]


def test_a_rotation_that_meets_a_broken_envelope_changes_none(begun: Ground) -> None:
    """All or none: the others still open with the old master key."""
    begun.registrar.add_account(account("second"), KEYS)
    _alter(begun, "UPDATE envelopes SET envelope = :envelope WHERE account_id = 'second'", b"\1\0\2hi")
    begun.masters.insert(0, MasterKey(FRESH(KEY_BYTES)))
    with pytest.raises(EnvelopeTruncated, match="the key of account second has lost its end"):
        begun.registrar.renew(said())
    begun.masters.pop(0)
    assert revealed(begun) == ("key-0123456789", "secret-0123456789")


def _alter(ground: Ground, statement: str, envelope: bytes = b"") -> None:
    with ground.tables.writing() as connection:
        connection.execute(sa.text(statement), {"envelope": envelope} if envelope else {})


@pytest.mark.parametrize(
    "theft",
    [
        "UPDATE accounts SET user_id = 'bob' WHERE id = 'main'",
        "UPDATE accounts SET url = 'http://thief.example', mode = 'practice' WHERE id = 'main'",
        "UPDATE accounts SET exchange = 'kraken' WHERE id = 'main'",
        "UPDATE accounts SET keys_version = 2 WHERE id = 'main'",
        "UPDATE envelopes SET envelope = (SELECT envelope FROM envelopes WHERE account_id = 'bob1' AND purpose = 'key') "
        "WHERE account_id = 'main'",
        "UPDATE envelopes SET purpose = CASE purpose WHEN 'key' THEN 'secret2' ELSE 'key2' END WHERE account_id = 'main'",
    ],
)
def test_keys_do_not_open_for_an_account_that_was_altered_in_the_database(begun: Ground, theft: str) -> None:
    """Another owner, another address, another exchange, older keys, another account's envelope: none of them opens."""
    begun.registrar.add_user(user("bob"))
    begun.registrar.add_account(account("bob1", "bob"), KEYS)
    _alter(begun, theft)
    with pytest.raises((EnvelopeTampered, EnvelopeTruncated)):
        begun.registry.keys_of("main")
    assert revealed(begun, "bob1")[0] == "key-0123456789", "other accounts stay as they were"


def test_keys_whose_master_key_is_lost_are_given_up(begun: Ground) -> None:
    """Then there is room for new ones, under a new master key."""
    begun.masters[0] = MasterKey(FRESH(KEY_BYTES))
    assert begun.registry.accounts_with_keys() == 1
    begun.registrar.give_up(said(reason="the disk died"))
    with pytest.raises(EnvelopeTruncated, match="the key of account main is not in the vault; give it new keys"):
        begun.registry.keys_of("main")
    begun.registrar.rotate_keys(begun.registry.account("main"), KEYS, KeyCheck.SOUND, said())
    assert revealed(begun) == ("key-0123456789", "secret-0123456789")
