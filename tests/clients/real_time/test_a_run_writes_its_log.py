"""`fairway run` with a log: an order is in it from plan to fill, and no key of the venue is."""

import json
from pathlib import Path

from tests.clients.real_time.test_run_in_real_time import CONFIG, PROTECTED, begun
from tests.clients.served import Served
from tests.pure.cli.programs import read_until, stopped


def test_a_run_in_real_time_logs_its_orders_and_hides_its_keys(served: Served, tmp_path: Path) -> None:
    account = served.account({"USDT": "10000"})
    log = "log: {file: run.log, level: debug}\n"
    (tmp_path / "fairway.yaml").write_text(CONFIG.format(url=served.url) + log)
    running = begun(tmp_path, account)
    read_until(running, PROTECTED)
    ended = stopped(running)
    assert (ended.code, ended.err) == (0, "")
    text = (tmp_path / "run.log").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    sent = next(line["order_id"] for line in lines if line["event"] == "order_sent")
    followed = [line["event"] for line in lines if line.get("order_id") == sent]
    assert "venue_request" in followed
    assert "order_filled" in followed
    assert "trader_started" in [line["event"] for line in lines]
    assert account.key not in text
    assert account.secret not in text
