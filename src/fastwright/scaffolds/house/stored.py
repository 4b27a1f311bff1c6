"""A field as constants.py and models.py write it: its limits and its column."""

from dataclasses import dataclass
from decimal import Decimal

from fastwright.scaffolds import names
from fastwright.scaffolds.fields import PYTHON, Field, Kind, Visibility
from fastwright.scaffolds.house import words

_INT4 = 2**31 - 1
_GROUPED = 10_000  # from here on the digits of a number stand in groups
_PLAIN = {**PYTHON, Kind.REF: "int"}
_TYPES = {
    Kind.FLOAT: ["sa_type=Float(53)"],
    Kind.DATETIME: ["sa_type=UTCDateTime"],
    Kind.JSON: ["sa_type=JSONB(none_as_null=True)"],
}
_ITEM_COLUMNS = {
    Kind.STR: "String({constant})",
    Kind.INT: "BigInteger",
    Kind.FLOAT: "Float(53)",
}
LIST_ITEM_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Stored:
    """One field of one domain, as it is stored."""

    field: Field
    entity: str  # of the domain: "post"
    target: str | None = None  # the table that a reference leads to

    @property
    def name(self) -> str:
        """Return what its column and attributes are called."""
        return self.field.column

    @property
    def is_taken(self) -> bool:
        """Tell whether requests may say it."""
        return self.field.visibility is not Visibility.READ_ONLY

    @property
    def is_shown(self) -> bool:
        """Tell whether responses have it."""
        return self.field.visibility is not Visibility.WRITE_ONLY

    @property
    def is_reference(self) -> bool:
        """Tell whether it refers to another domain."""
        return self.field.kind is Kind.REF

    @property
    def is_needed(self) -> bool:
        """Tell whether a request cannot do without it."""
        return self.is_taken and not self.field.optional and self.field.default is None

    @property
    def quoted(self) -> str:
        """Return its name as SQL has it."""
        return words.quoted(self.name)

    @property
    def constant(self) -> str:
        """Return what the names of its constants begin with."""
        return self.field.name.upper()

    @property
    def limits(self) -> list[str]:
        """Return the constants that state its limits."""
        low, high = self.field.minimum, self.field.maximum
        match self.field.kind:
            case Kind.EMAIL:
                return [f"{self.constant}_MAX_LENGTH = {high}  # RFC 5321, 4.5.3.1.3"]
            case Kind.STR | Kind.TEXT | Kind.URL | Kind.SLUG:
                least = [] if not low or low == 1 else [f"{self.constant}_MIN_LENGTH = {low}"]
                return [*least, f"{self.constant}_MAX_LENGTH = {number(high)}"]
            case Kind.LIST:
                least = [] if not low else [f"{self.constant}_MIN = {low}"]
                item = [f"{self.item_constant} = {LIST_ITEM_LONGEST}"]
                most = f"{self.constant}_MAX = {number(high)}  # items"
                return [*least, most, *(item if self.field.items is Kind.STR else [])]
            case Kind.INT | Kind.FLOAT | Kind.DECIMAL:
                ends = (("MIN", low), ("MAX", high))
                return [
                    f"{self.constant}_{end} = {number(at)}" for end, at in ends if at is not None
                ]
            case _:
                return []

    @property
    def choices(self) -> str | None:
        """Return the class of its choices: `PostStatus`."""
        if self.field.kind is not Kind.ENUM:
            return None
        return names.pascal(self.entity) + names.pascal(self.field.name)

    @property
    def members(self) -> list[tuple[str, str]]:
        """Return the members of that class, and their values."""
        return [(choice.upper(), choice) for choice in self.field.choices]

    @property
    def type(self) -> str:
        """Return the type of its attribute in the model, if it is there."""
        if self.field.kind is Kind.ENUM:
            return self.choices or ""
        if self.field.kind is Kind.LIST:
            return f"list[{_PLAIN[self.field.items or Kind.STR]}]"
        return _PLAIN[self.field.kind]

    @property
    def arguments(self) -> list[str]:
        """Return what stands in the `Field(…)` of its column, but for default and uniqueness."""
        field = self.field
        match field.kind:
            case Kind.REF:
                on_delete = field.on_delete.replace("-", " ").upper()
                lead = f'foreign_key="{self.target}.id", ondelete="{on_delete}"'
                return [lead, "sa_type=BigInteger"]
            case Kind.STR | Kind.EMAIL | Kind.URL | Kind.SLUG:
                return [f"max_length={self.constant}_MAX_LENGTH"]
            case Kind.INT:
                return [] if self.is_small else ["sa_type=BigInteger"]
            case Kind.DECIMAL:
                return self.digits
            case Kind.ENUM:
                return [f'sa_type=stored_values({self.choices}, "{self.name}")']
            case Kind.LIST:
                item = _ITEM_COLUMNS[field.items or Kind.STR]
                return [f"sa_type=ARRAY({item.format(constant=self.item_constant)})"]
            case _:
                return _TYPES.get(field.kind, [])

    @property
    def digits(self) -> list[str]:
        """Return how exact a decimal is, as a `Field(…)` says it."""
        total, behind = self.field.digits or (10, 2)
        return [f"max_digits={total}", f"decimal_places={behind}"]

    @property
    def item_constant(self) -> str:
        """Return what a list's longest text is called."""
        return f"{self.constant}_ITEM_MAX_LENGTH"

    @property
    def is_small(self) -> bool:
        """Tell whether a whole number fits into four bytes."""
        low, high = self.field.minimum, self.field.maximum
        return low is not None and high is not None and low >= -_INT4 and high <= _INT4

    @property
    def check(self) -> str | None:
        """Return Python for the condition that its limits are to the database."""
        low, high = self.field.minimum, self.field.maximum
        ends = [f"{self.constant}_MIN", f"{self.constant}_MAX"]
        match self.field.kind:
            case Kind.INT | Kind.FLOAT | Kind.DECIMAL if low is not None and high is not None:
                return f'f"{self.quoted} BETWEEN {{{ends[0]}}} AND {{{ends[1]}}}"'
            case Kind.INT | Kind.FLOAT | Kind.DECIMAL if low is not None:
                return f'f"{self.quoted} >= {{{ends[0]}}}"'
            case Kind.INT | Kind.FLOAT | Kind.DECIMAL if high is not None:
                return f'f"{self.quoted} <= {{{ends[1]}}}"'
            case _:
                return None


def number(value: float | Decimal | None) -> str:
    """Return a number as constants state it: `50_000`, `Decimal("0.5")`."""
    if isinstance(value, Decimal):
        return f"Decimal({int(value)})" if value == int(value) else f'Decimal("{value:f}")'
    return f"{value:_}" if isinstance(value, int) and abs(value) >= _GROUPED else repr(value)
