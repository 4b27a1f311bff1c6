"""The type of a field: its word, and what a list holds or a reference leads to."""

import re
from collections.abc import Iterable

from fastwright.scaffolds import names
from fastwright.scaffolds.fields import Kind
from fastwright.scaffolds.language.fault import Fault, Part, nearest

# What lists can hold.
ITEMS = (Kind.STR, Kind.INT, Kind.FLOAT)

# What others call a type.
_ELSEWHERE = {
    "array": Kind.LIST,
    "belongs_to": Kind.REF,
    "bigint": Kind.INT,
    "boolean": Kind.BOOL,
    "char": Kind.STR,
    "choice": Kind.ENUM,
    "clob": Kind.TEXT,
    "dict": Kind.JSON,
    "double": Kind.FLOAT,
    "fk": Kind.REF,
    "foreign": Kind.REF,
    "guid": Kind.UUID,
    "html": Kind.TEXT,
    "integer": Kind.INT,
    "jsonb": Kind.JSON,
    "link": Kind.URL,
    "literal": Kind.ENUM,
    "long": Kind.INT,
    "longtext": Kind.TEXT,
    "map": Kind.JSON,
    "markdown": Kind.TEXT,
    "money": Kind.DECIMAL,
    "number": Kind.INT,
    "numeric": Kind.DECIMAL,
    "object": Kind.JSON,
    "real": Kind.FLOAT,
    "references": Kind.REF,
    "set": Kind.LIST,
    "string": Kind.STR,
    "timestamp": Kind.DATETIME,
    "uri": Kind.URL,
    "varchar": Kind.STR,
}
_CALL = re.compile(r"(?P<word>\w*)\((?P<inside>[^)]*)\)?")


def kind_of(word: Part, *, field: str) -> Kind:
    """Return the type that a word names.

    Raises `Fault` where it names none.
    """
    if word.text in set(Kind):
        return Kind(word.text)
    if not word.text:
        raise Fault(word, f"A type is expected here: {_listed(Kind)}.", instead=Kind.STR)
    if call := _CALL.fullmatch(word.text):
        raise Fault(
            word, "Limits stand in { }, and what a list holds in [ ].", instead=_bracketed(call)
        )
    meant = _meant(word.text)
    raise Fault(
        word,
        f"There is no type “{word.text}”. There are: {_listed(Kind)}.",
        # A type that nobody knows is perhaps the name of a domain.
        instead=meant or f"{Kind.REF}[{names.snake(word.text) or names.plural(field)}]",
    )


def inside_of(kind: Kind, word: Part, inside: Part | None, *, field: str) -> str | None:
    """Return what stands in the `[ ]` of a list or a reference; None for all others.

    Raises `Fault` where it is missing, unknown, or has no meaning for this type.
    """
    if kind not in {Kind.LIST, Kind.REF}:
        if inside is not None:
            raise Fault(
                inside, f"Only list and ref have [ ]; {kind} has none.", instead=_braced(inside)
            )
        return None
    if inside is None:
        behind = Part("", word.start + len(word.text))
        message, instead = _missing(kind, field)
        raise Fault(behind, message, instead=instead)
    if not inside.text.endswith("]"):
        raise Fault(inside, "A ] is expected at the end of this.", instead=f"{inside.text}]")
    content = next(inside.at(1, len(inside.text) - 2).split("\n"))
    return _item(content) if kind is Kind.LIST else _target(content, field=field)


def _item(content: Part) -> str:
    if content.text in ITEMS:
        return content.text
    meant = _meant(content.text)
    raise Fault(
        content,
        f"A list holds {_listed(ITEMS)}, without limits of its own.",
        instead=meant if meant in ITEMS else Kind.STR,
    )


def _target(content: Part, *, field: str) -> str:
    if content.text and names.snake(content.text) == content.text:
        return content.text
    raise Fault(
        content,
        "The name of a domain is expected here, such as users.",
        instead=names.snake(content.text) or names.plural(field),
    )


def _missing(kind: Kind, field: str) -> tuple[str, str]:
    """Return what is said of a missing `[ ]`, and what would be right."""
    if kind is Kind.LIST:
        return f"What the list holds is expected here: {_listed(ITEMS)}.", "[str]"
    return "The domain that it refers to is expected here, in [ ].", f"[{names.plural(field)}]"


def _meant(word: str) -> Kind | None:
    if known := _ELSEWHERE.get(word.lower()):
        return known
    near = nearest(word, [*Kind, *_ELSEWHERE])
    return _ELSEWHERE.get(near) or Kind(near) if near else None


def _bracketed(call: re.Match[str]) -> str:
    kind = _meant(call["word"])
    inside = call["inside"]
    return (
        f"{call['word']}[{inside}]"
        if kind in {Kind.LIST, Kind.REF}
        else f"{call['word']}{{{inside}}}"
    )


def _braced(inside: Part) -> str:
    return f"{{{inside.text.strip('[]')}}}"


def _listed(words: Iterable[Kind]) -> str:
    return ", ".join(words)
