"""A real SMTP server on this machine, which refuses what a test wants refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from functools import partial
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from src.emails.config import Security, SmtpServer

USERNAME, PASSWORD = "app", "secret"


@dataclass
class Post:
    """What has arrived, and what the server says instead of `250 OK` to a step of it."""

    replies: dict[str, str] = field(default_factory=dict)
    envelopes: list[Envelope] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)

    @property
    def messages(self) -> list[EmailMessage]:
        return [
            message_from_bytes(envelope.content or b"", policy=SMTPUTF8)  # type: ignore[arg-type]
            for envelope in self.envelopes
        ]

    async def handle_MAIL(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, sender: str, options: list[str]
    ) -> str:
        envelope.mail_from = sender
        return self.reply("MAIL", server)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(to)
        return self.reply("RCPT", server)

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        reply = self.reply("DATA", server)
        if reply.startswith("250"):
            self.envelopes.append(envelope)
        return reply

    async def handle_QUIT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        return self.reply("QUIT", server)

    def reply(self, step: str, server: SMTP) -> str:
        reply = self.replies.get(step, "250 OK")
        if reply == "close" and server.transport:
            server.transport.close()
        return reply

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=self.logins[-1] == (USERNAME, PASSWORD), handled=False)


@asynccontextmanager
async def post_office(
    post: Post, *, security: Security = Security.NONE, **options: Any
) -> AsyncIterator[SmtpServer]:
    """Run a server around the block; `options` are aiosmtpd's. Gives the way to it."""
    given = {"hostname": "localhost", "enable_SMTPUTF8": True, **options}
    factory = partial(SMTP, post, **given)
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield SmtpServer("127.0.0.1", port, security, None, None)
