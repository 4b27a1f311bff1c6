"""What a review leaves behind for the next one: what each unit said, and what it looked at."""

import marshal
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from fastwright.application.application import Application
from fastwright.application.units import Unit
from fastwright.practice import Finding, Step
from fastwright.reviews import plain
from fastwright.reviews.graph import Graph
from fastwright.reviews.outcome import Outcome, Said, summed
from fastwright.reviews.review import Failure
from fastwright.source.notes import Note, Recording, numbered, untouched

# Notes that nothing leads to any more are kept until there are so many times more: fewer where
# the review had nothing else to do.
_MOST_GROWN = 2.5
_MOST_GROWN_AT_REST = 1.4


@dataclass(frozen=True, slots=True)
class Tracks:
    """The notes of a review of some files, by their paths and digests."""

    files: tuple[tuple[str, bytes], ...]
    graph: Graph
    # Each unit's note, and what was said in it.
    units: Mapping[Unit, tuple[int, list[Any]]]
    # The rows of `Application.ledgers`, with the numbers of the notes.
    ledgers: Mapping[str, tuple[int, Mapping[Any, Any]]]
    # The same of `Application.cells`, row by row.
    cells: Mapping[str, Mapping[Any, tuple[int, Any]]]
    # The same of `Units.lists`.
    lists: Mapping[str, tuple[int, Any]]
    # The same of what `Remembered` was asked.
    answers: Mapping[Hashable, tuple[int, Any]]
    # Which of the lists practices go over.
    dividing: Mapping[str, str]
    # How many notes there were when all of them were needed.
    needed: int
    # What the review said of the files, and which practices failed: the rest follows from what
    # all units say.
    about_files: Outcome

    @classmethod
    def of(
        cls,
        application: Application,
        recorded: Recording,
        said: Said,
        about: Outcome,
    ) -> "Tracks":
        """Return the tracks of a review of all files; `about` is what it says of those."""
        units = application.units
        found = cls(
            files=tuple((each.path, each.digest) for each in application.sources),
            graph=Graph(),
            units={
                unit: (made.number, list(said.get(unit, ()))) for unit, made in units.notes.items()
            },
            ledgers=_ledgers(application),
            cells=_cells(application),
            lists=_numbered(units.lists),
            answers=_answers(application),
            dividing=units.dividing,
            needed=len(recorded.notes),
            about_files=about,
        )
        found.graph.add(recorded)
        return found

    def joined(self, others: "Tracks", first: int) -> "Tracks":
        """Return these tracks with those of other practices on the same files.

        The others' own notes are numbered from `first` on; those before are the same in both.
        """
        by = self.graph.append(others.graph, first)

        def moved(kept: Mapping[Any, tuple[int, Any]]) -> dict[Any, tuple[int, Any]]:
            return {
                name: (number + by if number >= first else number, plain)
                for name, (number, plain) in kept.items()
            }

        # What both have found is the same, and one note of it is enough.
        return replace(
            self,
            units={**self.units, **moved(others.units)},
            ledgers={**moved(others.ledgers), **self.ledgers},
            lists={**moved(others.lists), **self.lists},
            answers={**moved(others.answers), **self.answers},
            cells={
                name: {**moved(others.cells[name]), **rows} for name, rows in self.cells.items()
            },
            dividing={**self.dividing, **others.dividing},
            about_files=replace(
                self.about_files,
                failures=self.about_files.failures + others.about_files.failures,
            ),
        )

    def since(self, first: int) -> "Tracks":
        """Return what of these tracks has been found since there were so many notes."""

        def newer(kept: Mapping[Any, tuple[int, Any]]) -> dict[Any, tuple[int, Any]]:
            return {name: each for name, each in kept.items() if not 0 <= each[0] < first}

        return replace(
            self,
            ledgers=newer(self.ledgers),
            lists=newer(self.lists),
            answers=newer(self.answers),
            cells={name: newer(rows) for name, rows in self.cells.items()},
        )

    def followed_by(
        self, application: Application, recorded: Recording, left: Said, found: Said
    ) -> "Tracks":
        """Return these tracks with those of a review of some units, and what others said."""
        self.graph.add(recorded)
        units = application.units
        known = {unit: (self.units[unit][0], list(each)) for unit, each in left.items()}
        judged = {
            unit: (made.number, list(found.get(unit, ()))) for unit, made in units.notes.items()
        }
        # What was touched and not asked for again is kept no longer.
        return replace(
            self,
            units={**known, **judged},
            ledgers=_ledgers(application),
            cells=_cells(application),
            lists=_numbered(units.lists),
            answers=_answers(application),
            dividing={**self.dividing, **units.dividing},
        )

    def still_there(self) -> "Tracks":
        """Return these tracks without what was said about items that no list has any more."""
        listed = {name: set(keys) for name, (_, keys) in self.lists.items()}

        def is_there(unit: Unit) -> bool:
            practice, key = unit
            there = listed.get(self.dividing.get(practice, ""))
            return key is None or there is None or key in there

        return replace(
            self, units={unit: each for unit, each in self.units.items() if is_there(unit)}
        )

    def trimmed(self, most: float = _MOST_GROWN) -> "Tracks":
        """Return these tracks without what nothing leads to, if they have grown more than that."""
        if len(self.graph) <= self.needed * most:
            return self
        roots = (
            *self.units.values(),
            *self.ledgers.values(),
            *self.lists.values(),
            *self.answers.values(),
            *chain.from_iterable(rows.values() for rows in self.cells.values()),
        )
        led_to = (number for number, _ in roots)
        graph, numbers = self.graph.trimmed(number for number in led_to if number >= 0)
        return replace(
            self,
            graph=graph,
            units={each: (numbers.get(old, old), said) for each, (old, said) in self.units.items()},
            ledgers=_renumbered(self.ledgers, numbers),
            lists=_renumbered(self.lists, numbers),
            answers=_renumbered(self.answers, numbers),
            cells={name: _renumbered(rows, numbers) for name, rows in self.cells.items()},
            needed=len(graph),
        )

    def with_moved(self, said: Said, touched: set[int]) -> "Tracks":
        """Return these tracks with what the same units say, elsewhere."""
        moved = replace(
            self,
            units={unit: (self.units[unit][0], list(each)) for unit, each in said.items()},
            lists=untouched(self.lists, touched),
            answers=untouched(self.answers, touched),
        )
        return moved.trimmed(_MOST_GROWN_AT_REST)

    def restore(self, application: Application, touched: set[int]) -> None:
        """Let an application have all that is not touched of what it worked out last time."""
        self.restore_answers(application, touched)
        for name, (number, listed) in untouched(self.lists, touched).items():
            application.units.lists[name] = numbered(number), listed

    def restore_answers(self, application: Application, touched: set[int]) -> None:
        """Let an application have the ledgers, cells and answers that are not touched."""
        for name, (number, rows) in untouched(self.ledgers, touched).items():
            application.ledgers[name].kept = rows, numbered(number)
        for name, cells in application.cells.items():
            cells.restore(self.cells.get(name, {}), touched)
        application.codebase.remembered.restore(self.answers, touched)

    def asked(self, application: Application, numbers: set[int]) -> bool:
        """Tell whether an application has used a cell or answer with such a note."""
        if any(cells.asked & numbers for cells in application.cells.values()):
            return True
        asked = application.codebase.remembered.answers
        return any(
            number in numbers and question in asked
            for question, (number, _) in self.answers.items()
        )

    def outcome(self) -> Outcome:
        """Return what the review came to."""
        said = {unit: each for unit, (_, each) in self.units.items()}
        return replace(self.about_files, **summed(said, self.about_files.counts))

    def packed(self, made_of: bytes) -> bytes:
        """Return the tracks for `unpacked`; they hold for what `made_of` tells."""
        outcome = self.about_files
        return marshal.dumps(
            (
                made_of,
                self.files,
                self.graph.packed(),
                [(unit, number, _plain(said)) for unit, (number, said) in self.units.items()],
                (
                    dict(self.ledgers),
                    dict(self.lists),
                    dict(self.answers),
                    {name: dict(rows) for name, rows in self.cells.items()},
                    dict(self.dividing),
                    self.needed,
                ),
                dict(outcome.counts),
                tuple(map(plain.step, outcome.partly_read)),
                (outcome.unreadable, outcome.ignores),
                [(each.practice, each.reason) for each in outcome.failures],
            )
        )

    @classmethod
    def unpacked(cls, packed: bytes | None, made_of: bytes) -> "Tracks | None":
        """Return the tracks that were packed; None for what that cannot be."""
        if packed is None:
            return None
        try:
            made, files, graph, units, others, counts, steps, rest, failures = marshal.loads(packed)  # noqa: S302 - by `packed`
            if made != made_of:
                return None
            outcome = Outcome(
                findings=(),
                failures=tuple(Failure(*each) for each in failures),
                counts=counts,
                unknown=(),
                partly_read=tuple(Step(*each) for each in steps),
                unreadable=rest[0],
                ignores=rest[1],
            )
            known = {unit: (number, _said(said)) for unit, number, said in units}
            ledgers, lists, answers, cells, dividing, needed = others
            return cls(
                files=files,
                graph=Graph(*graph),
                units=known,
                ledgers=ledgers,
                lists=lists,
                answers=answers,
                cells=cells,
                dividing=dividing,
                needed=needed,
                about_files=outcome,
            )
        except (ValueError, TypeError, EOFError, IndexError):
            return None


