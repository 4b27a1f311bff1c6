"""A review for the tests of the reports: a defect with a chain, a risk, and a grouped practice."""

from pathlib import Path

from fastwright.practice import Finding, Fix, Kind, Place, Safety, Step
from fastwright.reviews.review import Failure, Review
from fastwright.reviews.sources import Sources
from tests.sample_practices.calls import no_danger
from tests.sample_practices.naming import lower_case

DANGER, LOWER = "calls/no-danger", "naming/lower-case"

DEFECT = Finding(
    Place("app/größe %.py", 2, 10, 2, "Views.create"),
    "Leave out `danger()`.",
    chain=(
        Step("app/größe %.py", 2, "`create` calls `helper`"),
        Step("app/helper.py", 7, "`danger()` is called"),
    ),
    fix=Fix(Safety.SAFE, ()),
    practice=DANGER,
    kind=Kind.DEFECT,
)
GROUPED = Finding(
    Place("app/main.py", 1, 5, 3, "Shout"),
    "Rename `Shout`.",
    places=(Place("app/main.py", 9, 5, 9, "Loud"), Place("app/other.py", 4, 5, 4, None)),
    practice=LOWER,
    kind=Kind.PRACTICE,
)
REVIEW = Review(
    root=Path("/project"),
    findings=(DEFECT, GROUPED),
    practices={DANGER: no_danger.PRACTICE, LOWER: lower_case.PRACTICE},
    counts={"files": 3, "routes": 1, "calls": 1200, "resolved": 1188, "unresolved": 12},
    sources=Sources(
        {
            "app/größe %.py": "def create(self):\n\treturn  danger.call(1)\r\n",
            "app/main.py": "def Shout():\n    ...\n",
        }
    ),
    unreadable=(("app/broken.py", "its encoding is unknown"),),
    partly_read=(Step("app/torn.py", 4, "is no valid Python"),),
    unknown=(Step("app/main.py", 3, "includes a router that could not be followed"),),
    failures=(Failure(DANGER, "ValueError: no (x.py:1)"),),
    suppressed=1,
    accepted=2,
    stale=3,
)
EMPTY = Review(
    root=Path("/project"),
    findings=(),
    practices=REVIEW.practices,
    counts={"files": 1, "routes": 0, "calls": 0, "resolved": 0, "unresolved": 0},
    sources=Sources({}),
)
