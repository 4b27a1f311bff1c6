"""async_routes/no-cpu-bound-work: async code leaves long computations to a thread or a process."""

from collections.abc import Iterator

from fastwright.application import validators
from fastwright.application.application import Application
from fastwright.application.entries import Entry, Role
from fastwright.codebase import offloading, threads
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function, Scope
from fastwright.codebase.values import External, Instance
from fastwright.codebase.witnesses import Site, Trace, Witnesses
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
from fastwright.source.syntax import Attribute, Call, Collection, Name, Starred

_PUTS_IN = {"zipfile.ZipFile.write", "zipfile.ZipFile.writestr"}
_COUNTS = "sklearn.feature_extraction.text."
_COMPARES = "sklearn.metrics.pairwise.cosine_similarity"
_WORK = {
    "compression": "compresses or unpacks",
    "data-frame": "works through a table",
    "hashing": "hashes a password, which is slow by design",
    "image": "works on an image or a document",
    "inference": "runs a model",
    "key-derivation": "derives a key, which is slow by design",
}


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each call in an async entry point that leads to a long computation."""
    codebase = application.codebase
    witnesses = Witnesses(codebase, lambda function: _sites(function, codebase))
    for entry in application.each_entry():
        # While an application starts or stops, no request waits.
        if entry.function.is_async and entry.role != Role.LIFESPAN:
            for trace in witnesses.traces(entry.function):
                yield _finding(trace, entry, codebase, _fix(trace, witnesses, codebase))
        for validator in validators.of_request(entry.function, application):
            for trace in witnesses.traces(validator):
                yield _in_validator(trace, validator, codebase)


def _in_validator(trace: Trace, validator: Function, codebase: Codebase) -> Finding:
    kind = codebase.knowledge.cpu(trace.site.name) or ""
    return Finding(
        at=validator.module.place(trace.node),
        message=(
            "Leave this to the route, which can await it in a thread: FastAPI validates requests "
            f"in the event loop, {trace.called} {_WORK[kind]}, and every other request waits "
            "meanwhile."
        ),
        chain=trace.steps("which computes for long"),
    )


def _fix(trace: Trace, witnesses: Witnesses, codebase: Codebase) -> Fix | None:
    """Return the fix that hands the first sync call on the way to a thread."""
    at = offloading.spot(trace)
    if not offloading.is_only_way(trace, witnesses):
        return None
    if not threads.computes_apart(at, trace.site.name, codebase):
        return None
    rewritten = offloading.in_thread(at, list(witnesses.traces(at.function)), codebase)
    if rewritten is None:
        return None
    return Fix(Safety.UNSAFE, rewritten.edits, rewritten.spelling.imports)


def _sites(function: Function, codebase: Codebase) -> Iterator[Site]:
    if not any(map(codebase.knowledge.cpu, codebase.habits.of(function).libraries)):
        return
    for call, name in codebase.library_calls(function):
        if codebase.knowledge.cpu(name) and not (
            _only_stores(call, name, codebase) or _counts_few(call.node, name, function, codebase)
        ):
            yield Site(function, call.node, name)


def _only_stores(call: CallSite, name: str, codebase: Codebase) -> bool:
    """Tell whether something is put into an archive as it is: a ZIP compresses when told to."""
    if name not in _PUTS_IN or not isinstance(call.node.function, Attribute):
        return False
    archive = codebase.resolver.value(call.node.function.value, call.function)
    if not isinstance(archive, Instance) or not archive.made:
        return False
    making, how = archive.made[0], call.node.keyword("compress_type")
    return how is None and making.argument(2, "compression") is None


def _counts_few(node: Call, name: str, scope: Scope, codebase: Codebase) -> bool:
    """Tell whether words of some texts that are listed one by one are counted, or so compared."""
    match node:
        case Call(_, (Collection(_, items), *_)) if name.startswith(_COUNTS):
            return not any(isinstance(each, Starred) for each in items)
        case Call(_, (Name() as counted, *_)) if name == _COMPARES:
            match codebase.origin(counted, scope):
                case (Call(called) as counting, where):
                    value = codebase.resolver.value(called, where)
                    return isinstance(value, External) and _counts_few(
                        counting, value.name, where, codebase
                    )
    return False


def _finding(trace: Trace, entry: Entry, codebase: Codebase, fix: Fix | None) -> Finding:
    kind = codebase.knowledge.cpu(trace.site.name) or ""
    return Finding(
        at=entry.function.module.place(trace.node),
        message=(
            f"{trace.in_thread[0].upper()}{trace.in_thread[1:]}, or use a process: {trace.called} "
            f"{_WORK[kind]}, and every other request waits meanwhile."
        ),
        chain=trace.steps("which computes for long"),
        fix=fix,
    )


PRACTICE = Practice(
    kind=Kind.RISK,
    explanation=Explanation(
        rule="Long computations do not run in the event loop.",
        why=(
            "A bcrypt or Argon2 hash takes a tenth of a second of pure computing, an image or a "
            "model far more. In an async function nothing else of that process is answered in the "
            "meantime: a few logins a second are enough to make every route slow."
        ),
        bad="""\