def _numbered(kept: Mapping[Any, tuple[Note, Any]]) -> dict[Any, tuple[int, Any]]:
    return {name: (made.number, plain) for name, (made, plain) in kept.items()}


def _ledgers(application: Application) -> dict[str, tuple[int, Mapping[Any, Any]]]:
    kept = ((name, ledger.kept) for name, ledger in application.ledgers.items())
    return {name: (each[1].number, each[0]) for name, each in kept if each}


def _cells(application: Application) -> dict[str, dict[Any, tuple[int, Any]]]:
    return {name: cells.numbered for name, cells in application.cells.items()}


def _answers(application: Application) -> dict[Hashable, tuple[int, Any]]:
    return application.codebase.remembered.numbered


def _renumbered(
    kept: Mapping[Any, tuple[int, Any]], numbers: Mapping[int, int]
) -> dict[Any, tuple[int, Any]]:
    return {name: (numbers.get(old, old), plain) for name, (old, plain) in kept.items()}


def _plain(said: Iterable[Any]) -> list[tuple[str, Any]]:
    """Return what was said in a unit, each with what it is."""
    found: list[tuple[str, Any]] = []
    for each in said:
        match each:
            case Finding():
                found.append(("finding", plain.of(each)))
            case Step():
                found.append(("step", plain.step(each)))
            case _:
                found.append(("", each))
    return found


def _said(found: list[tuple[str, Any]]) -> list[Any]:
    said: list[Any] = []
    for kind, each in found:
        match kind:
            case "finding":
                said.append(plain.finding(each))
            case "step":
                said.append(Step(*each))
            case _:
                said.append(each)
    return said
