"""Bad input over HTTP: each gets a clear error, nothing crashes, and the server's memory stays bounded."""

import http.client
import json
import random
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.clients.servers import RunningServer, raw, serving
from tests.clients.systems import Client, asked
from tests.prove.size import IS_WHOLE

from fairway.api.bodies import BYTES_MAX, WITHIN_S

REQUESTS = 10_000 if IS_WHOLE else 1_000
GROWTH_MAX_MIB = 64
"""Of the server's memory, over all fuzzed requests and a hundred bodies of the largest size at once."""
PAUSE = "/api/v1/commands/pause"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with serving(tmp_path_factory.mktemp("bad")) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Client:
    return server.client("ada")


def memory_mib(server: RunningServer) -> float:
    """What the server's process has in memory."""
    pages = int(Path(f"/proc/{server.process_id}/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def problem(answer: Any, code: int) -> str:
    """The code for programs of a problem document that is whole."""
    assert answer["status"] == code
    assert set(answer) <= {"type", "title", "status", "code", "detail", "instance", "errors"}
    assert answer["detail"]
    assert "Traceback" not in json.dumps(answer)
    return str(answer["code"])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "Field required"),
        (b"{", "the body is no JSON"),
        (b"\xff\xfe", "the body is no JSON"),
        (b"[" * 100_000, "the body is no JSON"),
        (b"null", "body"),
        (b"[]", "body"),
        (b'"pause"', "body"),
        (b"{}", "body.reason: Field required"),
        (b'{"reason": 1}', "body.reason: Input should be a valid string"),
        (b'{"reason": null}', "body.reason: Input should be a valid string"),
        (b'{"reason": "x", "reasn": "y"}', "body.reasn: Extra inputs are not permitted"),
        (b'{"reason": "' + b"x" * 3_000 + b'"}', "body.reason: String should have at most 2000 characters"),
        (b'{"reason": "x", "everyone": "perhaps"}', "body.everyone: Input should be a valid boolean"),
        (b'{"reason": "x", "everyone": NaN}', "body.everyone"),
    ],
)
def test_a_wrong_body_is_told_by_field_and_value(client: Client, body: bytes, words: str) -> None:
    code, answer = asked(f"{client.url}{PAUSE}", body=body, headers=client.headers, method="POST")
    assert code == 422, answer
    assert problem(answer, 422).partition(":")[0] in ("BODY_WRONG", "FIELD_WRONG")
    assert words in answer["detail"]


@pytest.mark.parametrize(
    ("command", "body", "code", "words"),
    [
        ("lease", {"length": "soon", "reason": "x"}, 422, "body.length"),
        ("lease", {"length": 5, "reason": "x"}, 422, "body.length"),
        ("kill", {"reason": "x", "scope": "planet"}, 422, "body.scope"),
        ("accounts-cohort", {"account": "tom1", "cohort": "friends"}, 422, "body.cohort"),
        ("users-role", {"user": "tom", "role": "king"}, 422, "body.role"),
    ],
)
def test_a_wrong_value_names_its_field(client: Client, command: str, body: Any, code: int, words: str) -> None:
    found, answer = client.post(f"/api/v1/commands/{command}", body)
    assert found == code
    assert words in answer["detail"]


def test_a_refused_command_says_why(client: Client) -> None:
    for command, body, code in (
        ("close", {"symbol": "NOPE", "reason": "x", "account": "tom1"}, "refused"),
        ("lift", {"cap": "nothing", "reason": "x", "account": "tom1"}, "refused"),
        ("users-pause", {"user": "nobody", "reason": "x"}, "refused"),
        ("kill", {"reason": " "}, "refused"),
    ):
        ended = client.done(command, body)
        assert ended["state"] == code, ended
        assert ended["code"]
        assert ended["sentences"]


def test_a_huge_body_is_refused_before_it_is_read(server: RunningServer) -> None:
    head = f"POST {PAUSE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    answer = raw(server.url, (head % (BYTES_MAX + 1)).encode(), wait_s=5)
    assert b" 413 " in answer.split(b"\r\n")[0]
    assert b"BODY_LARGE" in answer
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    chunked = f"POST {PAUSE} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    answer = raw(server.url, chunked + chunk * 17, wait_s=5)
    assert b" 413 " in answer.split(b"\r\n")[0]


