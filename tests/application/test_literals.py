"""A string is known through names, settings and the environment, which may replace it."""

import pytest

from fastwright.application import literals
from tests.codebase.reading import Read

SETTINGS = """\
import os

from pydantic import SecretStr
from pydantic_settings import BaseSettings

KEY = "k1-k2"


class Settings(BaseSettings):
    key: SecretStr = SecretStr("s1-s2")


class Deployed(BaseSettings):
    environment: str = "development"
    word: str = "change-me"
    made: str = "9d9bc4d77ac3a6fce1869ec8222729d2"


settings = Settings()
deployed = Deployed()
use({node})
"""


@pytest.mark.parametrize(
    ("node", "text", "is_fallback"),
    [
        ('"plain"', "plain", False),
        ('b"bytes"', "bytes", False),
        ("KEY", "k1-k2", False),
        ("str(KEY).encode()", "k1-k2", False),
        ('os.getenv("KEY", "spare")', "spare", True),
        ('os.getenv("KEY") or KEY', "k1-k2", True),
        ("settings.key.get_secret_value()", "s1-s2", True),
        ("deployed.made", "9d9bc4d77ac3a6fce1869ec8222729d2", True),
    ],
)
def test_a_string_is_read(node: str, text: str, is_fallback: bool) -> None:
    found = _read(node)
    assert found is not None
    assert (found.text, found.is_fallback) == (text, is_fallback)


@pytest.mark.parametrize(
    "node", ['""', '"xxxx"', '"{{ key }}"', 'os.environ["KEY"]', "deployed.word", "unknown()"]
)
def test_nothing_is_read_where_there_is_no_content(node: str) -> None:
    assert _read(node) is None


def test_an_address_is_told_apart_with_its_password_and_host() -> None:
    found = literals.ADDRESS.match("postgresql://shop:gX2-77kd@10.0.0.5:5432/shop")
    assert found is not None
    assert (found["password"], found["host"]) == ("gX2-77kd", "10.0.0.5")


def _read(node: str) -> literals.Literal | None:
    read = Read(SETTINGS.format(node=node))
    top = read.module().top
    use = next(each.node for each in top.calls if read.module().source(each.node)[:4] == "use(")
    return literals.read(use.arguments[0], top, read.codebase)
