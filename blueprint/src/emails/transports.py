"""The ways of an e-mail out of here: over SMTP, or for local work into a mailbox on disk."""

import asyncio
import os
import secrets
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)

from src.config import ROOT, SettingsError, settings
from src.emails import mailbox
from src.emails.config import Security, SmtpServer, mail_settings
from src.emails.constants import KEY
from src.jobs import PermanentFailure

QUIT_TIMEOUT = 1.0  # seconds
PERMANENT = range(500, 600)  # RFC 5321, section 4.2.1
# The server wants a login or encryption first: a fault of the settings, not of the e-mail.
# RFC 3207, section 4; RFC 4954, section 6
LOGIN_WANTED = 530


class Transport(Protocol):
    async def deliver(self, message: EmailMessage) -> None:
        """Hand one e-mail over.

        Raises:
            PermanentFailure: this e-mail will never be taken.
            Exception: it was not taken now.
        """


def current_transport() -> Transport:
    """The way that the settings name.

    Raises:
        SettingsError: there is none outside local work.
    """
    if server := mail_settings.server:
        return SmtpTransport(server, timeout=mail_settings.timeout)
    if not settings.is_local:
        raise SettingsError("MAIL_SMTP_URL: missing (the mailbox is for local work)")
    return MailboxTransport(mailbox.FOLDER)


class SmtpTransport:
    """Hands e-mails to an SMTP server, whose certificate has to be valid."""

    def __init__(self, server: SmtpServer, *, timeout: float) -> None:
        self.server = server
        self.timeout = timeout  # seconds for all there is to say to the server

    async def deliver(self, message: EmailMessage) -> None:
        client = SMTP(
            hostname=self.server.host,
            port=self.server.port,
            username=self.server.username,
            password=self.server.password,
            use_tls=self.server.security is Security.TLS,
            start_tls=self.server.security is Security.STARTTLS,
            timeout=self.timeout,
        )
        try:
            async with asyncio.timeout(self.timeout):
                await client.connect()
                await _send(client, message)
            # The server has the e-mail: what comes now must not make us send it again.
            with suppress(SMTPException, OSError, TimeoutError):
                await client.quit(timeout=QUIT_TIMEOUT)
        finally:
            client.close()


class MailboxTransport:
    """Keeps e-mails in a folder, one file for each key, however often it is delivered."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def deliver(self, message: EmailMessage) -> None:
        key = str(message["Message-ID"]).removeprefix("<").partition("@")[0]
        if not KEY.fullmatch(key):
            raise ValueError("The Message-ID has no key")
        await asyncio.to_thread(self._write, f"{key}.eml", message.as_bytes())

    def _write(self, name: str, content: bytes) -> None:
        self._make_folder()
        draft = self.folder / f".{name}.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_bytes(content)
        _give_to_owner(draft)
        draft.replace(self.folder / name)

    def _make_folder(self) -> None:
        for folder in (*reversed(self.folder.parents), self.folder):
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
                _give_to_owner(folder)


async def _send(client: SMTP, message: EmailMessage) -> None:
    try:
        await client.send_message(message)
    except SMTPRecipientsRefused as error:  # there is one recipient
        _hold_if_permanent(error.recipients[0])
        raise
    except (SMTPSenderRefused, SMTPDataError) as error:
        _hold_if_permanent(error)
        raise
    except SMTPNotSupported as error:
        raise PermanentFailure("The server takes no addresses outside of ASCII") from error


def _hold_if_permanent(refusal: SMTPSenderRefused | SMTPRecipientRefused | SMTPDataError) -> None:
    if refusal.code in PERMANENT and refusal.code != LOGIN_WANTED:
        raise PermanentFailure(f"Refused with {refusal.code} {refusal.message}") from refusal


def _give_to_owner(path: Path) -> None:
    """Root must not lock out whose project it is."""
    if os.geteuid() == 0:
        owner = ROOT.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
