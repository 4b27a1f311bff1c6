"""Every e-mail there is, with what it is written from."""

from typing import Any

from src.emails.rendering import Content

KEY = "0123456789abcdef" * 2

LINK = "https://api.example.com/account/verify-email#token=Zm9v-YmFy_"
WITH_LINK = {"username": "ada", "link": LINK, "valid_for": "24 hours"}

EMAILS: dict[str, dict[str, Any]] = {
    "verify_email": WITH_LINK,
    "already_registered": WITH_LINK,
    "reset_password": WITH_LINK,
    "approve_email_change": {**WITH_LINK, "new_email": "ada@example.org"},
    "confirm_email_change": WITH_LINK,
    "email_in_use": {"username": "ada"},
    "security_notice": {
        "username": "ada",
        "headline": "A new login",
        "what_happened": "Somebody logged in.",
        "at": "24 November 2026, 10:12 UTC",
        "address": "192.0.2.1",
        "advice": "If it was not you, change your password.",
    },
}


def content(subject: str = "Subject", text: str = "Text\n", html: str = "<p>Text</p>") -> Content:
    return Content(subject=subject, text=text, html=html)
