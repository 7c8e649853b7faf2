"""Programs of Prometheus and Alertmanager, as Debian has them. Where one is missing the tests fail."""

import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGES = {
    "promtool": "prometheus",
    "prometheus": "prometheus",
    "amtool": "prometheus-alertmanager",
    "prometheus-alertmanager": "prometheus-alertmanager",
}
PATIENCE_S = 120


def tool(name: str) -> str:
    """Where the program is."""
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"these tests need {name}: apt-get install {PACKAGES[name]}")
    return found


def checked(name: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """What the program says."""
    command = [tool(name), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
