"""`fix`: mends what a review finds, proves that nothing else changes, and writes all or nothing.

Planning and proving write nothing in the project; only `apply` does.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from fastwright.application.application import Application
from fastwright.changes import journal
from fastwright.contract import finding as finding_targets
from fastwright.errors import ContractError, DirtyTreeError, InternalError
from fastwright.fixes import proof, rewrites, rounds
from fastwright.fixes.plan import Left, Plan
from fastwright.fixes.proof import Proof
from fastwright.practice import Finding, Safety
from fastwright.reviews import revisions
from fastwright.reviews.checks import Watch
from fastwright.verbs import review as reviewing
from fastwright.verbs.review import Options

_NO_WATCH: Watch = lambda _what, _done, _of: None  # noqa: E731 - a default
_DEFAULTS = Options()
_NOTHING: Mapping[str, str] = {}

UNSAFE = "an unsafe fix is known: --unsafe"
NO_FIX = "no fix is certain enough, mend by hand what `fastwright review` shows"


def plan(
    paths: tuple[Path, ...] = (),
    options: Options = _DEFAULTS,
    *,
    unsafe: bool = False,
    spared: Mapping[str, str] = _NOTHING,
    watch: Watch = _NO_WATCH,
) -> Plan:
    """Return what is to be done for what a review of the paths finds.

    Practices that are `spared` are not mended, for the reasons that are given. What an interrupted
    run left behind is finished first. Raises as `review` does.
    """
    run = reviewing.prepare(paths, options, watch)
    root = run.scope.root
    recovered = journal.recover(root)
    before = reviewing.read_codebase(run, run.scope.places())
    invalid = {each.path for each in before.codebase.modules if each.facts.errors}

    def look(application: Application) -> list[Finding]:
        seen = reviewing.judge(run, application)
        if seen.outcome.failures:
            failed = seen.outcome.failures[0]
            raise InternalError(f"{failed.practice} failed: {failed.reason}. Please report this.")
        covered = [each for each in seen.findings if run.scope.covers(each.at.path)]
        settled, _ = reviewing.settle(covered, seen.sources, run, options)
        return settled.new

    def obstacle(finding: Finding) -> str:
        if finding.fix is None:
            return NO_FIX
        if finding.fix.safety is Safety.UNSAFE and not unsafe:
            return UNSAFE
        if finding.practice in spared:
            return spared[finding.practice]
        outside = [e.path for e in finding.fix.edits if not run.scope.covers(e.path)]
        if outside:
            return f"its fix would change {outside[0]}, which was not asked for"
        half_read = [each.path for each in finding.fix.edits if each.path in invalid]
        if half_read:
            return f"{half_read[0]} is no valid Python"
        return rewrites.obstacle(root, finding)

    def chosen(application: Application) -> list[Finding]:
        return [each for each in look(application) if not obstacle(each)]

    mended = rounds.mend(before, chosen)
    reasons = {(each.practice, each.at): why for each, why in mended.failed}
    left = [
        Left(each, reasons.get((each.practice, each.at)) or obstacle(each))
        for each in look(mended.application)
    ]
    return Plan(
        root=root,
        rewrites=tuple(rewrites.rewrites(root, mended.texts)),
        fixed=tuple(mended.fixed),
        left=tuple(left),
        effects=tuple(sorted(mended.effects)),
        recovered=recovered,
        before=before,
    )


def refuse_dirty(planned: Plan) -> None:
    """Raise `DirtyTreeError` if git knows of changes that are not committed."""
    if not planned.rewrites:
        return
    changed = revisions.uncommitted(planned.root, [each.path for each in planned.rewrites])
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise DirtyTreeError(
            f"{changed[0]}{more} is not committed: what is mended could not be told apart.",
            suggestion="commit or stash first, or --allow-dirty",
        )


def prove(
    planned: Plan,
    *,
    insist: bool = False,
    reference: str | None = None,
    python: Path | None = None,
    variables: Mapping[str, str] = _NOTHING,
    tests: str | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Plan:
    """Return the plan with the proof that the application works as before.

    The application is imported before and after, in copies of the project; `tests` is a command
    that is run in both as well. What cannot be imported is unproven, or with `insist` an error:
    `ContractError`.
    """
    if not planned.rewrites:
        return planned
    try:
        target = finding_targets.target(
            planned.root, planned.before, reference=reference, python=python
        )
    except ContractError as error:
        if insist or tests:
            raise
        return replace(planned, proof=Proof(unproven=error.message))
    say(f"Importing {target.reference} with {target.python}, before and after.")
    found = proof.of_contract(planned.root, planned.rewrites, target, planned.effects, variables)
    if found.unproven and insist:
        raise ContractError(
            found.unproven, suggestion="--python, --app, --env NAME=VALUE, or --no-prove"
        )
    if tests is not None and found.holds:
        tried = proof.of_tests(
            planned.root, planned.rewrites, tests, target, variables=variables, say=say
        )
        found = replace(tried, contract=found.contract, unproven=found.unproven)
    return replace(planned, proof=found)


def narrow(
    planned: Plan,
    replan: Callable[[Mapping[str, str]], Plan],
    proven: Callable[[Plan], Plan],
    say: Callable[[str], None] = lambda _: None,
) -> Plan:
    """Return a plan without the practices whose fixes alone are not proven, if that is proven.

    `replan` makes the plan anew without some practices, `proven` proves one. Where no practice is
    found guilty alone, the plan stays as it is.
    """
    if planned.proof is None or planned.proof.holds:
        return planned
    names = {each.practice for each in planned.fixed}
    guilty: dict[str, str] = {}
    say("That is not as before: trying the fixes of each practice alone.")
    for name in sorted(names) if len(names) > 1 else ():
        alone = proven(replan(dict.fromkeys(names - {name}, "another practice is tried")))
        if alone.proof and not alone.proof.holds:
            guilty[name] = f"its fix is refused by the proof: {alone.proof.objection}"
    if not guilty:
        return planned
    narrower = proven(replan(guilty))
    return narrower if narrower.proof is None or narrower.proof.holds else planned


def apply(planned: Plan) -> Plan:
    """Write all that is planned, or nothing; return the plan as it was carried out."""
    if planned.rewrites:
        journal.write(planned.root, planned.rewrites)
    return replace(planned, written=True)
