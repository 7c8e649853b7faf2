"""Every line for curl in the documentation is sent to a running system, and does what its page says."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scripts.api_page import ADDRESS, FILE, REFRESH, VALUES
from tests.clients.served import serving
from tests.clients.systems import PASSWORD, Client, System, asked, first_signed_in, running
from tests.installed_package import example_of, installed
from tests.pure.cli.programs import PATIENCE_S

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), DOCS.parent / "README.md"])
API_PAGE = DOCS / "reference" / "api.md"
SECRET = "a secret of sixteen signs"
EXCHANGE = "http://127.0.0.1:9100"
SIGNALS = {"name: periodic": "name: signals", "  every_bars: 2\n": "  age_max: 1m\n", "  bars_max: 10000\n": ""}
WEBHOOK = {"  users: ": f'  webhooks: [{{name: tradingview, secret: "{SECRET}"}}]\n  users: '}
JUNIT = '<testsuite tests="1" failures="0"><testcase classname="a" name="b"/></testsuite>'
NOT_SERVED = {401, 500}
"""Statuses that a right example never gets: it proves who asks."""
TOKENS: dict[str, dict[str, str]] = {}
"""By server, the tokens of the last sign-in: to check a password costs more than all else that a line asks for."""
ENDS_SIGN_INS = ("token", "password", "session", "auth", "users", "second-factor")
"""What a line names that may end a sign-in."""
ILL_FORMED = ("FIELD_WRONG", "BODY_WRONG", "LENGTH_WRONG")
"""Codes that a right example never gets. That something is not in force on this system is no fault of it."""


def lines_of(page: Path) -> list[str]:
    """Lines of the page's shell blocks that begin with curl, those that go on in the next line joined."""
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.replace("\\\n", " ").splitlines() if line.startswith("curl ")]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("curl"), **WEBHOOK) as up:
        (up.folder / FILE).write_text(JUNIT)
        client = first_signed_in(up)
        up.until(lambda: client.get("/api/v1/orders")[1]["orders"], "a first order is sent")
        yield up


def sent(system: System, line: str) -> tuple[int, str]:
    """What bash and curl make of a line: the status, and the answer."""
    tokens = TOKENS.get(system.url) or signed_in_again(system)
    orders = Client(system.url, {"Authorization": f"Bearer {tokens['access_token']}"}).get("/api/v1/orders?limit=1")[1]["orders"]
    line = line.replace(ADDRESS, system.url).replace(str(VALUES["order_id"]), orders[0]["id"] if orders else "none")
    line = line.replace("curl ", r"curl -w '\n%{http_code}' ", 1)
    secrets = {
        "TOKEN": tokens["access_token"],
        "REFRESH_TOKEN": tokens["refresh_token"],
        "PASSWORD": PASSWORD,
        "WEBHOOK_SECRET": SECRET,
    }
    ended = subprocess.run(
        ["bash", "-c", line],
        cwd=system.folder,
        env={**os.environ, **secrets},
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    if any(word in line for word in ENDS_SIGN_INS):
        del TOKENS[system.url]
    assert ended.returncode == (28 if "--max-time" in line else 0), (line, ended)  # 28: curl's own end of a stream
    answer, _, status = ended.stdout.decode().rpartition("\n")
    return int(status), answer


def signed_in_again(system: System) -> dict[str, str]:
    code, tokens = asked(f"{system.url}/api/v1/token", body={"user": "me", "password": PASSWORD})
    assert code == 200, tokens
    TOKENS[system.url] = tokens
    return dict(tokens)


def described(system: System) -> dict[tuple[str, str], dict[str, Any]]:
    document = asked(f"{system.url}/openapi.json")[1]
    return {(path, method.upper()): each for path, methods in document["paths"].items() for method, each in methods.items()}


def test_every_line_of_the_api_page_is_served_as_described(system: System) -> None:
    operations = described(system)
    text = API_PAGE.read_text()
    found = re.findall(r"^### `([A-Z]+) (\S+)`\n.*?^```sh\n(curl .*?)\n```", text, re.MULTILINE | re.DOTALL)
    assert {(path, method) for method, path, _ in found} == set(operations)
    wrong = []
    for method, path, line in found:
        status, answer = sent(system, line.replace("\\\n", " "))
        is_described = str(status) in operations[path, method]["responses"]
        if not is_described or status in NOT_SERVED or any(code in answer for code in ILL_FORMED):
            wrong.append(f"{status}: {line}\n{answer[:500]}")
        if path.startswith("/api/v1/commands/") and status == 202:
            wrong += failed(system, answer)
    assert not wrong, "\n\n".join(wrong)


def failed(system: System, answer: str) -> list[str]:
    """A command that a mistake in Fairway ended."""
    command = re.search(r'"id":"(\w+)"', answer)
    assert command is not None
    tokens = TOKENS.get(system.url) or signed_in_again(system)
    client = Client(system.url, {"Authorization": f"Bearer {tokens['access_token']}"})
    ends_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends_at:
        code, record = client.get(f"/api/v1/commands/{command[1]}")
        assert code == 200
        if record["state"] != "running":
            return [f"{record}"] if record["code"] == "SERVER_FAILED" else []
        time.sleep(0.2)
    return [f"{answer} has not ended"]


def test_every_line_of_the_other_pages_is_served(tmp_path: Path) -> None:
    """On a system of its own that takes signals, page by page, in the order in which a reader follows them."""
    found = [(page, line) for page in PAGES if page != API_PAGE for line in lines_of(page)]
    assert found
    with running(tmp_path, **SIGNALS, **WEBHOOK) as system:
        (tmp_path / FILE).write_text(JUNIT)
        first_signed_in(system)
        system.until(lambda: "lets it open positions" in system.text, "the launch lets it trade")
        for page, line in found:
            if EXCHANGE in line:
                continue  # the next test asks the practice exchange
            status, answer = sent(system, line)
            assert status < 400, (str(page), line, status, answer[:500])


def test_the_lines_to_the_practice_exchange_are_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has the fault of the page that shows how one is added, installed as another package."""
    page = DOCS / "how-to" / "add-a-fault.md"
    found = [line for each in PAGES for line in lines_of(each) if EXCHANGE in line]
    assert found
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with installed(tmp_path, "fairway.faults", "wrong_commission", example_of(page), "FAULT"), serving() as exchange:
        for line in found:
            ended = subprocess.run(
                ["bash", "-c", line.replace(EXCHANGE, exchange.url).replace("curl ", "curl -sSf ", 1)],
                capture_output=True,
                timeout=PATIENCE_S,
                check=False,
            )
            assert ended.returncode == 0, (line, ended)


def test_the_refresh_line_uses_a_token_of_its_kind() -> None:
    assert f'$REFRESH_TOKEN" "{ADDRESS}{REFRESH}' in API_PAGE.read_text()
