"""An endpoint: what belongs to it, wherever it stands."""

from fastwright.application import application
from fastwright.practice import Finding, Place
from fastwright.reviews import endpoints

FILES = {
    "app/__init__.py": "",
    "app/main.py": """\
from fastapi import APIRouter, FastAPI

from app.dependencies import CurrentUser

app = FastAPI()
router = APIRouter(prefix="/posts")


@router.post(
    "/{post_id}",
)
def update(post_id: int, user: CurrentUser):
    return unknown.helper()


@router.get("/{post_id}")
def read(post_id: int):
    return post_id


app.include_router(router)
""",
    "app/dependencies.py": """\
from typing import Annotated

from fastapi import Depends


def token():
    return ""


def current_user(value=Depends(token)):
    return value


CurrentUser = Annotated[str, Depends(current_user)]


def helper():
    return 1
""",
}


def _within(route: str) -> list[str]:
    read = application.read_texts(FILES)
    lines = [
        (path, number) for path, text in FILES.items() for number in range(1, text.count("\n") + 1)
    ]
    findings = [Finding(Place(path, line, 1, line, None), "Look.") for path, line in lines]
    found = endpoints.within(read, endpoints.find(read, route), findings)
    return [f"{each.at.path.removeprefix('app/')}:{each.at.line}" for each in found]


def test_its_registration_its_function_and_its_dependencies_belong_to_it() -> None:
    assert _within("POST /posts/{post_id}") == [
        *(f"main.py:{line}" for line in (9, 10, 11, 12, 13)),
        *(f"dependencies.py:{line}" for line in (6, 7, 10, 11, 14)),
    ]


def test_another_method_of_the_path_does_not() -> None:
    assert _within("get /posts/{post_id}") == ["main.py:16", "main.py:17", "main.py:18"]


def test_it_is_described_with_its_tree_and_what_is_unknown() -> None:
    read = application.read_texts(FILES)
    (route,) = endpoints.find(read, "POST /posts/{post_id}")
    endpoint = endpoints.describe(read, route)
    (user,) = endpoint.dependencies
    assert (user.name, user.at and user.at.path) == ("current_user", "app/dependencies.py")
    assert [each.name for each in user.dependencies] == ["token"]
    assert endpoint.reached == 3
    assert [step.text for step in endpoint.unknown] == ["`unknown.helper()` could not be followed"]


def test_a_class_that_the_annotation_names_is_shown_by_its_name() -> None:
    read = application.read_texts(
        {
            "app.py": """\
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordRequestForm

app = FastAPI()


class Page:
    def __init__(self, limit: int = 10) -> None: ...


@app.post("/login")
def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()], page: Page = Depends()): ...
"""
        }
    )
    (route,) = endpoints.find(read, "POST /login")
    shown = endpoints.describe(read, route).dependencies
    assert [each.name for each in shown] == ["OAuth2PasswordRequestForm", "Page"]
