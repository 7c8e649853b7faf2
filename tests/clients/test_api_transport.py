"""How the server is reached: by TLS of its own, through a stated proxy, and what browsers are told about its answers."""

import datetime
import ipaddress
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.clients.servers import PASSWORD, RunningServer, raw, serving, started, written
from tests.clients.systems import asked, free_port

from fairway.api.server_events import CODEC, SignedIn
from fairway.journal.sql import open_reader


def certificate(folder: Path) -> Path:
    """Writes cert.pem and key.pem for 127.0.0.1; the certificate's file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(private)
    return folder / "cert.pem"


@pytest.fixture
def trusted(tmp_path: Path) -> Iterator[tuple[RunningServer, ssl.SSLContext]]:
    file = certificate(tmp_path)
    with serving(tmp_path, extra=", tls: {certificate: cert.pem, key: key.pem}", scheme="https") as server:
        yield server, ssl.create_default_context(cafile=str(file))


def test_the_server_speaks_tls_and_its_cookie_says_secure(trusted: tuple[RunningServer, ssl.SSLContext]) -> None:
    server, context = trusted
    body = json.dumps({"user": "tom", "password": PASSWORD.reveal()}).encode()
    request = Request(f"{server.url}/api/v1/session", data=body, headers={"Content-Type": "application/json"})
    with urlopen(request, context=context) as answer:
        assert "Secure" in answer.headers["Set-Cookie"]
    assert raw(server.url.replace("https", "http"), b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n", wait_s=2)[:5] != b"HTTP/"


def test_a_certificate_that_is_missing_is_one_sentence(tmp_path: Path) -> None:
    file = written(tmp_path, free_port(), ", tls: {certificate: none.pem, key: none.pem}")
    with pytest.raises(AssertionError, match=r"server\.tls: certificate or key cannot be read"), started(file.parent):
        pass


def test_a_stated_proxy_is_believed_and_nobody_else_is_served(tmp_path: Path) -> None:
    """What the proxy says of the client's address is journaled; without the proxy's address there is no answer."""
    with serving(tmp_path, extra=", proxies: [127.0.0.1]") as server:
        body = {"user": "tom", "password": PASSWORD.reveal()}
        headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
        assert asked(f"{server.url}/api/v1/token", body=body, headers=headers)[0] == 200
    with open_reader(tmp_path / "fairway.journal.server", stream="server") as journal:
        events = [CODEC.decode(record) for record in journal.read()]
    assert {each.address for each in events if isinstance(each, SignedIn)} == {"203.0.113.7"}


def test_a_client_that_is_no_stated_proxy_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path, extra=", proxies: [192.0.2.1]") as server:
        code, answer = asked(f"{server.url}/live")
        assert (code, answer["code"]) == (403, "PROXY_MISSING")


def test_a_forwarded_address_of_a_stranger_is_not_believed(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        body = {"user": "tom", "password": PASSWORD.reveal()}
        assert asked(f"{server.url}/api/v1/token", body=body, headers={"X-Forwarded-For": "203.0.113.7"})[0] == 200
    with open_reader(tmp_path / "fairway.journal.server", stream="server") as journal:
        events = [CODEC.decode(record) for record in journal.read()]
    assert {each.address for each in events if isinstance(each, SignedIn)} == {"127.0.0.1"}


def test_browsers_keep_frame_and_guess_nothing_and_other_pages_ask_nothing(tmp_path: Path) -> None:
    with serving(tmp_path, extra=', origins: ["https://ui.example.org"]') as server:
        with urlopen(f"{server.url}/") as answer:
            page, headers = answer.read().decode(), dict(answer.headers)
        assert "sign-in" in page
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert "://" not in page.replace("</", ""), "the page names nothing off the machine"
        for origin, allowed in (("https://ui.example.org", "https://ui.example.org"), ("https://evil.example", None)):
            request = Request(f"{server.url}/live", headers={"Origin": origin})
            with urlopen(request) as answer:
                assert answer.headers.get("Access-Control-Allow-Origin") == allowed


def test_the_viewer_of_the_description_asks_this_machine_only(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        with urlopen(f"{server.url}/docs") as answer:
            page = answer.read().decode()
        assert "cdn" not in page
        for file in ("swagger-ui-bundle.js", "swagger-ui.css"):
            assert f"/static-offline-docs/{file}" in page
            with urlopen(f"{server.url}/static-offline-docs/{file}") as answer:
                assert len(answer.read()) > 100_000
