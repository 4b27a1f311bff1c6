"""dependencies/consistent-path-names: one thing has one name in all paths."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from fastwright.application import english
from fastwright.application.application import Application
from fastwright.application.lookups import lookups
from fastwright.application.path_names import path_names
from fastwright.application.routes import Route
from fastwright.codebase.definitions import Function
from fastwright.practice import Clean, Explanation, Finding, Fixed, Flagged, Kind, Place, Practice


@dataclass(frozen=True)
class _Use:
    """A name in the path of a route; the routes of one function use the same one."""

    function: Function
    name: str
    route: Route = field(compare=False)


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each name in a path that is called otherwise in more paths."""
    wanted: list[tuple[_Use, _Use]] = []
    everywhere = Counter(name for route in application.routes for name in route.path_parameters)
    for uses in _joined([*_by_place(application), *_by_lookup(application)]):
        names = Counter(use.name for use in uses)
        if len(names) > 1 and not _stand_together(names, uses):
            usual = max(names, key=partial(_worth, names=names, everywhere=everywhere))
            model = next(each for each in uses if each.name == usual)
            wanted += [(use, model) for use in uses if use.name != usual]
    asked = Counter((use.function, model.name) for use, model in wanted)
    for use, model in wanted:
        # Two things in one path cannot both be called the same.
        if asked[use.function, model.name] == 1:
            yield _finding(use, model)


def _worth(name: str, names: Counter[str], everywhere: Counter[str]) -> tuple[object, ...]:
    """Return what makes a name the usual one, the weightiest first.

    How often other paths have it says something of a name such as `post_id`, nothing of `id`.
    """
    is_telling = len(english.words(name)) > 1
    return names[name], everywhere[name] if is_telling else 0, len(name), name


def _by_place(application: Application) -> Iterable[list[_Use]]:
    """Return the names that stand in the same place of paths."""
    found: defaultdict[tuple[object, ...], list[_Use]] = defaultdict(list)
    for each in path_names(application):
        found[each.key].append(_Use(each.route.function, each.name, each.route))
    return found.values()


def _by_lookup(application: Application) -> Iterable[list[_Use]]:
    """Return the names by which routes fetch the same rows, or with the same function."""
    found: defaultdict[object, list[_Use]] = defaultdict(list)
    for lookup in lookups(application):
        route = lookup.route
        match lookup.inputs:
            case (name,) if name in route.path_parameters:
                found[lookup.key].append(_Use(route.function, name, route))
    return found.values()


def _joined(groups: Iterable[list[_Use]]) -> list[list[_Use]]:
    """Return the groups, those that share a use made one."""
    group_of: dict[_Use, dict[_Use, None]] = {}
    for group in groups:
        whole: dict[_Use, None] = dict.fromkeys(group)
        for use in group:
            whole |= group_of.get(use, {})
        for use in whole:
            group_of[use] = whole
    return [list(group) for group in {id(each): each for each in group_of.values()}.values()]


def _stand_together(names: Counter[str], uses: list[_Use]) -> bool:
    """Tell whether one path needs two of the names, as `/users/{user_id}/friends/{friend_id}`."""
    return any(len(names.keys() & set(use.route.path_parameters)) > 1 for use in uses)


def _finding(use: _Use, model: _Use) -> Finding:
    return Finding(
        at=_place(use),
        message=(
            f"Rename `{{{use.name}}}` to `{{{model.name}}}`, as the path of "
            f"`{model.function.name}` calls it: then one dependency can serve both."
        ),
    )


def _place(use: _Use) -> Place:
    parameters = (each for each in use.function.parameters if each.name == use.name)
    parameter = next(parameters, None)
    return use.route.place if parameter is None else use.function.module.place(parameter)


PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule="What is the same thing has the same name in every path.",
        why=(
            "A dependency takes its path parameter by name: `valid_post(post_id)` cannot serve "
            "`/posts/{id}`. With two names for one thing the look-up is written twice, and "
            "clients, generated ones too, have to learn both."
        ),
        bad="""\
@router.get("/posts/{id}")
async def read_post(id: UUID) -> PostPublic: ...


@router.get("/posts/{post_id}/comments")
async def read_comments(post_id: UUID) -> list[CommentPublic]: ...
""",
        good="""\
@router.get("/posts/{post_id}")
async def read_post(post: PostDep) -> PostPublic: ...


@router.get("/posts/{post_id}/comments")
async def read_comments(post: PostDep) -> list[CommentPublic]: ...
""",
        when_not=(
            "Names that say different things (`{id}` and `{slug}`), have different types, or "
            "that one path needs both (`/users/{user_id}/friends/{friend_id}`) are left alone."
        ),
        fix_safety=(
            "No automatic fix: generated clients and code that calls `url_for` know the name."
        ),
        references={
            "Path parameters": "https://fastapi.tiangolo.com/tutorial/path-params/",
            "Dependencies": "https://fastapi.tiangolo.com/tutorial/dependencies/",
        },
    ),
    check=check,
    examples=(
        Flagged(
            "one path each for a row, and a name that other paths have",
            """\
from fastapi import FastAPI, HTTPException
from sqlmodel import Field, Session, SQLModel

app = FastAPI()
session = Session()


class Boat(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


@app.get("/boats/{boat_id}/crew")
def read_crew(boat_id: int) -> Boat:
    boat = session.get(Boat, boat_id)
    if boat is None:
        raise HTTPException(404)
    return boat


@app.post("/races/against/{opposing_boat_id}")
def race(opposing_boat_id: int) -> Boat:  # <- here
    boat = session.get(Boat, opposing_boat_id)
    if boat is None:
        raise HTTPException(404)
    return boat


@app.delete("/harbours/boats/{boat_id}")
def leave(boat_id: int) -> None: ...
""",
        ),
        Fixed(
            "two names in the same place",
            """\
from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter(prefix="/posts")


@router.get("/{post_id}")
def read_post(post_id: int) -> None: ...


@router.put("/{post_id}")
def update_post(post_id: int) -> None: ...


@router.get("/{id}/comments")
def read_comments(id: int) -> None: ...  # <- here


app.include_router(router)
""",
            """\
from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter(prefix="/posts")


@router.get("/{post_id}")
def read_post(post_id: int) -> None: ...


@router.put("/{post_id}")
def update_post(post_id: int) -> None: ...


@router.get("/{post_id}/comments")
def read_comments(post_id: int) -> None: ...


app.include_router(router)
""",
        ),
        Flagged(
            "in routers of two files below one prefix, camel case, and a name without its thing",
            {
                "app/main.py": """\
from fastapi import APIRouter, FastAPI

from app import comments, tiers

app = FastAPI()
api = APIRouter(prefix="/api")
api.include_router(tiers.router)
api.include_router(comments.router, prefix="/tiers/{tier_name}")
app.include_router(api)
""",
                "app/comments.py": """\
from typing import Annotated

from fastapi import APIRouter, Path

router = APIRouter()


@router.get("/comments")
def read_all(tier_name: Annotated[str, Path()]) -> None: ...


@router.get("/comments/{commentId}")
def read(tier_name: str, commentId: int) -> None: ...  # <- here


@router.delete("/comments/{comment_id}")
def delete(tier_name: str, comment_id: int) -> None: ...
""",
                "app/tiers.py": """\
from fastapi import APIRouter, Depends

router = APIRouter(prefix="/tiers")


def valid_tier(name: str) -> str:
    return name


@router.get("/{name}", dependencies=[Depends(valid_tier)])
def read_tier() -> None: ...  # <- here
""",
            },
        ),
        Flagged(
            "under other paths, where the look-up says that it is the same thing",
            """\
from fastapi import FastAPI, HTTPException

app = FastAPI()


def find_profile(profile_id: int) -> str | None: ...


@app.get("/profiles/{profile_id}")
def read_profile(profile_id: int) -> str:
    profile = find_profile(profile_id)
    if profile is None:
        raise HTTPException(404)
    return profile


@app.get("/profiles/{profile_id}/posts")
def read_posts(profile_id: int) -> None: ...


@app.get("/creators/{creator_id}")
def read_creator(creator_id: int) -> str:  # <- here
    creator = find_profile(creator_id)
    if creator is None:
        raise HTTPException(404)
    return creator
""",
        ),
        Flagged(
            "a parameter without a type",
            """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/comments/{comment_id}")
def read_comment(comment_id): ...


@app.delete("/comments/{comment_id}")
def delete_comment(comment_id): ...


@app.post("/comments/{id}/like")
def like(id: int) -> None: ...  # <- here
""",
        ),
        Clean(
            "other things, other keys, other types, other applications",
            """\
from uuid import UUID

from fastapi import FastAPI

app = FastAPI()
other = FastAPI()


@app.get("/posts/{post_id}")
def read_post(post_id: int) -> None: ...


@app.get("/posts/{slug}/comments")
def read_comments(slug: str) -> None: ...


@app.post("/posts/{user_id}")
def create_post(user_id: int) -> None: ...


@app.get("/users/{id}")
def read_user(id: int) -> None: ...


@app.get("/users/{user_id}/avatar")
def read_avatar(user_id: UUID) -> None: ...


@app.delete("/posts/{post_ids}")
def delete_posts(post_ids: str) -> None: ...


@app.get("/{language}/{page}")
def read_page(language: str, page: str) -> None: ...


@app.get("/{lang}/{page}/links")
def read_links(lang: str, page: str) -> None: ...


@other.get("/posts/{id}")
def read_other(id: int) -> None: ...
""",
        ),
        Clean(
            "two of one kind in one path",
            """\
from fastapi import FastAPI, HTTPException

app = FastAPI()


def find_user(user_id: int) -> str | None: ...


@app.get("/users/{user_id}")
def read_user(user_id: int) -> None:
    user = find_user(user_id)
    if user is None:
        raise HTTPException(404)


@app.get("/users/{user_id}/friends/{friend_id}")
def read_friend(user_id: int, friend_id: int) -> None:
    friend = find_user(friend_id)
    if friend is None:
        raise HTTPException(404)
""",
        ),
        Clean(
            "a path of two things that their own paths call alike",
            """\
from fastapi import FastAPI, HTTPException

app = FastAPI()


def find_dish(code: str) -> str | None: ...


def find_menu(code: str) -> str | None: ...


@app.get("/dishes/{code}")
def read_dish(code: str) -> None:
    dish = find_dish(code)
    if dish is None:
        raise HTTPException(404)


@app.delete("/dishes/{code}")
def drop_dish(code: str) -> None:
    dish = find_dish(code)
    if dish is None:
        raise HTTPException(404)


@app.get("/menus/{code}")
def read_menu(code: str) -> None:
    menu = find_menu(code)
    if menu is None:
        raise HTTPException(404)


@app.delete("/menus/{code}")
def drop_menu(code: str) -> None:
    menu = find_menu(code)
    if menu is None:
        raise HTTPException(404)


@app.put("/menu-dishes/{menu_code}/{dish_code}")
def add_to_menu(menu_code: str, dish_code: str) -> None:
    menu = find_menu(menu_code)
    dish = find_dish(dish_code)
    if menu is None:
        raise HTTPException(404)
    if dish is None:
        raise HTTPException(404)
""",
        ),
        Flagged(
            "filters in a dict: the same key is the same thing, another key or table is not",
            """\
from fastapi import FastAPI, HTTPException

app = FastAPI()


def select(table: str, filters: dict[str, str]) -> list[str]: ...


@app.get("/shops/{shop_id}")
def read_shop(shop_id: str) -> None:
    rows = select("shop", filters={"id": shop_id, "closed": "no"})
    if not rows:
        raise HTTPException(404)


@app.get("/shops/public/{slug}")
def read_public(slug: str) -> None:
    filters = {"slug": slug}
    rows = select("shop", filters=filters)
    if not rows:
        raise HTTPException(404)


@app.get("/owners/{owner_id}")
def read_owner(owner_id: str) -> None:
    rows = select("owner", filters={"id": owner_id})
    if not rows:
        raise HTTPException(404)


@app.get("/stores/{store_id}")
def read_store(store_id: str) -> None:  # <- here
    rows = select("shop", filters={"id": f"eq.{store_id}"})
    if not rows:
        raise HTTPException(404)


@app.get("/outlets/{shop_id}")
def read_outlet(shop_id: str) -> None:
    rows = select("shop", filters={"id": shop_id})
    if not rows:
        raise HTTPException(404)
""",
        ),
        Clean(
            "the rest of a path, and names that may be keys or not",
            """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/files/{file:path}")
def read_file(file: str) -> None: ...


@app.get("/files/{path:path}/meta")
def read_meta(path: str) -> None: ...


@app.get("/tags/{tag}")
def read_tag(tag: str) -> None: ...


@app.get("/tags/{id}/posts")
def read_posts(id: str) -> None: ...
""",
        ),
        Clean(
            "a key or words of the title, and a part of the path that nobody reads",
            """\
from typing import Union

from fastapi import FastAPI

app = FastAPI()


@app.get("/posts/{post}")
def find_posts(post: Union[int, str]) -> None: ...


@app.get("/posts/{post_id}/likes")
def read_likes(post_id: int) -> None: ...


@app.get("/posts/{_}/old")
def read_old() -> None: ...
""",
        ),
    ),
)
