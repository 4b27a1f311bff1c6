"""Handing e-mails to an SMTP server, and what becomes of them when it will not take them."""

import asyncio
import ssl
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtplib import SMTPAuthenticationError, SMTPException

from src.emails.config import Security, SmtpServer
from src.emails.messages import compose
from src.emails.transports import SmtpTransport
from src.jobs import PermanentFailure
from tests.emails.certificates import create_certificate
from tests.emails.letters import KEY, content
from tests.emails.smtp import PASSWORD, USERNAME, Post, post_office


async def send(server: SmtpServer, *, to: str = "ada@example.com", seconds: float = 10) -> None:
    message = compose(to=to, content=content(text="Grüße\n.\n"), key=KEY)
    await SmtpTransport(server, timeout=seconds).deliver(message)


async def test_a_message_arrives_as_it_was_written() -> None:
    post = Post()

    async with post_office(post) as server:
        await send(server)

    (envelope,), (message,) = post.envelopes, post.messages
    assert envelope.mail_from == "no-reply@example.com"
    assert envelope.rcpt_tos == ["ada@example.com"]
    assert message["Message-ID"] == f"<{KEY}@example.com>"
    text, _ = message.iter_parts()
    assert isinstance(text, type(message))
    assert text.get_content().splitlines() == ["Grüße", "."]


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", ["550 5.1.1 No such user", "552 Too large", "554 Refused"])
async def test_what_is_refused_for_good_is_not_tried_again(step: str, reply: str) -> None:
    async with post_office(Post({step: reply})) as server:
        with pytest.raises(PermanentFailure, match=f"Refused with {reply}"):
            await send(server)


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", ["451 Try again later", "421 Closing", "530 Log in", "close"])
async def test_what_is_refused_for_now_is_tried_again(step: str, reply: str) -> None:
    async with post_office(Post({step: reply})) as server:
        with pytest.raises(SMTPException):
            await send(server)


@pytest.mark.parametrize("reply", ["421 Closing", "554 Strange", "close"])
async def test_a_message_that_was_taken_is_not_sent_again(reply: str) -> None:
    post = Post({"QUIT": reply})

    async with post_office(post) as server:
        await send(server)

    assert len(post.messages) == 1


async def test_a_server_that_is_away_is_tried_again() -> None:
    async with post_office(Post()) as server:
        pass

    with pytest.raises(ConnectionError):
        await send(server)


async def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        async with asyncio.timeout(5):
            with pytest.raises(TimeoutError):
                await send(SmtpServer("127.0.0.1", port, Security.NONE, None, None), seconds=0.2)


async def test_a_name_outside_of_ascii_arrives() -> None:
    post = Post()

    async with post_office(post) as server:
        await send(server, to="ādā@example.com")

    assert post.envelopes[0].rcpt_tos == ["ādā@example.com"]


async def test_a_name_that_a_server_cannot_take_is_not_tried_again() -> None:
    async with post_office(Post(), enable_SMTPUTF8=False) as server:
        with pytest.raises(PermanentFailure, match="outside of ASCII"):
            await send(server, to="ādā@example.com")


async def test_without_starttls_nothing_is_said_in_clear() -> None:
    post = Post()

    async with post_office(post, security=Security.STARTTLS) as server:
        with pytest.raises(SMTPException, match="STARTTLS extension not supported"):
            await send(replace(server, username=USERNAME, password=PASSWORD))

    assert not post.logins
    assert not post.messages


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate for 127.0.0.1, which this machine trusts for the time being."""
    certificate = create_certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return context


async def test_starttls_is_used(trusted: ssl.SSLContext) -> None:
    post = Post()

    async with post_office(
        post, security=Security.STARTTLS, tls_context=trusted, require_starttls=True
    ) as server:
        await send(server)

    assert len(post.messages) == 1


async def test_a_login_is_used(trusted: ssl.SSLContext) -> None:
    post = Post()
    options = {"authenticator": post.authenticate, "auth_required": True, "tls_context": trusted}

    async with post_office(post, security=Security.STARTTLS, **options) as server:
        await send(replace(server, username=USERNAME, password=PASSWORD))
        with pytest.raises(SMTPAuthenticationError):
            await send(replace(server, username=USERNAME, password="wrong"))

    assert post.logins[0] == (USERNAME, PASSWORD)
    assert len(post.messages) == 1


async def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    post = Post()

    async with post_office(post, security=Security.STARTTLS, tls_context=trusted) as server:
        with pytest.raises(ssl.SSLCertVerificationError):
            await send(replace(server, username=USERNAME, password=PASSWORD))

    assert not post.logins
    assert not post.messages


async def test_a_certificate_of_another_host_is_not_believed(trusted: ssl.SSLContext) -> None:
    async with post_office(Post(), security=Security.STARTTLS, tls_context=trusted) as server:
        with pytest.raises(ssl.SSLCertVerificationError):
            await send(replace(server, host="localhost"))
