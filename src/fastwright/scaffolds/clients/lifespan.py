"""Lets the application open a client when it starts, and routes reach it through its state."""

from fastwright.scaffolds import names
from fastwright.scaffolds.draft import Draft
from fastwright.scaffolds.splicing import (
    CannotBePutError,
    Node,
    assignments,
    behind,
    definition,
    element_names,
    into,
    parse,
    walk,
)
from fastwright.source.importing import Import

_MAIN = "src/main.py"


def open_client(draft: Draft, name: str) -> None:
    """Let `src/main.py` open the client and give it to requests; or leave that to the user."""
    class_name = names.pascal(name)
    opened = f"open_{name}({name}_settings) as {name}"
    is_done = draft.change(
        _MAIN,
        lambda text, _: _opened(text, name, opened),
        snippet=f"""\
from src.{name}.client import {class_name}Client, open_{name}
from src.{name}.config import {name}_settings

# In `State`:
    {name}: {class_name}Client

# In `lifespan`, in its `async with (…)`, and in the dict that it yields:
        {opened},
                "{name}": {name},
""",
        why="No lifespan that opens what the application needs, and yields it, was found there.",
    )
    if is_done:
        draft.add_import(_MAIN, Import(f"src.{name}.client", f"{class_name}Client"))
        draft.add_import(_MAIN, Import(f"src.{name}.client", f"open_{name}"))
        draft.add_import(_MAIN, Import(f"src.{name}.config", f"{name}_settings"))


def _opened(text: bytes, name: str, opened: str) -> bytes:
    # From the end of the file to its beginning: what comes before stays where it is.
    lifespan = _of(text, "lifespan")
    given = next((node for node in walk(lifespan) if node.type == "yield"), None)
    pairs = given.named_children[0] if given and given.named_children else None
    if pairs is None or pairs.type != "dictionary":
        raise CannotBePutError
    if not any(each.startswith(f'"{name}":') for each in element_names(pairs)):
        text = into(text, pairs, f'"{name}": {name}')
    lifespan = _of(text, "lifespan")
    clauses = (node for node in walk(lifespan) if node.type == "with_clause")
    clause = next(
        (each for each in clauses if each.child(0) and each.children[0].type == "("), None
    )
    if clause is None:
        raise CannotBePutError
    if opened not in element_names(clause):
        text = into(text, clause, opened)
    state = _of(text, "State")
    fields = dict(assignments(state))
    if not fields:
        raise CannotBePutError
    if name not in fields:
        last = list(fields.values())[-1]
        text = behind(text, last, f"{name}: {names.pascal(name)}Client")
    return text


def _of(text: bytes, name: str) -> Node:
    """Return the body of a class or function."""
    found = definition(parse(text), name)
    body = found.child_by_field_name("body") if found else None
    if body is None:
        raise CannotBePutError
    return body
