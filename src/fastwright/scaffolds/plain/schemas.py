"""The fields of schemas, with the limits that their columns have."""

from collections.abc import Sequence
from decimal import Decimal

from fastwright.scaffolds.fields import PYTHON, SLUG, Field, Kind
from fastwright.scaffolds.plain.values import default_of
from fastwright.scaffolds.room import Room

_PATTERNS = {
    Kind.EMAIL: r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
    Kind.URL: r"^https?://\S+$",
    Kind.SLUG: f"^{SLUG.pattern}$",
}
_WITHOUT_NUL = r"^[^\x00]*$"
_TEXTS = {Kind.STR, Kind.TEXT, Kind.EMAIL, Kind.URL, Kind.SLUG}
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
            if field.optional:
                return self._optional(field, value)
            return self._line(field, self.type(field, given=True), value, self._limits(field))
        if field.optional:
            return self.updated(field)
        return self._line(field, self.type(field, given=True), None, self._limits(field))

    def updated(self, field: Field) -> str:
        """Return a field of the schema that takes changes: none has to be given."""
        return self._optional(field, "default=None")

    def read(self, field: Field) -> str:
        """Return a field of the schema that is answered."""
        annotation = self.type(field)
        return f"{field.column}: " + (f"Optional[{annotation}]" if field.optional else annotation)

    def asked(self, field: Field) -> str:
        """Return what a list is asked for by a field: nothing that its column cannot hold."""
        type_, limits = self._limited(field, self._asked_limits(field))
        return self.asked_for(field.column, type_, limits)

    def asked_for(self, name: str, type_: str, limits: Sequence[str] = ()) -> str:
        """Return an optional parameter of a query."""
        if not limits:
            return f"{name}: Optional[{type_}] = None"
        if self._room.annotates:
            return f"{name}: Annotated[Optional[{type_}], Query({', '.join(limits)})] = None"
        return f"{name}: Optional[{type_}] = Query(None, {', '.join(limits)})"

    def is_text(self, field: Field) -> bool:
        """Tell whether a field takes text as it comes: it may hold a NUL."""
        return field.kind in _TEXTS or (field.kind is Kind.REF and self.type(field) == "str")

    @property
    def without_nul(self) -> tuple[str, ...]:
        """Return the limits of a text that is looked for: PostgreSQL knows none with a NUL."""
        return (f'{self._pattern}=r"{_WITHOUT_NUL}"',)

    @property
    def _pattern(self) -> str:
        return "regex" if self._is_old else "pattern"

    def _asked_limits(self, field: Field) -> Sequence[str]:
        return self.without_nul if self.is_text(field) else self._limits(field)

    def _optional(self, field: Field, value: str) -> str:
        type_, limits = self._limited(field, self._limits(field), given=True)
        return self._line(field, f"Optional[{type_}]", value, limits)

    def _limited(
        self, field: Field, limits: Sequence[str], *, given: bool = False
    ) -> tuple[str, Sequence[str]]:
        """Return what may also be none: its type, and the limits that can stand outside of it.

        Pydantic 2.7 knows none of a number's digits there.
        """
        type_ = self.type(field, given=given)
        if field.kind is Kind.DECIMAL and not self._is_old:
            return f"Annotated[{type_}, Field({', '.join(limits)})]", ()
        return type_, limits

    def _line(self, field: Field, annotation: str, value: str | None, limits: Sequence[str]) -> str:
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
                pattern = f'{self._pattern}=r"{_PATTERNS[field.kind]}"'
                return [*_lengths(field, "length"), pattern]
            case Kind.REF if self.type(field) == "int":
                return ["ge=1", "le=2**31 - 1"]
            case Kind.REF if longest := self._room.tables[field.target or ""].key_length:
                return [f"max_length={longest}"]
            case Kind.LIST:
                return _lengths(field, "items" if self._is_old else "length")
            case Kind.INT:
                low, high = ends(field)
                return [f"ge={shown(low)}", f"le={shown(high)}"]
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
        *([f"ge={shown(field.minimum)}"] if field.minimum is not None else []),
        *([f"le={shown(field.maximum)}"] if field.maximum is not None else []),
    ]


def ends(field: Field) -> tuple[float | Decimal, float | Decimal]:
    """Return the lowest and the highest whole number that a field takes."""
    return (
        _ENDS[0] if field.minimum is None else field.minimum,
        _ENDS[1] if field.maximum is None else field.maximum,
    )


def shown(value: float | Decimal) -> str:
    """Return Python for a number."""
    if isinstance(value, Decimal):
        return f'Decimal("{value}")'
    if value == _ENDS[0]:
        return "-(2**63)"
    return "2**63 - 1" if value == _ENDS[1] else repr(value)
