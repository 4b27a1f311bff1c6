"""responses/no-double-serialization: what FastAPI converts is not converted by hand before."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastwright.application.application import Application
from fastwright.application.models import SCHEMA, SETTINGS
from fastwright.application.routes import Route
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.values import ClassValue, External, FunctionValue, Instance, Value
from fastwright.practice import (
    Clean,
    Edit,
    Explanation,
    Finding,
    Fix,
    Fixed,
    Flagged,
    Kind,
    Practice,
    Safety,
)
from fastwright.source import surroundings
from fastwright.source.nodes import wrap
from fastwright.source.scopes import Form
from fastwright.source.syntax import (
    Attribute,
    Await,
    Call,
    Collection,
    Comprehension,
    Constant,
    Dict,
    Expression,
    Name,
    Return,
    Statement,
    Subscript,
    Try,
    With,
    inner_statements,
    walk_all,
)

_ENCODER = "fastapi.encoders.jsonable_encoder"
_JSON = {"fastapi.responses.JSONResponse", "starlette.responses.JSONResponse"}
_FROM_OBJECT = {"from_orm", "model_validate", "parse_obj"}
_DUMPS = {"dict", "model_dump"}
# So much of an expression is shown.
_LONGEST = 40
_OPENING, _CLOSING = "([{", ")]}"
# Settings under which an object and a model made of it are answered differently.
_TELLS_UNSET = {"response_model_exclude_unset", "response_model_exclude_defaults"}
_DECLARES = {"response_model", "response_class"}
_TELLS_RESPONSE = {"status_code", "response_class"}
# What may give a response that FastAPI makes another class, status or headers than the default.
_CHANGES_RESPONSE = re.compile(
    rb"\bdefault_response_class\b|\bresponse_class\b|\broute_class\b|[:\[]\s*[\w.]*Response\b"
)


# One of several things that are returned.
_OR_RESPONSE = re.compile(r"\bResponse\s*\||\|\s*(?:\w+\.)*(?:JSON)?Response\b|Union\[.*Response\b")


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each returned value that a route converts and FastAPI would."""
    for function, routes in application.routes_by_function.items():
        # Whoever calls the function may need what it returns to be just that, as who wraps it.
        if _has_converted(function, routes, application):
            yield from _converted(function, routes, application)


def _has_converted(function: Function, routes: list[Route], application: Application) -> bool:
    told = (__name__, *(application.told_by(each) for each in routes))
    return application.codebase.remembered(
        told,
        lambda: (
            bool(_converted(function, routes, application))
            and not application.codebase.calls_of(function)
        ),
    )


