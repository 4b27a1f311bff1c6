"""The models of a project made by `fastwright new`, as its files state them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastwright.scaffolds.splicing import (
    Node,
    assignment,
    assignments,
    definitions,
    parse,
    text_of,
    walk,
)

_QUOTES = "\"'"


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A column that refers to a row of another table, and what happens when that is deleted."""

    table: str
    on_delete: str  # "CASCADE", "SET NULL", "RESTRICT"; empty where nothing is said


@dataclass(frozen=True, slots=True)
class Model:
    """A class that has a table."""

    domain: str  # whose models.py it is in
    name: str
    table: str
    columns: tuple[str, ...]  # without those that it inherits
    has_id: bool  # or a key of another name
    foreign_keys: tuple[ForeignKey, ...]


def read(root: Path) -> Iterator[Model]:
    """Yield the models of all domains; what is put together at run time is not seen."""
    for file in sorted((root / "src").glob("*/models.py")):
        for node in definitions(parse(file.read_bytes())):
            bases = text_of(node.child_by_field_name("superclasses"))
            body = node.child_by_field_name("body")
            if body is not None and "table=True" in bases:
                name = text_of(node.child_by_field_name("name"))
                yield Model(
                    domain=file.parent.name,
                    name=name,
                    table=_table(body) or name.lower(),
                    columns=tuple(each for each, _ in assignments(body)),
                    has_id="WithId" in bases or assignment(body, "id") is not None,
                    foreign_keys=tuple(_foreign_keys(body)),
                )


def _table(body: Node) -> str:
    named = assignment(body, "__tablename__")
    return text_of(named.child_by_field_name("right") if named else None).strip(_QUOTES)


def _foreign_keys(body: Node) -> Iterator[ForeignKey]:
    for call in walk(body):
        arguments = call.child_by_field_name("arguments") if call.type == "call" else None
        if arguments is None:
            continue
        stated = {
            text_of(each.child_by_field_name("name")): text_of(each.child_by_field_name("value"))
            for each in arguments.named_children
            if each.type == "keyword_argument"
        }
        if leads_to := stated.get("foreign_key"):
            table, _, _ = leads_to.strip(_QUOTES).partition(".")
            yield ForeignKey(table, stated.get("ondelete", "").strip(_QUOTES))
