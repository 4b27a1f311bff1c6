"""security/authenticated-writes: nothing is changed for somebody who has not said who they are."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from fastwright.application import harmless
from fastwright.application.annotated_classes import named_in
from fastwright.application.application import Application
from fastwright.application.authentication import Authentication
from fastwright.application.folders import is_aside
from fastwright.application.refusals import Guard
from fastwright.application.routers import Router
from fastwright.application.routes import Route
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.values import External
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Flagged,
    Kind,
    Practice,
)
from fastwright.source import surroundings
from fastwright.source.syntax import (
    Assign,
    Call,
    Comparison,
    Constant,
    If,
    Name,
    Parameter,
    Return,
    UnaryOperation,
    walk_all,
)

_WRITES = {"POST", "PUT", "PATCH", "DELETE"}
# A function that takes so many of them passes requests on.
_MANY = 3
# What somebody without an account has to reach: sign-up, login, and what proves an address.
_FOR_STRANGERS = re.compile(
    r"(?i)log_?(?:in|out|off)|sign_?(?:in|out|up|off)|regist(?:er|ration)|token|refresh|passw"
    r"|forgot|reset|recover|otp|captcha|(?:sen[dt]|create|request|resend|check)[_-]?(?:sms_?)?codes?$|o_?auth|callback|sso|saml|webauthn|passkey|magic|csrf"
    r"|authenti|authori[sz]|\bauth$|verif|accept_?invit|invit\w*accept|activate_?(?:user|account)"
    r"|(?<!de)activation|(?:phone|sms|e?mail)[_-]?codes?$"
    r"|(?:create|new|add|write|insert|make)_?(?:new_?)?(?:user|account|member|customer)"
    r"|health|ping\b|heartbeat|contact|feedback|newsletter|wait_?list|telemetry|beacon|\bcsp"
    r"|consent|first_?(?:admin|super)|setup|bootstrap|inquir|enquir"
    r"|guest|anonym|^public(?:[_-]|$)|(?:^|_)ipn(?:_|$)|confirm_?(?:e?_?mail|account)|mail_?confirm"
    r"|job_?appli|apply_?(?:to|for)_|ingest_?event|track_?(?:event|view|visit|click)|page_?view"
)
# What is sent, or called, to become a member or to say who one is.
_JOINING = re.compile(
    r"(?:Register|Registration|SignUp|SignIn|Login)"
    r"(?:Body|DTO|Data|Dto|Form|In|Input|Model|Params|Payload|Request|Schema)?$"
)
_JOINS = {"register", "sign_up", "signup", "sign_in", "signin"}
# What the visitors of a site fill in to write to those who run it: who they are, and a text.
_WRITER = ({"name", "full_name", "first_name"}, {"email", "phone"})
_LETTER = re.compile(r"message|concern|subject|question|[ei]nquiry")
# How a service tells of what has happened, and how it is known by what it signs.
_TELLS = re.compile(r"(?i)notif|hook|event|payment|push")
_SIGNED = re.compile(r"(?i)signature")
_DIGEST = re.compile(r"\b(?:hashlib|hmac|compare_digest|construct_event|sha\d+)\b")
# With a body, which can prove the address.
_SUBSCRIBES = re.compile(r"(?i)unsubscribe")
# Requests with a body that only ask something.
_ASKS = re.compile(
    r"(?i)^(?:get|list|search|find|query|fetch|read|count|check|validate|preview|estimate|quote"
    r"|calculate|compute|compare|predict|infer|export|look_?up|filter|render|parse|convert"
    r"|translate|generate|ask|chat|complet|embed|graphql|evaluate|classif|detect|suggest|auto"
    r"|test|echo|analy|summar|extract|tokeni|moderat|hello|show|view|download|scan|match"
    r"|reconcil|profit|forecast|simulat|score|rank|stream|proxy|forward|explain|describe|resolve|decode|encode|hash)"
)
# Called by another service, which signs its requests.
_WEBHOOK = re.compile(r"(?i)web_?hook")
# What is done to webhooks by those who order them.
_MANAGES = re.compile(
    r"(?i)^(?:add|create|delete|disable|enable|pause|remove|resume|rotate|test|update)"
)
_OPTIONAL = re.compile(r"\bNone\b|\bOptional\b")
_ASKS_NOBODY = ("allow_", "no_", "skip_", "without_")
_SESSIONS = ("sqlalchemy.orm.Session", "sqlalchemy.ext.asyncio.AsyncSession")
_MAKES = ("add", "add_all", "delete", "merge", "bulk_save_objects")
_CHANGES = (*_MAKES, "commit")


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each route that changes something for anybody."""
    authentication = Authentication(application)
    seen: set[Function] = set()
    for routes in _by_application(application):
        passing_on = _passing_on(routes)
        candidates = [
            each
            for each in routes
            if each.function not in passing_on and _is_write(each, application)
        ]
        if not candidates or not _has_authentication(routes, authentication):
            continue
        for route in candidates:
            if route.function not in seen and authentication.of(route) == Guard.OPEN:
                seen.add(route.function)
                if not _is_for_guests(route, routes, application, authentication):
                    yield _finding(route, routes, authentication)