def _converted(function: Function, routes: list[Route], application: Application) -> list[Finding]:
    written = [route for route in routes if route.call in function.decorators]
    if len(function.decorators) != len(written):
        return []
    answer = _Answer.of(function, routes, application)
    return [each for node in _returned(function) for each in _in_answer(node, answer)]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a route declares: a model, or a list of it, and where; no model where not known."""

    application: Application
    function: Function
    model: Class | None
    is_list: bool
    by_keyword: bool
    # No route declares anything of what it answers, neither as a keyword nor as an annotation.
    has_none: bool = False
    # The status and the class of the response are left at FastAPI's own.
    is_default: bool = False

    @classmethod
    def of(cls, function: Function, routes: list[Route], application: Application) -> "_Answer":
        declared: list[Value | None] = []
        by_keyword = False
        for route in routes:
            node, scope = route.keyword("response_model"), route.scope
            by_keyword = node is not None
            if node is None:
                node, scope = function.node.returns, function.outer or function
            keywords = {keyword.name for keyword in route.call.keywords}
            is_plain = node is not None and keywords.isdisjoint(_TELLS_UNSET)
            declared.append(
                application.codebase.resolver.annotated(node, scope) if node and is_plain else None
            )
        match declared:
            case [Instance(Class() as model), *rest] if all(each == declared[0] for each in rest):
                return cls(application, function, model, is_list=False, by_keyword=by_keyword)
            case [Instance("builtins.list", (Instance(Class() as model),)), *rest] if not rest:
                return cls(application, function, model, is_list=True, by_keyword=by_keyword)
        keywords = {keyword.name for route in routes for keyword in route.call.keywords}
        return cls(
            application,
            function,
            None,
            is_list=False,
            by_keyword=False,
            has_none=function.node.returns is None and keywords.isdisjoint({*_DECLARES, None}),
            is_default=keywords.isdisjoint(_TELLS_RESPONSE),
        )


def _returned(function: Function) -> Iterator[Expression]:
    """Yield what is returned outside of `with`, after which a session may be closed."""
    for value in _in_body(function.body):
        match value:
            case Name(name):
                yield from _only_returned(name, function)
            case _:
                yield value


def _in_body(body: Iterable[Statement]) -> Iterator[Expression]:
    for statement in body:
        match statement:
            case Return(value) if value is not None:
                yield value
            case With():
                continue
            case _:
                yield from _in_body(inner_statements(statement))


def _only_returned(name: str, function: Function) -> Iterator[Expression]:
    """Yield what a name was given when nothing is done with it but to return it."""
    match function.details.bindings.get(name):
        case [(Form.VALUE, _, raw)]:
            uses = [
                node
                for node in walk_all(function.body)
                if isinstance(node, Name) and node.id == name
            ]
            if uses[2:] == [] and isinstance(node := wrap(raw), Expression):
                yield node


def _in_answer(node: Expression, answer: _Answer) -> Iterator[Finding]:
    function = answer.function
    encoded = _encoded(node, function, answer.application)
    source = function.module.source
    is_response = encoded is not None and _is_response(node, function, answer.application)
    if is_response and _passes_by_model(function):
        return
    if encoded is not None:
        is_safe = answer.has_none and _is_unused_elsewhere(function, answer.application)
        yield Finding(
            fix=_unwrapped(node, encoded, answer) if is_safe else None,
            at=function.module.place(node),
            message=(
                f"Return `{_short(source(encoded))}` itself: FastAPI encodes what a route "
                + ("returns." if is_response else "returns, so that here it is encoded twice.")
            ),
        )
    elif answer.model is None or _is_validated_here(node, function):
        return
    elif (copied := _copied(node, answer, answer.model)) is not None:
        name = f"list[{answer.model.name}]" if answer.is_list else answer.model.name
        how = "" if answer.by_keyword else f" and declare `response_model={name}`"
        yield Finding(
            at=function.module.place(node),
            message=(
                f"Return `{_short(source(copied))}` as it is{how}: FastAPI makes `{name}` of it "
                "anyway, so that building it by hand is for nothing."
            ),
        )


def _is_validated_here(node: Expression, function: Function) -> bool:
    """Tell whether the route itself handles that something does not make a valid answer."""
    return any(
        handler.type is not None and "ValidationError" in function.module.source(handler.type)
        for each in surroundings.around(function.body, node)
        if isinstance(each, Try)
        for handler in each.handlers
    )


def _passes_by_model(function: Function) -> bool:
    """Tell whether a function says that it returns one thing or a response of its own."""
    returns = function.node.returns
    return returns is not None and bool(_OR_RESPONSE.search(function.module.source(returns)))


def _is_response(node: Expression, function: Function, application: Application) -> bool:
    value = isinstance(node, Call) and application.codebase.resolver.value(node.function, function)
    return isinstance(value, External) and value.name in _JSON


def _encoded(node: Expression, function: Function, application: Application) -> Expression | None:
    """Return what is encoded here, where nothing but FastAPI's own defaults is asked for."""
    if not function.module.mentions(b"jsonable_encoder"):
        return None
    match node:
        case Call(called, arguments, keywords) if len(arguments) + len(keywords) == 1:
            value = application.codebase.resolver.value(called, function)
            if not isinstance(value, External):
                return None
            if value.name == _ENCODER:
                return node.argument(0, "obj")
            content = node.argument(0, "content")
            if value.name in _JSON and isinstance(content, Call):
                return _encoded(content, function, application)
    return None


