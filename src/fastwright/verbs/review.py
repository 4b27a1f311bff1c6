"""`review`: reads a codebase and says where it departs from the practices. It only reads."""

import tempfile
from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from fastwright import catalogue
from fastwright.application import application as applications
from fastwright.application import understanding
from fastwright.application.application import Application, Gathered
from fastwright.errors import BaselineError, NothingToReviewError, UsageError
from fastwright.practice import Finding, Kind, Practice
from fastwright.reviews import baseline as baselines
from fastwright.reviews import (
    comparison,
    endpoints,
    grouping,
    judging,
    memory,
    revisions,
    scope,
    settings,
    suppressions,
)
from fastwright.reviews import outcome as outcomes
from fastwright.reviews.baseline import Settled
from fastwright.reviews.checks import Watch
from fastwright.reviews.identities import Identity, identify
from fastwright.reviews.outcome import Outcome
from fastwright.reviews.renewal import Asked
from fastwright.reviews.review import Endpoint, Review
from fastwright.reviews.scope import Scope
from fastwright.reviews.settings import Settings
from fastwright.reviews.sources import Sources
from fastwright.source.cache import Cache


@dataclass(frozen=True, slots=True)
class Options:
    """What a review is asked for; `None` leaves it to the project's settings.

    `only` and `ignore` hold names of practices and topics; `only` sets aside what the project's
    settings choose. `route` is a method and a path, and narrows the review to one endpoint with
    everything it reaches. `diff` is a revision of git: only what came in since then is reported.
    `baseline` is a file of accepted findings, which is written where it is missing, and again
    with `update_baseline`. Nothing outside of the folder `within` is read.
    """

    only: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    kinds: tuple[Kind, ...] | None = None
    route: str | None = None
    diff: str | None = None
    baseline: Path | None = None
    update_baseline: bool = False
    within: Path | None = None


def review(
    paths: tuple[Path, ...] = (),
    options: Options = Options(),
    *,
    watch: Watch = lambda _what, _done, _of: None,
) -> Review:
    """Return what is to be said about the paths; by default, about the project around this folder.

    All of the project is read, because a finding in one file may follow from another. Raises an
    error of `fastwright.errors` when there is nothing to review or an option has no meaning.
    """
    if options.update_baseline and (options.route or options.diff):
        raise UsageError("A baseline holds a whole review: leave out --route and --diff.")
    run = prepare(paths, options, watch)
    asked, project = run.scope, run.settings
    seen = _look(run, asked.places(), options.route)
    findings = [each for each in seen.findings if asked.covers(each.at.path)]
    sources = seen.sources
    if options.diff:
        findings = _brought_in(findings, sources, run, options)
    settled, written = settle(findings, sources, run, options)
    return Review(
        root=asked.root,
        findings=grouping.group(settled.new),
        practices=run.practices,
        counts=seen.outcome.counts,
        sources=sources,
        paths=asked.paths,
        unreadable=_unreadable(seen.outcome, project),
        partly_read=seen.outcome.partly_read,
        unknown=seen.outcome.unknown,
        failures=seen.outcome.failures,
        endpoints=seen.endpoints,
        suppressed=seen.suppressed,
        accepted=_places([each for each in seen.findings if asked.covers(each.at.path)])
        - _places(settled.new),
        stale=settled.stale,
        baseline_written=written,
    )


def prepare(paths: tuple[Path, ...], options: Options, watch: Watch) -> "Run":
    """Return what a review works with; raises an error if there is nothing to review."""
    asked = scope.find(paths, options.within)
    project = settings.read(asked.root, asked.within)
    return Run(asked, project, _practices(options, project), watch)


def model(
    paths: tuple[Path, ...] = (),
    *,
    within: Path | None = None,
    watch: Watch = lambda _what, _done, _of: None,
) -> understanding.Document:
    """Return what was understood of an application, as plain values for JSON."""
    return understanding.model(read(paths, within=within, watch=watch))


