"""What is different between two contracts: plain values."""

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """What a change means to those who depend on the application."""

    BREAKING = "breaking"
    COMPATIBLE = "compatible"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One difference: `where` is a route, a table or a part of the application."""

    weight: Weight
    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences, breaking ones first."""

    changes: tuple[Change, ...]

    @property
    def breaks(self) -> bool:
        """Tell whether any change breaks something for somebody."""
        return any(each.weight is Weight.BREAKING for each in self.changes)

    def number(self, weight: Weight) -> int:
        """Return how many changes have a weight."""
        return sum(each.weight is weight for each in self.changes)
