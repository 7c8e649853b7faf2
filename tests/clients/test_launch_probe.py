"""`fairway launch probe` asks a real server once, and says what the pilot would make of its answers."""

from pathlib import Path

import pytest
from tests.pure.launch.lint.drafts import changed
from tests.pure.watch.servers import Server, served

from fairway.cli.exits import ExitCode, Failure
from fairway.cli.launch.probe import probe


def asked(tmp_path: Path, server: Server, capsys: pytest.CaptureFixture[str], *, name: str = "") -> tuple[int, list[str]]:
    page = f"http://127.0.0.1:{server.port}"
    text = changed(
        probes=f"[{{name: health, of: http_ok, asks: GET {page}/health, every: 1m, checks: [database, venue]}},"
        f" {{name: lag, of: consumer_lag, asks: METRIC lag at {page}/metrics, every: 1m}}]"
    )
    file = tmp_path / "plan.yaml"
    file.write_text(text)
    return probe(str(file), name=name), capsys.readouterr().out.splitlines()


Caught = pytest.CaptureFixture[str]


def test_each_is_asked_and_told(tmp_path: Path, capsys: Caught) -> None:
    server = Server()
    with served(server):
        code, (health, lag) = asked(tmp_path, server, capsys)
    assert code == ExitCode.NO
    assert health.startswith("health: good: status 200 within ")
    assert health.endswith(" ms; database, venue work")
    assert lag == "lag: NOT GOOD: its page has no sample of lag"
    server = Server(body="lag 12\n")
    with served(server):
        assert asked(tmp_path, server, capsys, name="lag") == (ExitCode.OK, ["lag: lag is 12"])
    assert asked(tmp_path, server, capsys, name="lag") == (ExitCode.NO, ["lag: NOT GOOD: no server answers at its address"])


def test_what_cannot_be_asked_is_told(tmp_path: Path, capsys: Caught, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Failure, match=r"has no probe 'other' that is asked; it has health, lag"):
        asked(tmp_path, Server(port=1), capsys, name="other")
    from fairway.launch.observation.probing import TokenMissing

    file = tmp_path / "plan.yaml"
    file.write_text(changed(probes="[{name: api, of: http_ok, asks: GET http://127.0.0.1:1/x, every: 1m, token: PROBE_TOKEN}]"))
    monkeypatch.delenv("PROBE_TOKEN", raising=False)
    with pytest.raises(TokenMissing, match=r"PROBE_TOKEN \(probe api\)"):
        probe(str(file))
    assert probe("first-hundred") == ExitCode.OK
    assert capsys.readouterr().out == "first-hundred has no probe that is asked\n"
