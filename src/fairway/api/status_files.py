"""The status page as alerting wrote it, ready to be answered: its HTML, its JSON and the policy for its scripts."""

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.assembly.status_page_files import HTML, JSON

NOT_CONFIGURED: Final = "no status page is configured; the key is alerts.status_page"
NOT_WRITTEN: Final = "no status page was written yet; alerting writes it: fairway alerts run"
_SCRIPT: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class StatusFiles:
    """html, json: the files' bytes. policy: lets the page's own scripts run, and no others.

    missing: why there are no files; "" where there are.
    """

    html: bytes = b""
    json: bytes = b""
    policy: str = ""
    missing: str = ""


def read_status_files(folder: Path | None) -> StatusFiles:
    """Of the folder that alerting writes to; None where none is configured."""
    if folder is None:
        return StatusFiles(missing=NOT_CONFIGURED)
    try:
        html, json = (folder / HTML).read_bytes(), (folder / JSON).read_bytes()
    except OSError:
        return StatusFiles(missing=NOT_WRITTEN)
    return StatusFiles(html, json, _policy(html))


def _policy(html: bytes) -> str:
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in _SCRIPT.findall(html))
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src {hashes}; frame-ancestors 'none'; base-uri 'none'"


def _digest(script: bytes) -> str:
    return base64.b64encode(hashlib.sha256(script).digest()).decode()
