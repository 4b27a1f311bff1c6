"""The domain that gets a field: its classes, their fields, and where a new one stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastwright.errors import UnknownDomainError
from fastwright.scaffolds import names
from fastwright.scaffolds.draft import Draft
from fastwright.scaffolds.house import near
from fastwright.scaffolds.splicing import Node, assignment, assignments, definition, text_of


@dataclass(frozen=True, slots=True)
class Target:
    """A domain; `created` are the fields of what makes one, in their order."""

    domain: str
    entity: str
    table: str
    columns: frozenset[str]
    created: tuple[str, ...]
    needed: frozenset[str]  # those without which nothing can be made
    is_blanked: bool  # what is deleted keeps its row, with nothing in it
    is_soft_deleted: bool

    @property
    def model(self) -> str:
        """Return the name of its model, with which the names of its schemas begin."""
        return names.pascal(self.entity)

    def path(self, part: str) -> str:
        """Return the path of a module of the domain."""
        return f"src/{self.domain}/{part}.py"

    def anchor(self, there: Sequence[str]) -> str | None:
        """Return the last of the created fields that is among others: a new one goes behind it."""
        found = [name for name in there if name in self.created]
        return found[-1] if found else None


def read(draft: Draft, domain: str) -> Target:
    """Return what is to be known of a domain; raises `UnknownDomainError` where it is not there."""
    model, create = _model(draft, domain), _create(draft, domain)
    if model is None or create is None:
        known = [each for each in _domains(draft) if _model(draft, each) and _create(draft, each)]
        raise UnknownDomainError(
            f"There is no domain “{domain}” with a model and a schema of what makes one. "
            f"There are: {', '.join(known)}.",
            suggestion=near.domain(domain, known),
        )
    entity = names.singular(domain)
    columns, created = dict(assignments(model)), dict(assignments(create))
    named = assignment(model, "__tablename__")
    table = text_of(named.child_by_field_name("right") if named else None).strip("\"'")
    needed = [name for name, node in created.items() if node.child_by_field_name("right") is None]
    blanked = [name for name in needed if name in columns and _can_be_null(columns[name])]
    return Target(
        domain,
        entity,
        table or entity,
        frozenset(columns),
        tuple(created),
        frozenset(needed),
        is_blanked=bool(blanked),
        is_soft_deleted="deleted_at" in columns,
    )


def body_of(root: Node | None, name: str) -> Node | None:
    """Return the body of a class or function."""
    found = definition(root, name) if root else None
    return found.child_by_field_name("body") if found else None


def _domains(draft: Draft) -> list[str]:
    return sorted(file.parent.name for file in (draft.root / "src").glob("*/models.py"))


def _model(draft: Draft, domain: str) -> Node | None:
    name = names.pascal(names.singular(domain))
    return body_of(draft.root_of(f"src/{domain}/models.py"), name)


def _create(draft: Draft, domain: str) -> Node | None:
    name = names.pascal(names.singular(domain))
    return body_of(draft.root_of(f"src/{domain}/schemas.py"), f"{name}Create")


def _can_be_null(field: Node) -> bool:
    return "None" in text_of(field.child_by_field_name("type"))
