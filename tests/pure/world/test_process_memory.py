"""How much memory this very process holds, by the machine's own word."""

from fairway.world.process_memory import SimProcessMemory, SystemProcessMemory

LARGE = 64 * 2**20


def test_it_grows_with_what_is_kept_and_shrinks_when_it_is_let_go() -> None:
    """By most of 64 MiB, both ways; the rest of the process may move a little meanwhile."""
    memory = SystemProcessMemory()
    before = memory.resident_bytes()
    kept = b"x" * LARGE
    full = memory.resident_bytes()
    assert len(kept) == LARGE
    del kept
    after = memory.resident_bytes()
    assert before is not None
    assert full is not None
    assert after is not None
    assert full - before > LARGE // 2
    assert full - after > LARGE // 2


def test_a_simulated_one_is_what_it_is_set_to() -> None:
    """It is not measured at first: then it is None, and not zero."""
    memory = SimProcessMemory()
    assert memory.resident_bytes() is None
    memory.resident = LARGE
    assert memory.resident_bytes() == LARGE