def _is_for_guests(
    route: Route, routes: list[Route], application: Application, authentication: Authentication
) -> bool:
    """Tell whether another write of the same router knows of users, and serves others as well.

    Then strangers have something of their own to go on with, an order, say; not to delete it.
    """
    return "DELETE" not in route.methods and any(
        _is_user_optional(parameter, each.function, application, authentication)
        for each in routes
        if each.router is route.router and each.methods & _WRITES and each is not route
        for parameter in each.function.parameters
    )


def _is_user_optional(
    parameter: Parameter,
    function: Function,
    application: Application,
    authentication: Authentication,
) -> bool:
    dependency = application.dependencies.of_parameter(parameter, function)
    if dependency is None or parameter.annotation is None:
        return False
    return _OPTIONAL.search(function.module.source(parameter.annotation)) is not None and any(
        authentication.credentials.reach(each)
        for each in application.dependencies.functions(dependency)
    )


def _by_application(application: Application) -> list[list[Route]]:
    """Return the routes of each application; those in none that is known stand together.

    What is included in a way that is not understood may be guarded there, and is left out, as are
    examples and what no application includes.
    """
    found: defaultdict[object, list[Route]] = defaultdict(list)
    serving, idle = application.serving, application.idle
    for route in application.routes:
        if not route.registrations and application.routers.unknown:
            continue
        if is_aside(route.function.module) or not serving.may_serve(route) or idle.has(route):
            continue
        owners: set[object] = {each.application for each in route.registrations} or {None}
        for owner in owners:
            found[owner].append(route)
    return list(found.values())


def _passing_on(routes: list[Route]) -> set[Function]:
    """Return the functions that take nearly every method: they redirect or proxy."""
    methods: defaultdict[Function, set[str]] = defaultdict(set)
    for route in routes:
        methods[route.function] |= route.methods & _WRITES
    return {function for function, taken in methods.items() if len(taken) >= _MANY}


def _has_authentication(routes: list[Route], authentication: Authentication) -> bool:
    """Tell whether any route wants to know who asks."""
    return any(
        authentication.by_dependencies(each) == Guard.CLOSED
        or authentication.credentials.asked_by(each)
        for each in routes
    )


def _is_write(route: Route, application: Application) -> bool:
    """Tell whether a route changes something, and not for those who have no account yet."""
    told = __name__, application.told_by(route), route.router.prefix
    return application.codebase.remembered(told, lambda: _finds_write(route, application))


def _finds_write(route: Route, application: Application) -> bool:
    names = [route.function.name, *_segments(route)]
    if route.is_websocket or any(_FOR_STRANGERS.search(each) for each in names):
        return False
    if "public" in (route.path or "").split("/") or _is_letter(route, application):
        return False
    parameters = route.function.parameters
    source = route.function.module.source
    given = [source(each.annotation) for each in parameters if each.annotation is not None]
    if any(_JOINING.search(each) for each in given):
        return False
    if "{" not in (route.own_path or "") and any(
        call.last_name in _JOINS for call in route.function.calls
    ):
        return False
    codebase = application.codebase
    if any(_TELLS.search(each) for each in names) and any(
        map(_checks_signature, codebase.graph.reached(route.function))
    ):
        return False
    if not route.methods & _WRITES:
        return _changes_rows(route.function, codebase) and not (
            _asks_for_nothing(route, application) and _only_begins(route.function, codebase)
        )
    is_post = route.methods & _WRITES == {"POST"}
    if is_post and any(_SUBSCRIBES.search(each) for each in names):
        return False
    if is_post and any(_ASKS.search(each) for each in names):
        reached = codebase.graph.reached(route.function)
        return any(_changes_rows(each, codebase, _MAKES) for each in reached)
    return not (is_post and _answers(route.function) and harmless.is_all(route.function, codebase))


def _is_letter(route: Route, application: Application) -> bool:
    """Tell whether a request has what visitors write, with their name and address."""
    parameters = route.function.parameters
    given = {each.name for each in parameters}
    outer = route.function.outer or route.function
    for annotation in (each.annotation for each in parameters if each.annotation is not None):
        for definition in named_in(annotation, outer, application.codebase):
            model = application.models.of(definition)
            given |= set(model.fields) if model is not None else set()
    return (
        "{" not in (route.own_path or "")
        and all(map(given.intersection, _WRITER))
        and any(map(_LETTER.fullmatch, given))
    )


