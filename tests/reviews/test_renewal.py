"""A review after an edit says what one that knows nothing would say, and judges little for it."""

import random
import re
from collections.abc import Mapping
from json import loads
from pathlib import Path

import pytest

from fastwright.reports import json
from fastwright.reviews import memory
from fastwright.verbs import review as verb

FILES = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi>=0.115"]\n',
    "shop/__init__.py": "",
    "shop/database.py": """\
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine("postgresql+asyncpg://")
maker = async_sessionmaker(engine)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with maker() as session:
        yield session
""",
    "shop/clock.py": """\
import datetime
import time


def now():
    return datetime.datetime.utcnow()


def wait(seconds):
    time.sleep(seconds)


def hold(seconds):
    def later():
        wait(seconds)

    return later
""",
    "shop/service.py": """\
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shop import clock


class Items:
    kind = "items"

    def __init__(self, session: AsyncSession):
        self.session = session

    async def all(self):
        rows = await self.session.execute(select(1))
        return rows.all()

    async def each(self, numbers: list[int]):
        for number in numbers:
            await self.one(number)

    async def one(self, number: int):
        await self.session.execute(select(number))

    def pause(self):
        clock.wait(1)


def reserve(number: int):
    if number:
        return clock.now()
    return None
""",
    "shop/routes.py": """\
from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from shop.database import get_session
from shop.service import Items, reserve

router = APIRouter(prefix="/items")


def get_items(session: AsyncSession = Depends(get_session)):
    return Items(session)


@router.get("/")
async def read_items(items: Items = Depends(get_items)):
    items.pause()
    return await items.all()


@router.post("/{number}")
async def reserve_item(number: int, items: Items = Depends(get_items)):
    await items.each([number])
    return reserve(number)
""",
    "shop/main.py": """\
from fastapi import FastAPI

from shop.routes import router

app = FastAPI()
app.include_router(router)
""",
    "tests/test_items.py": """\
from shop.service import reserve


def test_reserve():
    assert reserve(0) is None
""",
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "project"
    write(root, FILES)
    judged = review(root)[1]
    assert judged > 1
    return root


def write(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def review(root: Path) -> tuple[str, int]:
    """Return a review as JSON, and how many practices had anything to judge for it."""
    judged = [0]

    def watch(what: str, _done: int, of: int) -> None:
        if what == "checking":
            judged.append(of)

    return json.text(json.review(verb.review((root,), watch=watch))), judged[-1]


def fresh(root: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    with monkeypatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(root.parent / "fresh"))
        patch.setattr(memory, "recall", lambda *_: None)
        return review(root)[0]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("shop/clock.py", "    time.sleep(seconds)\n", "    print(seconds)\n"),
        ("shop/clock.py", "datetime.datetime.utcnow()", "datetime.datetime.now(datetime.UTC)"),
        ("shop/clock.py", "        wait(seconds)\n", "        later()\n        wait(seconds)\n"),
        ("shop/service.py", "        clock.wait(1)\n", "        pass\n"),
        (
            "shop/service.py",
            "        return rows.all()\n",
            "        clock.wait(2)\n        return []\n",
        ),
        ("shop/service.py", "        rows = await", "        # first\n\n        rows = await"),
        ("shop/service.py", "self.session = session", "self.session = None"),
        ("shop/service.py", "self.session = session", "self.other = session"),
        ("shop/routes.py", "    items.pause()\n", ""),
        (
            "shop/routes.py",
            "    return Items(session)\n",
            "    print(1)\n    return Items(session)\n",
        ),
        ("tests/test_items.py", "reserve(0)", "reserve(1)"),
    ],
)
def test_the_body_of_a_function_is_judged_again_with_what_looked_into_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, path: str, old: str, new: str
) -> None:
    everything = FILES[path]
    assert old in everything
    judged = []
    for text in (everything.replace(old, new, 1), everything):
        (root / path).write_text(text)
        said, number = review(root)
        assert said == fresh(root, monkeypatch)
        judged.append(number)
    assert max(judged) < 30


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("shop/clock.py", "import time\n", "import time\nimport json\n"),
        ("shop/clock.py", "def wait", "LIMIT = 3\n\n\ndef wait"),
        ("shop/service.py", "class Items:", "def added():\n    pass\n\n\nclass Items:"),
        ("shop/service.py", '    kind = "items"\n', '    kind = "items"\n    more = 1\n'),
        ("shop/service.py", "    def pause", "    def more(self):\n        pass\n\n    def pause"),
        ("shop/routes.py", "def get_items", "def added():\n    return 1\n\n\ndef get_items"),
        ("tests/test_items.py", "def test", "def more():\n    pass\n\n\ndef test"),
    ],
)
def test_what_is_added_is_judged_where_somebody_had_asked_for_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, path: str, old: str, new: str
) -> None:
    assert old in FILES[path]
    for text in (FILES[path].replace(old, new, 1), FILES[path]):
        (root / path).write_text(text)
        said, judged = review(root)
        assert said == fresh(root, monkeypatch)
        assert judged < 4