def _unwrapped(node: Expression, encoded: Expression, answer: _Answer) -> Fix | None:
    """Return what takes away the calls around an expression that is returned right there."""
    function = answer.function
    module = function.module
    around = surroundings.around(function.body, node)
    if not around or not isinstance(around[-1], Return):
        return None  # between a name and its return, things may happen to the object
    if any(isinstance(each, Try) for each in around):
        return None  # which would not see any more that encoding fails
    is_response = not (isinstance(node, Call) and node.argument(0, "obj") == encoded)
    if is_response and not _makes_the_same(answer):
        return None
    text = module.source(encoded)
    last = module.source(node)[-1:]
    is_closed = isinstance(encoded, Name | Attribute | Await | Call) and "\n" not in text
    is_bracketed = isinstance(encoded, Dict | Collection | Comprehension | Call) and (
        text[:1] in _OPENING and text[-1:] in _CLOSING
    )
    is_call = isinstance(encoded, Call) and "\n" not in module.source(encoded.function)
    if not (is_closed or is_bracketed or is_call) or last != ")":
        return None
    if isinstance(encoded, Comprehension) and text[:1] == "(":
        return None
    edits = (
        Edit(module.path, node.start, encoded.start, ""),
        Edit(module.path, encoded.end, node.end, ""),
    )
    if any(module.has_comment(each.start, each.end) for each in edits):
        return None
    return Fix(Safety.UNSAFE, edits)


def _makes_the_same(answer: _Answer) -> bool:
    """Tell whether FastAPI would make a `JSONResponse` with status 200 and no more headers."""
    modules = answer.application.codebase.modules
    return answer.is_default and not any(
        _CHANGES_RESPONSE.search(each.text)
        for each in modules
        if b"fastapi" in each.text or b"starlette" in each.text
    )


def _is_unused_elsewhere(function: Function, application: Application) -> bool:
    """Tell whether no test calls a route's function, for what is encoded."""
    called = re.compile(rf"(?<!def )\b{function.name}\(".encode())
    return not application.codebase.calls_anywhere(function) and not any(
        each.is_test and called.search(each.text) for each in application.codebase.modules
    )


def _copied(node: Expression, answer: _Answer, model: Class) -> Expression | None:
    """Return the object, or the list, that the answer is built from as FastAPI would build it."""
    match node:
        case Comprehension("list", Call() as item, (clause,)) if answer.is_list:
            is_copy = _copied_object(item, answer.function, model, answer.application) is not None
            return clause.iterable if is_copy else None
        case Call() if not answer.is_list:
            return _copied_object(node, answer.function, model, answer.application)
    return None


def _copied_object(
    node: Call, function: Function, model: Class, application: Application
) -> Expression | None:
    """Return the object of which a call makes the model, when FastAPI would make the same."""
    resolver = application.codebase.resolver
    match node.function:
        case Attribute(base, method) if method in _FROM_OBJECT:
            if resolver.value(base, function) != ClassValue(model) or len(node.arguments) != 1:
                return None
            # A method of one's own may do anything.
            is_own = isinstance(resolver.member(ClassValue(model), method), FunctionValue)
            given = node.arguments[0]
            is_object = isinstance(given, Name | Attribute | Await | Call | Subscript)
            is_plain = all(
                each.name == "from_attributes" and isinstance(each.value, Constant)
                for each in node.keywords
            )
            return given if is_object and is_plain and not is_own else None
    found = _unpacked(node) or _field_by_field(node, model, application)
    if found is None or node.arguments:
        return None
    if isinstance(found, Name) and _is_kept_outside(found.id, function):
        return None
    is_model = resolver.value(node.function, function) == ClassValue(model)
    return found if is_model and _converts(found, function, application) else None