def test_a_slow_body_holds_nobody_up(server: RunningServer, client: Client) -> None:
    """Fifty clients that send nothing more: others are served meanwhile, and the slow ones are sent away."""
    host, port = server.url.partition("//")[2].split(":")
    head = f"POST {PAUSE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{".encode()
    slow = [socket.create_connection((host, int(port)), timeout=WITHIN_S * 3) for _ in range(50)]
    try:
        for connection in slow:
            connection.sendall(head)
        began = time.monotonic()
        assert client.get("/api/v1/session")[0] == 200
        assert time.monotonic() - began < WITHIN_S / 2, "it waited for the slow ones"
        for connection in slow:
            assert b" 408 " in connection.recv(65_536).split(b"\r\n")[0]
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.parametrize(
    "path",
    [
        "/../../../etc/passwd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/static-offline-docs/../../../../../etc/passwd",
        "/static-offline-docs/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/static-offline-docs/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/api/v1/orders/..%2f..%2fjournal",
        "/api/v1/commands/%00",
        "/api/v1/accounts/tom1%0d%0aX-Evil:%20yes",
        "//evil.example/api/v1/session",
        "/api/v1//session",
        "/api/v1/orders/" + "x" * 5_000,
        "/%ff%fe",
        "/api/v1/journal?after=-1",
        "/api/v1/journal?after=99999999999999999999999",
        "/api/v1/journal?limit=0",
        "/api/v1/orders?limit=many",
        "/api/v1/portfolio?account=" + "a" * 500,
    ],
)
def test_tricks_with_paths_lead_nowhere(server: RunningServer, client: Client, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {client.headers['Authorization']}\r\nConnection: close\r\n\r\n"
    answer = raw(server.url, request.encode("latin-1"), wait_s=10)
    status = int(answer.split(b" ", 2)[1])
    assert status in (400, 404, 414, 422), answer[:300]
    assert b"root:" not in answer
    assert b"\r\nX-Evil" not in answer
    assert b"Location: //" not in answer


def test_fuzzed_requests_are_all_answered_and_memory_stays_bounded(server: RunningServer, client: Client) -> None:
    """Half of them random requests with random bodies, of one who signed in; half of them valid ones with broken bytes."""
    paths = sorted(asked(f"{server.url}/openapi.json")[1]["paths"])
    before = memory_mib(server)
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda seed: _fuzzed(server, client, paths, seed, REQUESTS // 4), range(4)))
    with ThreadPoolExecutor(20) as pool:
        large = b'{"reason": "' + b"x" * (BYTES_MAX - 100) + b'"}'
        codes = list(pool.map(lambda _: asked(f"{server.url}{PAUSE}", body=large, headers=client.headers)[0], range(100)))
    assert set(codes) == {422}
    assert sum(counts) == REQUESTS
    assert asked(f"{server.url}/live")[0] == 200
    grown = memory_mib(server) - before
    print(f"{REQUESTS} requests; memory grew by {grown:.0f} MiB to {memory_mib(server):.0f} MiB")
    assert grown < GROWTH_MAX_MIB
    assert "Traceback" not in (server.folder / "server.log").read_text()


def _fuzzed(server: RunningServer, client: Client, paths: list[str], seed: int, count: int) -> int:
    """How many were answered, or ended by the server, as HTTP has it for bytes that are no request."""
    chance = random.Random(seed)
    for number in range(count):
        if number % 2:
            _ask_broken(server, chance)
        else:
            _ask_random(server, client, paths, chance)
    return count


def _ask_random(server: RunningServer, client: Client, paths: list[str], chance: random.Random) -> None:
    path = chance.choice([each for each in paths if each != "/api/v1/events" and "session" not in each and "tokens" not in each])
    path = path.replace("{", "").replace("}", "") + chance.choice(
        ["", "?limit=%00", "?account=%F0", "?after=1e5", "/", "?" + "a=b&" * 50]
    )
    method = chance.choice(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "BREW"])
    body = json.dumps(_random_value(chance, 4)).encode() if method in ("POST", "PUT", "PATCH") else None
    host, port = server.url.partition("//")[2].split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=30)
    headers = {**client.headers, "Content-Type": chance.choice(["application/json", "text/plain", "application/xml", "\x01"])}
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status != 500, (method, path, body)
    connection.close()


def _ask_broken(server: RunningServer, chance: random.Random) -> None:
    request = bytearray(f"POST {PAUSE} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}".encode())
    for _ in range(chance.randint(1, 8)):
        request[chance.randrange(len(request))] = chance.randrange(256)
    answer = raw(server.url, bytes(request), wait_s=0.05)
    assert b" 500 " not in answer[:20], bytes(request)


def _random_value(chance: random.Random, depth: int) -> Any:
    kind = chance.randrange(8 if depth else 6)
    match kind:
        case 0:
            return chance.choice([None, True, False])
        case 1:
            return chance.randrange(-(2**70), 2**70)
        case 2:
            return chance.choice([0.1, -1e308, 5e-324])
        case 3 | 4:
            return "".join(chr(chance.randrange(1, 0x2FFF)) for _ in range(chance.randrange(40)))
        case 5:
            return chance.choice(["BTC/USDT", "tom1", "paused", "x" * 10_000, "2026-11-25", "\ud800"])
        case 6:
            return [_random_value(chance, depth - 1) for _ in range(chance.randrange(6))]
    names = ["reason", "account", "symbol", "scope", "user", "length", "key", "secret", "x"]
    return {chance.choice(names): _random_value(chance, depth - 1) for _ in range(chance.randrange(6))}
