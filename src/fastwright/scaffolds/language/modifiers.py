"""What stands behind the type: `:unique`, `:index`, `:read-only`, `:write-only`, `:set-null`."""

from dataclasses import replace

from fastwright.scaffolds.fields import Field, Kind, OnDelete, Visibility
from fastwright.scaffolds.language.fault import Fault, Part, nearest

MODIFIERS = ("unique", "index", "read-only", "write-only", *OnDelete)

_LONGEST_KEY = 500  # characters; PostgreSQL's B-trees hold 2,704 bytes, MySQL's 3,072
_NEVER_UNIQUE = {Kind.TEXT, Kind.LIST, Kind.JSON, Kind.BOOL, Kind.FLOAT}
_NEVER_INDEXED = {Kind.TEXT, Kind.LIST, Kind.JSON}


def modified(field: Field, modifiers: list[Part]) -> Field:
    """Return a field with what its modifiers say.

    Each begins with `:`. Raises `Fault` where one is unknown, or cannot be had here.
    """
    seen: set[str] = set()
    for part in modifiers:
        word = part.text[1:].strip()
        if word not in MODIFIERS:
            meant = _meant(word)
            raise Fault(
                part.at(1, len(part.text) - 1) if meant else part,
                f"{', '.join(MODIFIERS)} are expected here.",
                instead=meant or "",
            )
        if word in seen:
            raise Fault(part, f"{word} is said already.", instead="")
        if refusal := _refusal(field, word):
            message, instead = refusal
            raise Fault(part, message, instead=instead)
        seen.add(word)
        field = _with(field, word)
        if word in set(OnDelete):
            seen |= set(OnDelete)
    return field


def _meant(word: str) -> str | None:
    return nearest(word.replace("_", "-"), MODIFIERS)


def _with(field: Field, word: str) -> Field:
    match word:
        case "unique":
            return replace(field, unique=True)
        case "index":
            return replace(field, index=True)
        case "read-only" | "write-only":
            return replace(field, visibility=Visibility(word))
        case _:
            return replace(field, on_delete=OnDelete(word))


def _refusal(field: Field, word: str) -> tuple[str, str] | None:
    """Return why a field cannot have this modifier, and what may stand there instead of it."""
    match word:
        case "unique" | "index":
            return _key_refusal(field, word)
        case "read-only" | "write-only" if field.visibility is not Visibility.FULL:
            return "A field that nobody may say and nobody may see is of no use.", ""
        case "write-only" if field.unique or field.index:
            return "A list or a conflict would tell what nobody may see.", ""
        case "read-only" | "write-only":
            return None
        case _ if field.kind is not Kind.REF:
            return f"Only a reference can {word}.", ""
        case OnDelete.SET_NULL if not field.optional:
            return "Only a reference with ? can be null.", f"?:{word}"
    return None


def _key_refusal(field: Field, word: str) -> tuple[str, str] | None:
    """Return why a field can have no index of this kind."""
    if field.visibility is Visibility.WRITE_ONLY:
        return "A list or a conflict would tell what nobody may see.", ""
    if word == "unique" and field.kind in _NEVER_UNIQUE:
        return f"{field.kind} cannot be unique.", ""
    if word == "index" and field.kind in _NEVER_INDEXED:
        return f"{field.kind} cannot have an index of this kind.", ""
    if word == "index" and field.kind is Kind.REF:
        return "A reference has an index already.", ""
    if field.unique or field.index:
        return "What is unique has an index already.", ""
    if (
        isinstance(field.maximum, int)
        and field.kind is not Kind.INT
        and field.maximum > _LONGEST_KEY
    ):
        return f"An index holds at most {_LONGEST_KEY} characters: state {{{_LONGEST_KEY}}}.", ""
    return None
