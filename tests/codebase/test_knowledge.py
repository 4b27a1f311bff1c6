"""What is known of libraries: how it is looked up, and that the files about them hold together."""

import re
import time
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import fastwright.codebase
from fastwright.codebase.knowledge import Knowledge
from fastwright.codebase.library import BLOCKING_KINDS, CPU_KINDS, SECTIONS

LIBRARIES = Path(fastwright.codebase.__file__).parent / "libraries"
PACKAGES = sorted(path.stem for path in LIBRARIES.glob("*.toml"))
DECORATORS = {
    "asynccontextmanager",
    "cached",
    "contextmanager",
    "property",
    "same",
    "task",
    "thread",
}
CAPITALISED_MODULES = {
    "Crypto.Protocol.KDF",
    "Crypto.PublicKey.DSA",
    "Crypto.PublicKey.RSA",
    "MySQLdb",
    "PIL.Image",
    "PIL.ImageChops",
    "PIL.ImageDraw",
    "PIL.ImageOps",
}
KINDS = {
    "blocking": BLOCKING_KINDS | {"except"},
    "coroutines": {"except", "names"},
    "cpu": CPU_KINDS | {"except"},
}
TYPED = ("returns", "enters", "attributes")

SHOP = """
[blocking]
except = ["Client.build_*"]
network = ["fetch", "Client.*"]
[coroutines]
names = ["Client.*_async", "AsyncClient.*"]
[classes]
Client = []
AsyncClient = ["Client"]
Special = ["Client", ":warehouse.Store"]
[returns]
"Client.copy" = "self"
"Client.all" = "builtins.list[self]"
[enters]
open = "shop.Client"
"Client" = "shop.Special"
[attributes]
"Client.store" = "warehouse.Store"
[aliases]
"clients.http" = ":shop"
"clients.old.Client" = "Client"
store = ":warehouse.Store"
[threads]
aside = 1
[calls]
apply = 0
[background]
later = 0
[decorators]
keep = "same"
"""
WAREHOUSE = """
[blocking]
file = ["Store.load"]
[cpu]
hashing = ["Store.seal"]
[coroutines]
names = ["Store.aload"]
[classes]
Store = []
"""


@pytest.fixture(scope="module")
def known() -> Knowledge:
    return Knowledge()


@pytest.fixture
def shop(tmp_path: Path) -> Knowledge:
    (tmp_path / "shop.toml").write_text(SHOP)
    (tmp_path / "warehouse.toml").write_text(WAREHOUSE)
    (tmp_path / "unread.toml").write_text("this is no TOML")
    return Knowledge(tmp_path)


def test_only_files_of_packages_that_are_asked_for_are_read(shop: Knowledge) -> None:
    assert shop.is_known_package("unread")
    assert not shop.is_known_package("elsewhere")
    assert shop.blocking("shop.fetch") == "network"
    with pytest.raises(tomllib.TOMLDecodeError):
        shop.blocking("unread.fetch")


def test_unknown_names_have_no_answers(shop: Knowledge) -> None:
    assert shop.canonical("elsewhere.Thing.do") == "elsewhere.Thing.do"
    assert shop.blocking("elsewhere.Thing.do") is None
    assert shop.returns("shop.unheard_of") is None
    assert shop.bases("elsewhere.Thing") == ()
    assert not shop.is_class("shop.fetch")


def test_aliases_hold_for_what_lies_below_them_and_across_packages(shop: Knowledge) -> None:
    assert shop.canonical("shop.clients.http.Client.get") == "shop.Client.get"
    assert shop.canonical("shop.clients.old.Client.get") == "shop.Client.get"
    assert shop.canonical("shop.store.load") == "warehouse.Store.load"
    assert shop.blocking("shop.store.load") == "file"
    assert shop.is_class("shop.clients.old.Client")


def test_a_glob_takes_in_public_names_but_for_the_exceptions(shop: Knowledge) -> None:
    assert shop.blocking("shop.Client.get") == "network"
    assert shop.blocking("shop.Client.build_request") is None
    assert shop.blocking("shop.Client.__init__") is None
    assert shop.blocking("shop.Client.part.get") is None


def test_methods_are_found_on_bases_of_other_packages(shop: Knowledge) -> None:
    assert shop.blocking("shop.Special.load") == "network"  # the first base counts first
    assert shop.cpu("shop.Special.seal") == "hashing"
    assert shop.attribute("shop.Special.store") == "warehouse.Store"
    assert shop.bases("shop.Special") == ("shop.Client", "warehouse.Store")
    assert shop.is_subclass("shop.Special", "shop.store")
    assert shop.is_subclass("shop.Client", "shop.clients.http.Client")
    assert not shop.is_subclass("shop.Client", "shop.Special")


