"""What the user says of a project: it counts more than what is found."""

from dataclasses import dataclass

from fastwright.errors import UsageError
from fastwright.scaffolds.room import Symbol


@dataclass(frozen=True, slots=True)
class Given:
    """The flags of `add`, each None where it is not given."""

    router: Symbol | None = None  # what routers are included into: `app.main:app`
    base: Symbol | None = None  # the declarative base: `app.database:Base`
    session: Symbol | None = None  # the dependency that gives a session: `app.database:get_db`
    user: Symbol | None = None  # the dependency that gives the current user
    users: str | None = None  # which of the tables holds users: `accounts`
    schema_base: Symbol | None = None  # the base of schemas: `app.schemas:CustomModel`
    models: str | None = None  # where models lie: `app/models`, or `app/models.py` for all
    is_by_domain: bool = False  # lay the domain out as a folder of its own


def symbol(text: str, flag: str) -> Symbol:
    """Return what `package.module:name` stands for; raises `UsageError` for anything else."""
    module, colon, name = text.partition(":")
    parts = [*module.split("."), *name.split(".")]
    if not colon or not all(each.isidentifier() for each in parts):
        raise UsageError(
            f"{flag} takes a module and a name in it, not “{text}”.",
            suggestion=f"{flag} app.database:get_db",
        )
    return Symbol(module, name)
