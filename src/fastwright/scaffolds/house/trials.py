"""What the tests of a domain need to know: bodies, values, and how things are made."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastwright.scaffolds.fields import Field, Kind, OnDelete
from fastwright.scaffolds.house import samples
from fastwright.scaffolds.house.columns import Column
from fastwright.scaffolds.house.shape import Shape


@dataclass(frozen=True)
class Trials:
    """Values for tests; a body is Python for a dict."""

    shape: Shape

    @property
    def made(self) -> str:
        """The parameter for what has been made before, with a comma; nothing where none is."""
        return "made: Ids, " if self.shape.needs_made else ""

    @property
    def given(self) -> str:
        """The argument for that parameter, with a comma."""
        return "made, " if self.shape.needs_made else ""

    @property
    def is_numbered(self) -> bool:
        """Whether rows differ from one another in something."""
        return any("number" in value for _, value in self.row)

    @property
    def reader(self) -> str:
        """The fixture of somebody who may read."""
        return "author.client" if self.shape.asks_to_read else "client"

    @property
    def least(self) -> str:
        """The least body that makes one."""
        return self._body(self.shape.body_columns)

    @property
    def others(self) -> str:
        """Everything that can be given besides, but for references."""
        least = {column.name for column in self.shape.body_columns}
        return self._body([each for each in self.shape.plain_taken if each.name not in least])

    @property
    def changes(self) -> str:
        """Another value for everything that can be given, but for references."""
        entries = (
            f'"{each.name}": {samples.good(each.field)[1]!r}' for each in self.shape.plain_taken
        )
        return f"{{{', '.join(entries)}}}"

    @property
    def change(self) -> str:
        """One change."""
        plain = [each for each in self.shape.plain_taken if not each.field.unique]
        column = next(iter([*plain, *self.shape.plain_taken, *self.shape.taken_columns]))
        if column.is_reference:
            return self._body([column]) if column.is_needed else f'{{"{column.name}": None}}'
        return f'{{"{column.name}": {samples.good(column.field)[1]!r}}}'

    def _body(self, columns: list[Column]) -> str:
        entries = []
        for column in columns:
            if column.is_reference:
                entries.append(f'"{column.name}": Made("{self.made_key(column)}")')
            else:
                entries.append(f'"{column.name}": {samples.good(column.field)[0]!r}')
        return f"{{{', '.join(entries)}}}"

    def made_key(self, column: Column) -> str:
        """Return what `make` of the routes calls the id of what a reference leads to."""
        if column.field.target == self.shape.room.users:
            return column.name
        target = column.field.target or ""
        return f"{self.shape.room.tables[target].entity}_id"

    @property
    def writable(self) -> str:
        """The columns that bodies may ask for."""
        columns = [each.name for each in self.shape.taken_columns]
        return ", ".join(
            f'"{name}"' for name in [*columns, *(["parent_id"] if self.shape.is_threaded else [])]
        )

    @property
    def accounts(self) -> list[Column]:
        """References to accounts that have to be made."""
        users = self.shape.room.users
        return [
            each
            for each in self.shape.references
            if not each.field.optional and each.field.target == users
        ]

    @property
    def single(self) -> list[Column]:
        """References each of which needs something of its own, that nothing else refers to."""
        return [each for each in self._made if each.field.unique or self._is_kept(each)]

    @property
    def shared(self) -> list[Column]:
        """References to something that is made once for all."""
        return [each for each in self._made if not each.field.unique and not self._is_kept(each)]

    @property
    def keeping(self) -> list[Column]:
        """References that keep what they lead to from being deleted."""
        return [each for each in self._made if self._is_kept(each)]

    @property
    def _made(self) -> list[Column]:
        needed = [each for each in self.shape.references if not each.field.optional]
        return [each for each in needed if each.field.target != self.shape.room.users]

    @staticmethod
    def _is_kept(column: Column) -> bool:
        return column.field.on_delete is OnDelete.RESTRICT

    @property
    def row(self) -> list[tuple[str, str]]:
        """Python for the value of each column of a row that has to have one."""
        return [
            (each.name, self._row_value(each))
            for each in self.shape.columns
            if not each.field.optional and each.field.default is None and not each.is_reference
        ]

    def _row_value(self, column: Column) -> str:
        if not column.field.unique:
            return self.python(column, samples.good(column.field)[0])
        if column.choices:
            return f"list({column.choices})[number % {len(column.field.choices)}]"
        return samples.numbered(column.field)

    def python(self, column: Column, value: object) -> str:
        """Python for a value that JSON has as text."""
        return samples.python(column.field, value, column.choices)

    @property
    def impossible(self) -> list[tuple[str, str]]:
        """For each field Python for a list of values that are refused."""
        return [(each.name, self._impossible(each.field)) for each in self.shape.taken_columns]

    def _impossible(self, field: Field) -> str:
        listed = [repr(value) for value in samples.impossible(field)]
        if field.kind in {Kind.STR, Kind.TEXT, Kind.SLUG}:
            listed.append(f'"x" * ({field.name.upper()}_MAX_LENGTH + 1)')
        return f"[{', '.join(listed)}]"

    @property
    def longest(self) -> list[tuple[str, str]]:
        """For each text Python for the longest that is accepted."""
        return [
            (each.name, f'"é" * {each.constant}_MAX_LENGTH')
            for each in self.shape.plain_taken
            if each.field.kind in {Kind.STR, Kind.TEXT}
        ]

    @property
    def lengths(self) -> list[str]:
        """The constants that the above need."""
        texts = {Kind.STR, Kind.TEXT, Kind.SLUG}
        return [
            f"{each.constant}_MAX_LENGTH"
            for each in self.shape.taken_columns
            if each.field.kind in texts
        ]

    @property
    def shown(self) -> str:
        """What a response has of a whole body."""
        names = [each.name for each in self.shape.plain_taken if each.is_shown]
        return ", ".join(f'"{name}"' for name in names)

    @property
    def least_names(self) -> set[str]:
        """The fields of the least body."""
        return {column.name for column in self.shape.body_columns}

    def default(self, column: Column) -> str:
        """Python for the default of a field as it is answered."""
        return repr(samples.answered(column.field))

    @property
    def optional(self) -> str:
        """The fields that can be null."""
        return _listed(each for each in self.shape.taken_columns if each.field.optional)

    @property
    def has_hidden(self) -> bool:
        """Whether one of these is in no answer."""
        return any(each.field.optional and not each.is_shown for each in self.shape.taken_columns)

    @property
    def hidden(self) -> str:
        """The fields that no answer has."""
        return _listed(each for each in self.shape.columns if not each.is_shown)

    @property
    def conflicting(self) -> list[Column]:
        """Unique fields whose values tests can state."""
        return [each for each in self.shape.unique if each.is_taken and not each.is_reference]

    @property
    def conflicts_alone(self) -> bool:
        """Whether nothing else is unique, so that it is clear with what a second one conflicts."""
        return len(self.shape.unique) == 1

    def value(self, column: Column) -> str:
        """Python for a value as JSON has it."""
        return repr(samples.good(column.field)[0])

    def other_value(self, column: Column) -> str:
        """Python for another one."""
        return repr(samples.good(column.field)[1])

    def python_first(self, column: Column) -> str:
        """Python for the first value as a row has it."""
        return self.python(column, samples.good(column.field)[0])

    def python_second(self, column: Column) -> str:
        """Python for the other one."""
        return self.python(column, samples.good(column.field)[1])

    @property
    def filtered(self) -> list[Column]:
        """Fields with an index of which there are two values."""
        plain = [each for each in self.shape.indexed if not each.is_reference]
        return [each for each in plain if self.python_first(each) != self.python_second(each)]

    @property
    def filtered_references(self) -> list[Column]:
        """References that every row has."""
        return [
            each for each in self.shape.indexed if each.is_reference and not each.field.optional
        ]

    def query(self, column: Column, value: str) -> str:
        """Python for a value as a query has it."""
        match column.field.kind:
            case Kind.DATE | Kind.TIME | Kind.DATETIME:
                return f"{value}.isoformat()"
            case Kind.DECIMAL:
                return f"str({value})"
            case _:
                return value

    def needle(self, column: Column) -> str:
        """Return a word that is in no other value."""
        return samples.needle(column.field)

    def sorted_values(self, column: Column) -> str:
        """Python for values out of order, with a tie where there can be one."""
        first, second = self.python_first(column), self.python_second(column)
        if column.field.unique:
            return f"[{second}, {first}]" if first != second else f"[{first}]"
        return f"[{second}, {first}, {first}]"


def _listed(columns: Iterable[Column]) -> str:
    return ", ".join(f'"{column.name}"' for column in columns)
