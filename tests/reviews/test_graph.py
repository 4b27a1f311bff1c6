"""Graphs of notes bear what broke down half-way, and lead to all that is touched."""

import pytest

from fastwright.codebase.memo import Kept, Memo
from fastwright.reviews.graph import Graph
from fastwright.source import parts
from fastwright.source.notes import Answers, note, noted, recording, used

ONE, OTHER = (parts.WORD, b"one", "a.py"), (parts.WORD, b"other", "a.py")


def test_what_breaks_down_in_a_circle_is_not_referred_to() -> None:
    memo: Memo[int] = Memo()
    kept: Kept[str, int] = {}

    def inner() -> int:
        memo.once(kept, "outer", outer)
        note(ONE)
        return 1

    def outer() -> int:
        memo.once(kept, "inner", inner)
        raise LookupError

    def later() -> None:
        used(kept["inner"])
        note(OTHER)

    with recording() as recorded:
        with pytest.raises(LookupError):
            memo.once(kept, "outer", outer)
        noted(later)
    other, graph = Graph(), Graph()
    other.add(recorded)
    assert graph.append(other, 0) == 0
    assert (graph.touched([ONE]), graph.touched([OTHER])) == ({-2, 0, 1}, {-3, 1})


def test_notes_that_are_put_behind_others_lead_to_the_same() -> None:
    def find(number: int) -> int:
        note((parts.NO_WORD, number))
        return asked(number - 1) if number else 0

    asked: Answers[int, int] = Answers(find)
    graph = Graph([(parts.NO_WORD, 150), ONE])  # numbered otherwise than in the other
    with recording() as recorded:
        asked(99)
    graph.add(recorded)
    with recording(100) as further:
        asked(199)
    other = Graph()
    other.add(further)
    graph.add(further)
    assert graph.append(other, 100) == 100
    assert _notes(graph, 150) == [*range(150, 200), *range(250, 300)]
    assert _notes(graph, 50) == list(range(50, 300))


def _notes(graph: Graph, number: int) -> list[int]:
    return sorted(each for each in graph.touched([(parts.NO_WORD, number)]) if each >= 0)
