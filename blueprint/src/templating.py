"""E-mails and pages from `templates/`, by Jinja: a value that is missing is an error."""

from functools import cache
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from src.config import ROOT, settings

TEMPLATES = ROOT / "templates"


@cache
def open_templates(folder: str) -> Environment:
    """The templates of one folder. Values are escaped in `.html`, and left alone in `.txt`."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES / folder),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        auto_reload=settings.is_local,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def page(template: str, *, policy: str, **context: object) -> HTMLResponse:
    """A page of `templates/pages`, which may load and run what `policy` allows (CSP)."""
    text = (
        open_templates("pages").get_template(template).render(app_name=settings.app_name, **context)
    )
    headers = {"content-security-policy": policy, "cache-control": "no-store"}
    return HTMLResponse(text, headers=headers)


class Assets(StaticFiles):
    """The styles and scripts of pages. A browser asks each time whether they have changed."""

    def __init__(self) -> None:
        super().__init__(directory=TEMPLATES / "pages" / "assets")

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response
