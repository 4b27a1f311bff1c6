"""What cannot be had together, or not in this project, is refused with its reason."""

from pathlib import Path

import pytest

from fastwright.errors import OptionError
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.draft import Draft
from fastwright.scaffolds.house import refusals, unfit
from fastwright.scaffolds.house.unfit import Owner
from fastwright.scaffolds.language import parse
from fastwright.scaffolds.names import entity_of
from fastwright.scaffolds.rendering import put
from fastwright.scaffolds.room import Room
from fastwright.scaffolds.rooms import house
from tests.scaffolds.making import apply, made


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return _room(made(tmp_path_factory.mktemp("project"), "comments", "profiles", "notifications"))


def domain(*fields: str, name: str = "notes", **options: object) -> Domain:
    parsed = tuple(parse(field) for field in fields or ("title:str",))
    return Domain(name, entity_of(name), parsed, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (domain(name="users"), "means something else"),
        (domain(name="services"), "means something else"),
        (
            domain(name="post_likes"),
            "would be `post_like`, which is that of `PostLike` in src/posts",
        ),
        (domain("title:str:read-only=New"), "at least one field must not be read-only"),
        (
            domain(parent="stories"),
            "no domain “stories” to lie under. There are: comments, notifications, posts",
        ),
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
        (domain("story:ref[profiles]"), "profiles, whose rows have no `id` to refer to"),
        (domain("told:ref[notifications]?"), "notifications, of which no route reads one"),
        (domain(parent="profiles"), "its rows have no `id`"),
        (domain("user:ref[users]:restrict"), "would keep accounts from being deleted. Leave out"),
        (domain("post:ref[posts]:restrict"), "as what is in posts goes with them"),
        (domain("comment:ref[comments]:restrict"), "as what is in comments goes with them"),
        (domain("older:ref[notes]?:restrict", is_owned=True), "what is in notes goes with them"),
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
        domain("older:ref[notes]?:restrict"),
    ],
)
def test_everything_else_can_be_had(room: Room, allowed: Domain) -> None:
    refusals.check(allowed, room)


@pytest.mark.parametrize(
    ("refused", "nearest"),
    [
        (domain("author:ref[user]"), "author:ref[users]"),
        (domain("story:ref[postz]?:set-null"), "story:ref[posts]?:set-null"),
        (domain("older:ref[notes]"), "older:ref[notes]?"),
        (domain("post:ref[posts]:restrict"), "post:ref[posts]?:set-null"),
        (domain(parent="comment"), "--under comments"),
        (domain(parent="vendor"), None),
        (domain(name="owners"), "custom_owners"),
    ],
)
def test_the_nearest_right_form_is_shown(room: Room, refused: Domain, nearest: str | None) -> None:
    with pytest.raises(OptionError) as raised:
        refusals.check(refused, room)

    assert raised.value.suggestion == nearest


def test_what_keeps_nothing_of_accounts_may_restrict(tmp_path: Path) -> None:
    root = made(tmp_path)
    _put(root, domain("name:str", name="brands"))
    _put(root, domain("brand:ref[brands]:restrict", name="cars"))
    owner = Owner("brands", "brand", "brand", is_threaded=False)

    with pytest.raises(OptionError) as raised:
        unfit.check(parse("holder:ref[users]?"), owner, _room(root))

    assert "and a car keeps it from that" in raised.value.message
    unfit.check(parse("holder:ref[users]?:set-null"), owner, _room(root))


def _put(root: Path, wanted: Domain) -> None:
    draft = Draft(root)
    put(draft, wanted, _room(root))
    apply(root, draft.outcome())


def _room(root: Path) -> Room:
    room = house.read(root)
    assert room is not None
    return room
