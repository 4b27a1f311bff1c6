"""What cannot be had together, or not in this project, is refused with its reason."""

import pytest

from fastwright.errors import OptionError
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.house import refusals
from fastwright.scaffolds.language import parse
from fastwright.scaffolds.names import entity_of
from fastwright.scaffolds.room import Room
from fastwright.scaffolds.rooms import house
from tests.scaffolds.making import made


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    room = house.read(made(tmp_path_factory.mktemp("project"), "posts"))
    assert room is not None
    return room


def domain(*fields: str, name: str = "notes", **options: object) -> Domain:
    parsed = tuple(parse(field) for field in fields or ("title:str",))
    return Domain(name, entity_of(name), parsed, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (domain(name="users"), "means something else"),
        (domain(name="services"), "means something else"),
        (domain("title:str:read-only=New"), "at least one field must not be read-only"),
        (domain(parent="stories"), "no domain “stories” to lie under. There are: posts, users"),
        (domain(parent="users"), "Nothing can lie under users"),
        (domain("story:ref[stories]"), "“stories”, which is no domain"),
        (domain("older:ref[notes]"), "refers to notes"),
        (domain("post:ref[posts]", parent="posts"), "what it lies under already"),
        (domain(is_threaded=True, is_soft_deleted=True), "leave out --soft-delete"),
        (domain(is_threaded=True, searchable=("title",)), "leave out --threaded or --searchable"),
        (domain("depth:int", is_threaded=True), "threads need for themselves"),
        (domain("size:int", searchable=("size",)), "only a field of type str or text"),
        (domain("title:str", searchable=("body",)), "--searchable body"),
        (domain("title:str:write-only", searchable=("title",)), "what nobody may see"),
        (domain("body:text{200000}", searchable=("body",)), "characters in all"),
        (domain("body:text{200001}"), "too long for a request"),
        (domain("rank:int{1..5}:unique"), "only 5 could be unique"),
    ],
)
def test_the_reason_is_said(room: Room, refused: Domain, reason: str) -> None:
    with pytest.raises(OptionError) as raised:
        refusals.check(refused, room)

    assert reason in raised.value.message


@pytest.mark.parametrize(
    "allowed",
    [
        domain("title:str{200}", "body:text", searchable=("title", "body"), is_soft_deleted=True),
        domain("body:text", parent="posts", is_owned=True, is_threaded=True, is_likeable=True),
        domain("post:ref[posts]", "other:ref[notes]?", is_read_by_all=True),
        domain("rank:int{1..5000}:unique", "seen:bool:read-only=false"),
    ],
)
def test_everything_else_can_be_had(room: Room, allowed: Domain) -> None:
    refusals.check(allowed, room)
