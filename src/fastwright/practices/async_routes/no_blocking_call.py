"""async_routes/no-blocking-call: nothing that async code runs keeps the event loop waiting."""

from collections.abc import Iterator

from fastwright.application import excused, injected
from fastwright.application.application import Application
from fastwright.application.entries import Entry, Role
from fastwright.codebase import blocking, offloading, threads
from fastwright.codebase.calls import Edge
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.witnesses import Trace, Witnesses
from fastwright.practice import (
    Clean,
    Effect,
    Explanation,
    Finding,
    Fix,
    Fixed,
    Flagged,
    Kind,
    Part,
    Practice,
    Safety,
)
from fastwright.source.syntax import Attribute, Name

_SESSIONS = ("sqlalchemy.orm.Session", "sqlalchemy.orm.Query", "sqlalchemy.orm.scoped_session")
_SPAWNING = {"create_task", "ensure_future"}
_WAITS = {
    "database": "waits for the database",
    "dns": "waits for a name server",
    "file": "waits for the disk",
    "input": "waits for the keyboard",
    "lock": "waits for another thread",
    "network": "waits for the network",
    "sleep": "sleeps",
    "subprocess": "waits for another process",
}


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each call in an async entry point that leads to a blocking call."""
    codebase = application.codebase
    witnesses = Witnesses(codebase, lambda function: blocking.sites(function, codebase))
    for entry in application.each_entry():
        if entry.function.is_async:
            traces = list(witnesses.traces(entry.function))
            found = [trace for trace in traces if _matters(trace, entry, codebase)]
            fixes = _fixes(found, entry, witnesses, application) if found else []
            for trace, fix in zip(found, fixes, strict=True):
                yield _finding(trace, entry, codebase, fix)


def _fixes(
    traces: list[Trace], entry: Entry, witnesses: Witnesses, application: Application
) -> list[Fix | None]:
    """Return the fix of each trace; a function is made plain where that cures all of them."""
    fixes = [_fix(trace, witnesses, application.codebase) for trace in traces]
    is_run_alone = entry.role in (Role.ROUTE, Role.DEPENDENCY)
    if (
        None in fixes
        and is_run_alone
        and injected.may_be_plain(entry.function, application.codebase)
    ):
        edit = injected.made_plain(entry.function, application)
        if edit is not None:
            effect = Effect(Part.ASYNC, entry.function.name)
            return [Fix(Safety.UNSAFE, (edit,), effects=(effect,)) for _ in traces]
    return fixes


def _fix(trace: Trace, witnesses: Witnesses, codebase: Codebase) -> Fix | None:
    """Return the fix where async code itself calls a library's function that blocks."""
    at = offloading.spot(trace)
    if at.to is not None or not offloading.is_only_way(trace, witnesses):
        return None
    if trace.site.name == "time.sleep":
        rewritten = offloading.asleep(at, codebase)
    elif threads.bears_threads(at, trace.site.name, codebase):
        rewritten = offloading.in_thread(at, list(witnesses.traces(at.function)), codebase)
    else:
        return None
    if rewritten is None:
        return None
    return Fix(Safety.SAFE, rewritten.edits, rewritten.spelling.imports)


def _matters(trace: Trace, entry: Entry, codebase: Codebase) -> bool:
    if entry.role == Role.LIFESPAN:
        # While an application starts or stops, no request waits.
        is_spawned = any(_is_spawned(edge) for edge in trace.edges)
        return is_spawned and not excused.is_excused(trace, codebase)
    by_hand = entry.role in (Role.ROUTE, Role.DEPENDENCY) and not trace.edges
    if by_hand and _is_of_session(trace.site.name, codebase):
        return False
    return not excused.is_excused(trace, codebase)


def _is_spawned(edge: Edge) -> bool:
    """Tell whether a coroutine becomes a task, which goes on while requests are served."""
    for call in edge.caller.calls:
        match call.node.function:
            case Name(name) | Attribute(_, name) if name in _SPAWNING:
                if edge.node in call.node.arguments:
                    return True
    return False


