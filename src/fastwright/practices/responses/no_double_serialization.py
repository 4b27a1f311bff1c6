"""responses/no-double-serialization: what FastAPI converts is not converted by hand before."""

import re
from collections.abc import Iterable, Iterator

from fastwright.application.application import Application
from fastwright.application.encoded_answers import Encoded, encoded, left_to_fastapi
from fastwright.application.model_copies import copied, copied_list
from fastwright.application.routes import Route
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.values import Instance, Value
from fastwright.practice import (
    Clean,
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
    Expression,
    Name,
    Return,
    Statement,
    Try,
    With,
    inner_statements,
    walk_all,
)

# So much of an expression is shown.
_LONGEST = 40
# Settings under which an object and a model made of it are answered differently.
_TELLS_UNSET = {"response_model_exclude_unset", "response_model_exclude_defaults"}
# One of several things that are returned.
_OR_RESPONSE = re.compile(r"\bResponse\s*\||\|\s*(?:\w+\.)*(?:JSON)?Response\b|Union\[.*Response\b")


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each returned value that a route converts and FastAPI would."""
    for function, routes in application.routes_by_function.items():
        if application.idle.has_all(routes):
            continue
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
    model = _declared(routes, application)
    return [
        each
        for node in _returned(function)
        for each in _in_answer(node, function, routes, model, application)
    ]


def _declared(routes: list[Route], application: Application) -> Value | None:
    """Return the model, or the list of one, that the routes of a function declare."""
    declared = [_declared_by(route, application) for route in routes]
    match declared:
        case [Instance(Class()) as model, *rest] if all(each == model for each in rest):
            return model
        case [Instance("builtins.list", (Instance(Class()),)) as models]:
            return models
    return None


def _declared_by(route: Route, application: Application) -> Value | None:
    keywords = {keyword.name for keyword in route.call.keywords}
    found = route.declared_response
    if found is None or not keywords.isdisjoint(_TELLS_UNSET):
        return None
    return application.codebase.resolver.annotated(*found)


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


def _in_answer(
    node: Expression,
    function: Function,
    routes: list[Route],
    model: Value | None,
    application: Application,
) -> Iterator[Finding]:
    answer = encoded(node, function, application)
    if answer is not None:
        if not (answer.is_response and _passes_by_model(function)):
            yield _of_encoded(answer, function, routes, application)
    elif model is not None and not _is_validated_here(node, function):
        match model:
            case Instance(Class() as item):
                original, name = copied(node, function, item, application), item.name
            case Instance(_, (Instance(Class() as item),)):
                original = copied_list(node, function, item, application)
                name = f"list[{item.name}]"
            case _:
                return
        if original is not None:
            yield _of_copy(node, original, name, function, routes)


def _of_encoded(
    answer: Encoded, function: Function, routes: list[Route], application: Application
) -> Finding:
    edits = left_to_fastapi(answer, function, routes, application)
    how = "returns." if answer.is_response else "returns, so that here it is encoded twice."
    return Finding(
        at=function.module.place(answer.node),
        message=(
            f"Return `{_short(answer.content, function)}` itself: FastAPI encodes what a route "
            + how
        ),
        fix=Fix(Safety.UNSAFE, edits) if edits else None,
    )


def _of_copy(
    node: Expression, original: Expression, name: str, function: Function, routes: list[Route]
) -> Finding:
    is_declared = routes[-1].keyword("response_model") is not None
    how = "" if is_declared else f" and declare `response_model={name}`"
    return Finding(
        at=function.module.place(node),
        message=(
            f"Return `{_short(original, function)}` as it is{how}: FastAPI makes `{name}` of it "
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


def _short(node: Expression, function: Function) -> str:
    text = " ".join(function.module.source(node).split())
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
            "an object whose field is given another type, and what is looked up for each item",
            """\
from fastapi import FastAPI
from pydantic import BaseModel

from app.tables import find, find_all

app = FastAPI()


class PostRead(BaseModel):
    title: str
    author: str


@app.get("/posts/{post_id}", response_model=PostRead)
def read_post(post_id: int):
    post = find(post_id)
    return PostRead.model_validate(post.model_copy(update={"author": post.author.name}))


@app.get("/posts", response_model=list[PostRead])
def read_posts():
    return [PostRead.model_validate(hit.post) for hit in find_all()]
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