def _is_kept_outside(name: str, function: Function) -> bool:
    """Tell whether a name is of what lives longer than the request: a client or the settings."""
    outer = function.outer
    if outer is None or name in function.parameter_names or name in function.details.bindings:
        return False
    return name in outer.parameter_names or name in outer.details.bindings


def _unpacked(node: Call) -> Expression | None:
    """Return `x` of `Model(**x.model_dump())` and the like."""
    if len(node.keywords) != 1 or node.keywords[0].name is not None:
        return None
    match node.keywords[0].value:
        case Attribute(given, "__dict__"):
            return given
        case Call(Attribute(given, method), (), ()) if method in _DUMPS:
            return given
        case Call(Name("vars"), (given,), ()):
            return given
    return None


def _field_by_field(node: Call, model: Class, application: Application) -> Expression | None:
    """Return `x` of `Model(a=x.a, b=x.b)` when these are all of the model's fields."""
    known = application.models.of(model)
    given: set[str] = set()
    first: Expression | None = None
    for keyword in node.keywords:
        match keyword.value:
            case Attribute(Name(name) as base, attribute) if attribute == keyword.name:
                given.add(name)
                first = first or base
            case _:
                return None
    names = {keyword.name for keyword in node.keywords}
    is_all = known is not None and names == known.fields.keys() and len(names) > 1
    return first if is_all and len(given) == 1 else None


def _converts(given: Expression, function: Function, application: Application) -> bool:
    """Tell whether FastAPI can read an object's attributes into the model."""
    codebase = application.codebase
    value = codebase.resolver.value(given, function)
    if isinstance(value, Instance):
        is_model = codebase.is_a(value.of, SCHEMA, *SETTINGS)
        return is_model or application.requirements.allows("pydantic", (2,))
    # With Pydantic 1, what is no model needs `orm_mode`, which is not looked for.
    return value is None and application.requirements.allows("pydantic", (2,))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


