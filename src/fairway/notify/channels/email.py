"""A channel that sends e-mail over SMTP: with STARTTLS, with TLS, or in clear to this machine alone."""

import hashlib
import re
import ssl
from collections import OrderedDict
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from fairway.notify.http import is_loopback, trusted
from fairway.notify.message import Message, MessagePhase
from fairway.notify.port import (
    ChannelKind,
    ChannelSettings,
    ConfigurationFailure,
    PermanentFailure,
    SendFailure,
    TransientFailure,
)
from fairway.notify.wording import body_lines, command_of, headline, link_of, one_line, plain_lines, time_of
from fairway.texts.places import Hidden, Place
from fairway.texts.validation_errors import misfit
from fairway.world.clock import datetime_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiosmtplib import SMTP

PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
PARTLY_SENT_MAX: Final = 1_000
"""Messages of which it is remembered who has them already."""
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?")


def _mail_address(value: object) -> object:
    if isinstance(value, str) and not _ADDRESS.fullmatch(value):
        raise ValueError("is no address of e-mail")
    return value


MailAddress = Annotated[str, BeforeValidator(_mail_address)]


class EmailSettings(ChannelSettings):
    """The server that takes the mail, and who gets it."""

    host: str = Field(pattern=r"^[A-Za-z0-9.:-]{1,253}$", description="Server that takes the mail", examples=["smtp.example.org"])
    tls: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="`none` is for a server on this machine alone", examples=["starttls"]
    )
    port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="587 with starttls, 465 with tls, 25 with none where it is left out",
        examples=[587],
    )
    user: str = Field(
        default="", max_length=320, description="Name at the server; without it no sign-in", examples=["ops@example.org"]
    )
    password: Hidden | None = Field(
        default=None, description="Its password: `env:NAME` or `file:PATH`", examples=["env:FAIRWAY_MAIL_PASSWORD"]
    )
    sender: MailAddress = Field(description="Address that mail comes from", examples=["fairway@example.org"])
    to: tuple[MailAddress, ...] = Field(
        min_length=1, max_length=50, description="Addresses that get each mail", examples=["[ops@example.org]"]
    )
    authority: Place | None = Field(
        default=None, description="Certificates (PEM) that count besides the usual ones", examples=["tls/company.pem"]
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.tls == "none" and not is_loopback(self.host):
            raise misfit(
                "tls", f"must not be none: {self.host} is another machine, and mail would go there in clear", "tls: starttls"
            )
        if bool(self.user) != (self.password is not None):
            raise misfit("password", "and user belong together; one of them is missing")
        if self.tls == "none" and self.user:
            raise misfit("user", "is not used without TLS: a password is not sent in clear", "tls: starttls")
        return self


class EmailChannel:
    def __init__(self, settings: EmailSettings) -> None:
        self._settings = settings
        self._have_it: OrderedDict[str, set[str]] = OrderedDict()
        """By message, who was accepted while others were put off: a further try does not repeat it to them."""

    async def send(self, message: Message) -> str:
        """The server's answer to the mail, which most often holds its queue id."""
        from aiosmtplib import SMTPException

        mail = mail_of(message, self._settings.sender, self._settings.to)
        have_it = self._have_it.get(message.id, set())
        to = [each for each in self._settings.to if each not in have_it]
        try:
            async with self._client() as client:
                refused, answer = await client.sendmail(self._settings.sender, to, mail.as_bytes(policy=WIRE))
        except (SMTPException, OSError, ValueError) as error:
            raise _sorted(error) from None
        if refused:
            self._remember(message.id, {*have_it, *(each for each in to if each not in refused)})
            raise _of_recipients({address: (each.code, each.message) for address, each in refused.items()}, others_have_it=True)
        self._have_it.pop(message.id, None)
        return one_line(answer, 120)

    def _client(self) -> "SMTP":
        from aiosmtplib import SMTP

        its = self._settings
        return SMTP(
            hostname=its.host,
            port=its.port or PORTS[its.tls],
            username=its.user or None,
            password=its.password.reveal() if its.password is not None else None,
            local_hostname=_domain(its.sender),
            use_tls=its.tls == "tls",
            start_tls=its.tls == "starttls",
            tls_context=trusted(its.authority) if its.tls != "none" else None,
            timeout=None,  # who sends bounds the whole
        )

    def _remember(self, id: str, have_it: set[str]) -> None:
        self._have_it[id] = have_it
        while len(self._have_it) > PARTLY_SENT_MAX:
            self._have_it.popitem(last=False)

    async def close(self) -> None:
        """Each mail has a connection of its own, which ends with it."""


def _sorted(error: Exception) -> SendFailure:
    """What an error of SMTP means for the mail."""
    import aiosmtplib

    match error:
        case aiosmtplib.SMTPRecipientsRefused():
            return _of_recipients({each.recipient: (each.code, each.message) for each in error.recipients}, others_have_it=False)
        case aiosmtplib.SMTPResponseException() if error.code < 0:
            return TransientFailure("what answers there is no mail server", None, "check host and port")
        case aiosmtplib.SMTPConnectResponseError() if error.code >= 500:
            return ConfigurationFailure(
                f"the mail server takes no mail from here: {_told(error.code, error.message)}", "check host"
            )
        case aiosmtplib.SMTPAuthenticationError() if error.code >= 500:
            return ConfigurationFailure(f"the mail server refuses user or password ({error.code})", "check user and password")
        case aiosmtplib.SMTPSenderRefused() if error.code >= 500:
            return ConfigurationFailure(f"the mail server refuses the sender: {_told(error.code, error.message)}", "check sender")
        case aiosmtplib.SMTPResponseException() if error.code >= 500:
            return PermanentFailure(f"the mail server refuses the mail: {_told(error.code, error.message)}")
        case aiosmtplib.SMTPResponseException():
            return TransientFailure(
                f"the mail server puts it off: {_told(error.code, error.message)}",
                None,
                "wait: servers put off what they do not know yet",
            )
        case aiosmtplib.SMTPNotSupported():
            return ConfigurationFailure("the mail server offers no sign-in of a kind that is known here", "check tls and user")
        case aiosmtplib.SMTPServerDisconnected() | aiosmtplib.SMTPConnectError() | OSError():
            return TransientFailure(_unreached(error), None, "check host, port and tls where it lasts")
        case aiosmtplib.SMTPException():
            return ConfigurationFailure("the mail server offers no STARTTLS", "write tls: tls, or name another port")
    return TransientFailure("the mail server's answer cannot be read", None, "check port and tls")


def _unreached(error: BaseException) -> str:
    causes: list[BaseException] = []
    while error is not None and len(causes) < 10:
        causes.append(error)
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return "the certificate of the mail server is not trusted, or it speaks no TLS at this port"
    if any(isinstance(each, ConnectionRefusedError) for each in causes):
        return "no mail server answers at this host and port"
    return "the connection to the mail server broke off"


def _of_recipients(refused: "Mapping[str, tuple[int, str]]", *, others_have_it: bool) -> SendFailure:
    """A recipient that is put off is tried again, also where another one is refused for good."""
    later = {address: told for address, told in refused.items() if told[0] < 500}
    shown = "; ".join(f"{address} ({_told(*told)})" for address, told in (later or refused).items())
    others = ", the others have it" if others_have_it else ""
    if later:
        return TransientFailure(
            f"the mail server puts off {shown}{others}", None, "wait: servers put off what they do not know yet"
        )
    return PermanentFailure(f"the mail server refuses {shown}{others}", "correct the address in the key to")


def _told(code: int, text: str) -> str:
    return f"{code} {one_line(text, 120)}".strip()


def mail_of(message: Message, sender: str, to: tuple[str, ...]) -> EmailMessage:
    """The mail, as text and as HTML. Mails of one thread refer to one id, by which mail programs keep them together."""
    domain = _domain(sender)
    mail = EmailMessage(policy=WIRE)
    mail["From"], mail["To"] = sender, ", ".join(to)
    mail["Subject"] = headline(message)
    mail["Date"] = format_datetime(datetime_of(message.at))
    mail["Message-ID"] = f"<{_digest(message.id)}@{domain}>"
    if message.thread:
        mail["In-Reply-To"] = mail["References"] = f"<thread.{_digest(message.thread)}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.severity == "P0" and message.phase is not MessagePhase.RESOLVED:
        mail["X-Priority"] = "1"
    mail.set_content("\n".join(plain_lines(message)) + "\n", cte="quoted-printable")
    mail.add_alternative(mail_html(message), subtype="html", cte="quoted-printable")
    mail.set_boundary(f"=_{_digest(message.id)}")  # else it is drawn by chance
    return mail


def mail_html(message: Message) -> str:
    """The part of HTML. It loads nothing from elsewhere."""
    parts = [f"<h2>{escape(headline(message))}</h2>", *(f"<p>{escape(line)}</p>" for line in body_lines(message))]
    if command := command_of(message):
        parts.append(f"<pre>{escape(command)}</pre>")
    if link := link_of(message):
        parts.append(f'<p><a href="{escape(link)}">Details</a></p>')
    return "\n".join(
        ["<!DOCTYPE html>", "<html><body>", *parts, f"<p><small>{time_of(message)}</small></p>", "</body></html>", ""]
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


CHANNEL: Final = ChannelKind(
    name="email", settings=EmailSettings, open=EmailChannel, word="email", summary="Sends e-mail over SMTP"
)
