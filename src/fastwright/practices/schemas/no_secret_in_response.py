"""schemas/no-secret-in-response: answers carry no password, hash or other secret."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fastwright.application.answers import Answer, answers, declared
from fastwright.application.application import Application
from fastwright.application.drawn import is_drawn
from fastwright.application.made_rows import is_made_without
from fastwright.application.models import Model, ModelField
from fastwright.application.returned_dicts import returned_pairs
from fastwright.application.returned_rows import ReturnedRows
from fastwright.application.routes import Route
from fastwright.application.secret_fields import (
    KEY,
    PASSWORD,
    SECRET,
    SETTING,
    is_optional,
    secrets,
)
from fastwright.application.written_passwords import password_in
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Flagged,
    Kind,
    Place,
    Practice,
)
from fastwright.source.syntax import (
    Constant,
    String,
)

# So many routes are named as the evidence.
_MOST_ROUTES = 3


@dataclass
class _Exposed:
    """A field that routes answer with."""

    model: Model
    secret: ModelField
    routes: list[Route] = field(default_factory=list)


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each secret in a response schema, and each row that is handed out."""
    routes = [
        each
        for each in application.routes
        if not (each.is_websocket or _narrows(each) or application.idle.has(each))
    ]
    rows = ReturnedRows(application)
    exposed: dict[tuple[Model, str], _Exposed] = {}
    for route in routes:
        for answer in answers(route, application, rows):
            model = answer.model
            handed_out = next(
                (
                    each
                    for each in _handed_out(answer, route, application)
                    if not is_made_without(
                        answer.returned, model, each, route.function, application.codebase
                    )
                ),
                None,
            )
            if handed_out is not None:
                yield _of_model(model, handed_out, answer.place)
            if not model.is_table and not model.is_settings:
                for secret in secrets(model, PASSWORD, application):
                    key = model, secret.name
                    exposed.setdefault(key, _Exposed(model, secret)).routes.append(route)
    yield from _of_schemas(exposed.values(), application)
    yield from _of_dicts(routes, application)


def _handed_out(answer: Answer, route: Route, application: Application) -> Iterator[ModelField]:
    """Yield the secrets for which the route itself is to blame, not the model it answers with."""
    model = answer.model
    if model.is_settings:
        yield from secrets(model, SETTING, application)
    elif model.is_table:
        yield from secrets(model, SECRET, application)
    elif route.methods == {"GET"} and not answer.depth:
        yield from (each for each in secrets(model, KEY, application) if not is_optional(each))


def _narrows(route: Route) -> bool:
    """Tell whether the route leaves fields out, or answers without a schema of its own."""
    names = ("response_model_include", "response_model_exclude", "response_class")
    return any(route.keyword(name) is not None for name in names)


def _of_model(model: Model, secret: ModelField, place: Place) -> Finding:
    return Finding(
        at=place,
        message=(
            f"Answer with a schema that lacks `{secret.name}` instead of `{model.name}`: "
            "whoever may call this route reads it."
        ),
        chain=(secret.place.step(f"{secret.owner.name} has {secret.name}"),),
    )


def _of_schemas(exposed: Iterable[_Exposed], application: Application) -> Iterator[Finding]:
    seen: set[Place] = set()
    for each in exposed:
        if _is_shown_once(each, application):
            continue
        places = [place for place in _places(each, application) if place not in seen]
        seen.update(places)
        if places:
            yield Finding(
                at=places[0],
                message=(
                    f"Leave `{each.secret.name}` out of the response schema "
                    f"`{each.model.name}`: {_said(len(each.routes))} with it."
                ),
                chain=tuple(
                    route.place.step(f"{route.function.name} answers")
                    for route in each.routes[:_MOST_ROUTES]
                ),
                places=tuple(places[1:]),
            )


def _is_shown_once(each: _Exposed, application: Application) -> bool:
    """Tell whether the routes draw the secret themselves: whoever has it made sees it once."""
    calls = application.codebase.calls_of(each.model.definition)
    if not calls or "hash" in each.secret.name or any("GET" in one.methods for one in each.routes):
        return False
    makers = {call.function for call in calls}
    return all(
        (value := call.node.keyword(each.secret.name)) is not None
        and is_drawn(value, call.function, application.codebase)
        for call in calls
    ) and all(not makers.isdisjoint(application.reached([route.function])) for route in each.routes)


