"""calls/no-danger: every call of something named `danger`."""

from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Fix,
    Flagged,
    Kind,
    Practice,
    Safety,
    Step,
)


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each call, with a chain of one step."""
    for function in application.codebase.functions:
        for call in function.calls:
            name = function.module.source(call.node.function)
            if name.endswith("danger"):
                at = function.module.place(call.node)
                fix = Fix(Safety.SAFE, (function.module.replace(call.node, "None"),))
                step = Step(at.path, at.line, f"`{name}()` is called")
                yield Finding(at, f"Leave out `{name}()`.", chain=(step,), fix=fix)


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="Nothing calls what is dangerous.",
        why="It is dangerous.",
        bad="danger()\n",
        good="safety()\n",
        when_not="Always.",
        fix_safety="Leaving it out is safe.",
        references={"About dangers": "https://example.com/dangers"},
    ),
    check=check,
    examples=(
        Flagged("One call", "danger()  # <- here\n"),
        Clean("Another call", {"app.py": "safety()\n", "empty.py": ""}),
    ),
)
