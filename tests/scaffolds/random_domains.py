"""Random domains that can stand in one project, each with a name of its own."""

from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fastwright.errors import OptionError
from fastwright.scaffolds import names, rendering
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.draft import Draft
from fastwright.scaffolds.fields import Visibility
from fastwright.scaffolds.house import refusals
from fastwright.scaffolds.language import parse
from fastwright.scaffolds.room import Asks, Room
from fastwright.scaffolds.rooms import house
from tests.scaffolds.field_lists import DOMAINS, domains
from tests.scaffolds.making import apply

_COLOURS = (
    *("red", "blue", "green", "brown", "grey", "white", "black", "pink", "dark", "light"),
    *("old", "new", "big", "small", "long", "short", "round", "flat", "warm", "cold"),
)
_GROUP = 4
NAMES = tuple(f"{colour}_{name}" for colour in _COLOURS for name in DOMAINS)


@st.composite
def groups(draw: st.DrawFn) -> list[Domain]:
    """Some domains, of which later ones may lie under earlier ones or refer to them."""
    found: list[Domain] = []
    for name in NAMES[:_GROUP]:
        there = [each.name for each in found]
        found.append(draw(domains(["users", *there], parents=there, name=name)))
    return found


def drawn(count: int) -> list[Domain]:
    """Return so many random domains; the same ones every time."""
    found: list[list[Domain]] = []

    @settings(
        max_examples=-(-count // _GROUP) + 1,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(groups())
    def collect(group: list[Domain]) -> None:
        found.append(group)

    collect()
    every = [_renamed(each, number) for number, group in enumerate(found) for each in group]
    return every[_GROUP : count + _GROUP]  # the first group is as simple as can be


def _renamed(domain: Domain, number: int) -> Domain:
    """Return a domain of a group as one of a project that has other groups too."""
    start = number * _GROUP
    new = dict(zip(NAMES[:_GROUP], NAMES[start : start + _GROUP], strict=True))
    fields = (
        replace(each, target=new.get(each.target or "", each.target)) for each in domain.fields
    )
    name = new[domain.name]
    return replace(
        domain,
        name=name,
        entity=names.entity_of(name),
        parent=new.get(domain.parent or ""),
        fields=tuple(fields),
    )


def put(root: Path, domain: Domain) -> Domain:
    """Add a domain to a project of ours, or the nearest one that it can have."""
    room = _room(root)
    domain = possible(domain, room)
    draft = Draft(root)
    rendering.put(draft, domain, room)
    outcome = draft.outcome()
    assert not outcome.snippets
    apply(root, outcome)
    return domain


def possible(domain: Domain, room: Room) -> Domain:
    """Return the domain without what is refused."""
    parent = room.tables.get(domain.parent or "")
    if domain.is_threaded:
        domain = replace(domain, is_soft_deleted=False, searchable=())
    if parent is not None and parent.asks is Asks.SOMEBODY:
        domain = replace(domain, is_read_by_all=False)
    for field in domain.fields:
        alone = replace(domain, fields=(field,), searchable=())
        try:
            refusals.check(alone, room)
        except OptionError:
            others = tuple(each for each in domain.fields if each is not field)
            searched = tuple(each for each in domain.searchable if each != field.name)
            domain = replace(domain, fields=others, searchable=searched)
    says_something = any(each.visibility is not Visibility.READ_ONLY for each in domain.fields)
    return domain if says_something else replace(domain, fields=(parse("name:str"),), searchable=())


def _room(root: Path) -> Room:
    room = house.read(root)
    assert room is not None
    return room
