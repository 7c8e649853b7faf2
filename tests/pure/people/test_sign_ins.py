"""Passwords and tokens: what proves who somebody is, what ends it, and that nothing of it is stored in clear."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.pure.people.registries import FRESH, Ground, said, user

from fairway.people.lifecycle import AccountChange
from fairway.people.password import LENGTH_MIN, hashed, matches
from fairway.people.problems import ChangeRefused, SignInRefused
from fairway.people.roles import UserRole
from fairway.people.secret import Secret
from fairway.people.sign_in_throttle import ADDRESS_WAIT_MAX_NS, FORGOTTEN_AFTER_NS, FREE, USER_WAIT_MAX_NS, SignInThrottle
from fairway.people.sign_ins import TOKENS_MAX, SignIns
from fairway.people.token import LENGTHS, RECENT_NS, Token, TokenKind, TokenScope
from fairway.world.clock import MINUTE, SECOND

PASSWORD = Secret("correct horse battery")
NOW = 10 * MINUTE


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    ground = Ground(tmp_path / "people")
    ground.registrar.add_user(user("ann"))
    ground.registrar.add_user(user("bob", UserRole.VIEWER))
    yield ground
    ground.close()


@pytest.fixture
def sign_ins(ground: Ground) -> SignIns:
    return SignIns(ground.tables, FRESH)


def token(kind: TokenKind = TokenKind.ACCESS, *, owner: str = "ann", at: int = NOW) -> Token:
    return Token(
        id="",
        user=owner,
        kind=kind,
        scope=TokenScope.MANAGE,
        name="",
        created_at=at,
        signed_in_at=at,
        expires_at=at + LENGTHS[kind],
    )


def test_only_the_users_own_password_signs_in(sign_ins: SignIns) -> None:
    sign_ins.set_password("ann", PASSWORD, said("ann"))
    assert sign_ins.verified("ann", PASSWORD).id == "ann"
    told = set()
    for who, wrong in (("ann", "Correct horse battery"), ("bob", PASSWORD.reveal()), ("nobody", PASSWORD.reveal()), ("ann", "")):
        with pytest.raises(SignInRefused) as refused:
            sign_ins.verified(who, Secret(wrong))
        told.add(str(refused.value))
    assert len(told) == 1, "the answer tells who exists"


def test_a_password_is_hashed_with_argon2id_and_a_salt_of_its_own(sign_ins: SignIns, ground: Ground) -> None:
    one, two = hashed(PASSWORD, FRESH), hashed(PASSWORD, FRESH)
    assert one != two
    assert one.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert matches(PASSWORD, one)
    assert matches(PASSWORD, two)
    assert not matches(PASSWORD, "")


def test_a_short_or_endless_password_is_not_taken(sign_ins: SignIns) -> None:
    for wrong in ("x" * (LENGTH_MIN - 1), "x" * 2_000):
        with pytest.raises(ChangeRefused, match=r"^the password has") as refused:
            sign_ins.set_password("ann", Secret(wrong), said("ann"))
        assert wrong not in str(refused.value)


def test_a_one_time_password_signs_in_once(sign_ins: SignIns) -> None:
    given = sign_ins.set_one_time("ann", said())
    assert not sign_ins.has_password("ann")
    assert sign_ins.verified("ann", given).id == "ann"
    with pytest.raises(SignInRefused):
        sign_ins.verified("ann", given)
    sign_ins.set_password("ann", PASSWORD, said("ann"))
    assert sign_ins.has_password("ann")


def test_a_new_password_ends_sign_ins_and_leaves_the_tokens_of_programs(sign_ins: SignIns) -> None:
    _, session = sign_ins.issue(token(TokenKind.SESSION))
    _, program = sign_ins.issue_api(token(TokenKind.API), said("ann", at=NOW))
    sign_ins.set_password("ann", PASSWORD, said("ann", at=NOW))
    assert sign_ins.bearer(program, NOW)[1].id == "ann"
    with pytest.raises(SignInRefused, match="revoked"):
        sign_ins.bearer(session, NOW)


def test_a_token_ends_by_time_by_revocation_and_with_its_user(sign_ins: SignIns, ground: Ground) -> None:
    issued, text = sign_ins.issue(token())
    assert sign_ins.bearer(text, NOW)[0].id == issued.id
    with pytest.raises(SignInRefused, match="expired"):
        sign_ins.bearer(text, issued.expires_at)
    assert sign_ins.revoke("ann", issued.id, said("ann", at=NOW)) == 1
    with pytest.raises(SignInRefused, match="revoked"):
        sign_ins.bearer(text, NOW)
    with pytest.raises(SignInRefused, match="no such token"):
        sign_ins.bearer(Secret("fw_guessed"), NOW)
    _, other = sign_ins.issue(token())
    ground.registrar.change_user("ann", AccountChange.REMOVE, said())
    with pytest.raises(SignInRefused, match="removed"):
        sign_ins.bearer(other, NOW)


def test_no_password_and_no_token_is_in_the_file(sign_ins: SignIns, ground: Ground) -> None:
    sign_ins.set_password("ann", PASSWORD, said("ann"))
    _, text = sign_ins.issue(token())
    ground.close()
    for file in Path(str(ground.place)).parent.iterdir():
        assert PASSWORD.reveal().encode() not in file.read_bytes()
        assert text.reveal().encode() not in file.read_bytes()


def test_the_last_use_of_a_token_is_known_to_the_minute(sign_ins: SignIns) -> None:
    _, text = sign_ins.issue(token())
    sign_ins.bearer(text, NOW + SECOND)
    sign_ins.bearer(text, NOW + 2 * SECOND)
    assert [each.used_at for each in sign_ins.tokens_of("ann", NOW)] == [NOW + SECOND]
    sign_ins.bearer(text, NOW + 62 * SECOND)
    assert [each.used_at for each in sign_ins.tokens_of("ann", NOW)] == [NOW + 62 * SECOND]


def test_a_sign_in_is_recent_for_five_minutes() -> None:
    assert token().is_recent(NOW + RECENT_NS)
    assert not token().is_recent(NOW + RECENT_NS + 1)
    assert not token().is_recent(NOW - 1), "a clock that went back proves nothing"


def test_users_hold_a_bounded_number_of_tokens(sign_ins: SignIns) -> None:
    _, text = sign_ins.issue(token(at=NOW))
    for number in range(1, TOKENS_MAX + 1):
        sign_ins.issue(token(at=NOW + number))
    assert len([each for each in sign_ins.tokens_of("ann", NOW) if each.is_good(NOW + SECOND)]) == TOKENS_MAX
    with pytest.raises(SignInRefused, match="revoked"):
        sign_ins.bearer(text, NOW + SECOND)
    with pytest.raises(ChangeRefused, match=f"has {TOKENS_MAX} tokens"):
        sign_ins.issue_api(token(TokenKind.API), said("ann", at=NOW + SECOND))


def test_nobody_sets_the_password_or_ends_the_tokens_of_another(sign_ins: SignIns) -> None:
    """The registrar's rule, asked within the transaction; an admin may."""
    issued, _ = sign_ins.issue(token())
    with pytest.raises(ChangeRefused, match="ROLE_FORBIDS"):
        sign_ins.set_password("ann", PASSWORD, said("bob"))
    with pytest.raises(ChangeRefused, match="ROLE_FORBIDS"):
        sign_ins.revoke("ann", issued.id, said("bob", at=NOW))
    with pytest.raises(ChangeRefused, match="ROLE_FORBIDS"):
        sign_ins.issue_api(token(TokenKind.API), said("bob", at=NOW))


def test_guessing_is_slowed_for_the_user_and_for_the_address() -> None:
    throttle, now = SignInThrottle(), 0
    for _ in range(FREE - 1):
        throttle.failed("ann", "10.0.0.1", now)
    assert throttle.wait_ns("ann", "10.0.0.1", now) == 0
    waits = []
    for _ in range(12):
        throttle.failed("ann", "10.0.0.1", now)
        waits.append(throttle.wait_ns("ann", "10.0.0.1", now))
    assert waits[:4] == [SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND]
    assert waits[-1] == ADDRESS_WAIT_MAX_NS
    assert throttle.wait_ns("ann", "10.0.0.2", now) == USER_WAIT_MAX_NS, "another address is kept out for long"
    assert throttle.wait_ns("bob", "10.0.0.1", now) == ADDRESS_WAIT_MAX_NS, "the same address guesses another user"
    throttle.succeeded("ann", "10.0.0.2")
    assert throttle.wait_ns("ann", "10.0.0.2", now) == 0
    assert throttle.wait_ns("ann", "10.0.0.1", now + FORGOTTEN_AFTER_NS + 1) == 0
