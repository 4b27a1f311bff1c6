"""security/strong-password-hash: passwords are kept as hashes that are slow to guess."""

import re
from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.passwords import is_password, parts
from fastwright.application.plain_passwords import PlainPasswords
from fastwright.codebase import arguments
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Function
from fastwright.codebase.names import given
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Flagged,
    Kind,
    Practice,
)
from fastwright.source.syntax import Attribute, Call, Collection, Expression, Name, String

_FAST = tuple(
    f"hashlib.{name}"
    for name in (
        *("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "new", "blake2b", "blake2s"),
        *("sha3_224", "sha3_256", "sha3_384", "sha3_512"),
    )
)
# passlib's schemes that are plain text or one round of a fast hash.
_WEAK_SCHEMES = re.compile(
    r"plaintext|hex_|ldap_(?:md5|sha1|salted|plain)|nthash|lmhash|mysql|md5_crypt"
)
# Another purpose of the digest: asking which passwords leaked, protocols, keys, caches.
_OTHER_PURPOSE = re.compile(
    r"(?i)pwned|hibp|\[:5\]|\[0:5\]|realm|nonce|fernet|\baes|cipher|cache|derive|usedforsecurity"
    r"|requests\.|httpx|aiohttp|\.post\("
)
_PURPOSE_BY_NAME = re.compile(r"(?i)key|crypt|cache|fingerprint|pwned|leak|breach|legacy|migrat")
_STRONG = re.compile(
    r"(?i)bcrypt|argon2|scrypt|pbkdf2|pwdlib|CryptContext|pwd_context|checkpw|hashpw"
)
_ADVICE = "with Argon2, `PasswordHash.recommended()` of pwdlib say"
_GUESSED = "can be tried billions of times a second"


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each password that is hashed fast, or compared as it is."""
    codebase = application.codebase
    for call in codebase.calls_to(*_FAST):
        if not call.is_in_loop:
            yield from _hashed(call, codebase)
    yield from _weak_schemes(codebase)
    for node, module in PlainPasswords(application).compared():
        yield Finding(
            at=module.place(node),
            message=f"Store a hash of the password, and verify it {_ADVICE}: whoever reads the "
            "accounts once has everybody's password.",
        )


def _hashed(call: CallSite, codebase: Codebase) -> Iterator[Finding]:
    function = call.function
    if call.node.keyword("usedforsecurity") is not None:
        return
    algorithm = function.module.source(call.node.function).rpartition(".")[2]
    hashed = list(_hashed_expressions(call))
    if any(is_password(each, function, codebase) for each in hashed):
        if not _has_other_purpose(function) and not _is_for_slow_hash(function, codebase):
            yield Finding(
                at=function.module.place(call.node),
                message=f"Hash the password {_ADVICE}: {algorithm} {_GUESSED}.",
            )
    elif not function.is_module:
        yield from _through_helper(function, hashed, algorithm, codebase)


def _hashed_expressions(call: CallSite) -> Iterator[Expression]:
    """Yield what is hashed: in the call itself, and by `update` of the object it makes."""
    passed = call.node.arguments
    named = isinstance(call.node.function, Attribute) and call.node.function.name == "new"
    yield from passed[1:] if named else passed
    yield from (each.value for each in call.node.keywords if each.name in ("string", "data"))
    for name, bindings in call.function.details.bindings.items():
        if any(given(each) == call.node for each in bindings):
            for other in call.function.calls:
                match other.node:
                    case Call(Attribute(Name(owner), "update"), added) if owner == name:
                        yield from added


def _through_helper(
    helper: Function, hashed: list[Expression], algorithm: str, codebase: Codebase
) -> Iterator[Finding]:
    """Yield the calls that hand a password to a function that hashes what it is given."""
    if _has_other_purpose(helper):
        return
    names = {each.id for node in hashed for each in parts(node) if isinstance(each, Name)}
    for name in (each.name for each in helper.parameters if each.name in names):
        for call in codebase.calls_of(helper):
            passed = arguments.passed(call.node, name, helper)
            if passed is None or _has_other_purpose(call.function):
                continue
            if is_password(passed, call.function, codebase):
                place = helper.module.place(helper.node)
                yield Finding(
                    at=call.function.module.place(call.node),
                    message=f"Hash the password {_ADVICE}: `{helper.name}` uses {algorithm}, "
                    f"which {_GUESSED}.",
                    chain=(place.step(f"hashes with {algorithm}"),),
                )


def _has_other_purpose(function: Function) -> bool:
    """Tell whether the digest is no stored password, or goes into a slow hash."""
    return (
        function.is_module
        or _PURPOSE_BY_NAME.search(function.qualified_name) is not None
        or _OTHER_PURPOSE.search(function.text) is not None
        or _STRONG.search(function.text) is not None
    )


def _is_for_slow_hash(function: Function, codebase: Codebase) -> bool:
    """Tell whether all that call a function hand its digest to a slow hash, which has a limit."""
    callers = [each.function for each in codebase.calls_of(function)]
    return bool(callers) and all(
        each.module.is_test or _STRONG.search(each.text) for each in callers
    )


def _weak_schemes(codebase: Codebase) -> Iterator[Finding]:
    for call in codebase.calls_to("passlib.context.CryptContext"):
        chosen = call.node.keyword("default")
        match chosen, call.node.argument(0, "schemes"):
            case None, Collection(_, (first, *_)):
                chosen = first
        if isinstance(chosen, String) and _WEAK_SCHEMES.match(chosen.value or ""):
            yield Finding(
                at=call.function.module.place(chosen),
                message=f"Hash passwords {_ADVICE}: `{chosen.value}` {_GUESSED}.",
            )


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="Passwords are stored as salted hashes of a function that is slow on purpose.",
        why=(
            "Tables leak. A graphics card tries billions of MD5 or SHA-256 hashes a second, so "
            "most passwords are known within hours, and people use them elsewhere too. Argon2 "
            "and bcrypt make each guess cost as much as a login."
        ),
        bad="""\
user.password = hashlib.sha256(body.password.encode()).hexdigest()
""",
        good="""\
passwords = PasswordHash.recommended()
user.password_hash = passwords.hash(body.password)
""",
        when_not=(
            "Fast hashes are right for long random tokens, file checksums, cache keys and the "
            "question which passwords have leaked; none of those is reported."
        ),
        fix_safety="No automatic fix: stored hashes have to be replaced at each user's next login.",
        references={
            "Password storage": (
                "https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html"
            ),
            "pwdlib": "https://frankie567.github.io/pwdlib/",
        },
    ),
    check=check,
    examples=(
        Flagged(
            "one round of a fast hash",
            """\
import hashlib

from pydantic import BaseModel


class Login(BaseModel):
    name: str
    password: str


def hashed(login: Login, salt: str) -> str:
    return hashlib.sha256((salt + login.password).encode()).hexdigest()  # <- here
""",
        ),
        Flagged(
            "a hash that is fed later, under other names",
            """\
from hashlib import md5 as digest


def stored(passwd: str) -> str:
    raw = passwd.encode()
    made = digest()  # <- here
    made.update(raw)
    return made.hexdigest()
""",
        ),
        Flagged(
            "a general helper that is handed a password in another file",
            {
                "app/hashes.py": """\
import hashlib


def sha1(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()
""",
                "app/users.py": """\
from app import hashes


def is_right(stored: str, password: str) -> bool:
    return stored == hashes.sha1(password)  # <- here


def tag_of(page: str) -> str:
    return hashes.sha1(page)
""",
            },
        ),
        Flagged(
            "a stored password compared as it is",
            """\
from sqlmodel import Field, Session, SQLModel, select


class User(SQLModel, table=True):
    id: int = Field(primary_key=True)
    name: str
    password: str


class Login(SQLModel):
    name: str
    password: str


def log_in(session: Session, login: Login) -> User | None:
    user = session.exec(select(User).where(User.name == login.name)).one()
    if user.password != login.password:  # <- here
        return None
    return user


def find(session: Session, name: str, password: str) -> User | None:
    query = select(User).where(User.name == name, User.password == password)  # <- here
    return session.exec(query).first()
""",
        ),
        Flagged(
            "accounts in memory or in a file",
            """\
from typing import Annotated

from app.files import load
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel

app = FastAPI()


class Login(BaseModel):
    name: str
    password: str


users = {}


def is_right(login: Login) -> bool:
    for user in load("users.json"):
        if user.get("name") == login.name and login.password == user.get("password"):  # <- here
            return True
    return any(each.password == login.password for each in users.values())  # <- here


@app.post("/login")
def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> bool:
    return users[form.username]["password"] == form.password  # <- here
""",
        ),
        Clean(
            "the one password of the settings, and forms that are compared with each other",
            """\
from fastapi import FastAPI
from pydantic import BaseModel

from app.config import load

app = FastAPI()
settings = load()


class Login(BaseModel):
    name: str
    password: str
    confirm_password: str


@app.post("/login")
def log_in(login: Login) -> bool:
    return settings.admin["password"] == login.password


@app.post("/register")
def register(login: Login, before: Login) -> bool:
    typed = login.model_dump()
    return login.password == typed["confirm_password"] and before.password != login.password


def is_same(row: dict[str, str], login: Login) -> bool:
    login.password = slow(login.password)
    for user in load():
        if user["password"] == login.password:
            return True
    return row["password"] == login.password
""",
        ),
        Flagged(
            "passlib with a scheme that is no protection",
            """\
from passlib.context import CryptContext

context = CryptContext(schemes=["hex_sha256", "bcrypt"])  # <- here
""",
        ),
        Clean(
            "slow hashes, also of a digest that makes the password short enough",
            """\
import base64
import hashlib

import bcrypt
from pwdlib import PasswordHash

passwords = PasswordHash.recommended()


def hashed(password: str) -> str:
    return passwords.hash(password)


def hashed_long(password: str) -> bytes:
    short = base64.b64encode(hashlib.sha256(password.encode()).digest())
    return bcrypt.hashpw(short, bcrypt.gensalt())


def shortened(password: str) -> bytes:
    return hashlib.sha256(password.encode()).hexdigest().encode()


def is_right(password: str, kept: bytes) -> bool:
    return bcrypt.checkpw(shortened(password), kept)


def derived(password: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 600_000)
""",
        ),
        Clean(
            "digests of tokens, files and addresses, and the question what has leaked",
            """\
import hashlib


def of_token(refresh_token: str, password_reset_token: str) -> list[str]:
    return [
        hashlib.sha256(refresh_token.encode()).hexdigest(),
        hashlib.sha256(password_reset_token.encode()).hexdigest(),
    ]


def of_file(content: bytes, email: str) -> str:
    return hashlib.md5(content).hexdigest() + hashlib.md5(email.encode()).hexdigest()


def leaked_range(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest()[:5]
""",
        ),
        Clean(
            "two fields of one form, and a password that is hashed before it is compared",
            """\
from pydantic import BaseModel
from sqlmodel import Field, Session, SQLModel, select


class User(SQLModel, table=True):
    id: int = Field(primary_key=True)
    password: str


class Reset(BaseModel):
    new_password: str
    password: str
    confirm_password: str


def slow(password: str) -> str: ...


def is_typed_twice(reset: Reset) -> bool:
    return reset.password == reset.confirm_password and reset.password != reset.new_password


def find(session: Session, reset: Reset) -> User | None:
    password = slow(reset.password)
    return session.exec(select(User).where(User.password == password)).first()


def find_user(session: Session, password: str) -> User | None:
    return session.exec(select(User).where(User.password == password)).first()


def log_in(session: Session, reset: Reset) -> User | None:
    return find_user(session, slow(reset.password))
""",
        ),
    ),
)
