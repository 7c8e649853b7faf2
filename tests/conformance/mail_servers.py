"""SMTP servers for tests, by aiosmtpd, and certificates for them."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message as Mail
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = "pw-4711-secret"


@dataclass
class Mailbox:
    """What an SMTP server accepted. answers: by recipient, its answer instead of accepting; data: instead of taking a mail."""

    mails: list[tuple[list[str], Mail]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    data: str = ""

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data:
            return self.data
        assert isinstance(envelope.content, bytes)
        self.mails.append((list(envelope.rcpt_tos), message_from_bytes(envelope.content)))
        return f"250 queued as {len(self.mails)}"


def sign_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
    is_right = isinstance(given, LoginPassword) and given.password == PASSWORD.encode()
    return AuthResult(success=is_right, handled=False)


@asynccontextmanager
async def mail_server(
    mailbox: Mailbox, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None, starts_tls: bool = False
) -> AsyncIterator[int]:
    """Its port. tls: speaks TLS from the beginning, or from STARTTLS on where starts_tls."""
    loop = asyncio.get_running_loop()

    def made() -> SMTP:
        return SMTP(
            mailbox,
            hostname="mail.test",
            loop=loop,
            tls_context=tls if starts_tls else None,
            authenticator=sign_in,
            auth_require_tls=starts_tls,
            enable_SMTPUTF8=True,
        )

    server = await loop.create_server(made, host, port, ssl=None if starts_tls else tls)
    try:
        yield port or server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


def certificate(folder: Path, address: str = "127.0.0.1") -> tuple[ssl.SSLContext, Path]:
    """A server's context with a fresh certificate for an address, and the file by which a client trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public
