"""Programs of other projects are measured only where they are asked for, and are no requirement of this one."""

from pathlib import Path

from bench.__main__ import INTRODUCTION, PAGE, PEERS, SUBJECTS

ROOT = Path(__file__).parents[2]


def test_peers_are_not_among_the_subjects_that_are_measured_by_default() -> None:
    assert PEERS
    assert not PEERS.keys() & SUBJECTS.keys()


def test_a_peer_is_pinned_for_its_own_environment_alone() -> None:
    assert (ROOT / "requirements" / "clients" / "nautilus-trader.txt").read_text().startswith("nautilus_trader==")
    for name in ("core.txt", "dev.txt"):
        assert "nautilus" not in (ROOT / "requirements" / name).read_text()


def test_the_page_says_how_peers_are_measured() -> None:
    assert PAGE.read_text().startswith(INTRODUCTION)
