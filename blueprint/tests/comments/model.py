"""A tree of comments in plain Python, and what has to be seen of it."""

from collections.abc import Sequence

Parents = list[int | None]


class Model:
    """The tree that `parents` describes, and what has to be seen of it."""

    def __init__(self, parents: Parents) -> None:
        self.parents = parents

    def replies(self, to: int | None) -> list[int]:
        return [number for number, parent in enumerate(self.parents) if parent == to]

    def path(self, number: int) -> list[int]:
        parent = self.parents[number]
        return [*([] if parent is None else self.path(parent)), number]

    def below(self, number: int | None) -> list[int]:
        """All that stands below a comment (or the post), as one reads it."""
        return [it for reply in self.replies(number) for it in (reply, *self.below(reply))]

    def page(
        self, beginnings: Sequence[int], *, levels: int, of_one: int, in_all: int
    ) -> list[int]:
        """Beginnings with as many replies as there may be, the highest levels first."""
        shown, level, room = list(beginnings), list(beginnings), in_all
        for _ in range(levels):
            candidates = [
                (nth, self.path(reply), reply)
                for number in level
                for nth, reply in enumerate(self.replies(number)[:of_one])
            ]
            level = [reply for _, _, reply in sorted(candidates)[:room]]
            room -= len(level)
            shown += level
        return sorted(shown, key=self.path)
