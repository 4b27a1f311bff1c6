"""The field language: what each text means, and what is said of one that cannot be read."""

from datetime import date, datetime, time
from decimal import Decimal

import pydantic
import pytest
import sqlmodel
from hypothesis import example, given
from hypothesis import strategies as st

from fastwright.errors import UnreadableFieldError
from fastwright.scaffolds import names
from fastwright.scaffolds.fields import Field, Kind, OnDelete, Visibility
from fastwright.scaffolds.language import parse, parse_all, spell
from tests.scaffolds.field_lists import fields

READ = {
    "title": Field("title", Kind.STR, minimum=1, maximum=255),
    "title=Untitled: one": Field(
        "title", Kind.STR, minimum=1, maximum=255, default="Untitled: one"
    ),
    "title:str{200}": Field("title", Kind.STR, minimum=1, maximum=200),
    "title:str{..200}": Field("title", Kind.STR, minimum=1, maximum=200),
    "title:str{3..}": Field("title", Kind.STR, minimum=3, maximum=255),
    "note:str{0..}=": Field("note", Kind.STR, minimum=0, maximum=255, default=""),
    "body:text": Field("body", Kind.TEXT, minimum=1, maximum=20_000),
    "email:email:unique": Field("email", Kind.EMAIL, minimum=1, maximum=254, unique=True),
    "homepage:url?": Field("homepage", Kind.URL, minimum=1, maximum=500, optional=True),
    "slug:slug:index": Field("slug", Kind.SLUG, minimum=1, maximum=100, index=True),
    "pages:int": Field("pages", Kind.INT),
    "rating:int{1..5}=3": Field("rating", Kind.INT, minimum=1, maximum=5, default=3),
    "rating:int{1..}": Field("rating", Kind.INT, minimum=1),
    "offset:int{-5..5}": Field("offset", Kind.INT, minimum=-5, maximum=5),
    "weight:float{0..1.5}=.5": Field("weight", Kind.FLOAT, minimum=0.0, maximum=1.5, default=0.5),
    "price:decimal": Field("price", Kind.DECIMAL, digits=(10, 2)),
    "price:decimal{12,4}{0..}": Field("price", Kind.DECIMAL, digits=(12, 4), minimum=Decimal(0)),
    "price:decimal{0..9.99}{3,2}=0.10": Field(
        "price",
        Kind.DECIMAL,
        digits=(3, 2),
        minimum=Decimal(0),
        maximum=Decimal("9.99"),
        default=Decimal("0.10"),
    ),
    "is_open:bool=true": Field("is_open", Kind.BOOL, default=True),
    "day:date=today": Field("day", Kind.DATE, default="today"),
    "day:date=2026-01-31": Field("day", Kind.DATE, default="2026-01-31"),
    "opens_at:time=09:30": Field("opens_at", Kind.TIME, default="09:30:00"),
    "at:datetime=now": Field("at", Kind.DATETIME, default="now"),
    "at:datetime=2026-01-31T09:30Z": Field(
        "at", Kind.DATETIME, default="2026-01-31T09:30:00+00:00"
    ),
    "token:uuid:unique": Field("token", Kind.UUID, unique=True),
    "status:enum{draft, live}=draft": Field(
        "status", Kind.ENUM, choices=("draft", "live"), default="draft"
    ),
    "tags:list[str]": Field("tags", Kind.LIST, items=Kind.STR, minimum=0, maximum=50),
    "scores:list[int]{1..10}?": Field(
        "scores", Kind.LIST, items=Kind.INT, minimum=1, maximum=10, optional=True
    ),
    "data:json": Field("data", Kind.JSON),
    "author:ref[users]": Field("author", Kind.REF, target="users"),
    "author:ref[users]?:set-null": Field(
        "author", Kind.REF, target="users", optional=True, on_delete=OnDelete.SET_NULL
    ),
    "order:ref[orders]:unique:restrict": Field(
        "order", Kind.REF, target="orders", unique=True, on_delete=OnDelete.RESTRICT
    ),
    "secret:str:write-only": Field(
        "secret", Kind.STR, minimum=1, maximum=255, visibility=Visibility.WRITE_ONLY
    ),
    "views:int:index:read-only=0": Field(
        "views", Kind.INT, index=True, visibility=Visibility.READ_ONLY, default=0
    ),
}
# What cannot be read → where the fault is, and the nearest right form.
REFUSED = {
    "": ("", "title"),
    ":str": (":", "title:str"),
    "publishedAt:datetime": ("publishedAt", "published_at:datetime"),
    "2nd:str": ("2nd", "nd:str"),
    "日本:str": ("日本", "title:str"),
    "class:str": ("class", "category:str"),
    "type:enum{a,b}": ("type", "kind:enum{a,b}"),
    "metadata:json": ("metadata", "details:json"),
    "model_config:str": ("model_config", "config:str"),
    "model_copy:str": ("model_copy", "content:str"),
    "id:int": ("id", "number:int"),
    "owner_id:int": ("owner_id", "owner_value:int"),
    "date:date": ("date", "day:date"),
    "limit:int": ("limit", "maximum:int"),
    "title?": ("?", "title:str?"),
    "title{5}": ("{", "title:str{5}"),
    "titel:strng{200}": ("strng", "titel:str{200}"),
    "titel:": ("", "titel:str"),
    "name:String": ("String", "name:str"),
    "name:varchar(200)": ("varchar(200)", "name:str{200}"),
    "price:decimal(10,2)": ("decimal(10,2)", "price:decimal{10,2}"),
    "author:user": ("user", "author:ref[user]"),
    "author:ref": ("", "author:ref[authors]"),
    "author:ref{users}": ("{users}", "author:ref[users]"),
    "author_id:ref[users]": ("author_id", "author:ref[users]"),
    "author:ref[Users]": ("Users", "author:ref[users]"),
    "author:ref[users": ("[users", "author:ref[users]"),
    "author:ref[users]{5}": ("{5}", "author:ref[users]"),
    "tags:list": ("", "tags:list[str]"),
    "tags:list[]": ("]", "tags:list[str]"),
    "tags:list[string]": ("string", "tags:list[str]"),
    "tags:list[uuid]": ("uuid", "tags:list[str]"),
    "name:str[5]": ("[5]", "name:str{5}"),
    "name:str{5": ("{5", "name:str{5}"),
    "name:str{}": ("{}", "name:str"),
    "name:str{0}": ("0", "name:str{..1}"),
    "name:str{5..3}": ("5..3", "name:str{3..5}"),
    "name:str{300..}": ("300..", "name:str{300..300}"),
    "name:str{2.5}": ("2.5", "name:str{2}"),
    "name:str{99999}": ("99999", "name:str{10000}"),
    "name:str{5}{6}": ("{6}", "name:str{5}"),
    "rating:int{5}": ("5", "rating:int{..5}"),
    "rating:int{1-5}": ("1-5", "rating:int{1..5}"),
    "rating:int{..99999999999999999999}": (
        "99999999999999999999",
        "rating:int{..9223372036854775807}",
    ),
    "price:decimal{2,10}": ("2,10", "price:decimal{10,2}"),
    "price:decimal{0,0}": ("0,0", "price:decimal{1,0}"),
    "price:decimal{99,2}": ("99,2", "price:decimal{38,2}"),
    "price:decimal{4,2}{0..1000}": ("{0..1000}", "price:decimal{4,2}{0.00..99.99}"),
    "price:decimal{4,2}=0.001": ("0.001", "price:decimal{4,2}=0.00"),
    "status:enum": ("", "status:enum{first,second}"),
    "status:enum[draft,live]": ("[draft,live]", "status:enum{draft,live}"),
    "status:enum{draft}": ("draft", "status:enum{draft,other}"),
    "status:enum{In progress,done}": ("In progress", "status:enum{in_progress,done}"),
    "status:enum{a,a}": ("a", "status:enum{a,a_2}"),
    "size:enum{720p,1080p}": ("720p", "size:enum{v720p,v1080p}"),
    "status:enum{a,b}{c,d}": ("{c,d}", "status:enum{a,b}"),
    "data:json{5}": ("{5}", "data:json"),
    "title:str?{200}": ("?{200}", "title:str{200}?"),
    "title:str{200}x": ("x", "title:str{200}"),
    "title:str:uniqe": ("uniqe", "title:str:unique"),
    "title:str:nothing": (":nothing", "title:str"),
    "title:str:index:index": (":index", "title:str:index"),
    "title:str:unique:index": (":index", "title:str:unique"),
    "title:str:set_null": ("set_null", "title:str"),
    "title:str{501}:index": (":index", "title:str{501}"),
    "body:text:unique": (":unique", "body:text"),
    "data:json:index": (":index", "data:json"),
    "author:ref[users]:index": (":index", "author:ref[users]"),
    "author:ref[users]:set-null": (":set-null", "author:ref[users]?:set-null"),
    "author:ref[users]:set-null?": (":set-null?", "author:ref[users]?:set-null"),
    "author:ref[users]:unique:set-null": (":set-null", "author:ref[users]?:unique:set-null"),
    "author:ref[users]:cascade:restrict": (":restrict", "author:ref[users]:cascade"),
    "secret:str:write-only:index": (":index", "secret:str:write-only"),
    "secret:str:unique:write-only": (":write-only", "secret:str:unique"),
    "views:int:read-only": (":", "views:int?:read-only"),
    "views:int:read-only:write-only=1": (":write-only", "views:int:read-only=1"),
    "rating:int=3:index": ("=3:index", "rating:int:index=3"),
    "rating:int=": ("", "rating:int=0"),
    "rating:int=3.5": ("3.5", "rating:int=3"),
    "rating:int{1..5}=9": ("9", "rating:int{1..5}=5"),
    "rating:int{1..5}?=3": ("=3", "rating:int{1..5}?"),
    "name:str{3..5}=ab": ("ab", "name:str{3..5}=abx"),
    "name:str= x ": (" x ", "name:str=x"),
    "name:str:unique=x": ("=x", "name:str:unique"),
    "slug:slug=My Page": ("My Page", "slug:slug=my-page"),
    "is_open:bool=yes": ("yes", "is_open:bool=true"),
    "is_open:bool=": ("", "is_open:bool=false"),
    "status:enum{draft,live}=drft": ("drft", "status:enum{draft,live}=draft"),
    "day:date=tomorrow": ("tomorrow", "day:date=today"),
    "at:datetime=2026-01-01": ("2026-01-01", "at:datetime=now"),
    "opens_at:time=9am": ("9am", "opens_at:time=09:00"),
    "email:email=a@example.com": ("=a@example.com", "email:email"),
    "author:ref[users]=1": ("=1", "author:ref[users]"),
}