@router.post("/tokens")
async def sign_in(form: Credentials, session: SessionDep) -> Token:
    user = await users.by_email(session, form.email)
    if not hasher.verify(form.password, user.password_hash):
        raise InvalidCredentials
    return tokens.issue(user)
""",
        good="""\
@router.post("/tokens")
async def sign_in(form: Credentials, session: SessionDep) -> Token:
    user = await users.by_email(session, form.email)
    if not await run_in_threadpool(hasher.verify, form.password, user.password_hash):
        raise InvalidCredentials
    return tokens.issue(user)
""",
        when_not=(
            "Plain `def` routes run in threads already. Signing a token and making a checksum take "
            "microseconds and are not meant, nor are reading one member of an archive and what "
            "runs before the first request. Work that holds the interpreter's lock for seconds "
            "belongs in a process or a job queue rather "
            "than in a thread."
        ),
        fix_safety=(
            "Unsafe: the call is handed to `run_in_threadpool`, which keeps its result, but it "
            "then runs beside other requests, so what it touches must bear that. There is no fix "
            "where it uses a session, a file or a lock, or stands in a `finally` or a lambda. A "
            "file that does not import FastAPI gets `asyncio.to_thread`."
        ),
        references={
            "Concurrency and async / await": "https://fastapi.tiangolo.com/async/",
            "Thread pool of Starlette": "https://www.starlette.io/threadpool/",
        },
    ),
    check=check,
    examples=(
        Flagged(
            "a password hash two functions away, in another file",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import users

app = FastAPI()


@app.post("/users")
async def sign_up(password: str) -> str:
    return await users.create(password)  # <- here
""",
                "app/users.py": """\
from app.security import hash_password as hashed


async def create(password: str) -> str:
    return hashed(password)
""",
                "app/security.py": """\
from passlib.context import CryptContext

context = CryptContext(schemes=["bcrypt"])


def hash_password(password: str) -> str:
    return context.hash(password)
""",
            },
        ),
        Flagged(
            "a dependency that checks a password, behind an imported alias",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.auth import UserDep

app = FastAPI()


@app.get("/me")
async def me(user: UserDep) -> str:
    return user
""",
                "app/auth.py": """\
from typing import Annotated

from argon2 import PasswordHasher
from fastapi import Depends
from fastapi.security import HTTPBasic, HTTPBasicCredentials

hasher = PasswordHasher()
HASH = "$argon2id$v=19$"


async def current_user(
    credentials: Annotated[HTTPBasicCredentials, Depends(HTTPBasic())],
) -> str:
    hasher.verify(HASH, credentials.password)  # <- here
    return credentials.username


UserDep = Annotated[str, Depends(current_user)]
""",
            },
        ),
        Flagged(
            "an image made smaller in the route",
            """\
from io import BytesIO

from fastapi import APIRouter, UploadFile
from PIL import Image

router = APIRouter()


@router.post("/avatars")
async def upload(file: UploadFile) -> int:
    image = Image.open(BytesIO(await file.read()))
    small = image.resize((64, 64))  # <- here
    return small.width
""",
        ),
        Fixed(
            "a hash handed to a thread",
            """\
import bcrypt
from fastapi import FastAPI

app = FastAPI()


@app.post("/hashes")
async def make_hash(password: str) -> bytes:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt())  # <- here
""",
            """\
