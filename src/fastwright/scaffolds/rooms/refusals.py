"""Why a project cannot be written into: what was looked for, and which flag tells it."""

from dataclasses import dataclass

from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.room import Room, Unknown

_MOST = 6  # candidates shown of each fact


@dataclass(frozen=True, slots=True)
class Refusal:
    """What could not be told, of which each is needed."""

    unknown: tuple[Unknown, ...]

    @property
    def text(self) -> str:
        """Return what a user has to read: what was looked for, what was found, what to say."""
        return "\n\n".join(_paragraph(each) for each in self.unknown)


def for_domain(room: Room, domain: Domain) -> Refusal | None:
    """Return what a domain needs that is not known of a project; None where all is."""
    needed = []
    if domain.is_owned or domain.is_likeable:
        if room.user is None:
            needed.append(room.unknown["user"])
        if room.users is None:
            needed.append(
                Unknown("users", "a table of users that rows can belong to", "--users accounts")
            )
    if domain.parent is not None and domain.parent not in room.tables:
        needed.append(_parent(room, domain.parent))
    return Refusal(tuple(needed)) if needed else None


def _parent(room: Room, parent: str) -> Unknown:
    known = sorted({each.domain for each in room.tables.values()})
    others = f"; there are {', '.join(known)}" if known else ""
    return Unknown(
        "parent",
        f"a table with one key for “{parent}”{others}",
        f"--under {known[0]}" if known else "no --under",
    )


def _paragraph(unknown: Unknown) -> str:
    shown = list(unknown.candidates.items())
    if not shown:
        lines = [f"{unknown.fact}: looked for {unknown.sought}, and found none."]
    else:
        count = len(shown)
        lines = [f"{unknown.fact}: looked for {unknown.sought}; {count} are as good:"]
        lines += [f"    {name}  {place.path}:{place.line}" for name, place in shown[:_MOST]]
        if count > _MOST:
            lines.append(f"    and {count - _MOST} more")
    return "\n".join([*lines, f"  Say which with {unknown.flag}"])