def test_a_class_is_heard_of_by_those_who_asked_for_what_derives_from_its_bases(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = "class Store:\n    def put(self, what):\n        raise NotImplementedError\n"
    route = "async def keep(number: int, store: Store = Depends()):\n    store.put(number)\n"
    imports = "from fastapi import APIRouter, Depends\nfrom shop.stores import Store\n"
    router = "router = APIRouter()\n\n\n@router.put('/kept/{number}')\n"
    listed = "\n\nROUTERS = [router]\n"
    write(root, {"shop/stores.py": store, "shop/kept.py": f"{imports}\n{router}{route}{listed}"})
    review(root)
    clock = "from shop.stores import Store\n" + FILES["shop/clock.py"]
    slow = "\n\nclass Slow(Store):\n    def put(self, what):\n        time.sleep(what)\n"
    other = "\n\nclass Other(Exception):\n    def put(self, what):\n        time.sleep(what)\n"

    said = []
    for text in (clock, clock + slow, clock + other, clock + slow + other, clock):
        (root / "shop/clock.py").write_text(text)
        said.append(review(root)[0])
        assert said[-1] == fresh(root, monkeypatch)

    assert [_blocks(each, "shop/kept.py") for each in said] == [False, True, False, True, False]


def _blocks(said: str, path: str) -> bool:
    found = ((each["practice"], each["path"]) for each in loads(said)["findings"])
    return ("async_routes/no-blocking-call", path) in found


def test_functions_are_the_same_behind_one_that_is_added(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, text = root / "shop/service.py", FILES["shop/service.py"]
    added = text.replace("class Items:", "def added():\n    pass\n\n\nclass Items:")
    for now in (added, added.replace("return clock.now()", "return clock.now() or number"), text):
        path.write_text(now)
        assert review(root)[0] == fresh(root, monkeypatch)


def test_what_is_remembered_of_an_answer_goes_once_nobody_asks_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    route = '@router.get("/")\nasync def read_items(items: Items = Depends(get_items)):\n'
    text = FILES["shop/routes.py"]
    assert route in text
    for now in (
        text.replace("await items.all()", "[1]"),
        text.replace(route, "async def f(items):\n"),
    ):
        for each in (now, text, now, text):
            (root / "shop/routes.py").write_text(each)
            assert review(root)[0] == fresh(root, monkeypatch)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("shop/clock.py", "def wait(seconds)", "async def wait(seconds)"),
        ("shop/clock.py", "def now():", "def now() -> datetime.date:"),
        ("shop/clock.py", "import time\n", "import asyncio as time\n"),
        ("shop/clock.py", "    def later():", "    async def later():"),
        ("shop/service.py", "class Items:", "class Things:\n    pass\n\n\nclass Items(Things):"),
        ("shop/service.py", "def pause", "def halt"),
        ("shop/routes.py", '@router.get("/")', '@router.put("/all")'),
        ("shop/routes.py", "APIRouter(prefix", "APIRouter(tags=[], prefix"),
        ("shop/main.py", "app.include_router(router)\n", ""),
        ("shop/main.py", "app.include_router(router)\n", "app.include_router(router\n"),
        ("pyproject.toml", "0.115", "0.90,<0.94"),
    ],
)
def test_all_that_an_edit_may_change_is_judged_again(
    root: Path, monkeypatch: pytest.MonkeyPatch, path: str, old: str, new: str
) -> None:
    for text in (FILES[path].replace(old, new, 1), FILES[path]):
        (root / path).write_text(text)
        assert review(root)[0] == fresh(root, monkeypatch)


@pytest.mark.parametrize("seed", range(3))
def test_edits_by_chance_leave_nothing_unseen(
    root: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    code = [path for path in FILES if path.endswith(".py") and FILES[path]]
    for _ in range(12):
        path = root / chance.choice(code)
        lines = path.read_text().splitlines(keepends=True)
        at = chance.randrange(len(lines))
        match chance.randrange(6):
            case 0:
                lines.insert(at, "# a comment\n")
            case 1:
                lines.insert(at, lines[at])
            case 2 if len(lines) > 1:
                del lines[at]
            case 3:
                lines[at] = re.sub(r"\bawait |\basync ", "", lines[at])
            case 4:
                lines[at] = re.sub(r"\b(reserve|wait|now|pause|one)\b", "all", lines[at])
            case _:
                lines[at] = re.sub(r"^( +)(\w)", r"\1print(1)\n\1\2", lines[at])
        path.write_text("".join(lines))
        assert review(root)[0] == fresh(root, monkeypatch)
        if chance.random() < 0.3:
            write(root, FILES)
            assert review(root)[0] == fresh(root, monkeypatch)


def test_many_edits_leave_no_more_than_is_needed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []
    for number in range(12):
        text = FILES["shop/clock.py"].replace("time.sleep(seconds)", f"time.sleep({number})")
        (root / "shop/clock.py").write_text(text)
        said = review(root)[0]
        sizes.append(max(each.stat().st_size for each in (root.parent / "cache").rglob("*.db")))
    assert said == fresh(root, monkeypatch)
    assert max(sizes) < 2 * sizes[0]


@pytest.mark.parametrize("floor", ["codebase", "application"])
def test_no_property_keeps_an_answer_without_its_note(checkout: Path, floor: str) -> None:
    """What `cached_property` keeps is used again without a trace of what it was made of."""
    files = list((checkout / "src/fastwright" / floor).glob("*.py"))
    assert files
    assert not [each.name for each in files if "import cached_property" in each.read_text()]
