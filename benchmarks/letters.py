"""The e-mails of a local project, as its mailbox folder holds them."""

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import SMTPUTF8
from pathlib import Path

LOOK_EVERY = 0.1  # seconds
DIGEST = "what you have not seen yet"  # the end of its subject
VERIFICATION_LINK = re.compile(r"/account/verify-email#token=([^\s<>\"]+)")


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail; `token` is that of its link, if it asks to verify an address."""

    message_id: str
    subject: str
    to: str
    token: str | None
    written: float  # by `time.monotonic()`


class Mailbox:
    """A mailbox that is looked at all the time, by one task for everybody who waits for e-mail."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[str] = set()
        self._arrived: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.verifications: dict[str, Letter] = {}  # the first to each address

    async def watch(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(LOOK_EVERY)

    def look(self) -> None:
        """Read what is new. An e-mail that is delivered again replaces its file, and is not."""
        for path in self._folder.glob("*.eml"):
            if path.name not in self._seen:
                self._seen.add(path.name)
                letter = _read(path)
                if letter.token:
                    self.verifications.setdefault(letter.to, letter)
                    self._arrived[letter.to].set()

    async def verification_for(self, address: str, patience: float) -> Letter | None:
        """The letter, once it is there; None if that takes longer than `patience` seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._arrived[address].wait(), patience)
        return self.verifications.get(address)

    def verification_ids(self) -> dict[str, set[str]]:
        """The Message-IDs of all e-mails that ask to verify an address, by that; read afresh."""
        found: dict[str, set[str]] = defaultdict(set)
        for letter in self._letters():
            if letter.token:
                found[letter.to].add(letter.message_id)
        return found

    def digest_ids(self) -> dict[str, list[str]]:
        """The Message-IDs of all digests, by the address that they went to; read afresh."""
        found: dict[str, list[str]] = defaultdict(list)
        for letter in self._letters():
            if letter.subject.endswith(DIGEST):
                found[letter.to].append(letter.message_id)
        return found

    def count(self) -> int:
        """How many e-mails there are."""
        return len(list(self._folder.glob("*.eml")))

    def recipients(self) -> set[str]:
        return {letter.to for letter in self._letters()}

    def _letters(self) -> Iterator[Letter]:
        return (_read(path) for path in self._folder.glob("*.eml"))


def verification_token(text: str) -> str | None:
    """The token of the link in `text` that verifies an address."""
    link = VERIFICATION_LINK.search(text)
    return link[1] if link else None


def _read(path: Path) -> Letter:
    age = time.time() - path.stat().st_mtime
    with path.open("rb") as source:
        message = BytesParser(policy=SMTPUTF8).parse(source)
    body = message.get_body(("plain",))
    return Letter(
        message_id=str(message["Message-ID"]),
        subject=str(message["Subject"]),
        to=str(message["To"]),
        token=verification_token(body.get_content() if body else ""),
        written=time.monotonic() - age,
    )