PRACTICE = Practice(
    kind=Kind.PRACTICE,
    explanation=Explanation(
        rule="Return the object and let FastAPI make the response model of it.",
        why=(
            "FastAPI converts what a route returns to its response model, and encodes that. Doing "
            "it by hand before is code that forgets the next field, and on many versions each "
            "object is validated twice: for long lists most of the time of a request."
        ),
        bad="""\
@router.get("/posts", response_model=list[PostRead])
async def read_posts(posts: PostsDep):
    return [PostRead.model_validate(post) for post in posts]
""",
        good="""\
@router.get("/posts", response_model=list[PostRead])
async def read_posts(posts: PostsDep):
    return posts
""",
        when_not=(
            "Not reported: objects whose fields are computed or renamed on the way, what is "
            "returned inside of `with` (its session is closed when FastAPI reads the object), and "
            "functions that others wrap or call. A `JSONResponse` with a status of its own needs "
            "its content encoded."
        ),
        fix_safety=(
            "Unsafe, as what others take for encoded is not any more: `jsonable_encoder` is taken "
            "away where the route declares no response model, type or class, the call is what is "
            "returned, and no `try` would see it fail; a `JSONResponse` around it only where "
            "FastAPI would make the same. None for models that are built by hand: where only a "
            "return type names the model, it has to move to `response_model`, as type checkers "
            "know nothing of the conversion."
        ),
        references={
            "Response Model - Return Type": "https://fastapi.tiangolo.com/tutorial/response-model/",
        },
    ),
    check=check,
    examples=(
        Flagged(
            "models of rows, one and many",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from app.database import get_session
from app.tables import Post

app = FastAPI()
SessionDep = Annotated[Session, Depends(get_session)]


class PostRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str


@app.get("/posts/{post_id}", response_model=PostRead)
def read_post(post_id: int, session: SessionDep):
    return PostRead.model_validate(session.get(Post, post_id))  # <- here


@app.get("/posts")
def read_posts(session: SessionDep) -> list[PostRead]:
    posts = session.query(Post).all()
    found = [PostRead.from_orm(post) for post in posts]  # <- here
    return found


@app.put("/posts/{post_id}")
def change_post(post_id: int, session: SessionDep) -> PostRead:
    post = session.get(Post, post_id)
    return PostRead(id=post.id, title=post.title)  # <- here
""",
        ),
        Flagged(
            "unpacked again, with the model under an alias of its module",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import schemas as post_schemas

app = FastAPI()


@app.post("/posts", response_model=post_schemas.PostRead)
def create_post(post: post_schemas.PostCreate):
    return post_schemas.PostRead(**post.model_dump())  # <- here
""",
                "app/schemas.py": """\
from pydantic import BaseModel


class PostCreate(BaseModel):
    title: str


class PostRead(BaseModel):
    title: str
""",
            },
        ),
        Fixed(
            "encoded before it is returned",
            """\
from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder as encode
from fastapi.responses import JSONResponse

app = FastAPI()


@app.get("/posts")
def read_posts():
    return encode({"titles": {"a", "b"}})  # <- here


@app.get("/tags")
def read_tags():
    return JSONResponse(content=encode({"a", "b"}))  # <- here
""",
            """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/posts")
def read_posts():
    return {"titles": {"a", "b"}}


@app.get("/tags")
def read_tags():
    return {"a", "b"}
""",
        ),
        Fixed(
            "several lines, a trailing comma, an alias of the module, `;`",
            """\
from fastapi import FastAPI
from fastapi import encoders

from app.posts import find

app = FastAPI()


@app.get("/posts")
async def read_posts():
    return encoders.jsonable_encoder(  # <- here
        {
            "titles": {"ä", "b"},  # any order
        },
    )


@app.get("/posts/{number}")
async def read_post(number: int):
    if number < 0: pass; return encoders.jsonable_encoder(obj=await find(number))  # <- here
    return encoders.jsonable_encoder([post for post in await find(1)]); pass  # <- here
""",
            """\
from fastapi import FastAPI

from app.posts import find

app = FastAPI()


@app.get("/posts")
async def read_posts():
    return {
            "titles": {"ä", "b"},  # any order
        }


@app.get("/posts/{number}")
async def read_post(number: int):
    if number < 0: pass; return await find(number)
    return [post for post in await find(1)]; pass
""",
        ),
        Fixed(
            "beside a name that is used for something else",
            """\
from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder

from app.posts import cache, find

app = FastAPI()


@app.get("/posts")
def read_posts():
    return jsonable_encoder(find())  # <- here


@app.put("/posts")
def write_posts():
    cache.set("posts", jsonable_encoder(find()))
""",
            """\
from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder

from app.posts import cache, find

app = FastAPI()


@app.get("/posts")
def read_posts():
    return find()


@app.put("/posts")
def write_posts():
    cache.set("posts", jsonable_encoder(find()))
""",
        ),
        Flagged(
            "no fix where the answer may become another one",
            """\
from fastapi import FastAPI, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from app.posts import find, save

app = FastAPI()


@app.get("/typed")
def read_typed() -> dict:
    return jsonable_encoder(find(1))  # <- here


@app.get("/commented")
def read_commented():
    return jsonable_encoder(  # of the row  # <- here
        find(1)
    )


@app.get("/changed")
def change():
    post = find(1)
    shown = jsonable_encoder(post)  # <- here
    save(post)
    return shown


@app.get("/tried")
def try_it():
    try:
        return jsonable_encoder(find(1))  # <- here
    except ValueError:
        return None


@app.get("/generated")
def generate():
    return jsonable_encoder(each for each in find(1))  # <- here


@app.get("/chained")
def read_chained():
    return jsonable_encoder(  # <- here
        find
        (1)
    )


@app.post("/created", status_code=201)
def create():
    return JSONResponse(jsonable_encoder(find(1)))  # <- here


@app.get("/headers")
def read_headers(response: Response):
    response.headers["X-Count"] = "1"
    return JSONResponse(jsonable_encoder(find(1)))  # <- here
""",
        ),
        Clean(
            "fields that are computed, renamed or chosen",
            """\
from fastapi import FastAPI
from pydantic import BaseModel

from app.posts import find

app = FastAPI()


class PostRead(BaseModel):
    id: int
    title: str
    comments: list[str] = []


class Brief(BaseModel):
    id: int
    title: str

    @classmethod
    def model_validate(cls, post) -> "Brief":
        return cls(id=post.id, title=post.headline)


@app.get("/posts/{post_id}")
def read_post(post_id: int) -> PostRead:
    post = find(post_id)
    return PostRead(id=post.id, title=post.title)  # without the comments


@app.get("/upper/{post_id}")
def read_upper(post_id: int) -> PostRead:
    post = find(post_id)
    return PostRead(id=post.id, title=post.title.upper(), comments=post.comments)


@app.get("/brief/{post_id}")
def read_brief(post_id: int) -> Brief:
    return Brief.model_validate(find(post_id))
""",
        ),
        Clean(
            "an object that cannot be read any more once it was returned",
            """\
from fastapi import FastAPI
from pydantic import BaseModel

from app.database import make_session
from app.tables import Post

app = FastAPI()


class PostRead(BaseModel):
    id: int


@app.get("/posts/{post_id}", response_model=PostRead)
async def read_post(post_id: int):
    async with make_session() as session:
        post = await session.get(Post, post_id)
        return PostRead.model_validate(post, from_attributes=True)
""",
        ),
        Clean(
            "what lives longer than the request",
            """\
from fastapi import APIRouter
from pydantic import BaseModel


class Status(BaseModel):
    is_online: bool
    address: str


class Client:
    is_online: bool
    address: str


def make_router(client: Client) -> APIRouter:
    router = APIRouter()

    @router.get("/status", response_model=Status)
    async def read_status():
        return Status(is_online=client.is_online, address=client.address)

    return router
""",
        ),
        Clean(
            "models that are looked into, wrapped or needed elsewhere",
            """\
from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from app.cache import cached
from app.posts import find

app = FastAPI()


class PostRead(BaseModel):
    id: int
    title: str


class Page(BaseModel):
    items: list[PostRead]


@app.get("/one", response_model=PostRead)
def read_one():
    post = PostRead.model_validate(find(1))
    post.title = post.title.strip()
    return post


@app.get("/two")
@cached
def read_two() -> PostRead:
    return PostRead.model_validate(find(2))


@app.get("/three", response_model=PostRead)
def read_three():
    return PostRead.model_validate(find(3))


@app.get("/page")
def read_page() -> Page:
    return Page(items=[read_three()])


@app.post("/posts")
def create_post() -> JSONResponse:
    return JSONResponse(jsonable_encoder(find(4)), status_code=201)


@app.exception_handler(ValueError)
def refuse(request, error):
    return JSONResponse(content=jsonable_encoder(error.args))
""",
        ),
        Clean(
            "a response that passes by the model, as the function says",
            """\
from fastapi import FastAPI, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import BaseModel

app = FastAPI()


class Envelope(BaseModel):
    data: str


@app.post("/wait", response_model=Envelope)
def wait(bare: bool, result: object) -> Envelope | Response:
    if bare:
        return JSONResponse(content=jsonable_encoder(result))
    return Envelope(data=str(result))
""",
        ),
        Clean(
            "what may not be valid, which the route handles itself",
            """\
import httpx
from fastapi import FastAPI
from pydantic import BaseModel, ValidationError

app = FastAPI()


class Policy(BaseModel):
    is_open: bool = True


@app.get("/policy")
async def read_policy() -> Policy:
    async with httpx.AsyncClient() as client:
        response = await client.get("https://example.com/policy")
    try:
        return Policy.model_validate(response.json())
    except ValidationError:
        return Policy()
""",
        ),
    ),
)