@pytest.mark.parametrize(("text", "field"), READ.items())
def test_a_text_describes_a_field(text: str, field: Field) -> None:
    assert parse(text) == field


@pytest.mark.parametrize(("text", "told"), REFUSED.items())
def test_a_fault_is_shown_at_its_place_with_the_nearest_right_form(
    text: str, told: tuple[str, str | None]
) -> None:
    with pytest.raises(UnreadableFieldError) as refused:
        parse(text)
    shown, mark, reason = refused.value.message.split("\n")
    marked = shown[mark.index("^") :][: mark.count("^")]
    assert (marked, refused.value.suggestion) == told
    assert shown == text
    assert reason.endswith(".")


@given(fields())
def test_a_field_is_spelled_as_it_is_read(field: Field) -> None:
    assert parse(spell(field)) == field


@given(st.text(max_size=40) | st.text("ab_:=?{}[](),.-19 ", max_size=40))
@example("a:decimal{9999999999999999999999999999999999999999999,2}")
@example("a:enum{_,_}")
@example("a:enum{" + ",".join(f"choice_{number}" for number in range(60)) + "}")
def test_every_text_is_read_or_refused_with_what_can_be_read(text: str) -> None:
    try:
        parse(text)
    except UnreadableFieldError as error:
        if error.suggestion is not None:
            parse(error.suggestion)


