"""The text of a field becomes a `Field`, or an error that shows where it cannot."""

import re
from collections.abc import Iterable
from dataclasses import replace

from fastwright.errors import UnreadableFieldError
from fastwright.scaffolds import names
from fastwright.scaffolds.fields import Field, Kind, Visibility
from fastwright.scaffolds.language.defaults import default_of
from fastwright.scaffolds.language.fault import Fault, Part
from fastwright.scaffolds.language.kinds import inside_of, kind_of
from fastwright.scaffolds.language.limits import Limits, limits_of
from fastwright.scaffolds.language.modifiers import MODIFIERS, modified

_FORM = re.compile(
    r"""
    (?P<name>[^:=?{\[]*)
    (?::(?P<kind>[^:=?{\[]*)
        (?P<inside>\[[^\]]*\]?)?
        (?P<limits>(?:\{[^}]*\}?)*)
        (?P<optional>\??)
        (?P<modifiers>(?::[^:=]*)*)
    )?
    (?P<default>=.*)?
    """,
    re.VERBOSE | re.DOTALL,
)
_GROUP = re.compile(r"\{[^}]*\}?")
_MODIFIER = re.compile(r":[^:]*")
_MODIFIERS_AT_END = re.compile(f"(?::(?:{'|'.join(MODIFIERS)}))+$")
# How often what could stand instead is looked at anew.
_ROUNDS = 20


def parse(text: str) -> Field:
    """Return the field that a text describes.

    Raises `UnreadableFieldError` where it describes none: with the place, the reason, and the
    nearest right form.
    """
    try:
        return _parse(text)
    except Fault as fault:
        raise UnreadableFieldError(_shown(text, fault), suggestion=_nearest(text, fault)) from None


def parse_all(texts: Iterable[str]) -> tuple[Field, ...]:
    """Return the fields of a domain.

    Raises `UnreadableFieldError` where a text describes none, or two have the same name.
    """
    fields: list[Field] = []
    for text in texts:
        field = parse(text)
        if any(field.column == other.column or field.name == other.name for other in fields):
            fault = Fault(
                Part(field.name, 0), "There is a field of this name already.", instead=None
            )
            raise UnreadableFieldError(_shown(text, fault))
        fields.append(field)
    return tuple(fields)


def _parse(text: str) -> Field:
    match = _FORM.match(text)
    if match is None:  # which cannot be: nothing of the form has to be there
        raise AssertionError
    name = _part(match, "name")
    _check_name(name)
    if match.end() < len(text):
        raise _stray(text, match)
    if match["kind"] is None:
        field = _field(name.text, Kind.STR, None, limits_of(Kind.STR, [], behind=name))
    else:
        field = modified(_typed(match, name), _modifiers(match))
    if match["default"] is not None:
        field = replace(field, default=default_of(field, _default(match, field.kind)))
    if field.visibility is Visibility.READ_ONLY and field.default is None and not field.optional:
        behind = _part(match, "optional")
        raise Fault(behind, "What nobody may say needs a default, or a ? here.", instead="?")
    return field


def _typed(match: re.Match[str], name: Part) -> Field:
    """Return a field of the stated type, without what the modifiers say."""
    word = _part(match, "kind")
    kind = kind_of(word, field=name.text)
    inside = _part(match, "inside") if match["inside"] else None
    stated = _part(match, "limits")
    if kind is Kind.REF and inside is None and stated.text:
        instead = f"[{stated.text.strip('{}')}]"
        raise Fault(stated, "What a reference leads to stands in [ ].", instead=instead)
    content = inside_of(kind, word, inside, field=name.text)
    groups = [stated.at(each.start(), len(each[0])) for each in _GROUP.finditer(stated.text)]
    limits = limits_of(kind, groups, behind=_part(match, "optional").at(0, 0))
    if kind is Kind.REF and (bare := name.text.removesuffix("_id")) != name.text:
        raise Fault(name, "The column of a reference gets its _id by itself.", instead=bare)
    field = _field(name.text, kind, content, limits)
    return replace(field, optional=bool(match["optional"]))


def _field(name: str, kind: Kind, content: str | None, limits: Limits) -> Field:
    return Field(
        name=name,
        kind=kind,
        minimum=limits.minimum,
        maximum=limits.maximum,
        digits=limits.digits,
        choices=limits.choices,
        items=Kind(content) if content and kind is Kind.LIST else None,
        target=content if kind is Kind.REF else None,
    )


def _modifiers(match: re.Match[str]) -> list[Part]:
    stated = _part(match, "modifiers")
    if "?" in stated.text:
        both = Part(match["optional"] + stated.text, match.start("optional"))
        instead = f"?{stated.text.replace('?', '')}"
        raise Fault(both, "The ? stands right behind the type and its limits.", instead=instead)
    return [stated.at(each.start(), len(each[0])) for each in _MODIFIER.finditer(stated.text)]


def _default(match: re.Match[str], kind: Kind) -> Part:
    default = _part(match, "default")
    behind = _MODIFIERS_AT_END.search(default.text)
    if behind and kind not in {Kind.STR, Kind.TEXT}:
        raise Fault(
            default,
            "The default stands at the end.",
            instead=behind[0] + default.text[: behind.start()],
        )
    return default


def _check_name(name: Part) -> None:
    if not name.text:
        raise Fault(name, "The name of the field is expected here.", instead="title")
    tidy = names.snake(name.text)[: names.LONGEST].rstrip("_")
    if tidy != name.text:
        raise Fault(
            name,
            "A name has lower-case letters, digits and single _ between words, begins with a "
            f"letter, and is at most {names.LONGEST} characters long.",
            instead=tidy or "title",
        )
    if why := names.why_reserved(name.text):
        raise Fault(name, f"`{name.text}` {why}.", instead=names.instead_of(name.text))


def _stray(text: str, match: re.Match[str]) -> Fault:
    """Return what is wrong with a text of which the form ends too early."""
    end = match.end()
    if match["kind"] is None:
        kind = Kind.LIST if text[end] == "[" else Kind.STR
        return Fault(Part("", end), "A type is expected here, behind a colon.", instead=f":{kind}")
    if match["optional"] and (group := _GROUP.match(text, end)):
        part = Part(f"?{group[0]}", end - 1)
        return Fault(part, "The ? stands behind the limits.", instead=f"{group[0]}?")
    stop = next((at for at in range(end + 1, len(text)) if text[at] in ":="), len(text))
    stray = Part(text[end:stop], end)
    return Fault(stray, "A : with a modifier or a = with a default is expected here.", instead="")


def _part(match: re.Match[str], group: str) -> Part:
    return Part(match[group], match.start(group))


def _nearest(text: str, fault: Fault) -> str | None:
    """Return the text with what could stand instead, once all of it can be read."""
    for _ in range(_ROUNDS):
        if fault.instead is None:
            return None
        start, end = fault.part.start, fault.part.start + len(fault.part.text)
        text = f"{text[:start]}{fault.instead}{text[end:]}"
        try:
            _parse(text)
        except Fault as next_fault:
            fault = next_fault
        else:
            return text
    return None


def _shown(text: str, fault: Fault) -> str:
    line = "".join(letter if letter.isprintable() else "�" for letter in text)
    mark = " " * fault.part.start + "^" * max(1, len(fault.part.text))
    return f"{line}\n{mark}\n{fault.message}"
