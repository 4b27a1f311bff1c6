"""Projects made by `fastwright new` are known by their structure, and read with their domains."""

import re
from pathlib import Path

from fastwright.scaffolds.room import Asks, Manner, Place, Symbol
from fastwright.scaffolds.rooms import house
from tests.scaffolds.making import made


def test_the_domains_of_a_project_are_found(tmp_path: Path) -> None:
    room = house.read(made(tmp_path, "comments", "profiles"))

    assert room is not None
    assert room.manner is Manner.HOUSE
    assert room.line_length == 100
    assert sorted(room.tables) == ["comments", "posts", "profiles", "users"]
    posts = room.tables["posts"]
    assert (posts.entity, posts.table, posts.path) == ("post", "post", "/posts/{post_id}")
    assert posts.lookup == Symbol("src.posts.dependencies", "valid_post_id")
    assert posts.found == Symbol("src.posts.schemas", "VisiblePost")
    assert posts.asks is Asks.PERHAPS
    assert room.tables["users"].table == "user_account"
    assert room.tables["profiles"].asks is Asks.NOBODY


def test_every_fact_has_its_place(tmp_path: Path) -> None:
    root = made(tmp_path)

    room = house.read(root)

    assert room is not None
    assert set(room.found) == {
        *("application", "base", "migrations", "routers", "session", "tests", "user")
    }
    place = room.found["routers"]
    assert place == Place("src/main.py", place.line)
    assert (root / place.path).read_text().splitlines()[place.line - 1].startswith("DOMAINS")


def test_a_lookup_that_goes_through_another_asks_as_that_one_does(tmp_path: Path) -> None:
    root = made(tmp_path, "posts")
    (root / "src/notes").mkdir()
    (root / "src/notes/models.py").write_text("class Note(SQLModel, table=True):\n    id: int\n")
    (root / "src/notes/dependencies.py").write_text(
        "KnownPost = Annotated[Post, Depends(posts_dependencies.valid_post_id)]\n\n\n"
        "async def valid_note_id(post: KnownPost, note_id: PathId) -> NoteResponse:\n"
        "    return await get(post, note_id)\n"
    )

    room = house.read(root)

    assert room is not None
    notes = room.tables["notes"]
    assert notes.asks is Asks.PERHAPS
    assert (notes.table, notes.path) == ("note", "")


def test_other_projects_are_none_of_ours(tmp_path: Path) -> None:
    root = made(tmp_path)
    main = root / "src/main.py"
    main.write_text(re.sub(r"\bDOMAINS\b", "ROUTERS", main.read_text()))

    assert house.read(root) is None
    main.unlink()
    assert house.read(root) is None
