"""A plan says of each file what happens to it."""

from pathlib import Path

from fastwright.scaffolds import plan as plans
from fastwright.scaffolds.draft import Draft
from fastwright.scaffolds.plan import Action


def test_files_are_made_changed_identical_or_in_the_way(tmp_path: Path) -> None:
    for name in ("changed.py", "same.py", "other.py"):
        (tmp_path / name).write_text("a = 1\n")
    draft = Draft(tmp_path)
    draft.put("changed.py", "a = 2\n")
    draft.make("same.py", "a = 1\n")
    draft.make("other.py", "a = 3\n")
    draft.make("new.py", "a=4\n")

    plan = plans.plan(tmp_path, "add", draft.outcome())

    assert {each.path: each.action for each in plan.entries} == {
        "changed.py": Action.CHANGE,
        "same.py": Action.IDENTICAL,
        "other.py": Action.CONFLICT,
        "new.py": Action.CREATE,
    }
    assert [(each.path, each.after) for each in plan.rewrites] == [
        ("changed.py", b"a = 2\n"),
        ("new.py", b"a = 4\n"),
    ]
    assert [each.path for each in plan.conflicts] == ["other.py"]


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    root = tmp_path / "project"
    root.mkdir()
    (root / "src").symlink_to(tmp_path / "outside")
    (root / "main.py").touch()
    (root / "link.py").symlink_to("main.py")
    draft = Draft(root)
    draft.make("src/new.py", "a = 1\n")
    draft.put("link.py", "a = 1\n")

    plan = plans.plan(root, "add", draft.outcome())

    assert [each.path for each in plan.conflicts] == ["link.py", "src/new.py"]
    assert plan.rewrites == ()
