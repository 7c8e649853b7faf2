"""The status page's files: written when what they say changes, once a minute else, and readable by everyone."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from tests.pure.incidents.responses import BEGAN, POLICY, PROTECTED

from fairway.assembly.status_page_files import HTML, JSON, StatusPageFiles
from fairway.incidents.alerting_service import AlertingService
from fairway.incidents.incident import Incidents
from fairway.incidents.incident_tick import IncidentFacts
from fairway.world.clock import MINUTE, SECOND


class Written:
    """A page of a service of which only the facts change."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._service = (
            folder,
            SimpleNamespace(policy=POLICY, state=SimpleNamespace(incidents=Incidents(), began_at=BEGAN), facts=IncidentFacts()),
        )
        self.page = StatusPageFiles(folder, cast(AlertingService, self._service), ())

    def at(self, after_ns: int, facts: IncidentFacts) -> dict[str, Any]:
        """What the file says after a tick without any event."""
        self._service.facts = facts
        self.page.note(BEGAN + after_ns, ())
        return cast(dict[str, Any], json.loads((self._folder / JSON).read_text()))


def test_what_becomes_known_is_shown_at_the_next_tick_and_nothing_is_written_for_nothing(tmp_path: Path) -> None:
    written = Written(tmp_path / "status")
    assert written.at(0, IncidentFacts())["state"] == "unknown"
    known = written.at(SECOND, PROTECTED)
    assert (known["state"], known["positions"]) == ("operational", "protected")
    assert written.at(2 * SECOND, PROTECTED)["made_at"] == known["made_at"]
    assert written.at(2 * MINUTE, PROTECTED)["made_at"] > known["made_at"]
    assert written.at(2 * MINUTE + SECOND, IncidentFacts())["positions"] == "unknown"


def test_everyone_may_read_the_files_and_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    written = Written(tmp_path / "status")
    written.at(0, PROTECTED)
    assert {(tmp_path / "status" / name).stat().st_mode & 0o777 for name in (HTML, JSON)} == {0o644}
    (tmp_path / "file").write_text("")
    elsewhere = Written(tmp_path / "file" / "status")
    elsewhere.page.note(BEGAN, ())
    assert "the status page cannot be written" in elsewhere.page.trouble
