"""A field as schemas.py writes it, and what lists can do with it."""

from dataclasses import dataclass
from decimal import Decimal

from fastwright.scaffolds import names
from fastwright.scaffolds.fields import Kind, Value
from fastwright.scaffolds.house import samples, words
from fastwright.scaffolds.house.stored import Stored, number

TEXTS = {Kind.STR, Kind.TEXT, Kind.EMAIL, Kind.URL, Kind.SLUG}
NUMBERS = {Kind.INT, Kind.FLOAT, Kind.DECIMAL}
MOMENTS = {Kind.DATE, Kind.TIME, Kind.DATETIME}
_SORTABLE = {*TEXTS, *NUMBERS, *MOMENTS}
_LONGEST_SORTED = 255  # characters; a cursor holds the last one of a page
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


@dataclass(frozen=True, slots=True)
class Column(Stored):
    """One field of one domain."""

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
                inside = item.format(constant=self.item_constant)
                return f"Annotated[list[{inside}], Field({', '.join(rules)})]"
            case Kind.STR | Kind.TEXT | Kind.URL | Kind.SLUG | Kind.INT | Kind.FLOAT | Kind.DECIMAL:
                example = repr(first)
                if self.field.kind is Kind.DECIMAL:
                    example = number(Decimal(str(first)))
                rules.append(f"examples=[{example}]")
                return f"Annotated[{_INPUTS[self.field.kind]}, Field({', '.join(rules)})]"
            case _:
                return None

    def _rules(self) -> list[str]:
        low, high = self.field.minimum, self.field.maximum
        match self.field.kind:
            case Kind.STR | Kind.TEXT | Kind.URL | Kind.SLUG:
                shortest = "1" if low == 1 else f"{self.constant}_MIN_LENGTH"
                most = f"max_length={self.constant}_MAX_LENGTH"
                return [f"min_length={shortest}", most] if low else [most]
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
                return [*self.digits, *bounds]
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
            case Kind.DECIMAL:
                return "StoredDecimal"
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
                return f"Annotated[Decimal, Field({', '.join(self.digits)})]"
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
            return number(Decimal(str(value)))
        case Kind.DATETIME if value == "now":
            return "utc_now"
        case Kind.DATE if value == "today":
            return "lambda: utc_now().date()"
        case Kind.DATE | Kind.TIME | Kind.DATETIME:
            return f'{kind}.fromisoformat("{value}")'
        case _:
            return repr(value)
