"""The settings of e-mail."""

import pytest
from pydantic import SecretStr

from src.config import SettingsError
from src.emails.config import MailConfig, Security, SmtpServer, parse_server

URL, SENDER = "smtps://app:secret@mail.example.com", "Ink <ink@example.com>"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", SmtpServer("localhost", 25, Security.NONE, None, None)),
        ("smtp://[::1]:1025/", SmtpServer("::1", 1025, Security.NONE, None, None)),
        (
            "smtp+starttls://app@mail.example.com",
            SmtpServer("mail.example.com", 587, Security.STARTTLS, "app", None),
        ),
        (
            "smtps://app%40example.com:p%2Fa%3As%25s%23@mail.example.com:4650",
            SmtpServer("mail.example.com", 4650, Security.TLS, "app@example.com", "p/a:s%s#"),
        ),
        (URL, SmtpServer("mail.example.com", 465, Security.TLS, "app", "secret")),
    ],
)
def test_a_url_leads_to_a_server(url: str, server: SmtpServer) -> None:
    assert parse_server(SecretStr(url)) == server


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mail.example.com", "begin with one of smtp://, smtp\\+starttls://, smtps://"),
        ("https://mail.example.com", "begin with one of"),
        ("smtp://", "name a host"),
        ("smtp://app:secret@", "name a host"),
        ("smtp://app:sec/ret@mail.example.com", "percent-encoded"),
        ("smtp://mail.example.com/sec?ret", "percent-encode"),
        ("smtp://mail.example.com:secret", "percent-encoded"),
        ("smtp://mail.example.com:99999", "percent-encoded"),
        ("smtp://[secret", "percent-encoded"),
    ],
)
def test_a_url_that_leads_nowhere_is_refused_without_showing_it(
    url: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_SMTP_URL", url)

    with pytest.raises(SettingsError, match=rf"- MAIL_SMTP_URL: .*{reason}") as refusal:
        MailConfig.load()

    assert "sec" not in str(refusal.value)


@pytest.mark.parametrize(
    "sender",
    [
        "Inkwell",
        "Ink <ink>",
        "ink@example.com\r\nBcc: eve@example.com",
        "a@example.com, b@example.com",
    ],
)
def test_a_sender_that_is_none_is_refused(sender: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_SENDER", sender)

    with pytest.raises(SettingsError, match="- MAIL_SENDER: "):
        MailConfig.load()


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({}, ["MAIL_SMTP_URL: missing", "MAIL_SENDER: missing"]),
        ({"sender": SENDER}, ["MAIL_SMTP_URL: missing"]),
        ({"smtp_url": URL}, ["MAIL_SENDER: missing"]),
        ({"sender": SENDER, "smtp_url": "smtp://a:b@mail.example.com"}, ["MAIL_SMTP_URL: smtp://"]),
        ({"sender": SENDER, "smtp_url": "smtp://mail.example.com"}, []),
        ({"sender": SENDER, "smtp_url": URL}, []),
    ],
)
def test_production_wants_a_server_and_a_sender(
    values: dict[str, object], faults: list[str]
) -> None:
    found = MailConfig.model_validate(values).production_faults()

    assert len(found) == len(faults)
    assert all(fault.startswith(start) for fault, start in zip(found, faults, strict=True))


def test_a_password_does_not_show() -> None:
    config = MailConfig.model_validate({"smtp_url": URL})

    assert "secret" not in f"{config!r} {config.server!r}"