def _checks_signature(function: Function) -> bool:
    """Tell whether a function compares what it was sent with a digest of its own."""
    if function.is_module:
        return False
    text = function.module.source(function.node)
    return _SIGNED.search(text) is not None and _DIGEST.search(text) is not None


def _asks_for_nothing(route: Route, application: Application) -> bool:
    """Tell whether nothing of a request reaches a route."""
    of = application.dependencies.of_parameter
    return all(of(each, route.function) is not None for each in route.function.parameters)


def _only_begins(function: Function, codebase: Codebase) -> bool:
    """Tell whether all that a function adds are rows of defaults, where it has found none.

    That happens once, whoever asks first.
    """
    made = {
        name: each
        for each in walk_all(function.body, Assign)
        if isinstance(each, Assign)
        for name in _missed(each, function)
    }
    changing = [call for call in function.calls if _is_change(call, codebase, _MAKES)]
    return bool(changing) and all(
        call.last_name == "add"
        and len(call.node.arguments) == 1
        and isinstance(name := call.node.arguments[0], Name)
        and name.id in made
        for call in changing
    )


def _missed(made: Assign, function: Function) -> Iterator[str]:
    """Yield the variables that are given something new, made of nothing, because they are empty."""
    match made:
        case Assign((Name(name),), _, Call(_, (), ())):
            for around in surroundings.around(function.body, made):
                match around:
                    case If(UnaryOperation("not", Name(tested))) | If(
                        Comparison((Name(tested), Constant("None")), ("is",))
                    ) if tested == name:
                        yield name


def _answers(function: Function) -> bool:
    """Tell whether a function gives something back: otherwise it is there for what it does."""
    returns = walk_all(function.body, Return)
    return any(isinstance(each, Return) and each.value is not None for each in returns)


def _segments(route: Route) -> list[str]:
    """Return the parts of the route's own path that are no parameters, else the router's last."""
    own = [each for each in (route.own_path or "").split("/") if each and "{" not in each]
    return own or (route.router.prefix or "").rstrip("/").split("/")[-1:]


def _changes_rows(
    function: Function, codebase: Codebase, changes: tuple[str, ...] = _CHANGES
) -> bool:
    """Tell whether a function itself calls one of these methods of a session."""
    return any(_is_change(each, codebase, changes) for each in function.calls)


def _is_change(call: CallSite, codebase: Codebase, changes: tuple[str, ...]) -> bool:
    match codebase.target(call):
        case External(name):
            owner, _, method = name.rpartition(".")
            return method in changes and codebase.is_a(owner, *_SESSIONS)
    return False


def _finding(route: Route, routes: list[Route], authentication: Authentication) -> Finding:
    name = route.function.name
    if _is_webhook(route):
        advice = f"Verify in `{name}` the signature or secret that the sender adds"
    else:
        used = _closing(routes, route.router, authentication)
        by = f"with `{used}` as other routes do" if used else "as other routes do"
        advice = f"Let `{name}` depend on who asks, {by}"
    return Finding(at=route.place, message=f"{advice}: anybody may call it.")


def _closing(routes: list[Route], router: Router, authentication: Authentication) -> str | None:
    """Return the dependency that closes most routes of a router, or else of all.

    What only one route has, or others hardly have, may be about one thing of that router.
    """
    by_router: defaultdict[Router, Counter[str]] = defaultdict(Counter)
    for each in routes:
        name = authentication.closed_by(each)
        if name is not None and not name.startswith(_ASKS_NOBODY):
            by_router[each.router][name] += 1
    near = by_router.pop(router, Counter())
    others = sum(by_router.values(), Counter[str]())
    shared = Counter({name: count for name, count in near.items() if others[name] >= count > 1})
    return next((name for name, _ in (shared or near + others).most_common(1)), None)


def _is_webhook(route: Route) -> bool:
    """Tell whether another service calls a route, rather than somebody who manages webhooks."""
    told = (route.function.name, route.own_path or "", route.router.prefix or "")
    is_managed = route.methods & _WRITES != {"POST"} or _MANAGES.search(route.function.name)
    return not is_managed and any(_WEBHOOK.search(each) for each in told)


