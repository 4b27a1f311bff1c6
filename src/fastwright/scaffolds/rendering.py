"""Puts a domain into a project: in the house's way, or in the way of any other project."""

from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.draft import Draft
from fastwright.scaffolds.house import rendering as house
from fastwright.scaffolds.plain import rendering as plain
from fastwright.scaffolds.registering import foreign
from fastwright.scaffolds.registering import house as own
from fastwright.scaffolds.room import Manner, Room


def put(draft: Draft, domain: Domain, room: Room) -> None:
    """Put a domain's files, and what others have to say of it, into a draft.

    Raises `OptionError` where the domain cannot be had as it was asked for.
    """
    match room.manner:
        case Manner.HOUSE:
            own.register(draft, room, house.render(domain, room))
        case Manner.PLAIN:
            foreign.register(draft, room, plain.render(domain, room))
