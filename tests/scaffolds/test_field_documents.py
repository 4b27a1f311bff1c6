"""What docs/fields.md says about the field language is so."""

import re
import shlex
from pathlib import Path

import pytest

from fastwright.errors import UnreadableFieldError
from fastwright.scaffolds import names
from fastwright.scaffolds.fields import Kind
from fastwright.scaffolds.language import parse, parse_all
from fastwright.scaffolds.language.limits import USUAL
from fastwright.scaffolds.language.modifiers import MODIFIERS

DOCUMENT = (Path(__file__).parents[2] / "docs" / "fields.md").read_text("utf-8")
ROWS = re.findall(r"^\| `([^`]+)` \| (.+?) \|(?: (.*?) ?\|)?$", DOCUMENT, re.MULTILINE)
FORMS = [row for row in ROWS if not row[1].startswith("`")]
SLIPS = [(wrong, right.strip("`")) for wrong, right, _ in ROWS if right.startswith("`")]


@pytest.mark.parametrize("text", [text for text, *_ in FORMS])
def test_every_form_can_be_read(text: str) -> None:
    parse(text)


@pytest.mark.parametrize(("wrong", "right"), SLIPS)
def test_every_slip_leads_to_the_form_beside_it(wrong: str, right: str) -> None:
    with pytest.raises(UnreadableFieldError) as refused:
        parse(wrong)
    assert refused.value.suggestion == right


def test_every_type_and_modifier_is_described() -> None:
    texts = [text for text, *_ in FORMS]
    assert {parse(text).kind for text in texts} == set(Kind)
    assert {word for text in texts for word in re.findall(r":([a-z-]+)", text)} >= set(MODIFIERS)


def test_the_usual_limits_are_as_described() -> None:
    told = {parse(text).kind: usual for text, _, usual in reversed(FORMS) if usual}
    for kind, limits in USUAL.items():
        assert told[kind] in {
            f"{limits.minimum} to {limits.maximum:,} characters" if limits.maximum else "",
            f"at most {limits.maximum} characters",
            f"{limits.minimum} to {limits.maximum} of them",
            f"`{{{','.join(map(str, limits.digits or ()))}}}`",
        }


def test_the_command_can_be_pasted_into_a_shell() -> None:
    command = re.search(r"```console\n(fastwright add domain .*)\n```", DOCUMENT)
    assert command is not None
    _, _, _, domain, *fields = shlex.split(command[1])
    assert names.entity_of(domain) == "book"
    assert len(parse_all(fields)) == 4


def test_the_reserved_names_are_reserved() -> None:
    _, reserved = DOCUMENT.split("Reserved are")
    for name in re.findall(r"`([a-z_]+)…?`", reserved.replace("`add`", "")):
        assert names.why_reserved(name), name
