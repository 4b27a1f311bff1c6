"""Which domains a project gets: what was asked for, with what it needs."""

import pytest

from fastwright.errors import UnknownDomainError
from fastwright.projects import blueprint
from fastwright.projects.domains import ALWAYS, EVERYTHING, OPTIONAL, PARTS, choose
from fastwright.projects.pruning import owners
from tests.projects.selections import SELECTIONS


def test_without_a_wish_everything_is_in() -> None:
    assert choose() == EVERYTHING
    assert EVERYTHING.included == (*ALWAYS, *OPTIONAL)
    assert EVERYTHING.parts == PARTS
    assert not EVERYTHING.added
    assert not EVERYTHING.left_out


def test_minimal_has_accounts_alone() -> None:
    assert choose(()).included == ALWAYS
    assert choose(()).parts == frozenset()
    assert choose(ALWAYS) == choose(())


def test_the_order_of_wishes_does_not_matter() -> None:
    assert choose(reversed(list(OPTIONAL))) == choose(OPTIONAL) == EVERYTHING


def test_a_selection_holds_all_that_its_domains_need() -> None:
    for selection in SELECTIONS.values():
        assert {*selection.included, *selection.left_out} == {*ALWAYS, *OPTIONAL}
        for name in selection.included[len(ALWAYS) :]:
            assert selection.parts.issuperset(OPTIONAL[name])


@pytest.mark.parametrize(("name", "near"), [("post", "posts"), ("Users", "users"), ("xyz", None)])
def test_an_unknown_domain_is_refused_with_the_nearest_name(name: str, near: str | None) -> None:
    with pytest.raises(UnknownDomainError) as refused:
        choose(["posts", name])
    assert f"“{name}”" in refused.value.message
    assert refused.value.suggestion == near


def test_every_part_has_files_of_its_own() -> None:
    owned = frozenset.union(*(owners(path) for path in blueprint.files()))
    assert owned == PARTS
