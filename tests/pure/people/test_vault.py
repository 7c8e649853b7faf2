"""The vault: what is closed opens again, for its owner only, whole only, and with the right master key only."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fairway.people.envelope import Binding, rewrap, seal, unseal
from fairway.people.master_key import KEY_BYTES, MasterKey, fresh_from
from fairway.people.problems import EnvelopeTampered, EnvelopeTruncated, VaultError, WrongMasterKey
from fairway.people.secret import BYTES_MAX, Secret
from fairway.people.vault import Vault
from fairway.world.chance import Chance, SystemChance

FRESH = fresh_from(Chance(7))
MASTER = MasterKey(FRESH(KEY_BYTES))
OTHER = MasterKey(FRESH(KEY_BYTES))
NEWEST = MasterKey(FRESH(KEY_BYTES))
ANN = Binding(user="ann", account="main", venue="binance live", purpose="key", version=1)

texts = st.text(min_size=1, max_size=200)
bindings = st.builds(
    Binding,
    user=texts,
    account=texts,
    venue=texts,
    purpose=st.sampled_from(["key", "secret"]),
    version=st.integers(1, 2**40),
)


def closed(text: str = "hush-hush", binding: Binding = ANN) -> bytes:
    return seal(Secret(text), binding, MASTER, FRESH)


@given(texts, bindings)
def test_what_is_closed_opens_again(text: str, binding: Binding) -> None:
    """To the character, for whom it was closed."""
    assert unseal(closed(text, binding), binding, MASTER).reveal() == text


def test_the_longest_secret_fits() -> None:
    """A private key of four kilobytes."""
    assert unseal(closed("x" * BYTES_MAX), ANN, MASTER).reveal() == "x" * BYTES_MAX


@given(texts, bindings, bindings)
def test_it_opens_for_no_other_binding(text: str, binding: Binding, other: Binding) -> None:
    """Whatever differs: the user, the account, the venue, the purpose, the version."""
    if binding == other:
        return
    with pytest.raises(EnvelopeTampered):
        unseal(closed(text, binding), other, MASTER)


@pytest.mark.parametrize(
    "change", [{"user": "bob"}, {"account": "main2"}, {"venue": "binance testnet"}, {"purpose": "secret"}, {"version": 2}]
)
def test_each_part_of_the_binding_counts(change: dict[str, object]) -> None:
    """An envelope that was moved, or an old one that was put back, does not open."""
    with pytest.raises(EnvelopeTampered):
        unseal(closed(), replace(ANN, **change), MASTER)


def test_no_bit_can_be_flipped() -> None:
    """Each of them makes it refuse."""
    envelope = closed()
    for bit in range(8 * len(envelope)):
        flipped = bytearray(envelope)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(VaultError):
            unseal(bytes(flipped), ANN, MASTER)


def test_no_end_can_be_missing() -> None:
    """Wherever it was cut; and nothing can be put behind it."""
    envelope = closed()
    for length in range(len(envelope)):
        with pytest.raises(EnvelopeTruncated):
            unseal(envelope[:length], ANN, MASTER)
    with pytest.raises(EnvelopeTampered):
        unseal(envelope + b"\0", ANN, MASTER)


def test_each_failure_has_its_sentence_and_no_secret() -> None:
    """The account is named and what may be done; the secret, and the library's own error, are not."""
    envelope = closed()
    sentences = []
    for broken, master in ((envelope, OTHER), (envelope[:-1], MASTER), (envelope[:-1] + b"\0", MASTER)):
        with pytest.raises(VaultError) as told:
            unseal(broken, ANN, master)
        assert told.value.__cause__ is None
        assert told.value.__suppress_context__ or told.value.__context__ is None
        sentences.append(str(told.value))
    remedy = "restore a backup, or give it new keys: fairway accounts rotate"
    assert sentences == [
        f"the vault was closed with another master key, {MASTER.id.hex()}, and this is {OTHER.id.hex()}; "
        "name the place of the right one with --master-key",
        f"the key of account main has lost its end; {remedy}",
        f"the key of account main was changed or moved; {remedy}",
    ]


def test_the_same_secret_never_looks_the_same() -> None:
    """Data keys and nonces are fresh each time, also in a simulated world, where they repeat with the seed."""
    assert len({part for _ in range(200) for part in parts(closed())}) == 600
    assert seal(Secret("a"), ANN, MASTER, fresh_from(Chance(1))) == seal(Secret("a"), ANN, MASTER, fresh_from(Chance(1)))


def parts(envelope: bytes) -> Sequence[bytes]:
    """Both nonces, and the closed data key."""
    return envelope[11:23], envelope[23:71], envelope[71:83]


def test_production_takes_its_bytes_from_the_operating_system() -> None:
    """Two vaults that are made at the same time draw different ones."""
    draws = [fresh_from(SystemChance())(KEY_BYTES) for _ in range(10)]
    assert len(set(draws)) == 10
    assert all(len(draw) == KEY_BYTES for draw in draws)


def test_a_new_master_key_opens_and_the_old_one_does_not() -> None:
    """Only the data key is closed again: what it closes stays to the byte."""
    envelope = closed()
    renewed = rewrap(envelope, ANN, MASTER, OTHER, FRESH)
    assert unseal(renewed, ANN, OTHER).reveal() == "hush-hush"
    assert renewed[71:] == envelope[71:]
    with pytest.raises(WrongMasterKey):
        unseal(renewed, ANN, MASTER)


def test_a_broken_envelope_is_not_renewed() -> None:
    """Or its break would look like one of the rotation."""
    envelope = closed()
    with pytest.raises(EnvelopeTampered):
        rewrap(envelope[:-1] + bytes([envelope[-1] ^ 1]), ANN, MASTER, OTHER, FRESH)


def test_the_vault_looks_again_for_a_master_key_that_is_new() -> None:
    """So that a rotation reaches a trader that runs; and does not look for one that it knows."""
    masters, looked = [MASTER], []

    def look() -> Sequence[MasterKey]:
        looked.append(1)
        return tuple(masters)

    vault = Vault(look, FRESH)
    assert not looked
    envelope = vault.close(Secret("s"), ANN)
    assert vault.open(envelope, ANN).reveal() == "s"
    assert len(looked) == 1
    masters.insert(0, OTHER)
    assert vault.open(rewrap(envelope, ANN, MASTER, OTHER, FRESH), ANN).reveal() == "s"
    assert len(looked) == 2
    assert vault.open(envelope, ANN).reveal() == "s", "the old one opens until it is taken away"
    assert len(looked) == 2
    assert not vault.is_current(envelope, ANN)
    assert vault.is_current(vault.renew(envelope, ANN), ANN)
    masters.insert(0, NEWEST)
    assert unseal(vault.close(Secret("s"), ANN), ANN, NEWEST).reveal() == "s", "it closes with the newest"
    assert not vault.is_at_hand(closed()[:3] + b"12345678")
