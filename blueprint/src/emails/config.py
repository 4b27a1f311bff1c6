"""Settings of e-mail: `MAIL_*`."""

from dataclasses import dataclass, field
from email.headerregistry import Address
from enum import StrEnum
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from src.config import DomainSettings
from src.emails.addresses import parse_sender


class Security(StrEnum):
    """How a connection to an SMTP server is encrypted; the value is the scheme of its URL."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


DEFAULT_PORTS = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}
FORM = "scheme://user:password@host:port"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    host: str
    port: int
    security: Security
    username: str | None
    password: str | None = field(repr=False)


class MailConfig(DomainSettings):
    """Without `MAIL_SMTP_URL`, local work keeps e-mails in a mailbox of its own."""

    model_config = SettingsConfigDict(env_prefix="MAIL_")

    smtp_url: SecretStr | None = None
    sender: str = "Inkwell <no-reply@example.com>"
    timeout: float = Field(default=10, gt=0)  # seconds for handing one e-mail over

    @field_validator("smtp_url")
    @classmethod
    def is_a_server(cls, url: SecretStr | None) -> SecretStr | None:
        if url:
            parse_server(url)
        return url

    @field_validator("sender")
    @classmethod
    def is_an_address(cls, sender: str) -> str:
        parse_sender(sender)
        return sender

    @property
    def server(self) -> SmtpServer | None:
        return parse_server(self.smtp_url) if self.smtp_url else None

    @property
    def sender_address(self) -> Address:
        return parse_sender(self.sender)

    def production_faults(self) -> list[str]:
        faults = []
        if not (server := self.server):
            faults.append("MAIL_SMTP_URL: missing (the mailbox is for local work)")
        elif server.password and server.security is Security.NONE:
            faults.append("MAIL_SMTP_URL: smtp:// would send the password unencrypted")
        if "sender" not in self.model_fields_set:
            faults.append("MAIL_SENDER: missing")
        return faults


def parse_server(url: SecretStr) -> SmtpServer:
    """The server that a URL leads to.

    Raises:
        ValueError: it does not lead to one. The message shows nothing of it: it has a password.
    """
    try:
        parts = urlsplit(url.get_secret_value())
        port = parts.port
    except ValueError:
        raise ValueError(f"Must be {FORM}, its special characters percent-encoded") from None
    if parts.scheme not in set(Security):
        raise ValueError(f"Must begin with one of {', '.join(f'{s}://' for s in Security)}")
    if not parts.hostname:
        raise ValueError(f"Must name a host: {FORM}")
    if _has_more(parts):
        raise ValueError(f"Must be {FORM} and no more; percent-encode special characters")
    security = Security(parts.scheme)
    return SmtpServer(
        host=parts.hostname,
        port=port or DEFAULT_PORTS[security],
        security=security,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def _has_more(parts: SplitResult) -> bool:
    """Whether there is a path, a query or a fragment: a `/`, `?` or `#` of the password's."""
    return parts.path not in {"", "/"} or bool(parts.query or parts.fragment)


mail_settings = MailConfig.load()
