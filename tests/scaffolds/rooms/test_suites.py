"""Where the tests of a new domain lie."""

from pathlib import Path

import pytest

from fastwright.scaffolds.room import Part
from tests.scaffolds.rooms.projects import BY_DOMAIN, FLAT
from tests.scaffolds.rooms.test_reading import room

_ASKS = "def test_it(client): client.get('/')\n"


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        (
            ("tests/user/test_delete_user.py", "tests/post/test_create_post.py"),
            "tests/{entity}/test_{entity}.py",
        ),
        (
            ("tests/user/test_routes.py", "tests/post/test_routes.py"),
            "tests/{entity}/test_routes.py",
        ),
    ],
)
def test_no_file_is_called_after_one_of_many_deeds(
    tmp_path: Path, tests: tuple[str, ...], expected: str
) -> None:
    texts = {path: text for path, text in FLAT.items() if not path.startswith("tests/test_")}
    found = room({**texts, **dict.fromkeys(tests, _ASKS)}, tmp_path)

    assert found.parts[Part.TESTS] == expected


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        (
            ("app/books/tests/test_v1.py", "app/shelves/tests/test_v1.py", "app/tests/test_db.py"),
            "app/{domain}/tests/test_v1.py",
        ),
        (
            ("app/books/views_for/all/tests/test_list_books.py", "app/tests/test_db.py"),
            "app/{domain}/tests/test_{domain}.py",
        ),
    ],
)
def test_tests_may_lie_in_the_folders_of_domains(
    tmp_path: Path, tests: tuple[str, ...], expected: str
) -> None:
    found = room({**BY_DOMAIN, **dict.fromkeys(tests, _ASKS)}, tmp_path)

    assert found.parts[Part.TESTS] == expected


def test_the_tests_of_domains_are_told_from_others(tmp_path: Path) -> None:
    texts = {
        path.replace("app/books", "app/domains/books").replace(
            "app/shelves", "app/domains/shelves"
        ): text.replace("app.books", "app.domains.books").replace(
            "app.shelves", "app.domains.shelves"
        )
        for path, text in BY_DOMAIN.items()
    }
    tests = (
        *(f"tests/domains/{each}/test_views.py" for each in ("books", "shelves")),
        *(f"tests/login/{each}/test_authentication.py" for each in ("books", "shelves", "keys")),
    )
    found = room({**texts, **dict.fromkeys(tests, _ASKS)}, tmp_path)

    assert found.parts[Part.TESTS] == "tests/domains/{domain}/test_views.py"
