"""The tables that a domain may lie under or refer to, with what their rows have to be given."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from fastwright.application import english
from fastwright.application.models import Model
from fastwright.codebase.definitions import Class
from fastwright.scaffolds import names
from fastwright.scaffolds.room import Asks, Symbol, Table
from fastwright.scaffolds.rooms import fastapi_users, values
from fastwright.scaffolds.rooms.columns import Column, read
from fastwright.scaffolds.rooms.injections import Injections
from fastwright.scaffolds.rooms.lookups import lookup
from fastwright.scaffolds.rooms.surroundings import Surroundings

_KEY_TYPES = ("int", "UUID", "str")
_ENDINGS = ("_model", "_table", "_orm", "_db", "_entity", "_do", "_schema")
# What says that a row is deleted, and of what type it is.
_GONE = (
    ({"is_deleted", "deleted", "is_removed"}, "bool"),
    ({"deleted_at", "deleted_on", "removed_at"}, "datetime"),
)
_USERS = ("user", "account", "member", "person", "customer")


class Tables:
    """Reads the tables of an application."""

    def __init__(
        self, around: Surroundings, injections: Injections, *, are_dataclasses: bool
    ) -> None:
        self._around = around
        self._injections = injections
        self._are_dataclasses = are_dataclasses
        self._columns = {each: self._read(each) for each in around.tables}
        self._names = {each.definition: self._name(each) for each in around.tables}

    def by_domain(self) -> dict[str, Table]:
        """Return the tables that have one key, by what commands call them.

        A table is also known by its own name, where no other one is called so.
        """
        found: dict[str, Table] = {}
        twice: set[str] = set()
        for model in self._around.tables:
            table = self._table(model)
            if table is None:
                continue
            if table.domain in found:
                twice.add(table.domain)
            found[table.domain] = table
        found = {name: table for name, table in found.items() if name not in twice}
        return {
            **{each.table: each for each in found.values() if each.table.isidentifier()},
            **found,
        }

    def users(self, tables: dict[str, Table]) -> str | None:
        """Return which table holds users, by what it is called."""
        given = self._around.given.users
        if given is not None:
            return given if given in tables else None
        for word in _USERS:
            exact = {each.domain for each in tables.values() if each.entity == word}
            found = exact or {
                each.domain for each in tables.values() if each.entity.endswith(f"_{word}")
            }
            if len(found) == 1:
                return found.pop()
        return None

    def key_types(self) -> Counter[tuple[str, str]]:
        """Return how often tables call their key so, and hold it as this.

        Text that somebody has to think of says nothing of others.
        """
        return Counter(
            ("id" if each.name.endswith(f"{_entity(model.name)}_id") else each.name, each.type)
            for model, columns in self._columns.items()
            for each in self._keys(columns)
            if each.type in _KEY_TYPES
            and each.target is None
            and (each.type != "str" or each.has_default)
        )

    def entities(self) -> frozenset[str]:
        """Return what one row of each table is called, of those without a single key too."""
        return frozenset(_entity(each.name) for each in self._around.tables)

    def _read(self, model: Model) -> list[Column]:
        own = (read(each, self._around.application) for each in model.fields.values())
        found = [each for each in own if each is not None]
        names_found = {each.name for each in found}
        given = (each for each in fastapi_users.columns(model) if each.name not in names_found)
        return [*found, *given]

    def _keys(self, columns: Iterable[Column]) -> list[Column]:
        return [each for each in columns if each.is_key]

    def _table(self, model: Model) -> Table | None:
        columns = self._columns[model]
        key = self._key(columns)
        name = self._names[model.definition]
        if key is None or key.type is None or name is None:
            return None
        entity = _entity(model.name)
        found = lookup(self._around, self._injections, model, entity, self._symbol(model))
        needed = [each for each in columns if self._is_needed(each, key)]
        plain = [each for each in needed if each.target is None]
        gone = next((each for kind in _GONE for each in columns if _says(each, *kind)), None)
        required = {each.name: values.value(each, self._around) for each in plain}
        return Table(
            names.plural(entity),
            entity,
            self._symbol(model),
            name,
            key.name,
            key.type,
            found.injected.function if found is not None else None,
            required,
            self._references(needed),
            values.modules(list(required.values()), self._around, plain),
            asks=found.asks if found is not None else Asks.NOBODY,
            gone=gone.name if gone is not None else None,
            gone_is_flag=gone is not None and gone.type == "bool",
            key_length=key.length if key.type == "str" else None,
            finder=found.injected if found is not None else None,
            parameter=found.parameter if found is not None else f"{entity}_id",
        )

    def _key(self, columns: list[Column]) -> Column | None:
        """Return the one key; of several the one that is called `id` and leads nowhere."""
        keys = self._keys(columns)
        if len(keys) > 1:
            keys = [each for each in keys if each.target is None and each.name == "id"]
        found = keys[0] if len(keys) == 1 else None
        return found if found is not None and found.type in _KEY_TYPES else None

    def _is_needed(self, column: Column, key: Column) -> bool:
        if column is key or not column.is_given:
            return column is key and key.type == "str" and not key.has_default
        if column.is_key and column.target is None and column.type == "int":
            return False
        if self._are_dataclasses:
            return not column.has_default
        return not column.is_nullable and not column.has_default

    def _references(self, needed: list[Column]) -> dict[str, str]:
        found = {}
        for each in needed:
            if each.target is not None:
                to = each.target.rpartition(".")[0].rpartition(".")[2]
                for model in self._around.tables:
                    if to in (self._names[model.definition], model.name):
                        found[each.name] = names.plural(_entity(model.name))
        return found

    def _symbol(self, model: Model) -> Symbol:
        return self._around.symbol(model.definition.module, model.name)

    def _name(self, model: Model) -> str | None:
        """Return a table's name in the database, also where its base makes it of the class's."""
        named = model.table_name or fastapi_users.table_name(model)
        if named is not None:
            return named
        for each in model.lineage:
            method = each.methods.get("__tablename__") if isinstance(each, Class) else None
            if method is not None:
                made = _derived(method.text, model.name)
                return made or self._referred_to(model.name)
        return None

    def _referred_to(self, name: str) -> str | None:
        """Return the one name that foreign keys call a class's table, of those that are likely."""
        snake = english.snake(name)
        likely = {name.lower(), snake, names.plural(snake), names.plural(name.lower())}
        found = likely & self._targets
        return found.pop() if len(found) == 1 else None

    @cached_property
    def _targets(self) -> set[str]:
        """Return the names of tables that foreign keys lead to."""
        targets = [each.target for columns in self._columns.values() for each in columns]
        return {each.rpartition(".")[0].rpartition(".")[2] for each in targets if each}


def _entity(name: str) -> str:
    """Return what one row of a class is called, without what says that it is a table."""
    found = english.snake(name)
    for ending in _ENDINGS:
        found = found.removesuffix(ending) or found
    return names.singular(found)


def _says(column: Column, called: set[str], type_: str) -> bool:
    return column.name in called and column.type == type_


def _derived(text: str, name: str) -> str | None:
    """Return what a method makes of a class's name, in the ways that are usual."""
    said = "".join(text.split())
    if said.endswith("__name__.lower()"):
        return name.lower()
    if said.endswith(('__name__.lower()+"s"', "__name__.lower()+'s'")):
        return f"{name.lower()}s"
    return None
