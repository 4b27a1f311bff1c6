"""`add`: something whole into a project that is there. Planning writes nothing; `apply` does.

Each function returns the plan of one command, and first finishes what an interrupted run has left.
"""

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Unpack

from fastwright.changes import history, journal
from fastwright.changes.journal import Recovered
from fastwright.contract import finding
from fastwright.errors import ConflictsError, UnknownRoomError
from fastwright.reviews import scope
from fastwright.scaffolds import asking, revisions, rooms
from fastwright.scaffolds import plan as plans
from fastwright.scaffolds.asking import Options
from fastwright.scaffolds.clients import add_client
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.draft import Draft, Outcome
from fastwright.scaffolds.endpoints import add_endpoint
from fastwright.scaffolds.fields import Field
from fastwright.scaffolds.house import taken
from fastwright.scaffolds.language import spell
from fastwright.scaffolds.new_fields import add_field
from fastwright.scaffolds.plan import Command, Plan
from fastwright.scaffolds.rendering import put
from fastwright.scaffolds.room import Manner, Room
from fastwright.scaffolds.rooms import Given, Refusal, house
from fastwright.verbs import review as reviewing

Watch = Callable[[str, int, int], None]

_NO_WATCH: Watch = lambda _what, _done, _of: None  # noqa: E731 - a default
_CHECK = Command("make check", "format, lint, types, import contracts and tests")
_MIGRATE = Command("make migrate", "bring the local database up to the new revision")


@dataclass(frozen=True, slots=True)
class Target:
    """The project that something is added to, as whoever asks describes it.

    It is the one around `path`, nothing outside of the folder `within` is read, and `python` is the
    one that runs it: by default, of the environment in the project.
    """

    path: Path = Path()
    within: Path | None = None
    python: Path | None = None
    given: Given | None = None


_HERE = Target()


def asked(
    name: str, fields: Iterable[str], target: Target = _HERE, **options: Unpack[Options]
) -> Domain:
    """Return the domain that is asked for in words; `fields` are in the field language.

    Raises `ImpossibleNameError`, `UnreadableFieldError`, and `OptionError` as `asking` does, the
    first also where something else of the project is called so.
    """
    room = house.read(_root(target))
    if room is not None:
        taken.check(name, room)
    return asking.domain(name, fields, **options)


def domain(wanted: Domain, target: Target = _HERE, *, watch: Watch = _NO_WATCH) -> Plan:
    """Return the plan of a domain.

    The revision for its tables is written and tried in a copy of the project. Raises
    `UnknownRoomError` where what it needs is not found in the project, and `OptionError` where the
    domain cannot be had as it was asked for.
    """
    root, recovered = _begin(target)
    words = ("domain", *_words(wanted), *_said(target.given))
    standing = history.standing(root, shlex.join(("add", *words)))
    if standing is not None:
        return replace(plans.of_what_stands(root, standing), recovered=recovered)
    room = _room(target, root, watch)
    refusal = rooms.for_domain(room, wanted) if room.manner is Manner.PLAIN else None
    if refusal is not None:
        raise _unknown(refusal)
    draft = Draft(root)
    put(draft, wanted, room)
    planned = _planned(root, words, draft.outcome(), recovered)
    if planned.conflicts and room.manner is Manner.HOUSE and wanted.name in room.tables:
        raise taken.there_already(wanted, room)
    if room.manner is Manner.PLAIN:
        planned = replace(planned, next_commands=tuple(_tests(planned)))
    message = f"Add {wanted.name.replace('_', ' ')}"
    revised = _revised(planned, room, target, message=message, slug=wanted.name, watch=watch)
    own = f"{wanted.entity}_"
    others = sorted(each for each in revised.tables if not f"{each}_".startswith(own))
    if not others:
        return revised
    note = f"The revision also holds what the models say anew of {', '.join(others)}: look at it."
    return replace(revised, notes=(*revised.notes, note))


def field(
    owner: str,
    wanted: Field,
    target: Target = _HERE,
    *,
    existing_rows: str | None = None,
    watch: Watch = _NO_WATCH,
) -> Plan:
    """Return the plan of one more field in a domain of a project made by `fastwright new`.

    `existing_rows` is what rows get that are there already, as a default is written. Raises
    `ExistingRowsError` where nobody can know.
    """
    root, recovered = _begin(target)
    outcome = add_field(root, owner, wanted, existing_rows=existing_rows)
    stated = () if existing_rows is None else ("--existing", existing_rows)
    planned = _planned(root, ("field", owner, spell(wanted), *stated), outcome, recovered)
    named = f"{wanted.name.replace('_', ' ')} to {owner.replace('_', ' ')}"
    slug = f"{owner}_{wanted.name}"
    return _tried(
        planned, target, f"Add {named}", slug=slug, existing=outcome.existing, watch=watch
    )