def _of_dicts(routes: list[Route], application: Application) -> Iterator[Finding]:
    """Yield the passwords that routes without a schema write into their answers."""
    seen: set[Place] = set()
    for route in routes:
        if declared(route, application):
            continue
        for each in returned_pairs(route.function, application.codebase):
            place = each.through[-1].module.place(each.pair)
            name = password_in(each, application)
            if name is not None and place not in seen:
                seen.add(place)
                yield Finding(
                    at=place,
                    message=f"Leave `{name}` out of what `{route.function.name}` answers: "
                    "whoever may call this route reads it.",
                    chain=(route.place.step(f"{route.function.name} answers with it"),),
                )


def _said(routes: int) -> str:
    return "a route answers" if routes == 1 else f"{routes} routes answer"


def _places(each: _Exposed, application: Application) -> Iterator[Place]:
    """Yield where the secret gets in: at the field, or where an optional one is set."""
    if not is_optional(each.secret):
        yield each.secret.place
        return
    for call in application.codebase.calls_of(each.model.definition):
        value = call.node.keyword(each.secret.name)
        if value is not None and not isinstance(value, Constant | String):
            yield call.function.module.place(value)


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="No answer carries a password, its hash, or another secret.",
        why=(
            "A hash that is sent out can be cracked at leisure, and a key can be used at once; "
            "both end up in logs, caches and browser storage. It is the first thing an attacker "
            "looks for in a response, and nobody misses it on the page."
        ),
        bad="""\
class UserRead(BaseModel):
    id: int
    email: str
    hashed_password: str


@router.get("/users/{user_id}")
def read_user(user: UserDep) -> UserRead: ...
""",
        good="""\
class UserRead(BaseModel):
    id: int
    email: str


@router.get("/users/{user_id}")
def read_user(user: UserDep) -> UserRead: ...
""",
        when_not=(
            "A login answers with its token, and the route that makes a key, or draws a password, "
            "shows it once. "
            "A field with `exclude=True` or of type `SecretStr` is not sent."
        ),
        fix_safety="No automatic fix: a client may read the field today.",
        references={
            "FastAPI: Response model": (
                "https://fastapi.tiangolo.com/tutorial/response-model/#return-the-same-input-data"
            ),
            "OWASP: Broken object property level authorization": (
                "https://owasp.org/API-Security/editions/2023/en/"
                "0xa3-broken-object-property-level-authorization/"
            ),
        },
    ),
    check=check,
    examples=(
        Flagged(
            "a schema, also as a part of another, from another file",
            {
                "app/schemas.py": """\
from pydantic import BaseModel


class UserBase(BaseModel):
    email: str


class UserRead(UserBase):
    id: int
    hashed_password: str  # <- here


class Page(BaseModel):
    users: list[UserRead]
""",
                "app/main.py": """\
from fastapi import FastAPI

from app import schemas as user_schemas

app = FastAPI()


@app.get("/users", response_model=user_schemas.Page)
async def read_users():
    return {"users": []}
""",
            },
        ),
        Flagged(
            "a table as the response, and a row that is returned without any response model",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlmodel import Field, SQLModel

app = FastAPI()


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    password: str
    totp_secret: str | None = None


def current_user() -> User:
    return User(id=1, password="x")


UserDep = Annotated[User, Depends(current_user)]


@app.get("/users")
def read_users() -> list[User]:  # <- here
    return []


@app.get("/me")
def read_me(user: UserDep):
    return {"ok": True, "user": user}  # <- here
""",
        ),
        Flagged(
            "rows that a function in another file queries, whole ones only",
            {
                "app/users.py": """\
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    password: Mapped[str]


async def find(user_id: int, db: AsyncSession):
    result = await db.execute(select(User).where(User.id == user_id))
    user = result.scalar_one_or_none()
    return user


async def find_all(db: AsyncSession):
    return (await db.scalars(select(User).order_by(User.id))).all()


async def find_ids(db: AsyncSession):
    return (await db.scalars(select(User.id))).all()
""",
                "app/main.py": """\
from fastapi import FastAPI
from pydantic import BaseModel

from app import users

app = FastAPI()


class UserRead(BaseModel):
    id: int


@app.get("/users/{user_id}")
async def read_user(user_id: int, db):
    user = await users.find(user_id, db)
    return user  # <- here


@app.get("/users")
async def read_users(db):
    return await users.find_all(db)  # <- here


@app.get("/ids")
async def read_ids(db):
    return await users.find_ids(db)


@app.get("/members")
async def read_members(db) -> list[UserRead]:
    return await users.find_all(db)
""",
            },
        ),
        Flagged(
            "an optional field, where it is filled",
            """\
from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter()


class Account(BaseModel):
    name: str
    passwd: str | None = None


def shown(row) -> Account:
    return Account(
        name=row.name,
        passwd=row.passwd,  # <- here
    )


@router.get("/account")
def read_account() -> Account:
    return shown(None)


@router.put("/account")
def rename(account: Account) -> Account:
    return Account(name="Ada", passwd=account.passwd)  # <- here


@router.post("/account")
def sign_in(account: Account) -> bool:
    return True
""",
        ),
        Flagged(
            "keys that are listed again",
            """\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Worker(BaseModel):
    name: str
    api_key: str


@app.post("/workers")
def create_worker() -> Worker:
    return Worker(name="a", api_key="b")


@app.get("/workers")
def read_workers() -> list[Worker]:  # <- here
    return []
""",
        ),
        Flagged(
            "the settings",
            """\
from fastapi import FastAPI
from pydantic_settings import BaseSettings

app = FastAPI()


class Settings(BaseSettings):
    app_name: str = "shop"
    stripe_api_key: str


@app.get("/settings", response_model=Settings)  # <- here
def read_settings():
    return Settings()
""",
        ),
        Flagged(
            "dicts that are written out, also by a helper in another file",
            {
                "app/shapes.py": """\
def user_shape(row) -> dict:
    return {
        "id": str(row["_id"]),
        "password": str(row["password"]),  # <- here
    }


def users_shape(rows) -> list:
    return [user_shape(each) for each in rows]
""",
                "app/main.py": """\
from fastapi import FastAPI

from app.database import users
from app.shapes import users_shape

app = FastAPI()


@app.get("/users")
async def read_users():
    return users_shape(users.find())


@app.get("/users/{name}")
async def read_user(name: str):
    user = await users.find_one({"name": name})
    shown = {"name": user.get("name"), "passwd": user.get("passwd")}  # <- here
    return {"message": "found", "user": shown}
""",
            },
        ),
        Clean(
            "what another service has said, asked with a secret of a row",
            """\
import httpx
from fastapi import FastAPI
from sqlmodel import Field, Session, SQLModel, select

app = FastAPI()


class Shop(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    api_key: str


@app.get("/shops/{shop_id}/pages")
def read_pages(shop_id: int, session: Session):
    shop = session.exec(select(Shop).where(Shop.id == shop_id)).one()
    answer = httpx.get("https://pages.example", params={"key": shop.api_key})
    page = next((each for each in answer.json() if each["id"] == shop_id), None)
    return {"title": page.get("title"), "kind": page.get("kind", {}).get("name")}
""",
        ),
        Clean(
            "dicts without it, with one that is made here, and of what is masked",
            """\
import secrets

from fastapi import FastAPI
from pydantic import BaseModel, SecretStr

from app.database import users

app = FastAPI()


class Login(BaseModel):
    name: str
    password: SecretStr


class Shown(BaseModel):
    name: str


def shape(row) -> dict:
    return {"name": row["name"], "password": row["password"]}


@app.get("/users/first")
async def read_first():
    user = shape(users.find_one())
    user.pop("password", None)
    return user


@app.get("/users/second", response_model=Shown)
async def read_second():
    return shape(users.find_one())


@app.get("/users/third")
async def read_third() -> str:
    return shape(users.find_one())["name"]


@app.post("/users")
async def create_user(login: Login):
    password = secrets.token_urlsafe()
    users.insert_one({"name": login.name, "password": login.password})
    return {"password": password, "name": login.name}


@app.post("/users/masked")
async def mask(login: Login):
    return {"password": login.password, "has_password": True}
""",
        ),
        Clean(
            "a response model that filters what the function returns",
            """\
from fastapi import FastAPI
from pydantic import BaseModel
from sqlmodel import Field, SQLModel

app = FastAPI()


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    email: str
    hashed_password: str


class UserRead(BaseModel):
    email: str


class UserCreate(UserRead):
    password: str


@app.post("/users", response_model=UserRead)
def create_user(wanted: UserCreate) -> User:
    return User(email=wanted.email, hashed_password="x")
""",
        ),
        Clean(
            "fields that are excluded, masked, or only speak of passwords",
            """\
from datetime import datetime
from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel, Field, SecretStr

app = FastAPI()


class UserRead(BaseModel):
    email: str
    password: SecretStr
    password_hash: str = Field(exclude=True)
    hashed_password: Annotated[str, Field(exclude=True)]
    has_password: bool
    password_changed_at: datetime
    password_hint: str


@app.get("/users", response_model=list[UserRead])
def read_users():
    return []
""",
        ),
        Clean(
            "a login that answers with its token, and a key that is shown when it is made",
            """\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Token(BaseModel):
    access_token: str
    refresh_token: str
    token_type: str = "bearer"


class NewKey(BaseModel):
    name: str
    api_key: str


@app.post("/login")
def login() -> Token:
    return Token(access_token="a", refresh_token="b")


class ModelConfig(BaseModel):
    name: str
    api_key: str | None = None


@app.get("/models")
def read_models() -> list[ModelConfig]:
    return []


@app.post("/keys", response_model=NewKey)
def create_key():
    return NewKey(name="a", api_key="b")
""",
        ),
        Clean(
            "a row that is made without it, and a password that the server draws and shows once",
            {
                "app/models.py": """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Guest(Base):
    __tablename__ = "guest"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    password: Mapped[str | None] = mapped_column(nullable=True)
""",
                "app/guests.py": """\
import secrets
import string

from sqlalchemy.orm import Session

from app.models import Guest


def draw(length: int) -> str:
    return "".join(secrets.choice(string.ascii_letters) for _ in range(length))


def admit(session: Session, name: str, digest) -> tuple[Guest, str]:
    password = draw(12)
    guest = Guest(name=name, password=digest(password))
    session.add(guest)
    session.commit()
    return guest, password
""",
                "app/main.py": """\
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app import guests
from app.models import Guest

app = FastAPI()


class Admitted(BaseModel):
    name: str
    password: str


def shown(guest: Guest, password: str) -> Admitted:
    return Admitted(name=guest.name, password=password)


@app.post("/guests/anonymous")
def admit_anonymously(name: str, session: Session):
    guest = Guest(name=name)
    session.add(guest)
    session.commit()
    return guest


@app.post("/guests", response_model=Admitted)
def admit(name: str, session: Session, digest: str):
    guest, password = guests.admit(session, name, hash)
    return shown(guest, password)
""",
                "app/__init__.py": "",
            },
        ),
        Flagged(
            "a row that gets it later, or from what was sent; a drawn password that is read again",
            """\
import secrets

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = FastAPI()


class Base(DeclarativeBase):
    pass


class Guest(Base):
    __tablename__ = "guest"

    id: Mapped[int] = mapped_column(primary_key=True)
    password: Mapped[str | None]


class Wanted(BaseModel):
    name: str
    password: str


class Admitted(BaseModel):
    name: str
    password: str  # <- here


class Kept(BaseModel):
    passwd: str  # <- here


@app.post("/guests")
def admit(wanted: Wanted, session: Session):
    guest = Guest()
    guest.password = wanted.password
    session.add(guest)
    return guest  # <- here


@app.post("/guests/all")
def admit_all(wanted: Wanted, session: Session):
    guest = Guest(**wanted.model_dump())
    session.add(guest)
    return guest  # <- here


@app.post("/guests/named")
def admit_named(wanted: Wanted) -> Admitted:
    password = wanted.password or secrets.token_urlsafe()
    return Admitted(name=wanted.name, password=password)


@app.post("/guests/kept")
def keep() -> Kept:
    return Kept(passwd=secrets.token_urlsafe())


@app.get("/guests/kept")
def read_kept(session: Session) -> Kept:
    return session.get(Guest, 1)
""",
        ),
        Clean(
            "what the route leaves out by itself, and a schema that is only read",
            """\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class User(BaseModel):
    email: str
    password: str


@app.get("/users", response_model=list[User], response_model_exclude={"__all__": {"password"}})
def read_users():
    return []


@app.put("/users/me")
def update_me(user: User) -> None:
    return None
""",
        ),
    ),
)
