"""What was understood can be shown as JSON, with the counts of what was not."""

import json

from fastwright.application import understanding
from fastwright.application.application import read_texts

FILES = {
    "src/main.py": """
from fastapi import Depends, FastAPI
from src import router, models
app = FastAPI()
app.include_router(router.router, prefix='/v1')
app.include_router(router.load())
""",
    "src/router.py": """
from fastapi import APIRouter, Depends
from src.models import Post, PostIn
router = APIRouter(prefix='/posts')
def get_db(): yield 1
def helper(x): return load().helper()
@router.post('/{id}')
async def create(id: int, post: PostIn, db=Depends(get_db)): return helper(post)
""",
    "src/models.py": """
from pydantic import BaseModel
from pydantic_settings import BaseSettings
from sqlmodel import SQLModel
class PostIn(BaseModel):
    title: str
class Post(SQLModel, table=True):
    id: int
class Settings(BaseSettings):
    url: str
""",
    "alembic.ini": "[alembic]\nscript_location = alembic\n",
    "alembic/env.py": "from alembic import context\ncontext.configure()\n",
    "alembic/versions/1.py": "revision = 'a'\ndown_revision = None\n",
}


def test_a_model_is_plain_json() -> None:
    document = json.loads(json.dumps(understanding.model(read_texts(FILES))))
    assert document["applications"] == [
        {
            "at": "src/main.py:4",
            "prefix": "",
            "includes": [
                {
                    "router": "src/router.py:4",
                    "prefix": "/v1",
                    "mount": False,
                    "at": "src/main.py:5",
                }
            ],
        }
    ]
    (route,) = document["routes"]
    assert (route["methods"], route["path"], route["function"]) == (
        ["POST"],
        "/v1/posts/{id}",
        "create",
    )
    assert [each["provided"] for each in route["dependencies"]] == ["src/router.py:get_db"]
    assert [(each["function"], each["role"]) for each in document["entries"]] == [
        ("create", "route"),
        ("get_db", "dependency"),
    ]
    assert [each["name"] for each in document["schemas"]] == ["PostIn"]
    assert [(each["name"], each["table"]) for each in document["tables"]] == [("Post", "post")]
    assert [each["name"] for each in document["settings"]] == ["Settings"]
    assert document["migrations"][0]["revisions"] == [
        {"revision": "a", "parents": [], "path": "alembic/versions/1.py"}
    ]
    assert [(each["path"], each["line"]) for each in document["unknown"]] == [("src/main.py", 6)]
    assert document["unresolved"] == [
        {
            "path": "src/router.py",
            "line": 6,
            "text": "calls `load().helper`, which could not be followed",
        }
    ]


def test_a_summary_counts_what_could_not_be_followed() -> None:
    found = understanding.summary(read_texts(FILES))
    assert (found["files"], found["routes"]) == (5, 1)
    assert (found["calls"], found["resolved"], found["unresolved"]) == (2, 1, 1)


def test_nothing_is_understood_of_nothing() -> None:
    found = understanding.model(read_texts({}))
    assert found["summary"]["files"] == 0
    assert not found["routes"]