import bcrypt
from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

app = FastAPI()


@app.post("/hashes")
async def make_hash(password: str) -> bytes:
    return await run_in_threadpool(bcrypt.hashpw, password.encode(), bcrypt.gensalt())
""",
        ),
        Fixed(
            "a function of one's own, called in the middle of an expression, where FastAPI is not",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import users

app = FastAPI()


@app.post("/tokens")
async def sign_in(name: str, password: str) -> bool:
    return await users.check(name, password)  # <- here
""",
                "app/users.py": """\
from app.security import verify as is_right

known = {"zoë": "$2b$12$"}


async def check(name: str, password: str) -> bool:
    if name in known and not is_right(password, known[name]):
        return False
    return name in known
""",
                "app/security.py": """\
from passlib.context import CryptContext

context = CryptContext(schemes=["bcrypt"])


def verify(password: str, known: str) -> bool:
    return context.verify(password, known)
""",
            },
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import users

app = FastAPI()


@app.post("/tokens")
async def sign_in(name: str, password: str) -> bool:
    return await users.check(name, password)
""",
                "app/users.py": """\
import asyncio

from app.security import verify as is_right

known = {"zoë": "$2b$12$"}


async def check(name: str, password: str) -> bool:
    if name in known and not await asyncio.to_thread(is_right, password, known[name]):
        return False
    return name in known
""",
                "app/security.py": """\
from passlib.context import CryptContext

context = CryptContext(schemes=["bcrypt"])


def verify(password: str, known: str) -> bool:
    return context.verify(password, known)
""",
            },
        ),
        Fixed(
            "an attribute of the result, behind a `;`, with a name that FastAPI gave already",
            """\
from fastapi import APIRouter, UploadFile
from PIL import Image
from starlette.concurrency import run_in_threadpool as threaded

router = APIRouter()


@router.post("/avatars")
async def upload(file: UploadFile) -> int:
    im = Image.new("L", (9, 9)); wide = im.resize((6, 6), ).width  # <- here
    await threaded(im.close)
    return wide
""",
            """\
from fastapi import APIRouter, UploadFile
from PIL import Image
from starlette.concurrency import run_in_threadpool as threaded

router = APIRouter()


@router.post("/avatars")
async def upload(file: UploadFile) -> int:
    im = Image.new("L", (9, 9)); wide = (await threaded(im.resize, (6, 6), )).width
    await threaded(im.close)
    return wide
""",
        ),
        Flagged(
            "a comprehension, a `finally`, and what a thread would not know of",
            """\
import bcrypt
import decimal
from fastapi import FastAPI
from PIL import Image

app = FastAPI()


@app.post("/hashes")
async def hash_all(texts: list[bytes], image: Image.Image) -> list[bytes]:
    try:
        with decimal.localcontext():
            small = image.resize((9, 9))  # <- here
    finally:
        small.save("small.png")  # <- here
    return [bcrypt.hashpw(each, b"$2b$12$") for each in texts]  # <- here
""",
        ),
        Flagged(
            "the words of all texts that there are",
            """\
from fastapi import FastAPI
from sklearn.feature_extraction.text import TfidfVectorizer

app = FastAPI()
TEXTS: list[str] = []


@app.get("/words")
async def read_words() -> int:
    counted = TfidfVectorizer().fit_transform(["", *TEXTS])  # <- here
    return counted.shape[1]
""",
        ),
        Clean(
            "the words of two texts",
            """\
from fastapi import FastAPI
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

app = FastAPI()


@app.get("/likeness")
async def compare(one: str, other: str) -> float:
    counted = TfidfVectorizer().fit_transform([one, other])
    return float(cosine_similarity(counted)[0, 1])
""",
        ),
        Clean(
            "a plain function runs in a thread, and so does what is handed to one",
            """\
import asyncio

from fastapi import FastAPI
from passlib.hash import bcrypt

app = FastAPI()


