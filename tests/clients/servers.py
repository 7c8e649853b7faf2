"""A server alone, beside the journal of a trader of several accounts that does not run: who may see and do what."""

import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from signal import SIGKILL, SIGTERM

from msgspec import Struct
from tests.clients.systems import Client, free_port, signed_in
from tests.pure.cli.programs import FAIRWAY, PATIENCE_S

from fairway.cli.exits import ExitCode
from fairway.journal import kinds
from fairway.journal.events import Codec
from fairway.journal.sql import open_journal
from fairway.money.amount import Amount
from fairway.operations.people.registry_place import RegistryPlace
from fairway.people.account import Account, KeyCheck
from fairway.people.roles import UserRole
from fairway.people.secret import Keys, Secret
from fairway.people.user import ChangeNote, Profile, User
from fairway.settings import load
from fairway.world.clock import SystemClock

PASSWORD = Secret("four unrelated words here")
STOPS_WITHIN_S = 5.0
USERS = {"ada": UserRole.ADMIN, "tom": UserRole.TRADER, "tim": UserRole.TRADER, "sue": UserRole.SUPPORT, "vic": UserRole.VIEWER}
ACCOUNTS = {"tom1": "tom", "tim1": "tim"}
TRADER = "main"


@dataclass(frozen=True)
class RunningServer:
    """A server in a process of its own, and the directory in which its configuration is."""

    folder: Path
    url: str
    process_id: int

    def client(self, user: str) -> Client:
        return signed_in(self.url, user, PASSWORD.reveal())


def config(port: int, extra: str = "") -> str:
    return f"""
mode: practice
account: {TRADER}
venue: {{exchange: binance, url: "http://127.0.0.1:9"}}
symbols: [BTC/USDT, ETH/USDT]
strategy: {{name: periodic}}
people: people
master_key: file:master-key
server: {{port: {port}, requests: 100000{extra}}}
"""


def written(folder: Path, port: int, extra: str = "") -> Path:
    """Configuration, registry and journal of a trader that has two users' accounts."""
    file = folder / "fairway.yaml"
    file.write_text(config(port, extra))
    _write_registry(folder)
    _write_journal(folder / "fairway.journal")
    return file


@contextmanager
def serving(folder: Path, extra: str = "", scheme: str = "http") -> Iterator[RunningServer]:
    """A server of its own, with the users and accounts of this page."""
    written(folder, free_port(), extra)
    with started(folder, scheme) as running:
        yield running


@contextmanager
def started(folder: Path, scheme: str = "http") -> Iterator[RunningServer]:
    """The server of the configuration in a folder. It ends by SIGTERM, with that code."""
    server = load(folder / "fairway.yaml").server
    assert server is not None
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen([FAIRWAY, "server", str(folder / "fairway.yaml")], stdout=log, stderr=log)
    try:
        ends_at = time.monotonic() + PATIENCE_S
        while b"server listens" not in (folder / "server.log").read_bytes():
            assert process.poll() is None, (folder / "server.log").read_text()
            assert time.monotonic() < ends_at
            time.sleep(0.05)
        yield RunningServer(folder, f"{scheme}://127.0.0.1:{server.port}", process.pid)
    finally:
        process.send_signal(SIGTERM)
        ended = _waited_for(process)
        said = (folder / "server.log").read_text()
    assert ended in (ExitCode.TERMINATED, -SIGKILL)
    assert "Traceback" not in said, said[-4000:]


def _waited_for(process: "subprocess.Popen[bytes]") -> int:
    """How it ended. A kill that a test has begun asks its venue, which is not there, for a minute; that is not waited for."""
    try:
        return process.wait(STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait(PATIENCE_S)


def registry_of(folder: Path) -> RegistryPlace:
    return RegistryPlace(registry=str(folder / "people"), master_key=f"file:{folder / 'master-key'}")


def _write_registry(folder: Path) -> None:
    place, note = registry_of(folder), ChangeNote(by="test", reason="", at=SystemClock().now())
    key = folder / "master-key"
    key.touch(0o600)
    key.write_text("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n")
    opened = place.open(begin=True)
    for name, role in USERS.items():
        opened.registrar.add_user(User(id=name, name=name, role=role, profile=Profile.MODERATE, created_at=note.at, said=note))
        opened.sign_ins.set_password(name, PASSWORD, note)
    for account, owner in ACCOUNTS.items():
        its = Account(
            id=account,
            user=owner,
            exchange="binance",
            mode="practice",
            url="http://127.0.0.1:9",
            created_at=note.at,
            said=note,
            keys_at=note.at,
            key_check=KeyCheck.NOT_CHECKED,
        )
        opened.registrar.add_account(its, Keys(Secret(f"key of {account}"), Secret(f"secret of {account}")))
    opened.close()


def _write_journal(path: Path) -> None:
    journal = open_journal(path, Codec(*kinds.EVENTS), mode="practice", trader=TRADER)
    now = SystemClock().now()
    for account in ACCOUNTS:
        journal.append(_started(account), account=account, author="trader", at=now)
    journal.close()


def _started(account: str) -> Sequence[Struct]:
    symbols = ("BTC/USDT", "ETH/USDT")
    return (
        kinds.TraderStarted(
            account=account,
            epoch=1,
            release="1",
            venue="binance",
            strategy="periodic",
            symbols=symbols,
            lots=dict.fromkeys(symbols, Decimal("0.0001")),
        ),
        kinds.BalancesOpened(balances={"USDT": Decimal(1000)}),
        kinds.Marked(worth=Amount.of("1000", "USDT"), marks={"BTC/USDT": Decimal(60_000)}),
    )


def raw(url: str, request: bytes, *, wait_s: float = PATIENCE_S, tls: ssl.SSLContext | None = None) -> bytes:
    """The answer to bytes as they are, until the server ends the connection or says nothing more for a while."""
    host, port = url.partition("//")[2].split(":")
    plain = socket.create_connection((host, int(port)), timeout=wait_s)
    with tls.wrap_socket(plain, server_hostname=host) if tls is not None else plain as connection:
        connection.sendall(request)
        answer = b""
        try:
            while chunk := connection.recv(65_536):
                answer += chunk
        except TimeoutError:
            pass
        return answer
