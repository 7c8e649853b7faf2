"""`fairway launch drill restore` against a served exchange: a copy is restored, and its books are compared with the venue's."""

from pathlib import Path

import pytest
from tests.clients.real_time.test_run_in_real_time import PROTECTED, begun
from tests.clients.served import Served
from tests.clients.test_kill import bot
from tests.pure.cli.programs import read_until, stopped

from fairway.cli.launch_drill import restored
from fairway.launch.evidence import Rank
from fairway.launch.producers import RESTORE
from fairway.settings import load


def test_a_restored_copy_that_agrees_with_the_venue_is_a_drill_and_one_that_does_not_speaks_against_it(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = bot(served, tmp_path)
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    monkeypatch.setenv("TEST_KEY", account.key)
    monkeypatch.setenv("TEST_SECRET", account.secret)
    settings = load(tmp_path / "fairway.yaml")
    good = restored(settings, "r1")
    stopped(running)
    assert (good.claim, good.rank, good.holds, good.release) == (RESTORE, Rank.OBSERVED_IN_A_DRILL, True, "r1"), good.why
    assert "its books are the venue's" in good.why
    served.practice("POST", f"/accounts/{account.name}/deposits", {"asset": "USDT", "amount": "250"})
    bad = restored(settings, "r1")
    assert not bad.holds
    assert "250 USDT more than is explained" in bad.why
