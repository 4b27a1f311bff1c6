"""The columns of a domain with its constraints, indexes, filters and orders."""

from dataclasses import dataclass
from functools import cached_property

from fastwright.scaffolds.house import words
from fastwright.scaffolds.house.columns import Column
from fastwright.scaffolds.house.identity import Identity

_OWNER = 'auth_service.id_of(bindparam("by_owner", type_=String))'


@dataclass(frozen=True)
class Tabled(Identity):
    """A domain with its columns."""

    @cached_property
    def columns(self) -> list[Column]:
        """Return what it was asked for with."""
        fields = self.domain.fields
        return [Column(each, self.entity, self._table_of(each.target)) for each in fields]

    @property
    def taken_columns(self) -> list[Column]:
        """Return what requests may say; what they have to say comes first."""
        taken = [each for each in self.columns if each.is_taken]
        return sorted(taken, key=lambda each: each.default is not None)

    @property
    def plain_taken(self) -> list[Column]:
        """Return those of them whose values tests can simply state."""
        return [each for each in self.taken_columns if not each.is_reference]

    @property
    def shown_columns(self) -> list[Column]:
        """Return what responses have."""
        return [each for each in self.columns if each.is_shown]

    @property
    def unique(self) -> list[Column]:
        """Return what no two have in common."""
        return [each for each in self.columns if each.field.unique]

    @property
    def references(self) -> list[Column]:
        """Return what leads to other domains."""
        return [each for each in self.columns if each.is_reference]

    @property
    def indexed(self) -> list[Column]:
        """Return what lists can be filtered by."""
        return [] if self.is_threaded else [each for each in self.columns if each.is_indexed]

    @property
    def sorted_by(self) -> list[Column]:
        """Return what lists can be sorted by."""
        return [each for each in self.indexed if each.is_sorted_by]

    @property
    def searched(self) -> list[Column]:
        """Return what a search looks into."""
        return [each for each in self.columns if each.name in self.domain.searchable]

    @property
    def searched_text(self) -> str:
        """Return SQL for all of that as one text."""
        parts = [(words.sql(each.name), each.field.optional) for each in self.searched]
        texts = [f"coalesce({name}, '')" if optional else name for name, optional in parts]
        return " || ' ' || ".join(texts)

    @property
    def limits(self) -> list[str]:
        """Return the constants that state limits."""
        return [line for column in self.columns for line in column.limits]

    @property
    def constants(self) -> list[str]:
        """Return the names of all that the model may need."""
        search = ["SEARCH_CONFIGURATION"] if self.searched else []
        return [*self._column_constants, *search]

    @property
    def schema_constants(self) -> list[str]:
        """Return the names of all that the schemas may need."""
        search = ["SEARCH_MAX_LENGTH"] if self.searched else []
        sort = [] if self.is_threaded else [f"{self.Entity}Sort"]
        return [*self._column_constants, *search, *sort]

    @property
    def table_arguments(self) -> list[str]:
        """Return Python for the constraints and indexes of the table."""
        checked = [each for each in self.columns if each.check]
        checks = [f'CheckConstraint({each.check}, "{each.name}")' for each in checked]
        return [*self._thread_constraints, *checks, *self._indexes]

    def model_default(self, column: Column) -> str:
        """Return what stands behind the type of a column in the model."""
        default = column.default
        if default is None and self.is_threaded:
            default = "None"
        arguments = list(column.arguments)
        if column.field.unique and not self.is_soft_deleted:
            arguments.append("unique=True")
        if default is None:
            return f" = Field({', '.join(arguments)})" if arguments else ""
        if not arguments and not column.has_factory:
            return f" = {default}"
        word = "default_factory" if column.has_factory else "default"
        return f" = Field({', '.join([f'{word}={default}', *arguments])})"

    @staticmethod
    def create_default(column: Column) -> str:
        """Return what stands behind the type of a field in the schema of what is made."""
        if column.has_factory:
            return f" = Field(default_factory={column.default})"
        return "" if column.default is None else f" = {column.default}"

    @property
    def filters(self) -> list[tuple[str, str]]:
        """Return the parameters that choose what a list has, with Python for their conditions."""
        if self.is_threaded:
            return []
        owner = f"col({self.Entity}.owner_id) == {_OWNER}"
        search = 'search_vector.bool_op("@@")(QUERY)'
        return [
            *([("owner", owner)] if self.is_owned else []),
            *(pair for column in self.indexed for pair in self._conditions(column)),
            *([("search", search)] if self.searched else []),
        ]

    def _conditions(self, column: Column) -> list[tuple[str, str]]:
        place = f"col({self.Entity}.{column.name})"
        if not column.is_range:
            return [(column.name, f'{place} == bindparam("by_{column.name}")')]
        ends = [(f"{column.name}_from", ">="), (f"{column.name}_to", "<=")]
        return [(name, f'{place} {sign} bindparam("by_{name}")') for name, sign in ends]

    @property
    def _column_constants(self) -> list[str]:
        stated = [line.partition(" =")[0] for line in self.limits]
        return [*stated, *(each.choices for each in self.columns if each.choices)]

    @property
    def _indexes(self) -> list[str]:
        wanted = [
            each.name
            for each in self.columns
            if (each.field.index or each.is_reference) and not each.field.unique
        ]
        under = [self.parent_key] if self.parent and not self.is_threaded else []
        keys = [*under, *(["owner_id"] if self.is_owned else []), *wanted]
        indexes = [f'Index("{self.entity}_{key}_idx", "{key}", "id")' for key in keys]
        there = self.unique if self.is_soft_deleted else []
        return [*indexes, *(self._unique_index(each) for each in there)]

    def _unique_index(self, column: Column) -> str:
        """Return what is unique among those that are there."""
        name = f"{self.entity}_{column.name}_key"
        condition = 'postgresql_where=text("deleted_at IS NULL")'
        return f'Index("{name}", "{column.name}", unique=True, {condition})'

    @property
    def _thread_constraints(self) -> list[str]:
        if not self.is_threaded:
            return []
        name = f'name="{self.entity}_parent_id_fkey"'
        place = [self.parent_key] if self.parent else []
        own = ", ".join(f'"{each}"' for each in (*place, "parent_id"))
        other = ", ".join(f'"{self.entity}.{each}"' for each in (*place, "id"))
        needed = [words.sql(each.name) for each in self.columns if not each.field.optional]
        whole = " AND ".join(f"{each} IS NOT NULL" for each in needed)
        whole = f"({whole})" if len(needed) > 1 else whole
        condition = f"'deleted_at IS NOT NULL OR {whole}'"
        return [
            *([f'UniqueConstraint("{self.parent_key}", "id")'] if place else []),
            f"ForeignKeyConstraint([{own}], [{other}], {name})",
            'CheckConstraint("parent_id < id", "parent_id")',
            'CheckConstraint("(depth = 0) = (parent_id IS NULL)", "depth")',
            *([f'CheckConstraint({condition}, "deleted_at")'] if whole else []),
            f'Index("{self.entity}_parent_id_idx", {own}, "id")',
        ]

    def _table_of(self, target: str | None) -> str | None:
        if target is None or target == self.name:
            return target and self.entity
        return self.room.tables[target].table
