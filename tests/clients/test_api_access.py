"""Who may see and do what over HTTP and WebSocket: a table of role x path, and what proves who somebody is."""

import base64
import json
import re
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from pyotp import TOTP, parse_uri
from tests.clients.command_samples import BODIES
from tests.clients.servers import ACCOUNTS, PASSWORD, USERS, RunningServer, serving, started, written
from tests.clients.systems import Client, asked, free_port, signed_in
from tests.pure.cli.programs import PATIENCE_S
from websockets.sync.client import connect

from fairway.api.command_bodies import ELSEWHERE, slug_of
from fairway.api.server_events import CODEC, RequestDenied, RequestServed, SignedIn, SignInFailed
from fairway.journal.sql import open_reader
from fairway.operations.operation import Exposure
from fairway.operations.registry import all_operations
from fairway.people.roles import UserAct, UserRole

STRANGER = "tim"
"""A user of the role trader; tom1 is the account of another one."""
ALL = frozenset({"ada", "tom", "tim", "sue", "vic"})
ALLOWED: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("accounts-pause", "accounts-lower-capital", "users-pause", "pause", "cancel", "close", "kill", "drill", "runbook-run"),
        frozenset({"ada", "tom", "sue"}),
    ),
    **dict.fromkeys(
        ("accounts-capital", "accounts-resume", "accounts-remove", "lease", "lift", "resume", "signal", "transfer"),
        frozenset({"ada", "tom"}),
    ),
    **dict.fromkeys(
        ("launch-abort", "launch-demote", "launch-hold", "notify-test", "reconnect", "stop", "switch-address"),
        frozenset({"ada", "sue"}),
    ),
    **dict.fromkeys(
        (each for each in BODIES if each.startswith(("incident-", "ticket-", "alerts-", "practice-"))), frozenset({"ada", "sue"})
    ),
    "ticket-open": ALL,
}
"""Who may send a command; for those that are not here, ada alone."""
READS: dict[str, frozenset[str]] = {
    "/api/v1/session": ALL,
    "/api/v1/portfolio": ALL,
    "/api/v1/positions": ALL,
    "/api/v1/portfolio?account=tom1": ALL - {"tim"},
    "/api/v1/orders": ALL,
    "/api/v1/orders?account=tom1": ALL - {"tim"},
    "/api/v1/closed-trades": ALL,
    "/api/v1/closed-trades?account=tom1": ALL - {"tim"},
    "/api/v1/fills": ALL,
    "/api/v1/caps": ALL,
    "/api/v1/caps?account=tom1": ALL - {"tim"},
    "/api/v1/accounts": ALL,
    "/api/v1/accounts/tom1": ALL - {"tim"},
    "/api/v1/users": ALL - {"tom", "tim"},
    "/api/v1/incidents": ALL - {"tom", "tim"},
    "/api/v1/alerts": ALL - {"tom", "tim"},
    "/api/v1/notify/deliveries": ALL - {"tom", "tim"},
    "/api/v1/tickets": ALL,
    "/api/v1/tokens": ALL,
    "/api/v1/commands": ALL,
    "/api/v1/journal": ALL,
    "/api/v1/journal?journal=server": ALL,
    "/api/v1/journal?journal=launch": ALL - {"tom", "tim"},
    "/api/v1/launch": ALL - {"tom", "tim"},
    "/api/v1/runbooks": ALL,
    "/api/v1/runbooks/support": ALL,
    "/api/v1/launch/record": ALL - {"tom", "tim"},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def clients(server: RunningServer) -> dict[str, Client]:
    return {name: server.client(name) for name in USERS}


def test_the_table_names_every_command() -> None:
    """A new operation is in the table, or has a path of its own."""
    served = {slug_of(name) for name, each in all_operations().items() if each.act is not UserAct.READ and name not in ELSEWHERE}
    assert set(BODIES) == served


@pytest.mark.parametrize("command", sorted(BODIES))
def test_the_table_of_role_and_command(clients: dict[str, Client], command: str) -> None:
    """Each may look at what it would do, or is told by its code why not; the same rule is asked when it is performed."""
    allowed = ALLOWED.get(command, frozenset({"ada"}))
    for name, client in clients.items():
        for path in (f"/api/v1/commands/{command}/preview", f"/api/v1/commands/{command}"):
            if not path.endswith("preview") and name in allowed:
                continue  # what it does is another test's
            code, answer = client.post(path, BODIES[command])
            if name in allowed:
                assert code != 403, (name, path, answer)
            else:
                assert code == 403, (name, path, answer)
                assert answer["code"].startswith("ROLE_FORBIDS"), answer


@pytest.mark.parametrize("path", sorted(READS))
def test_the_table_of_role_and_what_is_read(clients: dict[str, Client], path: str) -> None:
    for name, client in clients.items():
        code, answer = client.get(path)
        if name in READS[path]:
            assert code in (200, 409), (name, answer)  # 409: no launch has begun
        else:
            assert (code, answer["code"].partition(":")[0]) == (403, "ROLE_FORBIDS"), name


@pytest.mark.parametrize("path", [path for path in sorted(READS) if not re.search("launch|users|server", path)])
def test_a_trader_sees_nothing_of_another_users_account(clients: dict[str, Client], path: str) -> None:
    """The name of the account is nowhere in the answers."""
    code, answer = clients[STRANGER].get(path)
    if code == 200:
        assert "tom1" not in json.dumps(answer), path
    assert clients["vic"].get("/api/v1/accounts")[1] != []


def test_each_trader_sees_the_own_account(clients: dict[str, Client]) -> None:
    for account, owner in ACCOUNTS.items():
        portfolio = clients[owner].get("/api/v1/portfolio")[1]
        assert [each["account"] for each in portfolio["accounts"]] == [account]
        records = clients[owner].get("/api/v1/journal")[1]
        assert {each["account"] for each in records} == {account}
    assert len(clients["ada"].get("/api/v1/portfolio")[1]["accounts"]) == len(ACCOUNTS)


def test_nothing_but_health_is_told_without_a_sign_in(server: RunningServer) -> None:
    """Every path of the description, with each of its methods."""
    described = asked(f"{server.url}/openapi.json")[1]
    open_paths = {"/live", "/ready", "/health", "/api/v1/health/", "/api/v1/ping", "/status/", "/status/status.json"}
    signs_in = {
        ("/api/v1/session", "post"),
        ("/api/v1/token", "post"),
        ("/api/v1/token/login", "post"),
        ("/api/v1/token/refresh", "post"),
        ("/auth/login", "post"),
    }
    count = 0
    for path, methods in described["paths"].items():
        for method in methods:
            if path in open_paths or (path, method) in signs_in or "webhooks" in path:
                continue
            real = re.sub(r"\{[^}]*\}", "abc123", path)
            body: dict[str, str] | None = {} if method == "post" else None
            code, answer = asked(f"{server.url}{real}", body=body, method=method.upper())
            assert (code, answer["code"]) == (401, "SIGN_IN_MISSING"), (method, path, answer)
            count += 1
    assert count > len(BODIES) * 2


def messages(url: str, path: str) -> list[Any]:
    """What a WebSocket says until it ends, or what it has said within a second."""
    found = []
    with connect(f"{url.replace('http', 'ws')}{path}", open_timeout=PATIENCE_S) as socket:
        try:
            while True:
                found.append(json.loads(socket.recv(timeout=1)))
        except Exception:
            return found


def streamed(client: Client, path: str) -> list[Any]:
    """The first events of a stream: what it says within a second."""
    request = urllib.request.Request(f"{client.url}{path}", headers=client.headers)
    found = []
    with urllib.request.urlopen(request, timeout=1) as answer:
        try:
            for line in answer:
                if line.startswith(b"data: "):
                    found.append(json.loads(line[6:]))
        except TimeoutError:
            return found
    return found


def test_streams_show_each_user_the_own_records_only(clients: dict[str, Client], server: RunningServer) -> None:
    """By Server-Sent Events and by WebSocket alike."""
    for account, owner in ACCOUNTS.items():
        token = clients[owner].headers["Authorization"].removeprefix("Bearer ")
        by_socket = messages(server.url, f"/api/v1/events/ws?after=0&token={token}")
        by_stream = streamed(clients[owner], "/api/v1/events?after=0")
        assert by_socket == by_stream
        assert {each["account"] for each in by_socket} == {account}
    everything = streamed(clients["vic"], "/api/v1/events?after=0")
    assert {each["account"] for each in everything} == set(ACCOUNTS)
    assert [each["seq"] for each in everything] == sorted(each["seq"] for each in everything)


def test_streams_are_closed_to_strangers(clients: dict[str, Client], server: RunningServer) -> None:
    assert asked(f"{server.url}/api/v1/events")[0] == 401
    for path in ("/api/v1/events/ws", "/api/v1/events/ws?token=fw_guessed"):
        (refusal,) = messages(server.url, path)
        assert refusal["status"] == 401
    code, answer = clients["tom"].get("/api/v1/events?journal=launch")
    assert (code, answer["code"].partition(":")[0]) == (403, "ROLE_FORBIDS")
    token = clients["tom"].headers["Authorization"].removeprefix("Bearer ")
    (refusal,) = messages(server.url, f"/api/v1/events/ws?journal=launch&token={token}")
    assert refusal["status"] == 403


def test_a_token_reads_stops_or_manages_and_never_raises_exposure(clients: dict[str, Client], server: RunningServer) -> None:
    for scope, stops in (("read", False), ("stop", True), ("manage", True)):
        code, issued = clients["ada"].post("/api/v1/tokens", {"name": "a program", "scope": scope, "length": "1h"})
        assert code == 201, issued
        program = Client(server.url, {"Authorization": f"Bearer {issued['text']}"})
        assert program.get("/api/v1/portfolio")[0] == 200
        assert (program.post("/api/v1/commands/pause/preview", BODIES["pause"])[0] == 200) is stops
        raising = {slug_of(name) for name, each in all_operations().items() if each.exposure is Exposure.RAISES}
        for command in sorted(raising & BODIES.keys()):
            code, refused = program.post(f"/api/v1/commands/{command}", BODIES[command])
            assert code == 403
            assert refused["code"].partition(":")[0] == ("SIGN_IN_OLD" if scope == "manage" else "SCOPE_FORBIDS"), refused
        assert clients["ada"].delete(f"/api/v1/tokens/{issued['id']}")[0] == 200
        code, refused = program.get("/api/v1/portfolio")
        assert (code, refused["code"]) == (401, "TOKEN_REFUSED")


def test_a_refresh_token_gives_an_access_token_and_nothing_else(server: RunningServer) -> None:
    basic = base64.b64encode(f"vic:{PASSWORD.reveal()}".encode()).decode()
    code, tokens = asked(f"{server.url}/api/v1/token/login", method="POST", headers={"Authorization": f"Basic {basic}"})
    assert code == 200
    refresh = {"Authorization": f"Bearer {tokens['refresh_token']}"}
    assert asked(f"{server.url}/api/v1/portfolio", headers=refresh)[0] == 401
    code, next_one = asked(f"{server.url}/api/v1/token/refresh", method="POST", headers=refresh)
    assert code == 200
    assert Client(server.url, {"Authorization": f"Bearer {next_one['access_token']}"}).get("/api/v1/session")[0] == 200
    assert (
        asked(
            f"{server.url}/api/v1/token/refresh", method="POST", headers={"Authorization": f"Bearer {next_one['access_token']}"}
        )[0]
        == 401
    )


def test_a_session_is_a_cookie_that_other_pages_cannot_use(server: RunningServer) -> None:
    request = urllib.request.Request(
        f"{server.url}/api/v1/session",
        data=json.dumps({"user": "tom", "password": PASSWORD.reveal()}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        cookie = SimpleCookie(answer.headers["Set-Cookie"])["fairway_session"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "strict")
    shown = {"Cookie": f"fairway_session={cookie.value}"}
    assert asked(f"{server.url}/api/v1/session", headers=shown)[1]["user"] == "tom"
    pause = (f"{server.url}/api/v1/commands/pause/preview", {"reason": "x", "account": "tom1"})
    for foreign in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site", "Origin": server.url}):
        code, refused = asked(pause[0], body=pause[1], headers={**shown, **foreign})
        assert (code, refused["code"]) == (403, "ORIGIN_FOREIGN"), foreign
    for own in ({"Origin": server.url}, {"Sec-Fetch-Site": "same-origin"}):
        assert asked(pause[0], body=pause[1], headers={**shown, **own})[0] == 200
    assert asked(f"{server.url}/api/v1/session", method="DELETE", headers={**shown, "Origin": server.url})[0] == 200
    assert asked(f"{server.url}/api/v1/session", headers=shown)[0] == 401


def test_guessing_is_slowed_and_a_token_goes_on(server: RunningServer, clients: dict[str, Client]) -> None:
    codes = [asked(f"{server.url}/api/v1/token", body={"user": "sue", "password": f"guess number {n}"})[0] for n in range(8)]
    assert codes[:5] == [401] * 5
    assert 429 in codes[5:]
    code, slowed = asked(f"{server.url}/api/v1/token", body={"user": "sue", "password": PASSWORD.reveal()})
    assert (code, slowed["code"]) == (429, "SIGN_IN_SLOWED")
    assert clients["sue"].get("/api/v1/session")[0] == 200


def test_every_use_and_every_refusal_is_in_the_servers_journal(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.client("vic").get("/api/v1/portfolio?account=tom1")
        server.client("tim").get("/api/v1/portfolio?account=tom1")
        asked(f"{server.url}/api/v1/users")
        asked(f"{server.url}/api/v1/token", body={"user": "sue", "password": "guess number 1"})
    with open_reader(server.folder / "fairway.journal.server", stream="server") as journal:
        records = [(record.author, CODEC.decode(record)) for record in journal.read()]
    served = [(by, each.path) for by, each in records if isinstance(each, RequestServed)]
    refused = [
        (by, each.path, each.status, each.code.partition(":")[0]) for by, each in records if isinstance(each, RequestDenied)
    ]
    assert ("vic", "/api/v1/portfolio") in served
    assert ("tim", "/api/v1/portfolio", 403, "ROLE_FORBIDS") in refused
    assert ("", "/api/v1/users", 401, "SIGN_IN_MISSING") in refused
    assert {by for by, each in records if isinstance(each, SignedIn)} == {"vic", "tim"}
    assert [each.user for _, each in records if isinstance(each, SignInFailed)] == ["sue"]
    assert PASSWORD.reveal().encode() not in (server.folder / "fairway.journal.server").read_bytes()
    assert b"guess number" not in (server.folder / "fairway.journal.server").read_bytes()


def test_a_program_is_served_so_many_requests_a_minute(tmp_path: Path) -> None:
    """By default 60; what lowers exposure is served beyond that."""
    config = written(tmp_path, free_port())
    config.write_text(config.read_text().replace(", requests: 100000", ""))
    with started(tmp_path) as running:
        client = signed_in(running.url, "tom", PASSWORD.reveal())
        with ThreadPoolExecutor(8) as pool:
            codes = list(pool.map(lambda _: client.get("/api/v1/session")[0], range(70)))
        assert (codes.count(200), codes.count(429)) == (60, 10)
        code, answer = client.get("/api/v1/session")
        assert (code, answer["code"]) == (429, "REQUESTS_TOO_MANY")
        assert client.post("/api/v1/commands/pause", {"reason": "a test", "account": "tom1"})[0] == 202


def test_the_roles_of_the_table_are_all_there_are() -> None:
    assert set(USERS.values()) == set(UserRole)


def test_a_second_factor_is_asked_for_at_each_sign_in(tmp_path: Path) -> None:
    """By a real authenticator's codes. The code of this step is spent by the confirmation."""
    with serving(tmp_path) as server:
        client = server.client("tom")
        code, begun = client.post("/api/v1/second-factor")
        assert code == 200
        codes = TOTP(parse_uri(begun["address"]).secret)
        assert client.post("/api/v1/second-factor/confirm", {"code": "000000"})[0] == 422
        now = int(time.time())
        assert client.post("/api/v1/second-factor/confirm", {"code": codes.at(now)})[0] == 200
        body = {"user": "tom", "password": PASSWORD.reveal()}
        assert asked(f"{server.url}/api/v1/token", body=body)[0] == 401
        assert asked(f"{server.url}/api/v1/token", body={**body, "code": codes.at(now)})[0] == 401, "it was used"
        assert asked(f"{server.url}/api/v1/token", body={**body, "code": codes.at(now + 30)})[0] == 200
        basic = base64.b64encode(f"tom:{PASSWORD.reveal()}".encode()).decode()
        assert asked(f"{server.url}/api/v1/session", headers={"Authorization": f"Basic {basic}"})[0] == 401


def test_reads_of_a_page_that_asks_each_second_are_counted_and_each_deed_is_written(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        client = server.client("tom")
        for _ in range(20):
            assert client.get("/api/v1/portfolio")[0] == 200
        for _ in range(3):
            assert client.post("/api/v1/commands/pause/preview", {"reason": "x", "account": "tom1"})[0] == 200
    with open_reader(server.folder / "fairway.journal.server", stream="server") as journal:
        events = [CODEC.decode(record) for record in journal.read()]
    served = [each.path for each in events if isinstance(each, RequestServed)]
    assert served.count("/api/v1/portfolio") == 1
    assert served.count("/api/v1/commands/pause/preview") == 3
