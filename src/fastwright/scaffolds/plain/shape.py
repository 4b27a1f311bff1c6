"""What follows from a domain and a project for several of its parts."""

from dataclasses import replace

from fastwright.scaffolds import names
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.fields import Field, Kind, Visibility
from fastwright.scaffolds.room import Asks, Part, Room, Table


def parent_of(domain: Domain, room: Room) -> Table | None:
    """Return the table that a domain lies under.

    Where the finder of its rows asks who is there, it does not serve what everybody reads.
    """
    if domain.parent is None:
        return None
    parent = room.tables[domain.parent]
    if parent.finder is None:
        return parent
    if domain.is_read_by_all and parent.asks is not Asks.NOBODY:
        return replace(parent, finder=None, parameter=f"{parent.entity}_id")
    return replace(parent, gone=None)  # which rows it gives is its own matter


def table_of(domain: Domain, room: Room) -> str:
    """Return what the table is called: in the singular, where most are."""
    called = {each.table: each.table == each.entity for each in room.tables.values()}
    return domain.entity if sum(called.values()) * 2 > len(called) else domain.name


def router_of(domain: Domain, room: Room) -> str:
    """Return what the router is called: in a file of several domains it needs a name of its own."""
    return "router" if "{" in room.parts[Part.ROUTER] else f"{domain.name}_router"


def path_of(domain: Domain, room: Room) -> str:
    """Return the path of a domain's list: `/posts/{post_id}/comments`."""
    own = f"/{names.kebab(domain.name)}"
    parent = parent_of(domain, room)
    if parent is None:
        return own
    return f"/{names.kebab(parent.domain)}/{parameter_of(parent)}{own}"


def parameter_of(parent: Table) -> str:
    """Return what stands for a parent in a path: `{post_id}`."""
    return f"{{{parent.parameter or f'{parent.entity}_id'}}}"


def written(domain: Domain) -> list[Field]:
    """Return the fields that are taken."""
    return [each for each in domain.fields if each.visibility is not Visibility.READ_ONLY]


def read(domain: Domain) -> list[Field]:
    """Return the fields that are answered."""
    return [each for each in domain.fields if each.visibility is not Visibility.WRITE_ONLY]


def has_conflicts(domain: Domain) -> bool:
    """Tell whether what is given can contradict what exists."""
    return any(each.unique or each.kind is Kind.REF for each in domain.fields)
