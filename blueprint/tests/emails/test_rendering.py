"""What e-mails say."""

import re

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from src.config import settings
from src.emails.rendering import render
from src.templating import TEMPLATES
from tests.emails.letters import EMAILS, LINK
from tests.fixtures import ChangeSettings

EACH = pytest.mark.parametrize("template", EMAILS)
LAYOUT = {"base", "parts"}


def test_every_email_is_tested_in_both_forms() -> None:
    for extension in ("txt", "html"):
        there = {path.stem for path in (TEMPLATES / "emails").glob(f"*.{extension}")}
        assert there - LAYOUT == set(EMAILS)


@EACH
def test_an_email_says_the_same_in_both_forms(template: str) -> None:
    content = render(template, EMAILS[template])
    shown = " ".join(re.sub(r"<[^>]+>", "", content.html).split())

    for value in EMAILS[template].values():
        assert value in f"{content.subject}\n{content.text}"
        assert value in shown
    assert content.text.startswith("Hello ada,\n\n")
    assert content.text.endswith(f"\n-- \n{settings.app_name}\n")
    assert "\n\n\n" not in content.text


@EACH
def test_an_email_has_one_button_and_its_link_in_plain_sight(template: str) -> None:
    content = render(template, EMAILS[template])
    is_asking = "link" in EMAILS[template]

    assert content.html.count('class="button"') == is_asking
    assert content.html.count(f">{LINK}</a>") == is_asking
    assert content.text.count(f"\n\n{LINK}\n\n") == is_asking


@EACH
def test_an_email_loads_nothing(template: str) -> None:
    html = render(template, EMAILS[template]).html

    assert not re.search(r"<(img|script|link|iframe|object|form)\b|url\(|@import", html)
    assert '<html lang="en">' in html
    assert html.count("<h1") == 1
    assert "prefers-color-scheme: dark" in html


@EACH
def test_a_value_that_is_missing_is_an_error(template: str) -> None:
    for name in EMAILS[template]:
        values = {key: value for key, value in EMAILS[template].items() if key != name}
        with pytest.raises(UndefinedError, match=name):
            render(template, values)


def test_values_are_escaped_in_html_and_only_there() -> None:
    content = render("security_notice", {**EMAILS["security_notice"], "headline": "<b>&'\""})

    assert "<b>&'\"" in content.subject
    assert "<b>&" not in content.html
    assert content.html.count("&lt;b&gt;&amp;&#39;&#34;") == 2, "in the title and in the heading"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028", "\x85", "\n\n  "])
def test_a_subject_is_one_line(line_break: str) -> None:
    headline = f"A login{line_break}Bcc: eve@example.com"

    content = render("security_notice", {**EMAILS["security_notice"], "headline": headline})

    assert content.subject == f"{settings.app_name}: A login Bcc: eve@example.com"


def test_a_notice_passes_over_what_is_not_known() -> None:
    unknown = {**EMAILS["security_notice"], "address": None, "advice": None}

    content = render("security_notice", unknown)

    assert "None" not in content.text + content.html
    assert "From:" not in content.text + content.html


def test_an_email_names_the_application(change: ChangeSettings) -> None:
    change(settings, app_name="Quill & Co")

    content = render("verify_email", EMAILS["verify_email"])

    assert "Quill & Co" in content.subject
    assert "Quill & Co" in content.text
    assert "Quill &amp; Co" in content.html


def test_an_email_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(TemplateNotFound):
        render("../pages/base", {})
