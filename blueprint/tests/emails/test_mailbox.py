"""The mailbox of local work on disk."""

import asyncio
import os
from pathlib import Path

import pytest

from src.config import ROOT
from src.emails import mailbox
from src.emails.messages import compose
from src.emails.transports import MailboxTransport
from tests.emails.letters import KEY, content

OWNER = (ROOT.stat().st_uid, ROOT.stat().st_gid)


async def put(
    folder: Path, *, key: str = KEY, to: str = "ada@example.com", subject: str = "Subject"
) -> None:
    message = compose(to=to, content=content(subject=subject), key=key)
    await MailboxTransport(folder).deliver(message)


async def put_many(folder: Path, count: int) -> list[str]:
    """Messages to reader_0@example.com and so on, the oldest first; gives their keys."""
    await put(folder)
    template = (folder / f"{KEY}.eml").read_bytes()
    (folder / f"{KEY}.eml").unlink()
    keys = [f"{number:032x}" for number in range(count)]
    for number, key in enumerate(keys):
        path = folder / f"{key}.eml"
        path.write_bytes(template.replace(b"ada@", f"reader_{number}@".encode()))
        os.utime(path, (number, number))
    return keys


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_message_delivered_twice_is_one_file(folder: Path) -> None:
    await put(folder, subject="First")
    await put(folder, subject="Second")

    assert names_in(folder) == [f"{KEY}.eml"]
    (letter,) = await mailbox.find_letters()
    assert letter.subject == "Second"


async def test_a_message_delivered_at_once_by_many_is_whole(folder: Path) -> None:
    await asyncio.gather(*(put(folder) for _ in range(20)))

    assert names_in(folder) == [f"{KEY}.eml"]
    letter = await mailbox.read_letter(KEY)
    assert letter is not None
    assert letter.html == "<p>Text</p>\n"


async def test_the_mailbox_is_private(folder: Path) -> None:
    await put(folder)

    for path in (folder.parent, folder, folder / f"{KEY}.eml"):
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("as_root")
async def test_root_leaves_the_mailbox_to_the_owner_of_the_project(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []
    monkeypatch.setattr("os.chown", lambda path, *owner: given.append((Path(path), owner)))

    await put(folder)

    assert {path for path, _ in given} >= {folder.parent, folder}
    assert len(given) == 3
    assert {owner for _, owner in given} == {OWNER}


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)


async def test_a_message_without_a_key_is_not_written(folder: Path) -> None:
    message = compose(to="ada@example.com", content=content(), key=KEY)
    for message_id in ("<../../evil@example.com>", "<evil@example.com>", f"<{KEY}/x@example.com>"):
        message.replace_header("Message-ID", message_id)
        with pytest.raises(ValueError, match="no key"):
            await MailboxTransport(folder).deliver(message)

    assert await mailbox.find_letters() == []


async def test_the_newest_come_first_and_only_so_many_of_them(folder: Path) -> None:
    keys = await put_many(folder, mailbox.LIMIT + 20)

    letters = await mailbox.find_letters()

    assert [letter.key for letter in letters] == keys[: -mailbox.LIMIT - 1 : -1]


async def test_a_message_is_found_by_its_recipient_however_old_it_is(folder: Path) -> None:
    keys = await put_many(folder, mailbox.LIMIT + 20)

    by_address = await mailbox.find_letters("reader_1@example.com", whole=True)
    by_part = await mailbox.find_letters(" READER_1@ ")

    assert [letter.key for letter in by_address] == [keys[1]]
    assert by_part == by_address
    assert not await mailbox.find_letters("reader_1", whole=True)
    assert len(await mailbox.find_letters("reader_11")) == 11


async def test_what_was_parsed_is_not_parsed_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put_many(folder, 5)
    found = await mailbox.find_letters("reader_")

    monkeypatch.setattr(Path, "open", None)

    assert await mailbox.find_letters("reader_") == found


async def test_a_message_that_has_changed_is_read_again(folder: Path) -> None:
    await put(folder, to="ada@example.com")
    assert await mailbox.find_letters("ada")

    await put(folder, to="grace@example.com")

    assert not await mailbox.find_letters("ada")
    assert await mailbox.find_letters("grace")


async def test_other_files_are_passed_over(folder: Path) -> None:
    assert await mailbox.find_letters() == [], "there is no folder yet"
    await put(folder)
    for name in (".DS_Store", f".{KEY}.eml.1234", "notes.eml", f"{KEY}.txt", f"{KEY.upper()}.eml"):
        (folder / name).write_text("something else")

    assert [letter.key for letter in await mailbox.find_letters()] == [KEY]


async def test_a_file_that_is_no_message_is_no_accident(folder: Path) -> None:
    await put(folder)
    (folder / f"{KEY}.eml").write_bytes(b"\xff\x00 no message\r\n")

    (letter,) = await mailbox.find_letters()

    assert letter.html == ""
    assert letter.links == []


async def test_the_links_of_a_message_are_found(folder: Path) -> None:
    text = (
        "See https://a.example/x#token=1-_ and (https://b.example/y?z=1&w=2).\nhttp://c.example\n"
    )
    message = compose(to="ada@example.com", content=content(text=text), key=KEY)
    await MailboxTransport(folder).deliver(message)

    (letter,) = await mailbox.find_letters()

    assert letter.links == [
        "https://a.example/x#token=1-_",
        "https://b.example/y?z=1&w=2",
        "http://c.example",
    ]
