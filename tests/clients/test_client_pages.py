"""The programs on the pages of docs/how-to/clients that the development environment can run, as they stand there."""

import subprocess
import sys
from pathlib import Path

import pytest
from clients.pages import PAGES, program
from tests.clients.served import Served
from tests.pure.cli.programs import PATIENCE_S


@pytest.mark.parametrize("page", ["ccxt-python", "python-binance"])
def test_the_program_of_the_page_runs(page: str, served: Served, tmp_path: Path) -> None:
    """With the address and the keys put in, it places an order and cancels it."""
    account = served.account()
    script = tmp_path / "program.py"
    script.write_text(program(page, "python", served.url, account.key, account.secret))
    command = [sys.executable, "-W", "ignore", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["placed", "cancelled"], done.stdout + done.stderr
    number = int(done.stdout.split()[-1])
    assert served.signed(account, "/api/v3/order", f"symbol=BTCUSDT&orderId={number}")["status"] == "CANCELED"


def test_every_page_is_linked() -> None:
    """From the exchange's own page."""
    told = (PAGES.parents[1] / "reference" / "practice-exchange.md").read_text()
    pages = sorted(path.stem for path in PAGES.glob("*.md"))
    assert len(pages) == 6
    assert [page for page in pages if f"](../how-to/clients/{page}.md)" not in told] == []
