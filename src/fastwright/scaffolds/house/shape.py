"""A domain as its files speak of it: names, words, and what follows from its options."""

from dataclasses import dataclass
from functools import cached_property

from fastwright.scaffolds import names
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.fields import Kind
from fastwright.scaffolds.house import words
from fastwright.scaffolds.house.columns import Column
from fastwright.scaffolds.room import Asks, Room, Table

_USERS = "user_account"


@dataclass(frozen=True)
class Shape:
    """What the templates of a domain know."""

    domain: Domain
    room: Room

    # Names and words

    @property
    def name(self) -> str:
        return self.domain.name

    @property
    def entity(self) -> str:
        return self.domain.entity

    @property
    def Entity(self) -> str:  # noqa: N802
        return names.pascal(self.entity)

    @property
    def Known(self) -> str:  # noqa: N802
        """The schema of one that was looked up."""
        return f"Known{self.Entity}" if self.is_owned else f"{self.Entity}Response"

    @property
    def Changing(self) -> str:  # noqa: N802
        return f"Own{self.Entity}" if self.is_owned else f"Write{self.Entity}"

    @property
    def COLUMNS(self) -> str:  # noqa: N802
        """The statement's columns."""
        return self.entity.upper() if self.entity.upper() not in {"ID", "QUERY"} else "COLUMNS"

    @property
    def thing(self) -> str:
        return names.spaced(self.entity)

    @property
    def things(self) -> str:
        return names.spaced(self.name)

    @property
    def Things(self) -> str:  # noqa: N802
        return self.things.capitalize()

    @property
    def a_thing(self) -> str:
        return words.with_article(self.thing)

    @property
    def A_thing(self) -> str:  # noqa: N802
        return self.a_thing.capitalize()

    @property
    def Make(self) -> str:  # noqa: N802
        return "Make"

    @property
    def of_ones_own(self) -> str:
        return " of one's own" if self.is_owned else ""

    @staticmethod
    def spaced(name: str) -> str:
        return names.spaced(name)

    # Options

    @property
    def is_owned(self) -> bool:
        return self.domain.is_owned

    @property
    def is_threaded(self) -> bool:
        return self.domain.is_threaded

    @property
    def is_soft_deleted(self) -> bool:
        return self.domain.is_soft_deleted

    @property
    def is_likeable(self) -> bool:
        return self.domain.is_likeable

    @property
    def asks_to_read(self) -> bool:
        return not self.domain.is_read_by_all

    @property
    def users(self) -> str:
        """The table of accounts."""
        return self.room.tables[self.room.users].table if self.room.users else _USERS

    # Keys and paths

    @property
    def key(self) -> str:
        return f"{self.entity}_id"

    @property
    def key_parameter(self) -> str:
        return f"{{{self.key}}}"

    @property
    def path(self) -> str:
        above = self.parent.path if self.parent else ""
        return f"{above}/{names.kebab(self.name)}"

    @property
    def item_path(self) -> str:
        return f"{self.path}/{self.key_parameter}"

    @property
    def sql_table(self) -> str:
        return words.sql(self.entity)

    # What it lies under

    @property
    def parent(self) -> Table | None:
        return self.room.tables[self.domain.parent] if self.domain.parent else None

    @property
    def Parent(self) -> str:  # noqa: N802
        return names.pascal(self.parent.entity) if self.parent else ""

    @property
    def parent_key(self) -> str:
        return f"{self.parent.entity}_id" if self.parent else ""

    @property
    def PARENT_ID(self) -> str:  # noqa: N802
        return self.parent_key.upper()

    @property
    def parent_found(self) -> str:
        """The type of what the parent's lookup returns."""
        found = self.parent.found if self.parent else None
        return f"{self.domain.parent}_schemas.{found.name}" if found else ""

    @property
    def parent_lookup(self) -> str:
        lookup = self.parent.lookup if self.parent else None
        return f"{self.domain.parent}_dependencies.{lookup.name}" if lookup else ""

    @property
    def _parent_thing(self) -> str:
        return names.spaced(self.parent.entity) if self.parent else ""

    @property
    def under_its_parent(self) -> str:
        return f" under {words.with_article(self._parent_thing)}" if self.parent else ""

    @property
    def under_a_parent(self) -> str:
        return self.under_its_parent

    @property
    def under_the_same(self) -> str:
        return f" under the same {self._parent_thing}" if self.parent else ""

    # Columns

    @cached_property
    def columns(self) -> list[Column]:
        return [
            Column(field, self.entity, self._table_of(field.target)) for field in self.domain.fields
        ]

    def _table_of(self, target: str | None) -> str | None:
        if target is None:
            return None
        return self.entity if target == self.name else self.room.tables[target].table

    @property
    def taken_columns(self) -> list[Column]:
        """Those that must be given come first."""
        taken = [column for column in self.columns if column.is_taken]
        return sorted(taken, key=lambda column: column.default is not None)

    @property
    def shown_columns(self) -> list[Column]:
        return [column for column in self.columns if column.is_shown]

    @property
    def unique(self) -> list[Column]:
        return [column for column in self.columns if column.field.unique]

    @property
    def references(self) -> list[Column]:
        return [column for column in self.columns if column.is_reference]

    @property
    def indexed(self) -> list[Column]:
        return [] if self.is_threaded else [each for each in self.columns if each.is_indexed]

    @property
    def sorted_by(self) -> list[Column]:
        return [column for column in self.indexed if column.is_sorted_by]

    @property
    def searched(self) -> list[Column]:
        return [column for column in self.columns if column.name in self.domain.searchable]

    @property
    def searched_text(self) -> str:
        """SQL for the text that a search looks into."""
        parts = [
            f"coalesce({words.sql(column.name)}, '')"
            if column.field.optional
            else words.sql(column.name)
            for column in self.searched
        ]
        return " || ' ' || ".join(parts)

    # What constants.py and models.py have

    @property
    def limits(self) -> list[str]:
        return [line for column in self.columns for line in column.limits]

    @property
    def constants(self) -> list[str]:
        """All that constants.py defines for the model."""
        search = ["SEARCH_CONFIGURATION"] if self.searched else []
        return [*self._column_constants, *search]

    @property
    def _column_constants(self) -> list[str]:
        stated = [line.partition(" =")[0] for line in self.limits]
        return [*stated, *(column.choices for column in self.columns if column.choices)]

    @property
    def schema_constants(self) -> list[str]:
        search = ["SEARCH_MAX_LENGTH"] if self.searched else []
        sort = [] if self.is_threaded else [f"{self.Entity}Sort"]
        return [*self._column_constants, *search, *sort]

    @property
    def table_arguments(self) -> list[str]:
        """Python for the constraints and indexes of several columns."""
        checks = [
            f'CheckConstraint({column.check}, "{column.name}")'
            for column in self.columns
            if column.check
        ]
        return [*self._thread_constraints, *checks, *self._indexes]

    @property
    def _indexes(self) -> list[str]:
        keys = [self.parent_key] if self.parent and not self.is_threaded else []
        keys += ["owner_id"] if self.is_owned else []
        keys += [
            column.name
            for column in self.columns
            if (column.field.index or column.is_reference) and not column.field.unique
        ]
        indexes = [f'Index("{self.entity}_{key}_idx", "{key}", "id")' for key in keys]
        if self.is_soft_deleted:
            there = 'postgresql_where=text("deleted_at IS NULL")'
            for column in self.unique:
                name = f"{self.entity}_{column.name}_key"
                indexes.append(f'Index("{name}", "{column.name}", unique=True, {there})')
        return indexes

    @property
    def _thread_constraints(self) -> list[str]:
        if not self.is_threaded:
            return []
        name = f'name="{self.entity}_parent_id_fkey"'
        key = [f'"{self.parent_key}"'] if self.parent else []
        own = ", ".join([*key, '"parent_id"'])
        other = ", ".join(
            f'"{self.entity}.{each}"' for each in ([self.parent_key] if key else []) + ["id"]
        )
        needed = [words.sql(column.name) for column in self.columns if not column.field.optional]
        whole = " AND ".join(f"{each} IS NOT NULL" for each in needed)
        whole = f"({whole})" if len(needed) > 1 else whole
        return [
            *([f'UniqueConstraint("{self.parent_key}", "id")'] if key else []),
            f"ForeignKeyConstraint([{own}], [{other}], {name})",
            'CheckConstraint("parent_id < id", "parent_id")',
            'CheckConstraint("(depth = 0) = (parent_id IS NULL)", "depth")',
            *(
                [f"CheckConstraint('deleted_at IS NOT NULL OR {whole}', \"deleted_at\")"]
                if whole
                else []
            ),
            f'Index("{self.entity}_parent_id_idx", {own}, "id")',
        ]

    def model_default(self, column: Column) -> str:
        """What stands behind the type of a column in the model."""
        default = [] if column.default is None else [f"default={column.default}"]
        if column.has_factory:
            default = [f"default_factory={column.default}"]
        if self.is_threaded and not default:
            default = ["default=None"]
        arguments = column.column
        if self.is_soft_deleted:
            arguments = arguments.replace("unique=True, ", "").replace(", unique=True", "")
            arguments = arguments.replace("unique=True", "")
        inside = ", ".join([*default, *([arguments] if arguments else [])])
        if not arguments and default and not column.has_factory:
            return f" = {column.default or 'None'}"
        return f" = Field({inside})" if inside else ""

    def create_default(self, column: Column) -> str:
        """What stands behind the type of a field in the schema of what is made."""
        if column.has_factory:
            return f" = Field(default_factory={column.default})"
        return "" if column.default is None else f" = {column.default}"

    # What exceptions.py, service.py and router.py have

    def taken(self, column: Column) -> str:
        """The error of a value that another one has."""
        return f"{self.Entity}{names.pascal(column.name)}Taken"

    @property
    def exceptions(self) -> list[str]:
        thread = ["ParentNotFound", "Deleted", "ThreadTooDeep"] if self.is_threaded else []
        return [
            f"{self.Entity}NotFound",
            *(self.taken(column) for column in self.unique),
            *(f"{self.Entity}{error}" for error in thread),
        ]

    @property
    def broken(self) -> list[tuple[str, str]]:
        """Constraints, and Python for the error that a request gets that would break one."""
        parent = f"{self.domain.parent}_exceptions.{self.Parent}NotFound"
        return [
            *([(f"{self.parent_key}_fkey", parent)] if self.parent else []),
            *([("owner_id_fkey", "auth_exceptions.SessionEnded")] if self.is_owned else []),
            *self._broken_by_columns,
        ]

    @property
    def _broken_by_columns(self) -> list[tuple[str, str]]:
        return [
            *((f"{column.name}_key", self.taken(column)) for column in self.unique),
            *(
                (f"{column.name}_fkey", f'partial(UnknownReference, "{column.name}")')
                for column in self.references
                if column.is_taken
            ),
        ]

    @property
    def broken_by_update(self) -> bool:
        return bool(self._broken_by_columns)

    @property
    def raised_by_update(self) -> list[tuple[str, str]]:
        deleted = [(f"{self.Entity}Deleted", "it was deleted")] if self.is_threaded else []
        return [*deleted, *self._raised_by_columns]

    @property
    def raised_by_create(self) -> list[tuple[str, str]]:
        gone = "has been deleted meanwhile"
        return [
            *(
                [(f"{self.Parent}NotFound", f"the {self._parent_thing} {gone}")]
                if self.parent
                else []
            ),
            *([("SessionEnded", f"the account {gone}")] if self.is_owned else []),
            *self._raised_by_columns,
            *(
                [
                    (f"{self.Entity}ParentNotFound", f"there is no such {self.thing} to reply to"),
                    (f"{self.Entity}Deleted", "what it replies to was deleted"),
                    (f"{self.Entity}ThreadTooDeep", "what it replies to is as deep as can be"),
                ]
                if self.is_threaded
                else []
            ),
        ]

    @property
    def _raised_by_columns(self) -> list[tuple[str, str]]:
        refers = any(column.is_taken for column in self.references)
        return [
            *(
                (self.taken(each), f"another one has this {self.spaced(each.name)}")
                for each in self.unique
                if each.is_taken
            ),
            *([("UnknownReference", "what it refers to is not there")] if refers else []),
        ]

    @property
    def raised_by_create_route(self) -> list[str]:
        elsewhere = {f"{self.Parent}NotFound", "SessionEnded"}
        return [error for error, _ in self.raised_by_create if error not in elsewhere]

    @property
    def raised_by_update_route(self) -> list[str]:
        return [error for error, _ in self.raised_by_update]

    @property
    def raised_by_router(self) -> list[str]:
        raised = {*self.raised_by_create_route, *self.raised_by_update_route}
        return sorted(raised - {"UnknownReference"})

    # What is imported; what turns out to be unused is taken out again

    @property
    def schemas(self) -> list[str]:
        ours = ["Create", "Update", "Response", *([] if self.is_threaded else ["Filters"])]
        thread = [f"Thread{self.Entity}"] if self.is_threaded else []
        return sorted({*(self.Entity + each for each in ours), *thread, self.Known})

    @property
    def router_schemas(self) -> list[str]:
        return [each for each in self.schemas if not each.startswith("Known")]

    @property
    def dependencies(self) -> list[str]:
        parent = [f"Read{self.Parent}", f"Write{self.Parent}"] if self.parent else []
        guards = ["READING"] if self.asks_to_read else []
        writers = ["Writer"] if self.is_owned or self.is_likeable else []
        return [
            *parent,
            *guards,
            *writers,
            *([] if self.is_owned else ["WRITING"]),
            f"Read{self.Entity}",
            self.Changing,
            *([f"Write{self.Entity}"] if self.is_likeable and self.is_owned else []),
        ]

    # Scopes of personal access tokens

    @property
    def read_scope(self) -> str | None:
        """None where reading asks nobody."""
        if not self.asks_to_read and (self.parent is None or self.parent.asks is Asks.NOBODY):
            return None
        return f"{self.name.upper()}_READ"

    @property
    def write_scope(self) -> str:
        return f"{self.name.upper()}_WRITE"

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        there = [self.read_scope, self.write_scope]
        kebab = names.kebab(self.name)
        return tuple((each, f"{kebab}:{each.rpartition('_')[2].lower()}") for each in there if each)

    # What lists are filtered by

    @property
    def filters(self) -> list[tuple[str, str]]:
        """The parameters of a list, and Python for the condition that each stands for."""
        if self.is_threaded:
            return []
        model = self.Entity
        found = []
        if self.is_owned:
            owner = 'auth_service.id_of(bindparam("by_owner", type_=String))'
            found.append(("owner", f"col({model}.owner_id) == {owner}"))
        for column in self.indexed:
            place = f"col({model}.{column.name})"
            if column.is_range:
                for end, sign in (("from", ">="), ("to", "<=")):
                    name = f"{column.name}_{end}"
                    found.append((name, f'{place} {sign} bindparam("by_{name}")'))
            else:
                found.append((column.name, f'{place} == bindparam("by_{column.name}")'))
        if self.searched:
            found.append(("search", 'search_vector.bool_op("@@")(QUERY)'))
        return found

    # What tests have

    @property
    def needs_made(self) -> bool:
        """Tell whether one of them can only be made of what there is already."""
        needed = any(not c.field.optional and c.field.target != "users" for c in self.references)
        return self.parent is not None or needed

    @property
    def body_columns(self) -> list[Column]:
        """Those of the least body that makes one; one that need not be there where none has to."""
        needed = [column for column in self.taken_columns if column.is_needed]
        others = [column for column in self.taken_columns if not column.is_reference]
        return needed or others[:1]

    @property
    def plain_taken(self) -> list[Column]:
        """Those whose values tests can simply state."""
        return [column for column in self.taken_columns if not column.is_reference]

    @property
    def missing(self) -> str:
        """The code of the 404 where nothing on the path is there: that of its first thing."""
        first = self.item_path.partition("{")[2].partition("_id}")[0]
        return f"{first}_not_found"

    @property
    def has_json(self) -> bool:
        return any(column.field.kind is Kind.JSON for column in self.columns)