def test_a_coroutine_does_not_block_whatever_its_base_says(shop: Knowledge) -> None:
    assert shop.is_coroutine("shop.Client.get_async")
    assert shop.blocking("shop.Client.get_async") is None
    assert shop.is_coroutine("shop.AsyncClient.get")
    assert shop.blocking("shop.AsyncClient.get") is None
    assert not shop.is_coroutine("shop.Client.get")


def test_self_is_the_class_that_was_asked(shop: Knowledge) -> None:
    assert shop.returns("shop.Special.copy") == "shop.Special"
    assert shop.returns("shop.Client.all") == "builtins.list[shop.Client]"
    assert shop.returns("shop.Client.copy", receiver="app.MyClient") == "app.MyClient"
    assert shop.returns("shop.clients.old.Client.copy") == "shop.Client"


def test_calling_a_class_gives_the_class(shop: Knowledge) -> None:
    assert shop.returns("shop.clients.old.Client") == "shop.Client"


def test_entering_gives_what_the_function_or_a_base_class_says(shop: Knowledge) -> None:
    assert shop.enters("shop.open") == "shop.Client"
    assert shop.enters("shop.Special") == "shop.Special"
    assert shop.enters("warehouse.Store") is None


def test_functions_that_take_functions(shop: Knowledge) -> None:
    assert shop.thread_argument("shop.aside") == 1
    assert shop.called_argument("shop.apply") == 0
    assert shop.background_argument("shop.later") == 0
    assert shop.decorator("shop.keep") == "same"
    assert shop.thread_argument("shop.apply") is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("time.sleep", "sleep"),
        ("requests.get", "network"),
        ("requests.sessions.Session.post", "network"),
        ("builtins.open", "file"),
        ("sqlmodel.Session.exec", "database"),
        ("sqlmodel.Session.commit", "database"),
        ("sqlmodel.orm.session.Session.get", "database"),
        ("sqlalchemy.orm.session.Session.execute", "database"),
        ("sqlalchemy.orm.scoped_session.execute", "database"),
        ("sqlalchemy.orm.Query.all", "database"),
        ("redis.StrictRedis.hgetall", "network"),
        ("httpx.Client.get", "network"),
        ("fastapi.UploadFile.read", None),
        ("sqlalchemy.orm.Session.add", None),
        ("sqlalchemy.Result.all", None),
        ("sqlalchemy.ext.asyncio.AsyncSession.execute", None),
        ("redis.Redis.pipeline", None),
        ("redis.Redis", None),
        ("requests.Session", None),
        ("botocore.client.BaseClient.put_object", "network"),
        ("botocore.client.BaseClient.generate_presigned_url", None),
        ("smtplib.SMTP_SSL", "network"),
        ("stripe.Customer.create", "network"),
        ("stripe.Customer.create_async", None),
        ("tempfile.SpooledTemporaryFile.read", "file"),
    ],
)
def test_well_known_calls(known: Knowledge, name: str, kind: str | None) -> None:
    assert known.blocking(name) == kind


@pytest.mark.parametrize(
    "name",
    [
        "asyncio.sleep",
        "asyncio.tasks.sleep",
        "fastapi.Request.json",
        "fastapi.UploadFile.read",
        "httpx.AsyncClient.get",
        "redis.asyncio.Redis.get",
        "redis.asyncio.client.Redis.get",
        "sqlalchemy.ext.asyncio.session.AsyncSession.execute",
        "sqlmodel.ext.asyncio.session.AsyncSession.commit",
        "starlette.concurrency.run_in_threadpool",
        "stripe.Customer.create_async",
    ],
)
def test_well_known_coroutines(known: Knowledge, name: str) -> None:
    assert known.is_coroutine(name)


def test_well_known_work(known: Knowledge) -> None:
    assert known.cpu("passlib.context.CryptContext.verify") == "hashing"
    assert known.cpu("sklearn.svm.SVC.predict") == "inference"
    assert known.cpu("PIL.Image.Image.resize") == "image"
    assert known.cpu("PIL.Image.open") is None


