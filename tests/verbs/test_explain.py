"""`explain`: one practice or pattern, a topic, a question, or all."""

from pathlib import Path

import pytest

from fastwright import catalogue
from fastwright.errors import NoAnswerError, UnknownPracticeError
from fastwright.verbs.explain import explain


def test_all_practices_are_told_in_the_catalogues_order() -> None:
    assert tuple(explain().practices) == catalogue.names()


def test_one_practice_or_a_topic_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "PACKAGE", "tests.sample_practices")
    assert list(explain("calls/no-danger").practices) == ["calls/no-danger"]
    assert list(explain("naming").practices) == ["naming/lower-case"]


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UnknownPracticeError):
        explain("no-bloking-call")


def test_a_pattern_is_told_with_code_of_the_blueprint() -> None:
    answer = explain("auth-dependencies")
    assert (answer.best, answer.practices) == ("auth-dependencies", {})
    assert "async def get_current_user" in answer.examples[0]


def test_a_question_is_answered_with_what_else_may_help() -> None:
    answer = explain("how do I paginate a list?")
    assert answer.best == "pagination"
    assert "database/bounded-list" in answer.others


def test_a_question_that_nothing_is_about_says_so() -> None:
    with pytest.raises(NoAnswerError, match="Nothing here is about “kubernetes helm”"):
        explain("kubernetes helm")


CODE = """\
import time

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
token = OAuth2PasswordBearer(tokenUrl="/token")


def get_user(token: str = Depends(token)) -> str:
    return token


@app.get("/me")
async def read_me(user: str = Depends(get_user)) -> str:
    time.sleep(1)
    return user
"""


def test_in_a_codebase_a_pattern_shows_where_it_does_that(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(CODE)
    answer = explain("auth-dependencies", paths=(tmp_path,))
    assert [(step.path, step.text) for step in answer.places] == [
        ("main.py", "`get_user` decides who may call 1 route")
    ]
    assert answer.looked


def test_in_a_codebase_a_practice_shows_its_findings(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(CODE)
    (step,) = explain("async_routes/no-blocking-call", paths=(tmp_path,)).places
    assert (step.path, step.line) == ("main.py", 16)


def test_a_codebase_that_cannot_be_read_does_not_take_the_answer_away(tmp_path: Path) -> None:
    answer = explain("pagination", paths=(tmp_path,))
    assert answer.best == "pagination"
    assert "There is no Python file" in str(answer.unread)
