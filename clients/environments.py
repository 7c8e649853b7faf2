"""Makes an environment of its own for each client, below .venv-clients, and says why where that cannot be done here."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOME = ROOT / ".venv-clients"


class Unavailable(Exception):
    """The client cannot be installed on this machine; the text says what is missing."""


@dataclass(frozen=True)
class Client:
    """A client and what it needs. Requirements are in requirements/clients/NAME.txt."""

    name: str
    python: tuple[int, int] = (3, 11)
    """The oldest that it runs on."""
    npm: str = ""
    """A package of npm beside the Python ones, such as `ccxt@4.5.84`."""

    @property
    def tests(self) -> Path:
        return ROOT / "clients" / f"test_{self.name.replace('-', '_')}.py"

    @property
    def requirements(self) -> Path:
        return ROOT / "requirements" / "clients" / f"{self.name}.txt"

    @property
    def home(self) -> Path:
        return HOME / self.name

    @property
    def version(self) -> str:
        """What is pinned of it."""
        return self.npm or self.requirements.read_text().split()[0]


CLIENTS = (
    Client("binance-sdk-spot"),
    Client("freqtrade"),
    Client("nautilus-trader", python=(3, 12)),
    Client("ccxt-javascript", npm="ccxt@4.5.84"),
)


def prepare(client: Client) -> Path:
    """The client's Python, installed if it was not or if something else is pinned now. Raises Unavailable."""
    python, done = client.home / "bin" / "python", client.home / "installed.txt"
    wanted = client.requirements.read_text() + client.npm
    if done.is_file() and done.read_text() == wanted:
        return python
    shutil.rmtree(client.home, ignore_errors=True)
    _run([_python_for(client), "-m", "venv", str(client.home)])
    _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(client.requirements)])
    if client.npm:
        if shutil.which("npm") is None:
            raise Unavailable("npm is not installed; it comes with Node.js, https://nodejs.org")
        _run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(client.home), client.npm])
    done.write_text(wanted)
    return python


def _python_for(client: Client) -> str:
    for path in _pythons():
        asked = [path, "-c", "import sys; print(*sys.version_info[:2])"]
        told = subprocess.run(asked, capture_output=True, text=True, check=False)
        if told.returncode == 0 and tuple(map(int, told.stdout.split())) >= client.python:
            return path
    oldest = ".".join(map(str, client.python))
    raise Unavailable(f"it needs Python {oldest} or newer, and none was found; name one with CLIENTS_PYTHON=/path/to/python")


def _pythons() -> Iterator[str]:
    """What is named, ours, newer ones by their usual names, and those of pyenv, whose names on the path may lead nowhere."""
    named = os.environ.get("CLIENTS_PYTHON")
    yield from [named] if named else []
    yield sys.executable
    yield from (path for minor in (12, 13, 14) if (path := shutil.which(f"python3.{minor}")))
    yield from map(str, sorted((Path.home() / ".pyenv" / "versions").glob("3.1[2-9]*/bin/python")))


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["it says nothing"]
        raise Unavailable(f"{' '.join(command[:4])} … ended with {done.returncode}: {last[0]}")