def test_well_known_results(known: Knowledge) -> None:
    assert known.returns("sqlalchemy.orm.sessionmaker.__call__") == "sqlalchemy.orm.Session"
    assert known.returns("sqlalchemy.future.select") == "sqlalchemy.Select"
    assert known.returns("sqlmodel.sql.expression.SelectOfScalar.where") == (
        "sqlmodel.sql.expression.SelectOfScalar"
    )
    assert known.returns("sqlalchemy.func.count") == "sqlalchemy.sql.functions.Function"
    assert known.attribute("fastapi.UploadFile.file") == "tempfile.SpooledTemporaryFile"
    assert known.canonical("fastapi.Request") == "starlette.requests.Request"
    assert known.is_subclass("fastapi.HTTPException", "starlette.exceptions.HTTPException")
    assert known.thread_argument("fastapi.concurrency.run_in_threadpool") == 0
    assert known.background_argument("fastapi.BackgroundTasks.add_task") == 0
    assert known.decorator("fastapi.APIRouter.get") == "same"


def test_answers_are_quick() -> None:
    known = Knowledge()
    known.blocking("sqlmodel.Session.exec")
    start = time.perf_counter()
    for _ in range(100_000):
        known.blocking("sqlmodel.Session.exec")
    assert time.perf_counter() - start < 1


# The files themselves.


@cache
def content(package: str) -> dict[str, Any]:
    return tomllib.loads((LIBRARIES / f"{package}.toml").read_text())


def stated(package: str) -> Iterator[tuple[str, str]]:
    """Give each section and fully dotted name that a package's file states something of."""
    for section, entries in content(package).items():
        if section == "aliases":
            continue
        lists = entries.values() if section in KINDS else [entries]
        for names in lists:
            for name in names:
                yield section, dotted(package, name)


def dotted(package: str, name: str) -> str:
    return name[1:] if name.startswith(":") else f"{package}.{name}"


@cache
def known_prefixes(package: str) -> set[str]:
    """Return what a package's file states something of, and what that lies below."""
    names = {name for _, name in stated(package)}
    names |= {dotted(package, name) for name in content(package).get("aliases", {})}
    return {
        ".".join(parts[:length])
        for parts in (name.split(".") for name in names)
        for length in range(1, len(parts) + 1)
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_a_file_opens_with_what_the_library_is(package: str) -> None:
    assert (LIBRARIES / f"{package}.toml").read_text().startswith("# ")


@pytest.mark.parametrize("package", PACKAGES)
def test_a_file_has_only_what_the_format_knows(package: str) -> None:
    entries = content(package)
    assert set(entries) <= SECTIONS
    assert all(entries.values()), "a section is empty"
    for section, kinds in KINDS.items():
        assert set(entries.get(section, {})) <= kinds
        for names in entries.get(section, {}).values():
            assert len(set(names)) == len(names)
    for section in ("threads", "calls", "background"):
        assert all(isinstance(value, int) for value in entries.get(section, {}).values())
    assert set(entries.get("decorators", {}).values()) <= DECORATORS


@pytest.mark.parametrize("package", PACKAGES)
def test_names_are_canonical(package: str, known: Knowledge) -> None:
    assert [name for _, name in stated(package) if known.canonical(name) != name] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_classes_are_declared(package: str, known: Knowledge) -> None:
    owners = {
        owner
        for _, name in stated(package)
        if (owner := name.rpartition(".")[0]).rpartition(".")[2].lstrip("_")[:1].isupper()
        and not known.is_class(name)
    }
    owners -= CAPITALISED_MODULES
    assert sorted(owner for owner in owners if not known.is_class(owner)) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_bases_are_declared(package: str, known: Knowledge) -> None:
    classes = content(package).get("classes", {})
    bases = {dotted(package, base) for bases in classes.values() for base in bases}
    assert sorted(base for base in bases if not known.is_class(base)) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_types_are_declared_and_canonical(package: str, known: Knowledge) -> None:
    types = {
        name
        for section in TYPED
        for value in content(package).get(section, {}).values()
        for name in re.findall(r"[\w.]+", value)
        if name != "self" and not name.startswith("typing.")
    }
    assert sorted(name for name in types if not known.is_class(name)) == []
    assert sorted(name for name in types if known.canonical(name) != name) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_aliases_lead_to_what_is_known(package: str, known: Knowledge) -> None:
    targets = {dotted(package, target) for target in content(package).get("aliases", {}).values()}
    lost = [
        target
        for target in targets
        if not known.is_known_package(top := target.partition(".")[0])
        or target not in known_prefixes(top)
    ]
    assert sorted(lost) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_both_blocks_and_is_awaited(package: str) -> None:
    def names(section: str) -> set[str]:
        kinds = content(package).get(section, {})
        return {name for kind, names in kinds.items() if kind != "except" for name in names}

    assert names("blocking") & names("coroutines") == set()