PRACTICE = Practice(
    kind=Kind.RISK,
    explanation=Explanation(
        rule="In applications that have accounts, routes that change something ask who is there.",
        why=(
            "One route without a login among a hundred with one is an oversight that scanners "
            "find within hours: strangers delete rows, fill tables or send mail in the "
            "service's name."
        ),
        bad="""\
@router.delete("/posts/{post_id}", status_code=204)
async def delete_post(post: PostDep, session: SessionDep) -> None: ...
""",
        good="""\
@router.delete("/posts/{post_id}", status_code=204)
async def delete_post(post: OwnedPostDep, session: SessionDep, user: UserDep) -> None: ...
""",
        when_not=(
            "Sign-up, login, logout, refreshing, verification and password reset are for "
            "strangers, and signed webhooks prove themselves; none is reported, nor are letters to "
            "those who run a site, paths with a part `public`, "
            "applications without any authentication, a POST that only computes or reads, or "
            "changes in a router whose other writes take users and guests alike. "
            "Ignore it for what is public on purpose."
        ),
        fix_safety="No automatic fix: who may do what is a decision.",
        references={
            "Security": "https://fastapi.tiangolo.com/tutorial/security/",
            "Dependencies in path operation decorators": (
                "https://fastapi.tiangolo.com/tutorial/dependencies/"
                "dependencies-in-path-operation-decorators/"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
            "one route among others that ask",
            """\
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer("login")


def current_user(token: Annotated[str, Depends(scheme)]) -> str:
    try:
        return jwt.decode(token, "key", algorithms=["HS256"])["sub"]
    except jwt.PyJWTError:
        raise HTTPException(401) from None


@app.post("/posts")
def create_post(text: str, user: Annotated[str, Depends(current_user)]) -> str:
    return text + user


@app.delete("/posts/{post_id}")
def delete_post(post_id: int) -> None: ...  # <- here
""",
        ),
        Flagged(
            "webhooks that somebody orders and takes back, which no other service calls",
            """\
import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer("login")


def current_user(token: str = Depends(scheme)) -> str:
    try:
        return jwt.decode(token, "key", algorithms=["HS256"])["sub"]
    except jwt.PyJWTError:
        raise HTTPException(401) from None


@app.post("/webhooks")
def create_webhook(url: str, user: str = Depends(current_user)) -> str:
    return url + user


@app.delete("/webhooks/{webhook_id}")
def delete_webhook(webhook_id: int) -> None: ...  # <- here
""",
        ),
        Flagged(
            "a dependency that takes a token, but lets strangers in",
            {
                "app/security.py": """\
from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import HTTPBearer

scheme = HTTPBearer(auto_error=False)


class TooManyRequests(Exception):
    pass


def current_user(token: Annotated[object, Depends(scheme)]) -> object:
    if token is None:
        raise HTTPException(status_code=401)
    return token


def optional_user(token: Annotated[object, Depends(scheme)]) -> object:
    try:
        return current_user(token)
    except HTTPException:
        return None


def rate_limit(user: Annotated[object, Depends(optional_user)]) -> None:
    if user is None:
        raise TooManyRequests()


CurrentUser = Annotated[object, Depends(current_user)]
""",
                "app/routes.py": """\
from fastapi import APIRouter, Depends

from app import security
from app.security import CurrentUser

router = APIRouter(prefix="/jobs", dependencies=[Depends(security.rate_limit)])


@router.post("/")
def create_job(name: str) -> None: ...  # <- here


@router.delete("/{name}")
def delete_job(name: str, user: CurrentUser) -> None: ...
""",
                "app/main.py": """\
from fastapi import FastAPI

from app.routes import router

app = FastAPI()
app.include_router(router, prefix="/api")
""",
            },
        ),
        Flagged(
            "a GET that deletes",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, Security
from fastapi.security import APIKeyHeader
from sqlalchemy.orm import Session

app = FastAPI()
key = APIKeyHeader(name="x-key")


def get_session() -> Session: ...


@app.post("/letters", dependencies=[Security(key)])
def create_letter(text: str) -> str:
    return text


@app.get("/letters/{letter_id}/stop")
def stop(letter_id: int, session: Annotated[Session, Depends(get_session)]) -> None:  # <- here
    session.delete(session.get(dict, letter_id))
    session.commit()
""",
        ),
        Flagged(
            "what a request finds open in its state says nothing about who sends it",
            """\
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
bearer = OAuth2PasswordBearer(tokenUrl="/token")


async def get_database(request: Request) -> Any:
    return request.state.database


Database = Annotated[Any, Depends(get_database)]


@app.post("/posts")
async def create_post(text: str, database: Database) -> None:  # <- here
    await database.execute("INSERT INTO post VALUES ($1)", text)


@app.delete("/posts", dependencies=[Depends(bearer)])
async def delete_posts(database: Database) -> None:
    await database.execute("DELETE FROM post")
""",
        ),
        Flagged(
            "a table that reading strangers fill, and guests who remove what is not theirs",
            """\
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBearer
from pydantic import BaseModel

app = FastAPI()
scheme = HTTPBearer(auto_error=False)


class Order(BaseModel):
    id: str
    note: str = ""


ORDERS: dict[str, Order] = {}


def optional_user(token: object = Depends(scheme)) -> object | None:
    return token


def current_user(token: object = Depends(scheme)) -> object:
    if token is None:
        raise HTTPException(401)
    return token


@app.get("/orders")
def read_orders(user: object | None = Depends(optional_user)) -> list[Order]:
    return list(ORDERS.values()) if user else []


@app.patch("/orders/{order_id}/note")
def change_note(order_id: str, note: str) -> Order:  # <- here
    ORDERS[order_id].note = note
    return ORDERS[order_id]


@app.delete("/orders", dependencies=[Depends(current_user)])
def delete_all() -> None:
    ORDERS.clear()
""",
        ),
        Flagged(
            "a POST that is handed to a thread and stores there",
            """\
from fastapi import Depends, FastAPI, HTTPException
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPBearer
from sqlmodel import Field, Session, SQLModel, create_engine

app = FastAPI()
engine = create_engine("sqlite://")
scheme = HTTPBearer()


class Order(SQLModel, table=True):
    id: str = Field(primary_key=True)


def store(order_id: str) -> str:
    with Session(engine) as session:
        session.add(Order(id=order_id))
    return order_id


@app.post("/orders/{order_id}")
async def order(order_id: str) -> str:  # <- here
    return await run_in_threadpool(store, order_id)


@app.delete("/orders", dependencies=[Depends(scheme)])
def delete_all() -> None: ...
""",
        ),
        Flagged(
            "a POST that starts a program, and one that runs what was made elsewhere",
            """\
import asyncio

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI()
scheme = HTTPBearer()
waiting = []


@app.post("/builds/{name}")
async def build(name: str) -> str:  # <- here
    await asyncio.create_subprocess_exec("make", name)
    return name


@app.post("/waiting/{number}")
def run(number: int) -> int:  # <- here
    waiting[number].execute()
    return number


@app.delete("/builds", dependencies=[Depends(scheme)])
def delete_all() -> None: ...
""",
        ),
        Clean(
            "a router that is given its guard later",
            """\
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.orm import Session

app = FastAPI()
admin = APIRouter(prefix="/admin")
scheme = OAuth2PasswordBearer(tokenUrl="/token")


def get_session() -> Session: ...


def get_admin(token: Annotated[str, Depends(scheme)]) -> str:
    if token != "admin":
        raise HTTPException(401)
    return token


admin.dependencies = [Depends(get_admin)]


@admin.post("/posts")
def write(title: str, session: Annotated[Session, Depends(get_session)]) -> None:
    session.add(title)
    session.commit()


@app.get("/me")
def read_me(token: Annotated[str, Depends(get_admin)]) -> str:
    return token


app.include_router(admin)
""",
        ),
        Clean(
            "a guard that is handed to the application",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.orm import Session

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="/token")


def get_session() -> Session: ...


async def guard(request: Request, call_next):
    if request.headers.get("Authorization") != "Bearer key":
        return JSONResponse({"detail": "Who are you?"}, status_code=401)
    return await call_next(request)


app.middleware("http")(guard)


@app.post("/posts")
def write(title: str, session: Annotated[Session, Depends(get_session)]) -> None:
    session.add(title)
    session.commit()


@app.get("/me")
def read_me(token: Annotated[str, Depends(scheme)]) -> str:
    return token
""",
        ),
        Clean(
            "a letter, what proves an address, what is public, and what a payment service signs",
            """\
import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel
from sqlalchemy.orm import Session

app = FastAPI()
public = APIRouter(prefix="/public")
scheme = OAuth2PasswordBearer(tokenUrl="/token")


def get_session() -> Session: ...


SessionDep = Annotated[Session, Depends(get_session)]


class Ticket(BaseModel):
    name: str
    email: str
    concern: str


class Bank:
    def note(self, session: Session, told: dict) -> None:
        key = f"{told['order']}{told['amount']}{self.key}"
        if hashlib.sha512(key.encode()).hexdigest() != told["signature_key"]:
            raise HTTPException(403)
        session.add(told)
        session.commit()


bank = Bank()


@app.get("/mine")
def read_mine(token: Annotated[str, Depends(scheme)]) -> None: ...


@app.post("/tickets")
def open_ticket(ticket: Ticket, session: SessionDep) -> None:
    session.add(ticket)
    session.commit()


@app.post("/resend-activation")
def resend(email: str, session: SessionDep) -> None:
    session.add(email)


@app.post("/phone-code")
def send_code(phone: str, session: SessionDep) -> None:
    session.add(phone)


@public.post("/orders")
def order(session: SessionDep) -> None:
    session.add(object())


@app.post("/payments/notification")
def hear(told: dict, session: SessionDep) -> None:
    bank.note(session, told)


app.include_router(public)
""",
        ),
        Clean(
            "a POST that only selects, in a thread",
            """\
from fastapi import Depends, FastAPI, HTTPException
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPBearer
from sqlalchemy import create_engine, select
from sqlmodel import Field, Session, SQLModel

app = FastAPI()
engine = create_engine("sqlite://")
scheme = HTTPBearer()


class Order(SQLModel, table=True):
    id: str = Field(primary_key=True)
    note: str = ""


def with_note(note: str) -> list[Order]:
    statement = select(Order).where(Order.note == note)
    statement = statement.order_by(Order.id).limit(20)
    with Session(engine) as session:
        return session.execute(statement).scalars().all()


@app.post("/notes/{note}/orders")
async def orders_of_note(note: str) -> list[Order]:
    return await run_in_threadpool(with_note, note)


@app.delete("/orders", dependencies=[Depends(scheme)])
def delete_all() -> None: ...
""",
        ),
        Clean(
            "orders that guests may make, and change as well",
            """\
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBearer
from pydantic import BaseModel

app = FastAPI()
scheme = HTTPBearer(auto_error=False)


class Order(BaseModel):
    id: str
    note: str = ""


ORDERS: dict[str, Order] = {}


def optional_user(token: object = Depends(scheme)) -> object | None:
    return token


def current_user(token: object = Depends(scheme)) -> object:
    if token is None:
        raise HTTPException(401)
    return token


@app.post("/orders")
def order(wanted: Order, user: object | None = Depends(optional_user)) -> Order:
    ORDERS[wanted.id] = wanted
    return wanted


@app.patch("/orders/{order_id}/note")
def change_note(order_id: str, note: str) -> Order:
    ORDERS[order_id].note = note
    return ORDERS[order_id]


@app.delete("/orders", dependencies=[Depends(current_user)])
def delete_all() -> None:
    ORDERS.clear()

""",
        ),
        Clean(
            "an application without accounts",
            """\
from fastapi import FastAPI

app = FastAPI()


@app.post("/notes")
def create_note(text: str) -> str:
    return text
""",
        ),
        Clean(
            "an inclusion that is unpacked, and may say what guards the routes",
            {
                "app/posts.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.post("/posts")
def create_post(text: str) -> str:
    return text
""",
                "app/main.py": """\
from fastapi import Depends, FastAPI, Header, HTTPException

from app import posts


def require_key(x_key: str = Header()) -> None:
    if x_key != "k":
        raise HTTPException(status_code=403)


app = FastAPI()
for each in [{"router": posts.router, "dependencies": [Depends(require_key)]}]:
    app.include_router(**each)


@app.delete("/posts/{post_id}", dependencies=[Depends(require_key)])
def delete_post(post_id: int) -> None: ...
""",
            },
        ),
        Clean(
            "the login stands at the router, at its inclusion, or in a list with a name",
            {
                "app/security.py": """\
from fastapi import Depends, Header, HTTPException


def require_key(x_key: str = Header()) -> None:
    if x_key != "k":
        raise HTTPException(status_code=403)


CLOSED = [Depends(require_key)]
""",
                "app/posts.py": """\
from fastapi import APIRouter

from app.security import CLOSED

router = APIRouter(dependencies=CLOSED)
tags = APIRouter()


@router.post("/posts")
def create_post(text: str) -> str:
    return text


@tags.put("/tags/{name}")
def replace_tag(name: str) -> str:
    return name


@tags.post("/tags", dependencies=[*CLOSED])
def create_tag(name: str) -> str:
    return name
""",
                "app/main.py": """\
from fastapi import Depends, FastAPI

from app import posts
from app.security import require_key

app = FastAPI()
app.include_router(posts.router)
app.include_router(posts.tags, dependencies=[Depends(require_key)])
""",
            },
        ),
        Clean(
            "strangers log in and sign up, a search changes nothing, a webhook is signed",
            """\
import hmac
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.security import HTTPBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel

app = FastAPI()


class SignUp(BaseModel):
    name: str
    password: str


@app.post("/login")
def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> str:
    return form.username


@app.post("/members")
def join(body: SignUp) -> str:
    return body.name


@app.post("/search")
def search(text: str) -> str:
    return text


@app.post("/hooks/payments")
async def payment_hook(request: Request) -> None:
    body = await request.body()
    if request.headers["x-signature"] != hmac.new(b"key", body, "sha256").hexdigest():
        raise HTTPException(status_code=400)


@app.delete("/members/me")
def leave(token: Annotated[object, Depends(HTTPBearer())]) -> None: ...
""",
        ),
        Clean(
            "a question that closes what has expired, an enquiry, and leaving a mailing list",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from sqlalchemy.orm import Session

app = FastAPI()


def get_session() -> Session: ...


SessionDep = Annotated[Session, Depends(get_session)]


def is_valid(code: str, session: Session) -> bool:
    session.commit()
    return bool(code)


@app.post("/codes/check")
def check_code(code: str, session: SessionDep) -> bool:
    return is_valid(code, session)


@app.post("/inquiries")
def send_inquiry(text: str, session: SessionDep) -> None:
    session.add(text)


@app.post("/carts/guest")
def create_guest_cart(session: SessionDep) -> None:
    session.add({})


@app.post("/lists/{list_id}/unsubscribe")
def leave_list(list_id: int, email: str) -> None: ...


@app.delete("/codes/{code}", dependencies=[Depends(HTTPBearer())])
def delete_code(code: str) -> None: ...
""",
        ),
        Clean(
            "a class-based view, and a dependency from a library that is not known",
            """\
from typing import Annotated

from accounts_of_somebody import require_member
from fastapi import APIRouter, Depends, FastAPI
from fastapi.security import HTTPBearer
from fastapi_utils.cbv import cbv

app = FastAPI()
router = APIRouter()


@cbv(router)
class Posts:
    member: Annotated[object, Depends(HTTPBearer())]

    @router.post("/posts")
    def create(self, text: str) -> str:
        return text


@router.post("/tags", dependencies=[Depends(require_member)])
def create_tag(name: str) -> str:
    return name


app.include_router(router)
""",
        ),
        Clean(
            "a middleware that refuses strangers",
            """\
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer

app = FastAPI()


@app.middleware("http")
async def known_only(request: Request, call_next):
    if "user" not in request.session:
        return JSONResponse({}, status_code=401)
    return await call_next(request)


@app.post("/posts")
def create_post(text: str) -> str:
    return text


@app.post("/tags", dependencies=[Depends(HTTPBearer())])
def create_tag(text: str) -> str:
    return text
""",
        ),
        Clean(
            "an example beside an application that knows its users",
            {
                "app/main.py": """\
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI()


@app.post("/posts", dependencies=[Depends(HTTPBearer())])
def create_post(text: str) -> str:
    return text
""",
                "examples/items.py": """\
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI()


@app.get("/me", dependencies=[Depends(HTTPBearer())])
def me() -> str:
    return "me"


@app.delete("/items/{item_id}", status_code=204)
def delete_item(item_id: int) -> None:
    pass
""",
            },
        ),
        Clean(
            "routes that no application includes, and what the visitors of a site write",
            {
                "app/main.py": """\
from fastapi import Depends, FastAPI, Form
from fastapi.security import HTTPBearer

app = FastAPI()


@app.post("/posts", dependencies=[Depends(HTTPBearer())])
def create_post(text: str) -> str:
    return text


@app.post("/send")
def send(name: str = Form(), email: str = Form(), message: str = Form()) -> str:
    return name + email + message
""",
                "app/scratch.py": """\
from fastapi import APIRouter, Depends
from fastapi.security import HTTPBearer

router = APIRouter()


@router.get("/me", dependencies=[Depends(HTTPBearer())])
def me() -> str:
    return "me"


@router.delete("/items/{item_id}", status_code=204)
def delete_item(item_id: int) -> None:
    pass
""",
            },
        ),
        Clean(
            "what joins, sends a code, or depends on what a call makes",
            {
                "app/main.py": """\
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from app import users

app = FastAPI()
Bearer = Annotated[object, Depends(HTTPBearer())]


class CompanyRegister(BaseModel):
    name: str


class Rights:
    def __init__(self, right: str) -> None:
        self.right = right

    def __call__(self):
        def check(bearer: Bearer) -> None:
            if self.right not in users.rights_of(bearer):
                raise HTTPException(403)

        return check


def having(right: str) -> Rights:
    return Rights(right)()


@app.get("/me")
def me(bearer: Bearer) -> None: ...


@app.post("/persons")
def store(name: str) -> None:
    users.register(name)


@app.post("/companies")
def store_company(company: CompanyRegister) -> None: ...


@app.post("/send_code")
def send_code(phone: str) -> None: ...


@app.delete("/persons/{name}", dependencies=[Depends(having("delete"))])
def delete_person(name: str) -> None: ...
""",
                "app/users.py": """\
def register(name: str) -> None: ...


def rights_of(bearer: object) -> list[str]:
    return []
""",
            },
        ),
        Clean(
            "what only computes, or reads with a body that says what",
            """\
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine("sqlite://")
bearer = OAuth2PasswordBearer(tokenUrl="token")
RATES = {"income": 20}


class Year(BaseModel):
    revenue: float
    expenses: float


@app.delete("/posts", dependencies=[Depends(bearer)])
def delete_posts() -> None: ...


@app.post("/tax/annual")
def tax_of_year(year: Year) -> dict:
    found = {}
    profit = max(year.revenue - year.expenses, 0)
    for name, rate in RATES.items():
        found[name] = round(profit * rate / 100, 2)
    return found


@app.post("/ledger/run")
def run_ledger(year: Year) -> list:
    query = "SELECT id FROM entry WHERE amount > :amount"
    with engine.connect() as connection:
        rows = connection.execute(text(query), {"amount": year.revenue}).fetchall()
    return [row[0] for row in rows]
""",
        ),
        Clean(
            "a one-time code, keys of rows in memory, and the row that a GET begins with",
            {
                "app/main.py": """\
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import boats
from app.models import Rules

app = FastAPI()


def get_session() -> Session: ...


SessionDep = Annotated[Session, Depends(get_session)]


class Page(BaseModel):
    size: int


@app.get("/me")
def read_me(token=Depends(HTTPBearer())) -> str:
    return token.credentials


@app.post("/auth/sent-code")
def sent(phone: str) -> None: ...


@app.post("/boats/latest")
def latest(page: Page, session: SessionDep) -> list:
    return boats.latest(session, page.size)


@app.get("/rules")
def read_rules(session: SessionDep) -> str:
    rules = session.scalars(select(Rules)).first()
    if rules is None:
        rules = Rules()
        session.add(rules)
        session.commit()
    return rules.text
""",
                "app/models.py": """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase): ...


class Rules(Base):
    __tablename__ = "rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(default="Be kind.")


class Boat(Base):
    __tablename__ = "boat"

    id: Mapped[int] = mapped_column(primary_key=True)
""",
                "app/boats.py": """\
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Boat


def latest(session: Session, size: int) -> list:
    found = session.scalars(select(Boat).order_by(Boat.id).limit(size)).all()
    update_names(found)
    return found


def update_names(found: list) -> None:
    for boat in found:
        shown = boat.__dict__
        shown["name"] = str(shown["id"])
""",
            },
        ),
        Flagged(
            "a GET that adds something of the request, or whatever there is",
            """\
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = FastAPI()


class Base(DeclarativeBase): ...


class Visit(Base):
    __tablename__ = "visit"

    id: Mapped[int] = mapped_column(primary_key=True)


def get_session() -> Session: ...


@app.get("/me")
def read_me(token=Depends(HTTPBearer())) -> str:
    return token.credentials


@app.get("/visits")
def count_visit(session: Session = Depends(get_session)) -> None:  # <- here
    visit = Visit()
    session.add(visit)
    session.commit()


@app.get("/visits/{visit_id}")
def read_visit(visit_id: int, session: Session = Depends(get_session)) -> None:  # <- here
    visit = session.get(Visit, visit_id)
    if not visit:
        visit = Visit()
        session.add(visit)
        session.commit()
""",
        ),
        Clean(
            "a stand-in for a router that cannot be imported",
            {
                "app/main.py": """\
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

from app import spare

app = FastAPI()
try:
    from app.boats import router

    app.include_router(router)
except ImportError:
    app.include_router(spare.router)


@app.get("/me")
def read_me(token=Depends(HTTPBearer())) -> str:
    return token.credentials
""",
                "app/boats.py": """\
from fastapi import APIRouter, Depends
from fastapi.security import HTTPBearer

router = APIRouter(dependencies=[Depends(HTTPBearer())])
BOATS: list[str] = []


@router.post("/boats")
def create_boat(name: str) -> None:
    BOATS.append(name)
""",
                "app/spare.py": """\
from fastapi import APIRouter

router = APIRouter()
BOATS: list[str] = []


@router.post("/boats")
def create_boat(name: str) -> None:
    BOATS.append(name)
""",
            },
        ),
        Flagged(
            "a router that is included whatever can be imported",
            {
                "app/main.py": """\
from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

from app import boats

app = FastAPI()
try:
    import sentry_sdk
except ImportError:
    sentry_sdk = None
app.include_router(boats.router)


@app.get("/me")
def read_me(token=Depends(HTTPBearer())) -> str:
    return token.credentials
""",
                "app/boats.py": """\
from fastapi import APIRouter
from sqlalchemy.orm import Session

router = APIRouter()


@router.post("/boats")
def create_boat(name: str) -> None:  # <- here
    with Session() as session:
        session.add(name)
        session.commit()
""",
            },
        ),
    ),
    follows_calls=True,
)
