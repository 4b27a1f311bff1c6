"""A field as the files of a domain write it: its column, its types in schemas, its limits."""

from dataclasses import dataclass
from decimal import Decimal

from fastwright.scaffolds import names
from fastwright.scaffolds.fields import Field, Kind, Value, Visibility
from fastwright.scaffolds.house import samples, words

TEXTS = {Kind.STR, Kind.TEXT, Kind.EMAIL, Kind.URL, Kind.SLUG}
NUMBERS = {Kind.INT, Kind.FLOAT, Kind.DECIMAL}
MOMENTS = {Kind.DATE, Kind.TIME, Kind.DATETIME}
_SORTABLE = {*TEXTS, *NUMBERS, *MOMENTS}
_LONGEST_SORTED = 255  # characters; a cursor holds the last one of a page
_INT4 = 2**31 - 1
_PLAIN = {
    Kind.STR: "str",
    Kind.TEXT: "str",
    Kind.EMAIL: "str",
    Kind.URL: "str",
    Kind.SLUG: "str",
    Kind.INT: "int",
    Kind.FLOAT: "float",
    Kind.DECIMAL: "Decimal",
    Kind.BOOL: "bool",
    Kind.DATE: "date",
    Kind.TIME: "time",
    Kind.DATETIME: "datetime",
    Kind.UUID: "UUID",
    Kind.JSON: "dict[str, Any]",
    Kind.REF: "int",
}
_INPUTS = {
    Kind.STR: "StorableText",
    Kind.TEXT: "StorableText",
    Kind.EMAIL: "EmailAddress",
    Kind.URL: "WebAddress",
    Kind.SLUG: "Slug",
    Kind.INT: "int",
    Kind.FLOAT: "float",
    Kind.DECIMAL: "Decimal",
    Kind.BOOL: "StrictBool",
    Kind.DATE: "Day",
    Kind.TIME: "ClockTime",
    Kind.DATETIME: "Moment",
    Kind.UUID: "UUID",
    Kind.JSON: "StorableJson",
}
_LIST_ITEMS = {
    Kind.STR: "Annotated[StorableText, Field(max_length={constant})]",
    Kind.INT: "Annotated[int, Field(strict=True, ge=-MAX_BIGINT, le=MAX_BIGINT)]",
    Kind.FLOAT: "Annotated[float, Field(strict=True, allow_inf_nan=False)]",
}
_ITEM_COLUMNS = {
    Kind.STR: "String({constant})",
    Kind.INT: "BigInteger",
    Kind.FLOAT: "Float(53)",
}
LIST_ITEM_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Column:
    """One field of one domain."""

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

    # What constants.py has.

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
                least = [] if low in {None, 0, 1} else [f"{self.constant}_MIN_LENGTH = {low}"]
                return [*least, f"{self.constant}_MAX_LENGTH = {_number(high)}"]
            case Kind.LIST:
                least = [] if not low else [f"{self.constant}_MIN = {low}"]
                item = [f"{self.constant}_ITEM_MAX_LENGTH = {LIST_ITEM_LONGEST}"]
                most = f"{self.constant}_MAX = {_number(high)}  # items"
                return [*least, most, *(item if self.field.items is Kind.STR else [])]
            case Kind.INT | Kind.FLOAT | Kind.DECIMAL:
                ends = (("MIN", low), ("MAX", high))
                return [
                    f"{self.constant}_{end} = {_number(at)}" for end, at in ends if at is not None
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

    # What models.py has.

    @property
    def type(self) -> str:
        """Return the type of its attribute in the model, if it is there."""
        if self.field.kind is Kind.ENUM:
            return self.choices or ""
        if self.field.kind is Kind.LIST:
            return f"list[{_PLAIN[self.field.items or Kind.STR]}]"
        return _PLAIN[self.field.kind]

    @property
    def column(self) -> str:
        """Return what stands in the `Field(…)` of its column, but for its default."""
        return ", ".join(self._column_arguments())

    def _column_arguments(self) -> list[str]:
        field, unique = self.field, ["unique=True"] if self.field.unique else []
        match field.kind:
            case Kind.REF:
                on_delete = field.on_delete.replace("-", " ").upper()
                lead = f'foreign_key="{self.target}.id", ondelete="{on_delete}"'
                return [lead, *unique, "sa_type=BigInteger"]
            case Kind.TEXT:
                return unique
            case Kind.STR | Kind.EMAIL | Kind.URL | Kind.SLUG:
                return [f"max_length={self.constant}_MAX_LENGTH", *unique]
            case Kind.INT:
                return unique if self.is_small else [*unique, "sa_type=BigInteger"]
            case Kind.DECIMAL:
                total, behind = field.digits or (10, 2)
                return [f"max_digits={total}", f"decimal_places={behind}", *unique]
            case Kind.DATETIME:
                return [*unique, "sa_type=UTCDateTime"]
            case Kind.FLOAT:
                return [*unique, "sa_type=Float(53)"]
            case Kind.ENUM:
                return [*unique, f'sa_type=stored_values({self.choices}, "{self.name}")']
            case Kind.LIST:
                item = _ITEM_COLUMNS[field.items or Kind.STR]
                inside = item.format(constant=f"{self.constant}_ITEM_MAX_LENGTH")
                return [f"sa_type=ARRAY({inside})"]
            case Kind.JSON:
                return ["sa_type=JSONB(none_as_null=True)"]
            case _:
                return unique

    @property
    def is_small(self) -> bool:
        """Tell whether a whole number fits into four bytes."""
        low, high = self.field.minimum, self.field.maximum
        return low is not None and high is not None and -_INT4 <= low and high <= _INT4

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

    # What schemas.py has.

    @property
    def alias(self) -> str | None:
        """Return what the schemas call its type, where that says more than a name."""
        if self.definition is None:
            return None
        name = names.pascal(self.field.name)
        return names.pascal(self.entity) + name if name in words.IMPORTED else name

    @property
    def definition(self) -> str | None:
        """Return the type with its limits."""
        first, _ = samples.good(self.field) if self.field.kind is not Kind.REF else (None, None)
        rules = self._rules()
        match self.field.kind:
            case Kind.REF:
                return "Annotated[Id, Field(strict=True)]"
            case Kind.LIST:
                item = _LIST_ITEMS[self.field.items or Kind.STR]
                inside = item.format(constant=f"{self.constant}_ITEM_MAX_LENGTH")
                return f"Annotated[list[{inside}], Field({', '.join(rules)})]"
            case Kind.STR | Kind.TEXT | Kind.URL | Kind.SLUG | Kind.INT | Kind.FLOAT | Kind.DECIMAL:
                example = f"Decimal({first!r})" if self.field.kind is Kind.DECIMAL else repr(first)
                rules.append(f"examples=[{example}]")
                return f"Annotated[{_INPUTS[self.field.kind]}, Field({', '.join(rules)})]"
            case _:
                return None

    def _rules(self) -> list[str]:
        low, high = self.field.minimum, self.field.maximum
        match self.field.kind:
            case Kind.STR | Kind.TEXT | Kind.URL | Kind.SLUG:
                least = {None: [], 0: [], 1: ["min_length=1"]}.get(
                    low, [f"min_length={self.constant}_MIN_LENGTH"]
                )
                return [*least, f"max_length={self.constant}_MAX_LENGTH"]
            case Kind.LIST:
                least = [f"min_length={self.constant}_MIN"] if low else []
                return [*least, f"max_length={self.constant}_MAX"]
            case Kind.INT:
                low_name = f"{self.constant}_MIN" if low is not None else "-MAX_BIGINT"
                high_name = f"{self.constant}_MAX" if high is not None else "MAX_BIGINT"
                return ["strict=True", f"ge={low_name}", f"le={high_name}"]
            case Kind.FLOAT | Kind.DECIMAL:
                ends = (("ge", "MIN", low), ("le", "MAX", high))
                bounds = [f"{key}={self.constant}_{end}" for key, end, at in ends if at is not None]
                if self.field.kind is Kind.FLOAT:
                    return ["strict=True", "allow_inf_nan=False", *bounds]
                total, behind = self.field.digits or (10, 2)
                return [f"max_digits={total}", f"decimal_places={behind}", *bounds]
            case _:
                return []

    @property
    def input(self) -> str:
        """Return the type of the field in a request."""
        return self.alias or self.choices or _INPUTS[self.field.kind]

    @property
    def output(self) -> str:
        """Return the type of the field in a response, if it is there."""
        match self.field.kind:
            case Kind.JSON:
                return "StoredJson"
            case Kind.TIME:
                return "ClockTime"
            case Kind.REF:
                return "Id"
            case _:
                return self.type

    @property
    def or_none(self) -> str:
        """Return what makes its type optional."""
        return " | None" if self.field.optional else ""

    @property
    def default(self) -> str | None:
        """Return Python for its default; None where there is none."""
        if self.field.default is None:
            return "None" if self.field.optional else None
        return _default(self.field.default, self.field.kind, self.choices)

    @property
    def has_factory(self) -> bool:
        """Tell whether its default is what it is only when it is needed."""
        return self.field.default in {"now", "today"} and self.field.kind in MOMENTS

    # What lists can do with it.

    @property
    def is_indexed(self) -> bool:
        """Tell whether lists can be filtered by it."""
        is_key = self.field.index or self.field.unique or self.is_reference
        return is_key and self.is_shown

    @property
    def is_range(self) -> bool:
        """Tell whether it is filtered by its least and its most."""
        return self.field.kind in {*NUMBERS, *MOMENTS}

    @property
    def is_sorted_by(self) -> bool:
        """Tell whether lists can be sorted by it."""
        is_long = self.field.kind in TEXTS and int(self.field.maximum or 0) > _LONGEST_SORTED
        is_there = not self.field.optional and self.field.kind in _SORTABLE
        return self.is_indexed and is_there and not is_long

    @property
    def filter_type(self) -> str:
        """Return the type of its filters, as queries can say it."""
        match self.field.kind:
            case Kind.INT:
                return "Annotated[int, Field(ge=-MAX_BIGINT, le=MAX_BIGINT)]"
            case Kind.FLOAT:
                return "Annotated[float, Field(allow_inf_nan=False)]"
            case Kind.DECIMAL:
                total, behind = self.field.digits or (10, 2)
                return f"Annotated[Decimal, Field(max_digits={total}, decimal_places={behind})]"
            case Kind.BOOL:
                return "bool"
            case Kind.REF:
                return "Id"
            case _:
                return self.input


def _default(value: Value, kind: Kind, choices: str | None) -> str:
    match kind:
        case Kind.ENUM:
            return f"{choices}.{str(value).upper()}"
        case Kind.DECIMAL:
            return _number(Decimal(str(value)))
        case Kind.DATETIME if value == "now":
            return "utc_now"
        case Kind.DATE if value == "today":
            return "lambda: utc_now().date()"
        case Kind.DATE | Kind.TIME | Kind.DATETIME:
            return f'{kind}.fromisoformat("{value}")'
        case _:
            return repr(value)


def _number(value: float | Decimal | None) -> str:
    """Return a number as constants state it: `50_000`, `Decimal("0.5")`."""
    if isinstance(value, Decimal):
        return f"Decimal({int(value)})" if value == int(value) else f'Decimal("{value}")'
    return f"{value:_}" if isinstance(value, int) and abs(value) > 9_999 else repr(value)