def read(
    paths: tuple[Path, ...] = (),
    *,
    within: Path | None = None,
    watch: Watch = lambda _what, _done, _of: None,
) -> Application:
    """Return the application around the paths, without any check."""
    asked = scope.find(paths, within)
    project = settings.read(asked.root, asked.within)
    return read_codebase(Run(asked, project, {}, watch), asked.places())


def state(paths: tuple[Path, ...] = (), *, within: Path | None = None) -> str:
    """Return a digest that differs once a review of the paths may come out otherwise."""
    asked = scope.find(paths, within)
    project = settings.read(asked.root, asked.within)
    return applications.state(
        asked.root, asked.places(), exclude=project.exclude, within=asked.within
    )


@dataclass(frozen=True, slots=True)
class Run:
    """What a review works with from beginning to end."""

    scope: Scope
    settings: Settings
    practices: Mapping[str, Practice]
    watch: Watch


@dataclass(frozen=True, slots=True)
class Seen:
    """What the checks found and no comment accepts."""

    outcome: Outcome
    sources: Sources
    findings: list[Finding]
    suppressed: int
    endpoints: tuple[Endpoint, ...]


def _practices(options: Options, project: Settings) -> Mapping[str, Practice]:
    if options.only is not None:
        project = Settings(only=options.only)
    return catalogue.select(
        only=project.only,
        ignore=project.ignore if options.ignore is None else options.ignore,
        kinds=project.kind if options.kinds is None else options.kinds,
    )


def read_codebase(run: Run, places: tuple[Path, ...]) -> Application:
    """Read a codebase; what is kept of it for the next time is that of today's only."""
    gathered = _gather(run, places)
    with _cache(run, places) as cache:
        return _understand(run, gathered, cache)


def _gather(run: Run, places: tuple[Path, ...]) -> Gathered:
    is_today = places[0] == run.scope.root
    return applications.gather(
        places[0],
        places,
        exclude=run.settings.exclude,
        within=run.scope.within if is_today else None,
    )


def _cache(run: Run, places: tuple[Path, ...]) -> AbstractContextManager[Cache | None]:
    """Return where things are kept for the next time: of today's codebase only."""
    return Cache(places[0]) if places[0] == run.scope.root else nullcontext()


def _understand(run: Run, gathered: Gathered, cache: Cache | None) -> Application:
    application = applications.understand(gathered, cache, run.watch)
    if cache:
        unreadable = [(each.path, each.reason) for each in application.codebase.unreadable]
        _refuse_nothing(run, unreadable, gathered)
    return application


def _refuse_nothing(run: Run, unreadable: Collection[tuple[str, str]], gathered: Gathered) -> None:
    """Refuse where no file was read, or none of what was asked for."""
    root, asked = run.scope.root, run.scope
    left_out = dict(unreadable)
    read = [each.path for each in gathered.sources if each.path not in left_out]
    if not read:
        raise NothingToReviewError(
            f"There is no Python file below {root}, or `.gitignore` or `exclude` names them all."
        )
    if any(map(asked.covers, read)):
        return
    for path, reason in unreadable:
        if asked.covers(path):
            raise NothingToReviewError(f"{path} is left out: {reason}.")
    raise NothingToReviewError(f"There is no Python file in {' or '.join(asked.paths)}.")


def _look(run: Run, places: tuple[Path, ...], route: str | None) -> Seen:
    """Read and judge a codebase, or take what was found the last time if that still holds."""
    gathered = _gather(run, places)
    with _cache(run, places) as cache:
        if cache is None or route:
            return judge(run, _understand(run, gathered, cache), route)
        asked = Asked(run.practices, gathered, lambda: _understand(run, gathered, cache), run.watch)
        outcome = memory.recall(asked, cache)
        if outcome is None:
            outcome = _remembered(asked, cache)
        else:
            _refuse_nothing(run, outcome.unreadable, gathered)
        return _accept(run, outcome, Sources.of(gathered))


