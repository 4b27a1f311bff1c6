"""Proves that fixes change nothing else: the contract before and after, and the project's tests."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fastwright.changes import copies
from fastwright.changes.journal import Rewrite
from fastwright.contract import comparison, taking
from fastwright.contract.change import Comparison
from fastwright.contract.taking import Target
from fastwright.errors import ContractError, UsageError
from fastwright.fixes import effects, trials
from fastwright.practice import Effect

Say = Callable[[str], None]
_LAST_LINES = 12


@dataclass(frozen=True, slots=True)
class Proof:
    """What was compared, and what is different that should not be.

    `unproven` tells why there is no contract to compare; `broken` are tests that passed before and
    do not pass after; `tests` is how many passed before and after, None if none were run.
    """

    contract: Comparison | None = None
    unproven: str = ""
    tests: int | None = None
    broken: tuple[str, ...] = ()
    unsteady: tuple[str, ...] = ()
    said: str = ""

    @property
    def holds(self) -> bool:
        """Tell whether nothing speaks against the fixes."""
        return not self.broken and not (self.contract and self.contract.changes)

    @property
    def objection(self) -> str:
        """Return the first thing that speaks against the fixes; empty if nothing does."""
        if self.broken:
            return self.broken[0]
        changes = self.contract.changes if self.contract else ()
        return f"{changes[0].where} {changes[0].what}" if changes else ""


def of_contract(
    root: Path,
    rewrites: Sequence[Rewrite],
    target: Target,
    meant: Iterable[Effect],
    variables: Mapping[str, str],
) -> Proof:
    """Compare the contract before and after, but for what is meant to change."""
    meant = list(meant)
    with copies.copy(root) as folder:
        moved = replace(target, folder=folder)
        try:
            before = taking.take(moved, variables)
        except ContractError as error:
            return Proof(unproven=error.message)
        copies.rewrite(folder, rewrites)
        try:
            after = taking.take(moved, variables)
        except ContractError as error:
            return Proof(broken=(f"the application: {error.message}",))
    compared = comparison.compare(*(effects.without(each, meant) for each in (before, after)))
    return Proof(contract=compared)


def of_tests(
    root: Path,
    rewrites: Sequence[Rewrite],
    command: str,
    target: Target,
    *,
    variables: Mapping[str, str],
    say: Say,
) -> Proof:
    """Run the project's tests before and after, each in a copy.

    A test that passed before and not after is run once more as it was: what fails then as well is
    unsteady, and says nothing. Raises `UsageError` where none passes before.
    """

    def trial(*, mended: bool) -> trials.Trial:
        with copies.copy(root) as folder:
            if mended:
                copies.rewrite(folder, rewrites)
            return trials.run(command, folder, target.python, target.paths, variables)

    say("Running the tests as they were.")
    before = trial(mended=False)
    if trials.PASSED not in before.outcomes.values():
        said = "".join(f"\n  {line}" for line in before.said.splitlines()[-_LAST_LINES:])
        raise UsageError(
            f"“{command}” passes nothing as it is, and so proves nothing"
            + (f":{said}" if said else "."),
            suggestion="a command that passes, or leave out --test",
        )
    say("Running the tests with what is mended.")
    after = trial(mended=True)
    broken = trials.broken(before, after)
    unsteady: set[str] = set()
    if broken:
        say("Running the tests as they were once more.")
        unsteady = set(trials.broken(before, trial(mended=False)))
    passed = sum(outcome == trials.PASSED for outcome in before.outcomes.values())
    return Proof(
        tests=passed - len(broken),
        broken=tuple(each for each in broken if each not in unsteady),
        unsteady=tuple(each for each in broken if each in unsteady),
        said=after.said if broken else "",
    )
