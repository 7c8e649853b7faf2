"""Client order ids: short enough for every venue, read back exactly, and never the same in two lives of a journal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ids import RUN, own_id

from fairway.orders.ids import EPOCH_MAX, KILL_EPOCH, SEQUENCE_MAX, ClientId, Role
from fairway.trading.run_ids import draw_run
from fairway.world.chance import Chance, SystemChance

ACCOUNTS = st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True)
ROLES = st.sampled_from(list(Role))


@given(ACCOUNTS, st.integers(0, KILL_EPOCH), st.integers(0, SEQUENCE_MAX), ROLES, st.from_regex(r"[a-z0-9]{5}", fullmatch=True))
def test_an_id_is_read_back_as_it_was_made(account: str, epoch: int, sequence: int, role: Role, run: str) -> None:
    """Account, run, epoch, sequence and role survive the venue, in at most 36 characters."""
    made = ClientId(account, epoch, sequence, role, run)
    assert ClientId.parse(str(made)) == made
    assert len(str(made)) <= 36


@given(ACCOUNTS, st.integers(0, 36**6 - 1), st.integers(0, 36**8 - 1), ROLES)
def test_an_id_from_before_runs_were_drawn_is_read_back_too(account: str, epoch: int, sequence: int, role: Role) -> None:
    made = ClientId(account, epoch, sequence, role)
    assert ClientId.parse(str(made)) == made
    assert made.run == ""


def test_ids_of_others_are_not_ours() -> None:
    """Whatever another program sends is recognised as foreign."""
    others = ("", "x-TKT5PX2F1234", "fw-main-1-1", "fw-MAIN-1-1-e", "fw-main-1-1-q", "web_1b2c", "fw-main-1-1-e\n")
    of_no_run = ("fw-main-k3x9-1-1-e", "fw-main-k3x9q0-1-1-e", "fw-main-K3X9Q-1-1-e", f"fw-main-{RUN}-00001-1-e")
    for text in (*others, *of_no_run, f"{own_id('e')}\n", f"fw-main-{RUN}-1-00000001-e"):
        assert ClientId.parse(text) is None, text


def test_a_number_beyond_the_widest_makes_no_id() -> None:
    """It would not fit, or be cut to one that was used before."""
    assert ClientId.parse(own_id("e", SEQUENCE_MAX, epoch=EPOCH_MAX)) is not None
    with pytest.raises(OverflowError, match="a new start counts from 1"):
        own_id("e", SEQUENCE_MAX + 1)


def test_a_run_is_five_digits_that_a_seed_repeats_and_an_operating_system_does_not() -> None:
    assert ClientId.parse(own_id("e", run=draw_run(Chance(7).stream("runs")))) is not None
    assert draw_run(Chance(7).stream("runs")) == draw_run(Chance(7).stream("runs")) != draw_run(Chance(8).stream("runs"))
    assert len({draw_run(SystemChance().stream("runs")) for _ in range(100)}) == 100


@pytest.mark.parametrize(("role", "other"), [("s", "t"), ("t", "s"), ("e", None), ("x", None), ("p", None)])
def test_a_stop_and_its_target_share_a_number(role: str, other: str | None) -> None:
    made = ClientId.parse(own_id(role, 7))
    assert made is not None
    assert (str(made.other_leg) if made.other_leg else None) == (own_id(other, 7) if other else None)