@given(fields(), st.data())
def test_of_a_field_with_a_slip_in_it_a_right_form_is_near(
    field: Field, data: st.DataObject
) -> None:
    text = spell(field)
    place = data.draw(st.integers(0, len(text)))
    slip = data.draw(st.sampled_from(["", "x", ":", "?", "{", "}", "[", "="]))
    try:
        parse(text[:place] + slip + text[place + 1 :])
    except UnreadableFieldError as error:
        if error.suggestion is not None:
            parse(error.suggestion)


def test_two_fields_cannot_share_a_column() -> None:
    with pytest.raises(UnreadableFieldError, match="already"):
        parse_all(["author:ref[users]", "title", "author_id:int"])
    with pytest.raises(UnreadableFieldError, match="already"):
        parse_all(["title", "title:text"])


def test_what_schemas_and_tables_call_their_own_is_reserved() -> None:
    own = {name for model in (sqlmodel.SQLModel, pydantic.BaseModel) for name in dir(model)}
    for name in own:
        assert name.startswith("_") or names.why_reserved(name), name


def test_defaults_of_moments_are_written_as_iso_8601() -> None:
    assert date.fromisoformat(str(parse("day:date=20260131").default)) == date(2026, 1, 31)
    assert time.fromisoformat(str(parse("opens_at:time=0930").default)) == time(9, 30)
    moment = str(parse("at:datetime=2026-01-31T10:30:00+01:00").default)
    assert datetime.fromisoformat(moment).utcoffset() is not None
