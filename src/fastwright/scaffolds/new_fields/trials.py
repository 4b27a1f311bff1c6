"""The file of tests that a field gets: what it can be and what not, or what it leads to."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from fastwright.scaffolds import names
from fastwright.scaffolds.endpoints.routers import Route
from fastwright.scaffolds.fields import Kind
from fastwright.scaffolds.house import samples
from fastwright.scaffolds.house.columns import Column
from fastwright.scaffolds.new_fields.target import Target

_ACCOUNTS = "users"
_templates = Environment(
    loader=PackageLoader("fastwright.scaffolds.new_fields"),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # noqa: S701 - Python, not HTML
)


def of_value(target: Target, column: Column, create: Route, update: Route) -> str:
    """Return the tests of a field: what it can be, and what it cannot."""
    field = column.field
    first, second = samples.good(field)
    return _templates.get_template("test_field.py.jinja").render(
        **_described(target, column, create, update),
        first=repr(first),
        second=repr(second),
        refused=f"[{', '.join(_impossible(column))}]" if column.is_taken else "",
        is_taken=column.is_taken,
        has_default=field.default is not None,
        has_factory=column.has_factory,
        default="" if column.has_factory else repr(samples.answered(field)),
    )


def of_reference(target: Target, column: Column, create: Route, update: Route) -> str:
    """Return the tests of a reference: what it leads to, and what happens when that is deleted."""
    field = column.field
    return _templates.get_template("test_reference.py.jinja").render(
        **_described(target, column, create, update),
        table=target.table,
        target=column.target,
        is_account=field.target == _ACCOUNTS,
        made=f"{names.singular(field.target or '')}_id",
        on_delete=str(field.on_delete),
    )


def _described(target: Target, column: Column, create: Route, update: Route) -> dict[str, object]:
    """Return what the tests of any field have to know."""
    return {
        "name": column.name,
        "words": names.spaced(column.field.name),
        "things": names.spaced(target.domain),
        "a_thing": names.with_article(names.spaced(target.entity)),
        "key": f"{target.entity}_id",
        "create": create,
        "update": update,
        "is_shown": column.is_shown,
        "is_optional": column.field.optional,
        "is_unique": column.field.unique,
    }


def _impossible(column: Column) -> list[str]:
    """Return Python for values that are refused."""
    listed = [repr(value) for value in samples.impossible(column.field)]
    if column.field.kind in {Kind.STR, Kind.TEXT, Kind.SLUG}:
        listed.append(f'"x" * {int(column.field.maximum or 0) + 1}')
    return listed
