"""The mailbox of local work, as it is read: one `.eml` file for each e-mail, by its key.

A mailbox may hold thousands: only what is shown is parsed, and of the others, where somebody is
looked for, the recipient. What was parsed once is kept.
"""

import asyncio
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.policy import SMTPUTF8
from functools import lru_cache
from itertools import islice
from pathlib import Path

from src.config import DATA_DIR
from src.emails.constants import KEY

FOLDER = DATA_DIR / "mailbox"
LIMIT = 100

LINK = re.compile(r"https?://[^\s<>\"]+")
NOT_LAST = ".,;:!?')"  # after a link, this belongs to the sentence around it


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail of the mailbox."""

    key: str
    message_id: str
    sender: str
    to: str
    subject: str
    sent_at: datetime
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str

    @property
    def links(self) -> list[str]:
        """The links of the text, in their order."""
        return [link.rstrip(NOT_LAST) for link in LINK.findall(self.text)]


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    modified: int  # nanoseconds since the epoch


async def find_letters(to: str = "", *, whole: bool = False) -> list[Letter]:
    """The newest e-mails, at most `LIMIT`, to addresses with `to` in them, or wholly `to`."""
    return await asyncio.to_thread(_find, FOLDER, to.strip().casefold(), whole=whole)


async def read_letter(key: str) -> Letter | None:
    """The e-mail of this key, if it is one and there is one."""
    if not KEY.fullmatch(key):
        return None
    return await asyncio.to_thread(_read, FOLDER / f"{key}.eml")


def _find(folder: Path, to: str, *, whole: bool) -> list[Letter]:
    files = sorted(_files(folder), key=lambda file: (file.modified, file.path.name), reverse=True)
    wanted = (file for file in files if not to or _is_to(file, to, whole=whole))
    letters = (_read(file.path) for file in wanted)
    return list(islice((letter for letter in letters if letter), LIMIT))


def _files(folder: Path) -> Iterator[_File]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            name, _, extension = entry.name.rpartition(".")
            if extension == "eml" and KEY.fullmatch(name):
                with suppress(FileNotFoundError):
                    yield _File(Path(entry), entry.stat().st_mtime_ns)


def _is_to(file: _File, to: str, *, whole: bool) -> bool:
    try:
        recipient = _recipient(file)
    except FileNotFoundError:
        return False
    return to == recipient if whole else to in recipient


@lru_cache(maxsize=100_000)
def _recipient(file: _File) -> str:
    with file.path.open("rb") as source:
        return str(BytesHeaderParser(policy=SMTPUTF8).parse(source)["To"]).casefold()


def _read(path: Path) -> Letter | None:
    try:
        return _parse(_File(path, path.stat().st_mtime_ns))
    except FileNotFoundError:
        return None


@lru_cache(maxsize=2 * LIMIT)
def _parse(file: _File) -> Letter:
    with file.path.open("rb") as source:
        message = BytesParser(policy=SMTPUTF8).parse(source)
    return Letter(
        key=file.path.stem,
        message_id=str(message["Message-ID"]),
        sender=str(message["From"]),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sent_at=datetime.fromtimestamp(file.modified / 1e9, UTC),
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    content: str = part.get_content() if part else ""
    return content.replace("\r\n", "\n")
