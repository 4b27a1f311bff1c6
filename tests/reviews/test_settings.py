"""`[tool.fastwright]`: what it may hold, and what is said about the rest."""

from pathlib import Path

import pytest

from fastwright.errors import SettingsError
from fastwright.practice import Kind
from fastwright.reviews import settings
from fastwright.reviews.settings import Settings


def _read(folder: Path, text: str) -> Settings:
    (folder / "pyproject.toml").write_text(text)
    return settings.read(folder)


def test_a_project_without_the_file_or_the_table_has_no_settings(tmp_path: Path) -> None:
    assert settings.read(tmp_path) == Settings()
    assert _read(tmp_path, "[project]\nname = 'x'\n") == Settings()
    assert _read(tmp_path, "tool = 1\n") == Settings()


def test_every_key_is_read(tmp_path: Path) -> None:
    assert _read(
        tmp_path,
        """
        [tool.fastwright]
        only = ["security"]
        ignore = "naming/lower-case"
        kind = ["defect", "risk"]
        exclude = ["generated/**"]
        baseline = "accepted.json"
        """,
    ) == Settings(
        only=("security",),
        ignore=("naming/lower-case",),
        kind=(Kind.DEFECT, Kind.RISK),
        exclude=("generated/**",),
        baseline="accepted.json",
    )


@pytest.mark.parametrize(
    ("line", "suggestion"),
    [
        ("exclud = []", "exclude"),
        ("kinds = []", "kind"),
        ("zzz = 1", "one of baseline, exclude, ignore, kind, only"),
        ("problem = 'x'", "one of baseline, exclude, ignore, kind, only"),
        ("kind = ['defects']", "one of defect, risk, practice"),
        ("only = [1]", None),
        ("baseline = 3", None),
    ],
)
def test_a_key_or_value_without_a_meaning_is_refused_with_the_nearest_right_one(
    tmp_path: Path, line: str, suggestion: str | None
) -> None:
    with pytest.raises(SettingsError) as raised:
        _read(tmp_path, f"[tool.fastwright]\n{line}\n")
    assert raised.value.suggestion == suggestion


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        _read(tmp_path, "[tool]\nfastwright = 1\n")


def test_a_broken_file_has_no_settings_and_says_why(tmp_path: Path) -> None:
    problem = _read(tmp_path, "[tool.fastwright\n").problem
    assert problem
    assert "no TOML" in problem
