"""Random fields, lists of fields and whole domains, all of them legal."""

from collections.abc import Sequence

from hypothesis import assume
from hypothesis import strategies as st

from fastwright.errors import UnreadableFieldError
from fastwright.scaffolds import names
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.fields import Field, Kind, Visibility
from fastwright.scaffolds.language import parse
from fastwright.scaffolds.language.kinds import ITEMS
from fastwright.scaffolds.language.modifiers import MODIFIERS

# Among them many words that code is full of.
WORDS = (
    *("title", "body", "email", "price", "rating", "is_open", "published_at", "starts_on"),
    *("name", "value", "key", "values", "items", "count", "index", "text", "query", "data", "new"),
    *("user", "status", "order", "position", "number", "at", "state", "row", "result", "x", "a1"),
)
DOMAINS = (
    *("posts", "comments", "products", "invoices", "photos", "notes", "events", "tags", "people"),
    *("blog_posts", "categories", "boxes", "addresses", "order_lines", "cities", "tax_rates"),
)
LIMITS = {
    Kind.STR: ("", "{200}", "{1..3}", "{0..40}", "{5..}", "{600}"),
    Kind.TEXT: ("", "{500}", "{0..10}"),
    Kind.SLUG: ("", "{30}", "{3..5}"),
    Kind.URL: ("", "{100}", "{2000}"),
    Kind.INT: ("", "{1..5}", "{0..}", "{..-1}", "{5000000000..}", "{7..7}"),
    Kind.FLOAT: ("", "{0..1}", "{-1.5..}", "{..0.25}"),
    Kind.DECIMAL: ("", "{10,4}", "{1,0}", "{38,10}", "{5,5}", "{0..}", "{6,2}{-1.5..99.95}"),
    Kind.ENUM: ("{draft,live}", "{a,b,c_d}", "{none,true,in_progress}"),
    Kind.LIST: ("", "{..10}", "{1..3}"),
}
DEFAULTS = {
    Kind.STR: ("Untitled", 'it\'s "so"', "{x}", "né %s", "back\\slash"),
    Kind.TEXT: ("Nothing yet", "None"),
    Kind.SLUG: ("home", "a-b-1"),
    Kind.INT: ("0", "3", "-7"),
    Kind.FLOAT: ("0.5", "-1", "3.25"),
    Kind.DECIMAL: ("0", "1.50", "-0.1"),
    Kind.BOOL: ("true", "false"),
    Kind.DATE: ("today", "2026-02-28"),
    Kind.TIME: ("09:30", "23:59:59"),
    Kind.DATETIME: ("now", "2026-02-28T12:00+02:00"),
    Kind.ENUM: ("draft", "b", "none"),
}
_WORD = st.from_regex(r"[a-z][a-z0-9]{0,6}(?:_[a-z0-9]{1,4})?", fullmatch=True)


@st.composite
def fields(draw: st.DrawFn, targets: Sequence[str] = ("users",)) -> Field:
    """A field; references lead to `targets`."""
    kind = draw(st.sampled_from([kind for kind in Kind if targets or kind is not Kind.REF]))
    inside = {
        Kind.LIST: f"[{draw(st.sampled_from(ITEMS))}]",
        Kind.REF: f"[{draw(st.sampled_from(sorted(targets)))}]" if targets else "",
    }
    limits = draw(st.sampled_from(LIMITS.get(kind, ("",))))
    optional = draw(st.sampled_from(["", "?"]))
    modifiers = draw(st.lists(st.sampled_from(MODIFIERS), max_size=2, unique=True))
    default = draw(st.none() | st.sampled_from(DEFAULTS[kind])) if kind in DEFAULTS else None
    return _legal(
        draw(field_names())
        + f":{kind}{inside.get(kind, '')}{limits}{optional}"
        + "".join(f":{modifier}" for modifier in modifiers)
        + ("" if default is None else f"={default}")
    )


def field_names() -> st.SearchStrategy[str]:
    """Names that fields, and references, can have."""
    return (st.sampled_from(WORDS) | _WORD).filter(
        lambda name: not names.why_reserved(name) and not name.endswith("_id")
    )


def field_lists(
    targets: Sequence[str] = ("users",), *, most: int = 8
) -> st.SearchStrategy[tuple[Field, ...]]:
    """The fields of a domain, at least one of which can be said."""
    lists = st.lists(fields(targets), min_size=1, max_size=most, unique_by=lambda each: each.name)
    return lists.filter(_is_possible).map(tuple)


@st.composite
def domains(
    draw: st.DrawFn,
    known: Sequence[str] = ("users",),
    *,
    parents: Sequence[str] = (),
    name: str | None = None,
) -> Domain:
    """A domain whose references lead to `known` ones; it may lie under one of `parents`."""
    name = name or draw(st.sampled_from(DOMAINS).filter(lambda each: each not in known))
    entity = names.entity_of(name)
    parent = draw(st.none() | st.sampled_from(parents)) if parents else None
    listed = draw(field_lists(known))
    taken = {f"{names.singular(parent)}_id"} if parent else set()
    assume(not taken & {field.column for field in listed})
    texts = [
        field.name
        for field in listed
        if field.kind in {Kind.STR, Kind.TEXT} and field.visibility is not Visibility.WRITE_ONLY
    ]
    searched = st.lists(st.sampled_from(texts), unique=True) if texts else st.just([])
    return Domain(
        name=name,
        entity=entity,
        fields=listed,
        parent=parent,
        is_owned=draw(st.booleans()),
        is_threaded=draw(st.booleans()),
        is_soft_deleted=draw(st.booleans()),
        is_likeable=draw(st.booleans()),
        searchable=tuple(draw(searched)),
        is_read_by_all=draw(st.booleans()),
    )


def _legal(text: str) -> Field:
    """The field of a text, or of the nearest right form."""
    try:
        return parse(text)
    except UnreadableFieldError as error:
        assume(error.suggestion is not None)
        return parse(error.suggestion or "")


def _is_possible(listed: Sequence[Field]) -> bool:
    columns = {field.column for field in listed}
    is_said = any(field.visibility is not Visibility.READ_ONLY for field in listed)
    return len(columns) == len(listed) and is_said