def endpoint(owner: str, method: str, path: str, target: Target = _HERE) -> Plan:
    """Return the plan of one more route in a domain of a project made by `fastwright new`."""
    root, recovered = _begin(target)
    outcome = add_endpoint(root, owner, method, path)
    return _planned(root, ("endpoint", owner, method, path), outcome, recovered)


def client(name: str, target: Target = _HERE) -> Plan:
    """Return the plan of a package for an outside HTTP service in such a project."""
    root, recovered = _begin(target)
    return _planned(root, ("client", name), add_client(root, name), recovered)


def explain(target: Target = _HERE, *, watch: Watch = _NO_WATCH) -> Room:
    """Return what is found of a project; raises `UnknownRoomError` where that is too little."""
    return _room(target, _root(target), watch)


def apply(plan: Plan) -> Plan:
    """Write all that is planned, or nothing, and remember it for `undo`; return the plan so.

    Raises `ConflictsError` if files are in the way, and as the journal does.
    """
    if plan.conflicts:
        raise ConflictsError(
            f"{', '.join(each.path for each in plan.conflicts)}: another content is there already."
            " Nothing was written.",
            suggestion="move it away, or choose another name",
        )
    if plan.rewrites:
        history.write(plan.root, plan.command, plan.rewrites)
    return replace(plan, written=True)


def _root(target: Target) -> Path:
    return scope.find((target.path,), target.within).root


def _begin(target: Target) -> tuple[Path, Recovered | None]:
    root = _root(target)
    return root, journal.recover(root)


def _room(target: Target, root: Path, watch: Watch) -> Room:
    application = reviewing.read((root,), within=target.within, watch=watch)
    found = rooms.read(application, root, target.given)
    if isinstance(found, Refusal):
        raise _unknown(found)
    return found


def _unknown(refusal: Refusal) -> UnknownRoomError:
    flags = (each.flag.partition(" ")[0] for each in refusal.unknown)
    return UnknownRoomError(
        refusal.text, options=tuple(each for each in flags if each.startswith("--"))
    )


def _words(wanted: Domain) -> Iterator[str]:
    """Yield the words that describe a domain on the command line."""
    yield wanted.name
    yield from map(spell, wanted.fields)
    if wanted.parent is not None:
        yield from ("--under", wanted.parent)
    if wanted.searchable:
        yield from ("--searchable", ",".join(wanted.searchable))
    switches = {
        "--owner": wanted.is_owned,
        "--threaded": wanted.is_threaded,
        "--soft-delete": wanted.is_soft_deleted,
        "--likeable": wanted.is_likeable,
        "--public-read": wanted.is_read_by_all,
        "--no-tests": not wanted.has_tests,
    }
    yield from (switch for switch, is_on in switches.items() if is_on)


def _said(given: Given | None) -> Iterator[str]:
    """Yield the words that say something of the project."""
    if given is None:
        return
    said = {
        "--router": given.router,
        "--base": given.base,
        "--session": given.session,
        "--user": given.user,
        "--users": given.users,
        "--schema-base": given.schema_base,
        "--models": given.models,
    }
    for option, value in said.items():
        if value is not None:
            yield from (option, str(value))
    if given.is_by_domain:
        yield "--domain-layout"


def _planned(
    root: Path, words: tuple[str, ...], outcome: Outcome, recovered: Recovered | None
) -> Plan:
    planned = plans.plan(root, shlex.join(("add", *words)), outcome)
    return replace(planned, next_commands=(_CHECK,), recovered=recovered)


def _tests(planned: Plan) -> Iterator[Command]:
    """Yield the command that runs the tests of a plan, if it has any."""
    paths = [each.path for each in planned.entries if PurePosixPath(each.path).match("test_*.py")]
    if paths:
        yield Command(shlex.join(("pytest", *paths)), "try the domain")


def _revised(
    planned: Plan, room: Room, target: Target, *, message: str, slug: str, watch: Watch
) -> Plan:
    """Return the plan with its revision, or with what is to be run for one."""
    if room.manner is Manner.HOUSE:
        return _tried(planned, target, message, slug=slug, existing={}, watch=watch)
    if not planned.rewrites or planned.conflicts or room.migrations is None:
        return planned
    return replace(planned, to_run=(*planned.to_run, _autogenerate(message)))


def _tried(
    planned: Plan,
    target: Target,
    message: str,
    *,
    slug: str,
    existing: Mapping[str, str],
    watch: Watch,
) -> Plan:
    """Return the plan for a project of ours with a revision that was tried."""
    if not planned.rewrites or planned.conflicts:
        return planned
    watch("trying the revision", 0, 1)
    python = target.python or finding.interpreter(planned.root)
    revised = revisions.of_the_house(planned, python, message=message, slug=slug, existing=existing)
    return replace(revised, next_commands=(_MIGRATE, *revised.next_commands))


def _autogenerate(message: str) -> Command:
    return Command(
        f'alembic revision --autogenerate -m "{message}"',
        "The revision needs a database that is at the newest one: which, is not for a tool to say.",
    )
