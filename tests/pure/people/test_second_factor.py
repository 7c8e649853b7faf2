"""The second factor: each code counts once, near its time, for its user; and its secret is nowhere in clear."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyotp import TOTP
from tests.pure.people.registries import FRESH, Ground, said, user

from fairway.people.master_key import KEY_BYTES, MasterKey
from fairway.people.problems import ChangeRefused, SignInRefused
from fairway.people.roles import UserRole
from fairway.people.second_factor import STEP_NS, SecondFactors, address_of
from fairway.people.secret import Secret
from fairway.people.sign_ins import SignIns
from fairway.people.vault import Vault
from fairway.world.clock import SECOND

NOW = 1_700_000_000 * SECOND


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    ground = Ground(tmp_path / "people")
    for name, role in (("ann", UserRole.TRADER), ("bob", UserRole.VIEWER)):
        ground.registrar.add_user(user(name, role))
        SignIns(ground.tables, FRESH).set_password(name, Secret("four unrelated words"), said(name))
    yield ground
    ground.close()


@pytest.fixture
def factors(ground: Ground) -> SecondFactors:
    return SecondFactors(ground.tables, Vault(ground.look, FRESH), FRESH)


def code(secret: Secret, at: int) -> str:
    """As another program makes it."""
    return TOTP(secret.reveal()).at(at // SECOND)


def confirmed(factors: SecondFactors) -> Secret:
    secret = factors.begin("ann", said("ann"))
    factors.confirm("ann", code(secret, NOW), said("ann", at=NOW))
    return secret


def test_it_is_asked_for_once_a_code_has_confirmed_it(factors: SecondFactors) -> None:
    factors.check("ann", "", NOW)
    secret = factors.begin("ann", said("ann"))
    factors.check("ann", "", NOW)
    with pytest.raises(SignInRefused, match="is wrong, or was used"):
        factors.confirm("ann", "000000", said("ann", at=NOW))
    factors.check("ann", "", NOW)
    factors.confirm("ann", code(secret, NOW), said("ann", at=NOW))
    with pytest.raises(SignInRefused, match="is missing"):
        factors.check("ann", "", NOW)
    factors.check("bob", "", NOW)


def test_a_code_counts_once_and_near_its_time(factors: SecondFactors) -> None:
    secret = confirmed(factors)
    later = NOW + 10 * STEP_NS
    with pytest.raises(SignInRefused, match="was used"):
        factors.check("ann", code(secret, NOW), NOW)
    factors.check("ann", code(secret, later - STEP_NS), later)
    factors.check("ann", code(secret, later), later)
    with pytest.raises(SignInRefused, match="was used"):
        factors.check("ann", code(secret, later), later + SECOND)
    for away in (-2, 2):
        with pytest.raises(SignInRefused):
            factors.check("ann", code(secret, later + (away + 20) * STEP_NS), later + 20 * STEP_NS)


def test_it_ends_by_its_user_or_an_admin_and_by_no_one_else(factors: SecondFactors) -> None:
    confirmed(factors)
    with pytest.raises(ChangeRefused, match="ROLE_FORBIDS"):
        factors.end("ann", said("bob"))
    factors.end("ann", said("ann"))
    factors.check("ann", "", NOW)


def test_a_new_password_for_one_sign_in_ends_it(factors: SecondFactors, ground: Ground) -> None:
    """So an admin lets a user in again who has lost the phone."""
    confirmed(factors)
    SignIns(ground.tables, FRESH).set_one_time("ann", said())
    factors.check("ann", "", NOW)


def test_its_secret_is_closed_in_the_vault_and_follows_a_new_master_key(factors: SecondFactors, ground: Ground) -> None:
    secret = confirmed(factors)
    assert secret.reveal().encode() not in Path(str(ground.place)).read_bytes()
    ground.masters.insert(0, MasterKey(FRESH(KEY_BYTES)))
    assert ground.registrar.outdated() == 1
    assert ground.registrar.renew(said()) == 1
    del ground.masters[1]
    factors.check("ann", code(secret, NOW + 5 * STEP_NS), NOW + 5 * STEP_NS)


def test_an_app_reads_the_address(factors: SecondFactors) -> None:
    secret = factors.begin("ann", said("ann"))
    assert address_of("ann", secret) == f"otpauth://totp/Fairway:ann?secret={secret.reveal()}&issuer=Fairway"


def test_a_user_without_a_password_has_none(factors: SecondFactors, ground: Ground) -> None:
    ground.registrar.add_user(user("cid"))
    with pytest.raises(ChangeRefused, match="has no password yet"):
        factors.begin("cid", said())
