"""The status page is answered as it was written, and only its own scripts may run."""

import base64
import hashlib
from pathlib import Path

from tests.pure.incidents.responses import BEGAN, POLICY, PROTECTED

from fairway.api.status_files import NOT_CONFIGURED, NOT_WRITTEN, read_status_files
from fairway.assembly.status_page_files import HTML, JSON
from fairway.incidents.incident import Incidents
from fairway.incidents.status_page import StatusFacts, status_page

PAGE = status_page(
    POLICY,
    Incidents(),
    StatusFacts(known={}, maintenance=(), protection=PROTECTED.protection, watched_since=BEGAN),
    BEGAN,
)


def test_it_says_why_there_is_no_page(tmp_path: Path) -> None:
    assert read_status_files(None).missing == NOT_CONFIGURED
    assert read_status_files(tmp_path).missing == NOT_WRITTEN


def test_the_page_is_answered_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / HTML).write_bytes(PAGE.html)
    (tmp_path / JSON).write_bytes(PAGE.json)
    found = read_status_files(tmp_path)
    assert (found.html, found.json, found.missing) == (PAGE.html, PAGE.json, "")
    script = PAGE.html.partition(b"<script>")[2].partition(b"</script>")[0]
    assert script
    own = base64.b64encode(hashlib.sha256(script).digest()).decode()
    assert f"script-src 'sha256-{own}';" in found.policy
    assert found.policy.startswith("default-src 'none';")
