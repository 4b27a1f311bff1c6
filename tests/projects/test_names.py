"""Which names are possible, what is suggested instead, and how a name is written."""

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from fastwright.errors import ImpossibleNameError
from fastwright.projects import names
from fastwright.projects.locked_packages import LOCKED_PACKAGES

SUGGESTED = {
    "My Shop": "my-shop",
    "MyShop": "my-shop",
    "my--shop": "my-shop",
    "my-_shop": "my-shop",
    "-shop": "shop",
    "shop-": "shop",
    "2shop": "shop",
    "café": "cafe",
    "shop.api": "shop-api",
    "projects/shop": "shop",
    "projects/shop/": "shop",
    "fastapi": "fastapi-app",
    "FastAPI": "fast-api",
    "pydantic_core": "pydantic-core-app",
    "src": "src-app",
    "x" * 41: "x" * 40,
    "123": None,
    "日本": None,
    "": None,
    ".": None,
    "..": None,
    "shop\n": "shop",
}


@pytest.mark.parametrize("name", ["shop", "a", "my-shop", "my_shop", "shop2", "x" * 40])
def test_a_possible_name_is_taken_as_it_is(name: str) -> None:
    names.check(name)


@pytest.mark.parametrize(("name", "suggestion"), SUGGESTED.items())
def test_an_impossible_name_is_refused_with_the_nearest_possible_one(
    name: str, suggestion: str | None
) -> None:
    with pytest.raises(ImpossibleNameError) as refused:
        names.check(name)
    assert refused.value.suggestion == suggestion
    if suggestion:
        names.check(suggestion)


def test_a_name_has_three_forms() -> None:
    assert names.forms("my-book_shop") == {
        "inkwell": "my-book_shop",
        "Inkwell": "My Book Shop",
        "INKWELL": "MY_BOOK_SHOP",
    }


def test_no_package_that_a_project_installs_can_be_its_name(
    checkout: Path, tmp_path: Path, uv: str
) -> None:
    shutil.copy(checkout / "blueprint" / "pyproject.toml", tmp_path)
    subprocess.run([uv, "lock", "--quiet"], cwd=tmp_path, check=True)
    locked = tomllib.loads((tmp_path / "uv.lock").read_text())
    installed = {
        package["name"] for package in locked["package"] if package["source"] != {"virtual": "."}
    }
    assert installed == LOCKED_PACKAGES
    for package in installed:
        with pytest.raises(ImpossibleNameError):
            names.check(package)
