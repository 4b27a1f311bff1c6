"""The chain of revisions closes over those that a project goes without."""

from fastwright.projects.revisions import relinked, successions


def revision(own: str, parent: str) -> str:
    return (
        f'"""Add {own}\n\nRevises: {parent}\n"""\n\n'
        f'revision: str = "{own}"\ndown_revision: str | None = "{parent}"\n'
    )


def test_a_revision_follows_the_nearest_one_that_stays() -> None:
    gone = [revision("b", "a"), revision("d", "c"), revision("c", "b")]
    followed = successions(gone)
    assert relinked(revision("e", "d"), followed) == revision("e", "a")
    assert relinked(revision("f", "e"), followed) == revision("f", "e")


def test_nothing_changes_where_nothing_goes() -> None:
    assert relinked(revision("b", "a"), successions([])) == revision("b", "a")
