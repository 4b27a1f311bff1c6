"""Imports for their effects stand in order, and are marked as such."""

from fastwright.scaffolds.registering import effects
from fastwright.source.importing import Import

OWN = frozenset({"src"})


def test_an_import_is_marked_and_made_once() -> None:
    before = b"import sys\n\nfrom src.auth import models as auth_models  # noqa: F401\n"
    wanted = Import("src.tags", "models", "tags_models")

    after = effects.add(before, wanted, OWN)

    assert after == before + b"from src.tags import models as tags_models  # noqa: F401\n"
    assert effects.add(after, wanted, OWN) == after


def test_a_name_joins_those_of_its_module() -> None:
    before = b"from app.models import Post, User  # noqa: F401\n"

    after = effects.add(before, Import("app.models", "Tag"), frozenset({"app"}))

    assert after == b"from app.models import Post, Tag, User  # noqa: F401\n"
