"""Names that something else has already in a project made by `fastwright new`."""

import shlex

from fastwright.errors import ConflictsError, ImpossibleNameError
from fastwright.scaffolds import models, names
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.language import spell
from fastwright.scaffolds.room import Room


def check(name: str, room: Room) -> None:
    """Raise `ImpossibleNameError` where a domain of this name would stand in something's place.

    One that was added, and may be added again, is in nobody's way.
    """
    known = room.tables.get(name)
    if known is not None and name != room.users:
        if known.entity == name:  # of those that `add` makes none is called so
            raise ImpossibleNameError(_there_is(name))
        return
    for path in (f"src/{name}.py", f"src/{name}/__init__.py"):
        if names.snake(name) == name and (room.root / path).is_file():
            raise ImpossibleNameError(
                f"{path} is there already: a domain called {name} would stand in its place.",
                suggestion=f"custom_{names.plural(name)}",
            )


def there_already(domain: Domain, room: Room) -> ConflictsError:
    """Return what to say to somebody who asks for a domain that is there, made of other things."""
    known = {
        column
        for model in models.read(room.root)
        if model.domain == domain.name
        for column in model.columns
    }
    new = next((each for each in domain.fields if each.column not in known), None)
    command = f"fastwright add field {domain.name} "
    return ConflictsError(
        _there_is(domain.name), suggestion=command + shlex.quote(spell(new)) if new else None
    )


def _there_is(name: str) -> str:
    return (
        f"There is a domain {name} already. `fastwright add field {name} …` and `fastwright add "
        f"endpoint {name} …` give it more."
    )