def verify(password: str, known: str) -> bool:
    return bcrypt.verify(password, known)


@app.post("/plain")
def plain(password: str, known: str) -> bool:
    return verify(password, known)


@app.post("/threaded")
async def threaded(password: str, known: str) -> bool:
    return await asyncio.to_thread(verify, password, known)
""",
        ),
        Clean(
            "a checksum and a signed token take microseconds",
            """\
import hashlib

import jwt
from fastapi import FastAPI

app = FastAPI()


@app.post("/tokens")
async def issue(name: str) -> str:
    digest = hashlib.sha256(name.encode()).hexdigest()
    return jwt.encode({"sub": digest}, "key", algorithm="HS256")
""",
        ),
        Clean(
            "methods of the same names on objects of one's own",
            """\
from fastapi import FastAPI

app = FastAPI()


class Hasher:
    def hash(self, text: str) -> int:
        return len(text)


bcrypt = Hasher()


@app.get("/length")
async def length(text: str) -> int:
    return bcrypt.hash(text)
""",
        ),
        Clean(
            "a model that is warmed up before the first request",
            """\
from contextlib import asynccontextmanager

import joblib
from fastapi import FastAPI
from sklearn.linear_model import LogisticRegression

model: LogisticRegression = joblib.load("model.bin")


@asynccontextmanager
async def lifespan(app: FastAPI):
    model.predict([[0.0]])
    yield


app = FastAPI(lifespan=lifespan)
""",
        ),
        Clean(
            "an archive that stores what it is given and does not compress it",
            """\
import zipfile

from fastapi import FastAPI

app = FastAPI()


@app.get("/pictures")
async def pictures(names: list[str]) -> None:
    with zipfile.ZipFile("pictures.zip", "w") as archive:
        for name in names:
            archive.write(name)
""",
        ),
        Clean(
            "a text that is unpacked",
            """\
import zlib

from fastapi import FastAPI

app = FastAPI()
kept: dict[str, bytes] = {}


@app.get("/texts/{name}")
async def read_text(name: str) -> str:
    return zlib.decompress(kept[name]).decode()
""",
        ),
        Flagged(
            "a validator, which FastAPI runs in the event loop, also for a plain route",
            """\
import bcrypt
from fastapi import FastAPI
from pydantic import BaseModel, field_validator

app = FastAPI()


def hashed(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()


class SignUp(BaseModel):
    password: str

    @field_validator("password")
    @classmethod
    def hash_password(cls, value: str) -> str:
        return hashed(value)  # <- here


class Imported(BaseModel):
    password: str

    @field_validator("password")
    @classmethod
    def hash_password(cls, value: str) -> str:
        return hashed(value)


@app.post("/users")
def sign_up(body: SignUp) -> None: ...
""",
        ),
        Clean(
            "a router that is imported, but that nothing includes",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import members, phones

app = FastAPI()
app.include_router(members.router)
""",
                "app/members.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/members")
def read_members() -> list[int]:
    return []
""",
                "app/phones.py": """\
import bcrypt
from fastapi import APIRouter

router = APIRouter()


@router.post("/phones")
async def sign_in(password: bytes, known: bytes) -> bool:
    return bcrypt.checkpw(password, known)
""",
            },
        ),
        Clean(
            "one member of an archive, and what a client has compressed",
            """\
import gzip
import io
import zipfile

from fastapi import FastAPI, Request

app = FastAPI()


@app.post("/documents")
async def read_picture(request: Request) -> int:
    sent = gzip.decompress(await request.body())
    with zipfile.ZipFile(io.BytesIO(sent)) as archive:
        names = [each.filename for each in archive.infolist()]
        return len(archive.read(names[0]))
""",
        ),
        Flagged(
            "a whole archive that is unpacked, and what is compressed for an answer",
            """\
import gzip
import io
import zipfile

from fastapi import FastAPI, Request, Response

app = FastAPI()


@app.post("/documents")
async def unpack(request: Request) -> Response:
    body = await request.body()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        archive.extractall("documents")  # <- here
    return Response(gzip.compress(body))  # <- here
""",
        ),
    ),
    follows_calls=True,
)
