"""What a domain is called where, what it lies under, and which options it has."""

from dataclasses import dataclass

from fastwright.scaffolds import names
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.house import words
from fastwright.scaffolds.room import Asks, Room, Table


@dataclass(frozen=True)
class Identity:
    """The names and words of a domain. A capital letter says how a name is written."""

    domain: Domain
    room: Room

    @property
    def name(self) -> str:
        """Return what its folder is called."""
        return self.domain.name

    @property
    def entity(self) -> str:
        """Return what one of them is called in code, and the table of all."""
        return self.domain.entity

    @property
    def Entity(self) -> str:  # noqa: N802 - it is written like this
        """Return what the model is called, and what the names of other classes begin with."""
        return names.pascal(self.entity)

    @property
    def Known(self) -> str:  # noqa: N802
        """Return the schema of one that was looked up."""
        return f"Known{self.Entity}" if self.is_owned else f"{self.Entity}Response"

    @property
    def Changing(self) -> str:  # noqa: N802
        """Return the dependency of who changes one."""
        return f"Own{self.Entity}" if self.is_owned else f"Write{self.Entity}"

    @property
    def COLUMNS(self) -> str:  # noqa: N802
        """Return what is read of each row."""
        return f"{self.entity.upper()}_COLUMNS"

    @property
    def thing(self) -> str:
        """Return words for one of them."""
        return names.spaced(self.entity)

    @property
    def things(self) -> str:
        """Return words for many."""
        return names.spaced(self.name)

    @property
    def Things(self) -> str:  # noqa: N802
        """Return these at the beginning of a sentence."""
        return self.things.capitalize()

    @property
    def a_thing(self) -> str:
        """Return words for any one."""
        return words.with_article(self.thing)

    @property
    def A_thing(self) -> str:  # noqa: N802
        """Return these at the beginning of a sentence."""
        return self.a_thing.capitalize()

    @property
    def of_ones_own(self) -> str:
        """Return whose it has to be, if somebody's."""
        return " of one's own" if self.is_owned else ""

    @property
    def is_owned(self) -> bool:
        """Tell whether each belongs to who made it."""
        return self.domain.is_owned

    @property
    def is_threaded(self) -> bool:
        """Tell whether they answer one another."""
        return self.domain.is_threaded

    @property
    def is_soft_deleted(self) -> bool:
        """Tell whether the row of a deleted one stays."""
        return self.domain.is_soft_deleted

    @property
    def is_likeable(self) -> bool:
        """Tell whether users can like them."""
        return self.domain.is_likeable

    @property
    def asks_to_read(self) -> bool:
        """Tell whether reading takes an account."""
        return not self.domain.is_read_by_all

    @property
    def users(self) -> str:
        """Return the table of accounts."""
        return self.room.tables[self.room.users or "users"].table

    @property
    def key(self) -> str:
        """Return what the id of one is called in paths and signatures."""
        return f"{self.entity}_id"

    @property
    def key_parameter(self) -> str:
        """Return the same as a part of a path."""
        return f"{{{self.key}}}"

    @property
    def path(self) -> str:
        """Return the path of all."""
        above = self.parent.path if self.parent else ""
        return f"{above}/{names.kebab(self.name)}"

    @property
    def item_path(self) -> str:
        """Return the path of one."""
        return f"{self.path}/{self.key_parameter}"

    @property
    def missing(self) -> str:
        """Return the code of the 404 where nothing on the path is there: that of its first id."""
        first = self.item_path.partition("{")[2].partition("_id}")[0]
        return f"{first}_not_found"

    @property
    def sql_table(self) -> str:
        """Return the table as SQL has it."""
        return words.sql(self.entity)

    @property
    def parent(self) -> Table | None:
        """Return what it lies under."""
        return self.room.tables[self.domain.parent] if self.domain.parent else None

    @property
    def Parent(self) -> str:  # noqa: N802
        """Return that one's model."""
        return names.pascal(self.parent.entity) if self.parent else ""

    @property
    def parent_key(self) -> str:
        """Return the column that leads there."""
        return f"{self.parent.entity}_id" if self.parent else ""

    @property
    def PARENT_ID(self) -> str:  # noqa: N802
        """Return what statements call the parameter for it."""
        return self.parent_key.upper()

    @property
    def parent_found(self) -> str:
        """Return the type of what the parent's lookup gives."""
        found = self.parent.found if self.parent else None
        return f"{self.domain.parent}_schemas.{found.name}" if found else ""

    @property
    def parent_lookup(self) -> str:
        """Return the parent's lookup."""
        lookup = self.parent.lookup if self.parent else None
        return f"{self.domain.parent}_dependencies.{lookup.name}" if lookup else ""

    @property
    def parent_thing(self) -> str:
        """Return words for the parent."""
        return names.spaced(self.parent.entity) if self.parent else ""

    @property
    def under_its_parent(self) -> str:
        """Return where it is."""
        return f" under {words.with_article(self.parent_thing)}" if self.parent else ""

    @property
    def under_the_same(self) -> str:
        """Return where its relatives are."""
        return f" under the same {self.parent_thing}" if self.parent else ""

    @property
    def read_scope(self) -> str | None:
        """Return what a personal access token needs to read; None where nobody is asked."""
        if not self.asks_to_read and (self.parent is None or self.parent.asks is Asks.NOBODY):
            return None
        return f"{self.name.upper()}_READ"

    @property
    def write_scope(self) -> str:
        """Return what one needs to write."""
        return f"{self.name.upper()}_WRITE"

    @property
    def scopes(self) -> tuple[tuple[str, str], ...]:
        """Return both with their values."""
        there = [each for each in (self.read_scope, self.write_scope) if each]
        kebab = names.kebab(self.name)
        return tuple((each, f"{kebab}:{each.rpartition('_')[2].lower()}") for each in there)
