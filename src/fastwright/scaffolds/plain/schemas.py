"""The fields of schemas, with the limits that their columns have."""

from decimal import Decimal

from fastwright.scaffolds.fields import SLUG, Field, Kind
from fastwright.scaffolds.plain.values import PYTHON, default_of
from fastwright.scaffolds.room import Room

_PATTERNS = {
    Kind.EMAIL: r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
    Kind.URL: r"^https?://\S+$",
    Kind.SLUG: f"^{SLUG.pattern}$",
}
_ENDS = (-(2**63), 2**63 - 1)  # of what a column of whole numbers holds


class Schemas:
    """How a project's version of Pydantic spells what a field takes."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._is_old = room.pydantic == 1

    def type(self, field: Field, *, given: bool = False) -> str:
        """Return a field's type; what is given has its offset, where Pydantic can insist on it."""
        match field.kind:
            case Kind.REF:
                return self._room.tables[field.target or ""].key_type
            case Kind.ENUM:
                return f"Literal[{', '.join(map(repr, field.choices))}]"
            case Kind.LIST:
                return f"list[{field.items}]"
            case Kind.DATETIME if given and not self._is_old:
                return "AwareDatetime"
            case kind:
                return PYTHON[kind]

    def created(self, field: Field) -> str:
        """Return a field of the schema that takes a new thing."""
        if field.default is not None:
            default, factory = default_of(field)
            value = f"default={default}" if factory is None else f"default_factory={factory}"
            annotation = self.type(field, given=True)
            return self._line(
                field, f"Optional[{annotation}]" if field.optional else annotation, value
            )
        if field.optional:
            return self.updated(field)
        return self._line(field, self.type(field, given=True), None)

    def updated(self, field: Field) -> str:
        """Return a field of the schema that takes changes: none has to be given."""
        return self._line(field, f"Optional[{self.type(field, given=True)}]", "default=None")

    def read(self, field: Field) -> str:
        """Return a field of the schema that is answered."""
        annotation = self.type(field)
        return f"{field.column}: " + (f"Optional[{annotation}]" if field.optional else annotation)

    def _line(self, field: Field, annotation: str, value: str | None) -> str:
        limits = self._limits(field)
        line = f"{field.column}: {annotation}"
        if not limits and value is not None and value.startswith("default="):
            return f"{line} = {value.removeprefix('default=')}"
        arguments = [*([value] if value else []), *limits]
        return f"{line} = Field({', '.join(arguments)})" if arguments else line

    def _limits(self, field: Field) -> list[str]:
        match field.kind:
            case Kind.STR | Kind.TEXT:
                return _lengths(field, "length")
            case Kind.EMAIL | Kind.URL | Kind.SLUG:
                pattern = "regex" if self._is_old else "pattern"
                return [*_lengths(field, "length"), f'{pattern}=r"{_PATTERNS[field.kind]}"']
            case Kind.REF if self.type(field) == "int":
                return ["ge=1", "le=2**31 - 1"]
            case Kind.LIST:
                return _lengths(field, "items" if self._is_old else "length")
            case Kind.INT:
                low = _ENDS[0] if field.minimum is None else field.minimum
                high = _ENDS[1] if field.maximum is None else field.maximum
                return [f"ge={_number(low)}", f"le={_number(high)}"]
            case Kind.FLOAT:
                return [*_range(field), *([] if self._is_old else ["allow_inf_nan=False"])]
            case Kind.DECIMAL:
                digits, behind = field.digits or (10, 2)
                return [f"max_digits={digits}", f"decimal_places={behind}", *_range(field)]
            case _:
                return []


def _lengths(field: Field, of: str) -> list[str]:
    return [
        *([f"min_{of}={field.minimum}"] if field.minimum else []),
        *([f"max_{of}={field.maximum}"] if field.maximum is not None else []),
    ]


def _range(field: Field) -> list[str]:
    return [
        *([f"ge={_number(field.minimum)}"] if field.minimum is not None else []),
        *([f"le={_number(field.maximum)}"] if field.maximum is not None else []),
    ]


def _number(value: float | Decimal) -> str:
    if isinstance(value, Decimal):
        return f'Decimal("{value}")'
    if value == _ENDS[0]:
        return "-(2**63)"
    return "2**63 - 1" if value == _ENDS[1] else repr(value)
