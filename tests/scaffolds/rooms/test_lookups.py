"""What of a project gives the row that a path names."""

from pathlib import Path

import pytest

from fastwright.scaffolds.room import Asks, Symbol, Table
from tests.scaffolds.rooms.projects import LAYERED
from tests.scaffolds.rooms.test_reading import room

_HEAD = (
    "from fastapi import HTTPException\n"
    "from src.api.deps import CurrentUser, SessionDep\n"
    "from src.models import Article\n"
)
_FINDER = (
    "async def get_article(article_id: int, session: SessionDep) -> Article:\n"
    "    article = await session.get(Article, article_id)\n"
    "    if article is None:\n"
    "        raise HTTPException(404)\n"
    "    return article\n"
)


def articles(finder: str, root: Path) -> Table:
    name = finder.partition("def ")[2].partition("(")[0]
    routes = LAYERED["src/api/routes/articles.py"]
    texts = {
        **LAYERED,
        "src/api/finders.py": _HEAD + finder,
        "src/api/routes/articles.py": (
            f"from typing import Annotated\nfrom fastapi import Depends\n{routes}"
            f"from src.api.finders import {name}\nfrom src.models import Article\n"
            "@router.get('/{article_id}')\n"
            f"async def read(article: Annotated[Article, Depends({name})]) -> None: ...\n"
        ),
    }
    return room(texts, root).tables["articles"]


def test_a_dependency_gives_a_row_to_everybody(tmp_path: Path) -> None:
    found = articles(_FINDER, tmp_path)

    assert found.finder is not None
    assert found.finder.function == Symbol("src.api.finders", "get_article")
    assert (found.parameter, found.asks) == ("article_id", Asks.NOBODY)


def test_a_dependency_may_ask_who_is_there(tmp_path: Path) -> None:
    asking = _FINDER.replace("SessionDep)", "SessionDep, user: CurrentUser)")

    assert articles(asking, tmp_path).asks is Asks.SOMEBODY


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("get_article", "get_owned_article"),
        ("get_article", "get_published_article"),
        ("raise HTTPException(404)", "return None"),
        ("article_id: int", "article_id: int, lang: str"),
        ("article_id", "name"),
    ],
)
def test_what_gives_only_some_rows_is_none(tmp_path: Path, old: str, new: str) -> None:
    assert articles(_FINDER.replace(old, new), tmp_path).finder is None