def _remembered(asked: Asked, cache: Cache) -> Outcome:
    """Return what a review of everything says, and remember it unless a check failed."""
    tracks = judging.judge_all(asked)
    outcome = tracks.outcome()
    if not outcome.failures:
        memory.remember(tracks, asked, cache)
    return outcome


def judge(run: Run, application: Application, route: str | None = None) -> Seen:
    """Check a codebase; narrowed to a route, leftover comments are not looked for."""
    outcome = outcomes.of(application, run.practices, run.watch)
    if not route:
        return _accept(run, outcome, Sources.of(application))
    chosen = endpoints.find(application, route)
    within = endpoints.within(application, chosen, outcome.findings)
    described = tuple(endpoints.describe(application, each) for each in chosen)
    return _accept(
        run, replace(outcome, findings=tuple(within)), Sources.of(application), described
    )


def _accept(
    run: Run, outcome: Outcome, sources: Sources, narrowed_to: tuple[Endpoint, ...] = ()
) -> Seen:
    """Take away what comments accept."""
    ignores = list(suppressions.read(outcome.ignores, sources))
    left = suppressions.apply(outcome.findings, ignores, sources)
    suppressed = _places(outcome.findings) - _places(left)
    if suppressions.NAME in run.practices and not narrowed_to:
        left += suppressions.leftovers(
            ignores,
            ran=run.practices.keys() - {each.practice for each in outcome.failures},
            known=catalogue.names(),
            nearest=lambda name: catalogue.nearest(name, catalogue.names()),
        )
    return Seen(outcome, sources, left, suppressed, narrowed_to)


def _brought_in(
    findings: list[Finding], sources: Sources, run: Run, options: Options
) -> list[Finding]:
    """Return what is found now and was not at the revision."""
    root, revision = run.scope.root, str(options.diff)
    renames = revisions.renames(root, revision)
    if not findings:
        return []
    with tempfile.TemporaryDirectory(prefix="fastwright-") as folder:
        old = Path(folder).resolve() / root.name
        old.mkdir()
        revisions.extract(root, revision, old)
        before = _look(run, (old,), None)
        return comparison.brought_in(
            findings,
            sources,
            before=before.findings,
            old_sources=before.sources,
            renames=renames,
        )


def settle(
    findings: list[Finding], sources: Sources, run: Run, options: Options
) -> tuple[Settled, Path | None]:
    """Take away what the baseline accepts, or write it; return its file where it was written."""
    file = options.baseline
    if file is None and run.settings.baseline:
        file = _inside(run.scope, run.settings.baseline)
    if file is None:
        if options.update_baseline:
            raise UsageError("Name the file of the baseline.", suggestion="--baseline FILE")
        return Settled(findings), None
    found = list(identify(findings, sources))
    partial = bool(options.route or options.diff)

    def covers(identity: Identity) -> bool:
        reviewed = identity.practice in run.practices and run.scope.covers(identity.path)
        return reviewed and not partial

    if options.update_baseline or (options.baseline and not partial and not file.exists()):
        baselines.update(found, file, covers=covers)
        return Settled([]), file
    return baselines.compare(found, file, covers=covers), None


def _inside(asked: Scope, name: str) -> Path:
    """Return the file that the project's settings name, which may be no file elsewhere."""
    file = asked.root / name
    if asked.within and not file.resolve().is_relative_to(asked.within):
        raise BaselineError(f"The baseline {name} is not below {asked.within}, and not read.")
    return file


def _places(findings: Iterable[Finding]) -> int:
    return sum(1 + len(each.places) for each in findings)


def _unreadable(outcome: Outcome, project: Settings) -> tuple[tuple[str, str], ...]:
    """Return the files that were left out, each with the reason."""
    files = outcome.unreadable
    return (("pyproject.toml", project.problem), *files) if project.problem else files
