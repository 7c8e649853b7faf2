"""Prometheus and Alertmanager of Debian's packages for tests, each on a free port of loopback, with files of the test's own.

Where they are not installed the tests fail: a check that could not run is not passed.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.prometheus_tools import tool

STARTS_WITHIN_S = 20.0
LOOK_S = 0.1


@contextmanager
def prometheus(config: Path, port: int) -> Iterator[str]:
    """A server with this configuration; its address."""
    words = [f"--config.file={config}", f"--storage.tsdb.path={config.parent / 'tsdb'}", f"--web.listen-address=127.0.0.1:{port}"]
    with _started("prometheus", words, config.parent, port) as address:
        yield address


@contextmanager
def alertmanager(config: Path, port: int) -> Iterator[str]:
    """A server with this configuration, alone in its cluster; its address."""
    words = [f"--config.file={config}", f"--storage.path={config.parent / 'alertmanager'}", "--cluster.listen-address="]
    words.append(f"--web.listen-address=127.0.0.1:{port}")
    with _started("prometheus-alertmanager", words, config.parent, port) as address:
        yield address


@contextmanager
def _started(name: str, words: list[str], folder: Path, port: int) -> Iterator[str]:
    address = f"http://127.0.0.1:{port}"
    with open(folder / f"{name}.log", "wb") as log:
        process = subprocess.Popen([tool(name), *words], stdout=log, stderr=log)
        try:
            _wait_until_ready(process, f"{address}/-/ready", folder / f"{name}.log")
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_until_ready(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    ends_at = time.monotonic() + STARTS_WITHIN_S
    while not _answers(url):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < ends_at, log.read_text()
        time.sleep(LOOK_S)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
