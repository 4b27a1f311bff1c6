"""The types that an endpoint has to do with: what a dependency finds, and what is answered."""

from fastwright.scaffolds import names
from fastwright.scaffolds.draft import Draft
from fastwright.scaffolds.splicing import Node, assignment, assignments, definition, text_of

_BODIES = ("Create", "Update")
_OWNERS = ("owner_id", "user_id", "author_id")


def found_by(draft: Draft, domain: str, alias: str) -> str | None:
    """Return what an alias of dependencies.py gives: of `Annotated[Post, …]`, `Post`."""
    root = draft.root_of(f"src/{domain}/dependencies.py")
    found = assignment(root, alias) if root else None
    value = found.child_by_field_name("right") if found else None
    if value is None or text_of(value.child_by_field_name("value")) != "Annotated":
        return None
    return text_of(value.child_by_field_name("subscript"))


def is_body(schema: str | None) -> bool:
    """Tell whether a schema is what a request holds, rather than what was found for it."""
    return schema is not None and schema.endswith(_BODIES)


def response_for(draft: Draft, domain: str, schema: str) -> str | None:
    """Return the schema of responses that a domain's schema is one of; None where it is none."""
    root = draft.root_of(f"src/{domain}/schemas.py")
    while root is not None:
        found = definition(root, schema)
        if found is None:
            return None
        if schema.endswith("Response"):
            return schema
        bases = _bases(found)
        if not bases:
            return None
        if definition(root, bases[0]) is None:
            return schema if "Model" in bases[0] else None
        schema = bases[0]
    return None


def count_schema(domain: str, action: str) -> tuple[str, str]:
    """Return the name of the schema that answers how many there are, and its text."""
    name = names.pascal(domain) + names.pascal(action)
    text = f'class {name}(CustomModel):\n    count: int = Field(ge=0, description="How many")\n'
    return name, text


def owner_of(draft: Draft, domain: str, model: str) -> str | None:
    """Return the column that says whose a thing is."""
    root = draft.root_of(f"src/{domain}/models.py")
    found = definition(root, model) if root else None
    body = found.child_by_field_name("body") if found else None
    columns = dict(assignments(body)) if body else {}
    return next((name for name in _OWNERS if name in columns), None)


def _bases(node: Node) -> list[str]:
    bases = node.child_by_field_name("superclasses")
    return [text_of(each) for each in bases.named_children] if bases else []
