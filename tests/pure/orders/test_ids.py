"""Client order ids: deterministic, short enough for every venue, and read back exactly."""

from hypothesis import given
from hypothesis import strategies as st

from fairway.orders.ids import ClientId, Role


@given(
    st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True),
    st.integers(0, 36**6 - 1),
    st.integers(0, 36**8 - 1),
    st.sampled_from(list(Role)),
)
def test_an_id_is_read_back_as_it_was_made(account: str, epoch: int, sequence: int, role: Role) -> None:
    """Account, epoch, sequence and role survive the venue, in at most 36 characters."""
    made = ClientId(account, epoch, sequence, role)
    assert ClientId.parse(str(made)) == made
    assert len(str(made)) <= 36


def test_ids_of_others_are_not_ours() -> None:
    """Whatever another program sends is recognised as foreign."""
    for text in ("", "x-TKT5PX2F1234", "fw-main-1-1", "fw-MAIN-1-1-e", "fw-main-1-1-q", "web_1b2c", "fw-main-1-1-e\n"):
        assert ClientId.parse(text) is None
