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
    is_house = room.manner is Manner.HOUSE
    rendered = house.render(domain, room) if is_house else plain.render(domain, room)
    for path, text in rendered.files.items():
        draft.make(path, text, is_tidy=not is_house)  # plain ones are, when they are rendered
    for addition in rendered.additions:
        if is_house:
            own.register(draft, addition)
        else:
            foreign.register(draft, room, addition)
