"""What the practices find, without what stands in a copy of former code."""

from pathlib import Path

from fastwright import catalogue
from fastwright.application.application import read
from fastwright.reviews import checks

_CODE = """\
import jwt
from fastapi import FastAPI

KEY = "09d25e094faa6ca2556c"
app = FastAPI()


@app.get("/posts")
async def read_posts(seconds: int = []):
    return jwt.encode({}, KEY)
"""


def _found(root: Path) -> set[tuple[str, str]]:
    practices = {
        name: catalogue.find(name)
        for name in ("settings/no-hardcoded-secret", "responses/declared-response")
    }
    findings, failures = checks.run(practices, read(root), lambda *_: None)
    assert not failures
    return {(each.practice, each.at.path) for listed in findings.values() for each in listed}


def test_a_copy_of_former_code_only_gives_its_secrets_away(tmp_path: Path) -> None:
    for folder in ("app", "_archive"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "main.py").write_text(_CODE)
    assert _found(tmp_path) == {
        ("settings/no-hardcoded-secret", "app/main.py"),
        ("settings/no-hardcoded-secret", "_archive/main.py"),
        ("responses/declared-response", "app/main.py"),
    }
