"""E-mails as they are sent: complete, and with no header that somebody else has written."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8, default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.emails.config import mail_settings
from src.emails.messages import compose
from src.emails.rendering import render
from tests.emails.letters import EMAILS, KEY, LINK, content
from tests.fixtures import ChangeSettings

HEADERS = [
    "Auto-Submitted",
    "Content-Type",
    "Date",
    "From",
    "MIME-Version",
    "Message-ID",
    "Subject",
    "To",
]
LINE_BREAKS = ("\r\n", "\n", "\r", "\x0b", "\x85", "\u2028")


def received(message: EmailMessage) -> EmailMessage:
    """The message after it was written and read."""
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert not read.defects
    return read


def test_a_message_is_complete() -> None:
    message = received(compose(to="ada@example.com", content=content(), key=KEY))

    assert message["From"] == "Inkwell <no-reply@example.com>"
    assert message["To"] == "ada@example.com"
    assert message["Subject"] == "Subject"
    assert message["Message-ID"] == f"<{KEY}@example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert abs(message["Date"].datetime - datetime.now(UTC)) < timedelta(minutes=1)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "text/html",
    ]


@pytest.mark.parametrize("template", EMAILS)
def test_every_email_arrives_as_it_was_written(template: str) -> None:
    written = render(template, EMAILS[template])

    message = received(compose(to="ada@example.com", content=written, key=KEY))

    text, html = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())
    assert text == written.text
    assert html.rstrip("\n") == written.html.rstrip("\n")
    assert message["Subject"] == written.subject
    if "link" in EMAILS[template]:
        assert LINK in text


def test_a_message_is_of_lines_that_every_server_takes() -> None:
    long = content(subject="Größe " * 40, text=f"https://example.com/#{'x' * 2000}\n")

    raw = compose(to="ada@example.com", content=long, key=KEY).as_bytes()

    assert all(line.endswith(b"\r") for line in raw.split(b"\n")[:-1])
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998  # RFC 5322, section 2.1.1
    read = message_from_bytes(raw, policy=default)
    assert read["Subject"] == long.subject.strip() or read["Subject"] == long.subject


@pytest.mark.parametrize("line_break", LINE_BREAKS)
@pytest.mark.parametrize(
    "address",
    [
        "ada@example.com{}Bcc: eve@example.com",
        "ada{}Bcc: eve@example.com",
        "{}ada@example.com",
        "ada@example.com{}",
        '"ada{}Bcc: eve"@example.com',
    ],
)
def test_an_address_cannot_add_a_header(address: str, line_break: str) -> None:
    with pytest.raises(ValueError, match="control characters"):
        compose(to=address.format(line_break), content=content(), key=KEY)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@example.com, eve@example.com",
        "ada@example.com;eve@example.com",
        "Ada <ada@example.com>",
        "ada@example.com> <eve@example.com",
        "friends: ada@example.com;",
        "=?utf-8?q?ada?=@example.com, eve@example.com",
    ],
)
def test_nobody_but_one_address_is_written_to(address: str) -> None:
    with pytest.raises(ValueError, match="Must"):
        compose(to=address, content=content(), key=KEY)


@pytest.mark.parametrize("line_break", LINE_BREAKS)
def test_a_subject_cannot_add_a_header(line_break: str) -> None:
    subject = f"Hello{line_break}Bcc: eve@example.com"

    with pytest.raises(ValueError):
        compose(to="ada@example.com", content=content(subject=subject), key=KEY)


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY.upper(), f"{KEY}\n", f"{KEY}>\r\nBcc: <eve"])
def test_a_key_is_nothing_else(key: str) -> None:
    with pytest.raises(ValueError, match="32 hexadecimal digits"):
        compose(to="ada@example.com", content=content(), key=key)


def test_an_encoded_word_cannot_add_a_header_either() -> None:
    subject = "=?utf-8?q?Hello=0D=0ABcc:_eve=40example.com?="

    with pytest.raises(ValueError, match="control characters"):
        compose(to="ada@example.com", content=content(subject=subject), key=KEY)


def test_an_international_domain_is_written_as_every_server_knows_it() -> None:
    message = compose(to="ada@bücher.example", content=content(), key=KEY)

    assert message["To"] == "ada@xn--bcher-kva.example"
    assert message.as_bytes().isascii()


def test_an_international_name_is_written_as_it_is() -> None:
    message = compose(to="ādā@example.com", content=content(), key=KEY)

    assert "To: ādā@example.com\r\n".encode() in message.as_bytes()


def test_the_sender_may_have_a_name_of_any_kind(change: ChangeSettings) -> None:
    for name in ('"Ink, Well" <post@bücher.example>', "Tinte ü <post@bücher.example>"):
        change(mail_settings, sender=name)
        message = received(compose(to="ada@example.com", content=content(), key=KEY))
        assert message["From"].addresses[0].display_name in {"Ink, Well", "Tinte ü"}
        assert message["From"].addresses[0].addr_spec == "post@xn--bcher-kva.example"
        assert message["Message-ID"] == f"<{KEY}@xn--bcher-kva.example>"


FRAGMENTS = (
    "ada@example.com",
    "\r\n",
    "\nBcc: eve@example.com",
    "=?utf-8?q?",
    "=0D=0A",
    "?=",
    "=?utf-8?b?DQpCY2M6IGV2ZUBleGFtcGxlLmNvbQ==?=",
    *' ,"<>@\\();',
)
PIECES = st.one_of(st.text(max_size=8), st.sampled_from(FRAGMENTS))
WRITTEN = st.lists(PIECES, max_size=8).map("".join)


@given(to=st.one_of(st.just("ada@example.com"), WRITTEN), subject=WRITTEN)
def test_nothing_that_is_written_adds_a_header_or_a_recipient(to: str, subject: str) -> None:
    try:
        raw = compose(to=to, content=content(subject=subject), key=KEY).as_bytes()
    except ValueError:
        return

    read = message_from_bytes(raw, policy=SMTPUTF8)
    assert sorted(read.keys()) == HEADERS
    assert len(read["To"].addresses) == 1
