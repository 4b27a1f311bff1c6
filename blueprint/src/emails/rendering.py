"""What an e-mail says, from the two templates of its name in `templates/emails`."""

from collections.abc import Mapping
from dataclasses import dataclass

from src.config import settings
from src.templating import open_templates


@dataclass(frozen=True, slots=True)
class Content:
    subject: str  # one line
    text: str
    html: str


def render(template: str, context: Mapping[str, object]) -> Content:
    """The content of an e-mail. Its subject is a block of the text template.

    Raises:
        TemplateError: there is no such template, or `context` lacks a value.
    """
    values = {"app_name": settings.app_name, **context}
    templates = open_templates("emails")
    text = templates.get_template(f"{template}.txt")
    written = "".join(text.blocks["subject"](text.new_context(values)))
    subject = " ".join(written.split())
    html = templates.get_template(f"{template}.html")
    return Content(
        subject=subject,
        text=text.render(values).strip() + "\n",
        html=html.render(values, subject=subject),
    )