def _is_of_session(name: str, codebase: Codebase) -> bool:
    """Tell whether it is a method of a session, which `database/async-session` speaks of."""
    owner = name.rpartition(".")[0]
    return any(codebase.knowledge.is_subclass(owner, each) for each in _SESSIONS)


def _finding(trace: Trace, entry: Entry, codebase: Codebase, fix: Fix | None) -> Finding:
    kind = codebase.knowledge.blocking(trace.site.name) or "lock"
    return Finding(
        at=entry.function.module.place(trace.node),
        message=(
            f"{_remedy(trace, entry, codebase)}: {trace.called} {_WAITS[kind]}, and every other "
            "request waits with it."
        ),
        chain=trace.steps("which blocks"),
        fix=fix,
    )


def _remedy(trace: Trace, entry: Entry, codebase: Codebase) -> str:
    """Return what to do: with the first function on the way that can be run in a thread."""
    if trace.site.name == "time.sleep" and not trace.edges:
        return "Await `asyncio.sleep`"
    in_thread = trace.in_thread
    if entry.role in (Role.ROUTE, Role.DEPENDENCY) and injected.may_be_plain(
        entry.function, codebase
    ):
        return f"Make `{entry.function.name}` a plain `def`, or {in_thread}"
    return f"{in_thread[0].upper()}{in_thread[1:]}, or use an async library"


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="Code that async functions run must not block the event loop.",
        why=(
            "All async routes share one thread. While one of them waits in `time.sleep`, "
            "`requests.get` or a sync database driver, no other request of that process is "
            "answered: the service looks dead although the processor is idle."
        ),
        bad="""\
@router.get("/rates")
async def rates() -> dict[str, float]:
    return requests.get(RATES_URL).json()
""",
        good="""\
@router.get("/rates")
async def rates(client: ClientDep) -> dict[str, float]:
    response = await client.get(RATES_URL)
    return response.json()
""",
        when_not=(
            "A plain `def` route or dependency runs in a thread, so it may block. So may what is "
            "handed to `run_in_threadpool`, `asyncio.to_thread` or a sync background task, and "
            "what runs before the first request or after the last. What is over in a moment is "
            "not reported either: making a directory, a lock around a few lines, a log line; nor a "
            "file that the code reads once for each key and keeps."
        ),
        fix_safety=(
            "Safe where async code itself calls a function that bears to run in any thread: it is "
            "handed to `run_in_threadpool`, and a `time.sleep` becomes an `asyncio.sleep`. Unsafe "
            "where a route or dependency awaits nothing and only FastAPI runs it: it becomes a "
            "plain `def`. There is no fix for what belongs to one thread or one user at a time, "
            "such as a session, a lock or an open file, nor in a `finally`, a lambda, or a `with` "
            "that others might wait for. A file that does not import FastAPI gets "
            "`asyncio.to_thread`."
        ),
        references={
            "Concurrency and async / await": "https://fastapi.tiangolo.com/async/",
        },
    ),
    check=check,
    examples=(
        Fixed(
            "sleeps under other names, with a comment, behind a `;` and on one line",
            """\
# ünïcode
import time as clock
from time import sleep as nap

from fastapi import FastAPI

app = FastAPI()


@app.get("/ping")
async def ping(seconds: float = 0.5) -> str:
    print("…"); nap(seconds,)  # <- here
    clock.sleep(  # <- here
        1
    )
    return "pong"


@app.get("/pong")
async def pong(): nap(2)  # <- here


@app.get("/now")
def now() -> float:
    return clock.time()
""",
            """\
# ünïcode
import asyncio
import time as clock

from fastapi import FastAPI

app = FastAPI()


@app.get("/ping")
async def ping(seconds: float = 0.5) -> str:
    print("…"); await asyncio.sleep(seconds,)
    await asyncio.sleep(
        1
    )
    return "pong"


@app.get("/pong")
async def pong(): await asyncio.sleep(2)


@app.get("/now")
def now() -> float:
    return clock.time()
""",
        ),
        Fixed(
            "calls of libraries that bear threads, on one line and on several",
            """\
import subprocess
from pathlib import Path

import requests as http
from fastapi import FastAPI, UploadFile

app = FastAPI()


@app.post("/rates/{name}")
async def rates(name: str, file: UploadFile) -> dict[str, float]:
    await file.read()
    if Path(name).read_text() == "ä" "b":  # <- here
        return {}
    http.post(  # <- here
        "https://rates.example",
        json={"name": name},  # as it is
    )
    subprocess.run(["refresh", name], capture_output=True, check=True, timeout=900)  # <- here
    first = http.get(f"https://rates.example/{name}", timeout=5, allow_redirects=True)  # <- here
    return first.json() or http.get("https://rates.example/all", timeout=55).json()  # <- here
""",
            """\
import subprocess
from pathlib import Path

import requests as http
from fastapi import FastAPI, UploadFile
from fastapi.concurrency import run_in_threadpool

app = FastAPI()


@app.post("/rates/{name}")
async def rates(name: str, file: UploadFile) -> dict[str, float]:
    await file.read()
    if await run_in_threadpool(Path(name).read_text) == "ä" "b":
        return {}
    await run_in_threadpool(
        http.post,
        "https://rates.example",
        json={"name": name},  # as it is
    )
    await run_in_threadpool(
        subprocess.run, ["refresh", name], capture_output=True, check=True, timeout=900
    )
    first = await run_in_threadpool(
        http.get, f"https://rates.example/{name}", timeout=5, allow_redirects=True
    )
    return first.json() or (await run_in_threadpool(
        http.get, "https://rates.example/all", timeout=55
    )).json()
""",
        ),
        Fixed(
            "a route that awaits nothing, and leads to what blocks through another function",
            """\
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()


def newest() -> str:
    return Path("NEWEST").read_text()


@app.get("/newest")
# the newest
async  def read_newest(much: bool = False) -> str:
    return newest()  # <- here


@app.get("/all")
async def read_all() -> str: return newest()  # <- here
""",
            """\
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()


def newest() -> str:
    return Path("NEWEST").read_text()


@app.get("/newest")
# the newest
def read_newest(much: bool = False) -> str:
    return newest()


@app.get("/all")
def read_all() -> str: return newest()
""",
        ),
        Flagged(
            "what has to stay where it is, and a name that is taken",
            """\
import shutil
import subprocess
import threading
import time

import requests
from fastapi import FastAPI, Request

app = FastAPI()
lock = threading.Lock()
count = 0


@app.middleware("http")
async def watch(request: Request, call_next):
    global count
    count += requests.get("https://count.example").json()  # <- here
    return await call_next(request)


@app.get("/locked")
async def locked(asyncio: str) -> None:
    with lock:  # one at a time
        await next_one()
        time.sleep(1)  # <- here


@app.get("/copied")
async def copied(run_in_threadpool: bool = True) -> list[int]:
    try:
        await next_one()
        shutil.copytree("a", "b")  # <- here
    finally:
        shutil.rmtree("a")  # <- here

    class Once:
        status = requests.get("https://once.example").status_code  # <- here

    return [subprocess.call([each]) for each in ("a", "b")]  # <- here


async def next_one() -> None: ...
""",
        ),
        Flagged(
            "a request two functions away, in other files",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.rates import service as rates

app = FastAPI()


@app.get("/rates")
async def read_rates() -> float:
    return rates.newest()  # <- here
""",
                "app/rates/__init__.py": "",
                "app/rates/service.py": """\
from . import client


def newest() -> float:
    return client.fetch()["rate"]
""",
                "app/rates/client.py": """\
import requests as http


def fetch() -> dict:
    return http.get("https://rates.example").json()
""",
            },
        ),
        Flagged(
            "a sync session that a dependency opened, handed to a helper",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
make_session = sessionmaker(create_engine("sqlite://"))


def get_session():
    with make_session() as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def count(session: Session) -> int:
    return session.scalar(select(1))


@app.get("/count")
async def read_count(session: SessionDep) -> int:
    return count(session)  # <- here
""",
        ),
        Flagged(
            "a middleware that writes a file",
            """\
from fastapi import FastAPI, Request

app = FastAPI()


@app.middleware("http")
async def log(request: Request, call_next):
    with open("requests.log", "a") as file:  # <- here
        file.write(str(request.url))  # <- here
    return await call_next(request)
""",
        ),
        Flagged(
            "a property that reads a file, and a loop over a query that has not run yet",
            """\
from fastapi import FastAPI, Request
from sqlalchemy.orm import Session

app = FastAPI()


class Version:
    @property
    def text(self) -> str:
        with open("VERSION") as file:
            return file.read()


version = Version()


def names(session: Session) -> list[str]:
    return [row.name for row in session.query(Version).order_by("name")]


@app.exception_handler(KeyError)
async def explain(request: Request, error: KeyError) -> str:
    return version.text  # <- here


@app.get("/names")
async def read_names() -> list[str]:
    return names(Session())  # <- here
""",
        ),
        Flagged(
            "an abstract method whose every override blocks",
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.stores import Store, make_store

app = FastAPI()
store: Store = make_store()


@app.get("/files/{name}")
async def read(name: str) -> bytes:
    return store.load(name)  # <- here
""",
                "app/stores.py": """\
import os
from abc import ABC, abstractmethod
from pathlib import Path

import boto3


class Store(ABC):
    @abstractmethod
    def load(self, name: str) -> bytes: ...


class DiskStore(Store):
    def load(self, name: str) -> bytes:
        return Path(name).read_bytes()


class S3Store(Store):
    def load(self, name: str) -> bytes:
        client = boto3.client("s3")
        return client.get_object(Bucket="files", Key=name)["Body"].read()


def make_store() -> Store:
    return S3Store() if "S3" in os.environ else DiskStore()
""",
            },
        ),
        Flagged(
            "a task that is started before the first request and goes on",
            """\
import asyncio
import time
from contextlib import asynccontextmanager

from fastapi import FastAPI


async def watch() -> None:
    while True:
        time.sleep(60)


@asynccontextmanager
async def lifespan(app: FastAPI):
    time.sleep(1)
    task = asyncio.create_task(watch())  # <- here
    yield
    task.cancel()


app = FastAPI(lifespan=lifespan)
""",
        ),
        Clean(
            "awaited methods of what is annotated as the sync class that it derives from",
            """\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session

app = FastAPI()
make_session = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


class Store:
    def add(self, items: list[str]) -> list[str]:
        with open("items.txt", "a") as file:
            file.writelines(items)
        return items


class AsyncStore(Store):
    async def add(self, items: list[str]) -> list[str]:
        return items


store: Store = AsyncStore()


async def get_session():
    async with make_session() as session:
        yield session


async def count(session: Session) -> None:
    await session.execute(text("SELECT 1"))


@app.post("/items")
async def add_items(items: list[str], session: Annotated[Session, Depends(get_session)]) -> int:
    await store.add(items)
    await count(session)
    return len(items)
""",
        ),
        Clean(
            "a generator that a streaming response runs in a thread, and a file in memory",
            """\
import io
import time
from collections.abc import Iterator

import pandas
from fastapi import FastAPI, UploadFile
from fastapi.responses import StreamingResponse

app = FastAPI()


def ticks() -> Iterator[str]:
    while True:
        time.sleep(1)
        yield "tick"


@app.get("/ticks")
async def stream() -> StreamingResponse:
    return StreamingResponse(ticks())


@app.post("/rows")
async def count(file: UploadFile) -> int:
    return len(pandas.read_csv(io.BytesIO(await file.read())))


@app.get("/rows.csv")
async def export() -> bytes:
    memory = io.BytesIO()
    text = io.TextIOWrapper(memory, encoding="utf-8")
    text.write("id\\n")
    text.flush()
    return memory.getvalue()
""",
        ),
        Flagged(
            "clients that a startup function keeps in globals, in a class and in the application",
            """\
import mysql.connector
import redis
from fastapi import FastAPI, Request
from openai import OpenAI
from pymongo import MongoClient

database = MongoClient("mongodb://")["shop"]
client = None
model: OpenAI | None = None


class Orders:
    connection = None

    @staticmethod
    def connect() -> None:
        global cursor
        Orders.connection = mysql.connector.connect()
        cursor = Orders.connection.cursor()

    @staticmethod
    def all() -> list[tuple]:
        cursor.execute("SELECT * FROM orders")
        return cursor.fetchall()


async def lifespan(app: FastAPI):
    global client, model
    client = redis.Redis()
    model = OpenAI()
    app.state.cache = redis.Redis()
    yield
    client = None


app = FastAPI(lifespan=lifespan)


@app.get("/users")
async def users() -> list[dict]:
    return list(database.users.find())  # <- here


@app.get("/orders")
async def orders() -> list[tuple]:
    return Orders.all()  # <- here


@app.get("/visits")
async def visits(request: Request) -> int:
    client.incr("all")  # <- here
    return request.app.state.cache.incr("visits")  # <- here


@app.get("/answers")
async def answer(question: str) -> str:
    return str(model.chat.completions.create(model="x", messages=[]))  # <- here
""",
        ),
        Flagged(
            "a chain of language models, and one that is called",
            """\
from fastapi import FastAPI
from langchain.chains import RetrievalQA
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI

app = FastAPI()
llm = ChatOpenAI()
chain = ChatPromptTemplate.from_template("{text}") | llm | StrOutputParser()
answers = RetrievalQA.from_chain_type(llm=llm)


@app.get("/summary")
async def summary(text: str) -> str:
    prompt = ChatPromptTemplate.from_template("{text}").invoke({"text": text})
    return chain.invoke({"text": str(prompt)})  # <- here


@app.get("/answer")
async def answer(text: str) -> dict:
    await chain.ainvoke({"text": text})
    return answers({"query": text})  # <- here
""",
        ),
        Clean(
            "a branch that the caller's arguments rule out",
            """\
import socket

from fastapi import FastAPI

app = FastAPI()
KNOWN = {"localhost"}


def is_local(host: str, resolve: bool = True, fallback: str | None = None) -> bool:
    if resolve and host not in KNOWN:
        host = socket.gethostbyname(host)
    if fallback is None:
        return host in KNOWN
    return socket.gethostbyname(fallback) in KNOWN


@app.get("/hosts/{host}")
async def read_host(host: str) -> bool:
    return is_local(host, resolve=False)
""",
        ),
        Clean(
            "what is done once, also for each of a few literals, and locks that are not waited for",
            """\
import queue
import threading
from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI, HTTPException

app = FastAPI()
slots = threading.BoundedSemaphore(4)
jobs = queue.Queue()
key: bytes | None = None


def read_key() -> None:
    global key
    key = Path("key").read_bytes()


@lru_cache(maxsize=None)
def statement(name: str) -> str:
    return Path("sql", name).read_text()


@app.get("/jobs")
async def read_jobs(newest: bool = False) -> str:
    return statement("newest" if newest else "all") + statement(name="end")


@app.post("/jobs")
async def create_job(name: str) -> None:
    if not slots.acquire(blocking=False):
        raise HTTPException(503)
    if key is None:
        read_key()
    jobs.put(name)
""",
        ),
        Flagged(
            "a file that is kept, but for each name that a request can make up",
            """from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()


@lru_cache
def text(name: str) -> str:
    return Path("texts", name).read_text()


@app.get("/texts/{name}")
async def read_text(name: str) -> str:
    return text(name)  # <- here
""",
        ),
        Clean(
            "what is done once for the process, and an abstract method that need not block",
            """\
from abc import ABC, abstractmethod
from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()


@lru_cache
def version() -> str:
    return Path("VERSION").read_text()


class Store(ABC):
    @abstractmethod
    def load(self, name: str) -> bytes: ...


class DiskStore(Store):
    def load(self, name: str) -> bytes:
        return Path(name).read_bytes()


class MemoryStore(Store):
    def load(self, name: str) -> bytes:
        return b""


def make_store() -> Store:
    return MemoryStore()


@app.get("/files/{name}")
async def read(name: str) -> bytes:
    return version().encode() + make_store().load(name)
""",
        ),
        Clean(
            "a plain function runs in a thread",
            """\
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/ping")
def ping() -> str:
    time.sleep(1)
    return "pong"
""",
        ),
        Clean(
            "a function that is handed to a thread is not called in the event loop",
            """\
import asyncio
import time

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

app = FastAPI()


def slow(seconds: float) -> None:
    time.sleep(seconds)


@app.get("/ping")
async def ping() -> str:
    await run_in_threadpool(slow, 1)
    await asyncio.to_thread(time.sleep, 1)
    await asyncio.get_running_loop().run_in_executor(None, lambda: slow(1))
    return "pong"
""",
        ),
        Clean(
            "methods with the names of blocking ones, on objects of one's own",
            """\
from fastapi import FastAPI

app = FastAPI()


class Requests:
    def get(self, name: str) -> str:
        return name


requests = Requests()


@app.get("/ping")
async def ping() -> str:
    return requests.get("pong")
""",
        ),
        Clean(
            "a sync function in the background runs in a thread",
            """\
import time

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.post("/pings", status_code=202)
async def ping(tasks: BackgroundTasks) -> None:
    tasks.add_task(time.sleep, 1)
""",
        ),
        Clean(
            "a pool that a class keeps, and makes at its first use",
            """\
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()


def read_address() -> str:
    return Path("/run/secrets/address").read_text()


class Client:
    _address: str | None = None

    def connect(self) -> None:
        if Client._address is None:
            Client._address = read_address()

    @classmethod
    def again(cls) -> None:
        if not cls._address:
            cls._address = read_address()


@app.get("/ping")
async def ping() -> None:
    Client().connect()
    Client.again()
""",
        ),
        Clean(
            "an abstract method that is awaited, and a sync one that cannot be",
            """\
from abc import ABC, abstractmethod

import requests
from fastapi import FastAPI

from app.stores import make_store

app = FastAPI()


class Receipt:
    pass


class Store(ABC):
    @abstractmethod
    def save(self, text: str) -> Receipt: ...


class RemoteStore(Store):
    def save(self, text: str) -> Receipt:
        requests.post("https://example.com", data=text)
        return Receipt()


class Archive:
    def __init__(self, store: Store) -> None:
        self.store = store

    async def keep(self, text: str) -> None:
        await self.store.save(text)


@app.post("/texts")
async def keep(text: str) -> None:
    await Archive(make_store()).keep(text)
""",
        ),
        Clean(
            "mail that is sent at once only where nobody hands background tasks",
            """\
import smtplib

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


class Mailer:
    def send(self, text: str, tasks: BackgroundTasks | None = None) -> None:
        if tasks:
            tasks.add_task(self.deliver, text)
            return
        self.deliver(text)

    def deliver(self, text: str) -> None:
        with smtplib.SMTP("mail.example") as server:
            server.sendmail("a@mail.example", "b@mail.example", text)


mailer = Mailer()


@app.post("/mails")
async def send(text: str, tasks: BackgroundTasks) -> None:
    mailer.send(text, tasks=tasks)
""",
        ),
        Flagged(
            "mail that is sent at once as nobody hands background tasks",
            """\
import smtplib

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


class Mailer:
    def send(self, text: str, tasks: BackgroundTasks | None = None) -> None:
        if tasks:
            tasks.add_task(self.deliver, text)
            return
        self.deliver(text)

    def deliver(self, text: str) -> None:
        with smtplib.SMTP("mail.example") as server:
            server.sendmail("a@mail.example", "b@mail.example", text)


mailer = Mailer()


def announce(text: str, tasks: BackgroundTasks | None = None) -> None:
    mailer.send(text, tasks=tasks)


@app.post("/mails")
async def send(text: str) -> None:
    mailer.send(text)  # <- here


@app.post("/news")
async def tell(text: str) -> None:
    announce(text)  # <- here
""",
        ),
        Clean(
            "an async session that is handed to what says that it takes a sync one",
            """\
from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

app = FastAPI()


class Counter:
    def __init__(self, session: Session) -> None:
        self.session = session

    async def count(self) -> int:
        return self.session.scalar(select(1))


def get_session() -> AsyncSession: ...


@app.get("/count")
async def count(session: AsyncSession = Depends(get_session)) -> int:
    counter = Counter(session)
    return await counter.count()
""",
        ),
        Flagged(
            "a sync session that is handed to an object",
            """\
from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

app = FastAPI()


class Counter:
    def __init__(self, session: Session) -> None:
        self.session = session

    async def count(self) -> int:
        return self.session.scalar(select(1))


def get_session() -> Session: ...


@app.get("/count")
async def count(session: Session = Depends(get_session)) -> int:
    counter = Counter(session)
    return await counter.count()  # <- here
""",
        ),
        Clean(
            "a file that is written only where a path is set, and an object without one",
            """\
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()


@dataclass
class Survey:
    question: str
    save_to: str | None = None

    async def run(self) -> str:
        if self.save_to:
            save(self.save_to, self.question)
        return self.question


def save(path: str, text: str) -> None:
    Path(path).write_text(text)


@app.post("/surveys")
async def make_survey(question: str) -> str:
    survey = Survey(question=question)
    return await survey.run()
""",
        ),
        Flagged(
            "a file that is written as a path is set",
            """\
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()


@dataclass
class Survey:
    question: str
    save_to: str | None = None

    async def run(self) -> str:
        if self.save_to:
            save(self.save_to, self.question)
        return self.question


def save(path: str, text: str) -> None:
    Path(path).write_text(text)


@app.post("/surveys")
async def make_survey(question: str) -> str:
    survey = Survey(question=question, save_to="survey.txt")
    return await survey.run()  # <- here


@dataclass
class Poll:
    question: str
    save_to: str | None = None

    def __post_init__(self) -> None:
        self.save_to = self.save_to or "poll.txt"

    async def run(self) -> str:
        if self.save_to:
            save(self.save_to, self.question)
        return self.question


@app.post("/polls")
async def make_poll(question: str) -> str:
    poll = Poll(question=question)
    return await poll.run()  # <- here
""",
        ),
        Clean(
            "files that are kept by what lives as long as the process",
            """\
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()


class Texts:
    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def get(self, language: str) -> str:
        if language in self.known:
            return self.known[language]
        text = Path("texts", language).read_text()
        self.known[language] = text
        return text


texts = Texts()


@app.get("/texts")
async def read_text(language: str = "en") -> str:
    return texts.get(language)
""",
        ),
        Clean(
            "files that are kept by what an object that lives so long makes for itself",
            """\
import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI


class Texts:
    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def get(self, language: str) -> str:
        if language in self.known:
            return self.known[language]
        self.known[language] = Path("texts", language).read_text()
        return self.known[language]


class Worker:
    def __init__(self) -> None:
        self.texts = Texts()

    async def run(self) -> None:
        while True:
            print(self.texts.get("en"))
            await asyncio.sleep(60)


class Reporter(Worker):
    pass


reporter = Reporter()


@asynccontextmanager
async def lifespan(app: FastAPI):
    asyncio.create_task(reporter.run())
    yield


app = FastAPI(lifespan=lifespan)
""",
        ),
        Flagged(
            "files that are kept by what each request makes anew",
            """\
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()


class Texts:
    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def get(self, language: str) -> str:
        if language in self.known:
            return self.known[language]
        text = Path("texts", language).read_text()
        self.known[language] = text
        return text


@app.get("/texts")
async def read_text(language: str = "en") -> str:
    return Texts().get(language)  # <- here
""",
        ),
        Clean(
            "a function that returns early for what it is called with",
            """\
import socket

from fastapi import FastAPI

app = FastAPI()


def is_address(host: str) -> bool:
    return host.replace(".", "").isdigit()


def address_of(host: str) -> str:
    if is_address(host):
        return host
    return socket.gethostbyname(host)


@app.get("/addresses/{host}")
async def read_address(host: str) -> str:
    if is_address(host):
        return address_of(host)
    return "unknown"
""",
        ),
        Flagged(
            "a function that does not return early for what it is called with",
            """\
import socket

from fastapi import FastAPI

app = FastAPI()


def is_address(host: str) -> bool:
    return host.replace(".", "").isdigit()


def address_of(host: str) -> str:
    if is_address(host):
        return host
    return socket.gethostbyname(host)


@app.get("/addresses/{host}")
async def read_address(host: str) -> str:
    if not is_address(host):
        return address_of(host)  # <- here
    return "unknown"
""",
        ),
    ),
    follows_calls=True,
)
