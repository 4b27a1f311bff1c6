"""security/strong-password-hash: passwords are kept as hashes that are slow to guess."""

import re
from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.models import SCHEMA
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.modules import CallSite, Class, Function, Module, Scope
from fastwright.codebase.values import ClassValue, Instance
from fastwright.practice import (
    Clean,
    Explanation,
    Finding,
    Flagged,
    Kind,
    Practice,
    Step,
)
from fastwright.source.nodes import wrap
from fastwright.source.scopes import Form
from fastwright.source.syntax import (
    Attribute,
    BinaryOperation,
    Call,
    Collection,
    Comparison,
    Expression,
    FormattedString,
    Name,
    String,
    Subscript,
    walk,
    walk_all,
)

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
_PASSWORD = re.compile(
    r"(?i)^(?:\w*_)?(?:password|passwd|pwd|passphrase)(?:_?(?:bytes|raw|str|utf8))?\d?$"
)
# Those are already hashed, or belong to another service and are hashed for a cache's key, say.
_NOT_OF_USER = re.compile(
    r"(?i)hash|encrypt|encod|digest|reset|forgot|\b(?:db|database|redis|smtp|mail|email|pg|postgres"
    r"|mysql|proxy|ftp|ssh|broker|service)_"
)
# What is hashed together with a password; with anything else the digest has another purpose.
_MIXED_IN = re.compile(
    r"(?i)salt|pepper|secret|user|name|mail|login|account|settings|config|self|\bid"
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
_COMPARED = re.compile(
    rb"(?i)\b\w*(?:password|passwd|pwd)\w*\)?\s*[!=]=|[!=]=\s*[\w.\[\]\"']*(?:password|passwd|pwd)"
)
# What a password is called where accounts are kept, and objects that are no accounts.
_KEPT = {"password", "passwd", "pwd"}
_NO_ACCOUNT = re.compile(
    r"(?i)setting|config|conf\b|\benv|self|cls|secret|credential|form|body|data\b"
)
_FORMS = (
    "fastapi.security.OAuth2PasswordRequestForm",
    "fastapi.security.HTTPBasicCredentials",
)
_DOCUMENTS = ("beanie.Document", "mongoengine.Document", "tortoise.models.Model", "peewee.Model")
_ADVICE = "with Argon2, `PasswordHash.recommended()` of pwdlib say"


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each password that is hashed fast, or compared as it is."""
    codebase = application.codebase
    for call in codebase.calls_to(*_FAST):
        if not call.function.module.is_test and not call.is_in_loop:
            yield from _hashed(call, codebase)
    yield from _weak_schemes(codebase)
    yield from _compared(application)


def _hashed(call: CallSite, codebase: Codebase) -> Iterator[Finding]:
    function = call.function
    if call.node.keyword("usedforsecurity") is not None:
        return
    algorithm = function.module.source(call.node.function).rpartition(".")[2]
    hashed = list(_hashed_expressions(call))
    if any(_is_password(each, function, codebase) for each in hashed):
        if not _has_other_purpose(function):
            yield Finding(
                at=function.module.place(call.node),
                message=f"Hash the password {_ADVICE}: {algorithm} can be tried billions of "
                "times a second.",
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
        if any(each[0] == Form.VALUE and wrap(each[2]) == call.node for each in bindings):
            for other in call.function.calls:
                match other.node:
                    case Call(Attribute(Name(id=owner), "update"), arguments) if owner == name:
                        yield from arguments


def _through_helper(
    helper: Function, hashed: list[Expression], algorithm: str, codebase: Codebase
) -> Iterator[Finding]:
    """Yield the calls that hand a password to a function that hashes what it is given."""
    names = {each.id for node in hashed for each in _parts(node) if isinstance(each, Name)}
    for position, parameter in enumerate(helper.parameters):
        if parameter.name not in names or _has_other_purpose(helper):
            continue
        bound = helper.owner is not None and helper.parameters[0].name in ("self", "cls")
        for call in codebase.calls_of(helper):
            passed = call.node.argument(position - bound, parameter.name)
            if passed is None or call.function.module.is_test or _has_other_purpose(call.function):
                continue
            if _is_password(passed, call.function, codebase):
                step = Step(
                    helper.module.path,
                    helper.module.position(helper.node.name_start)[0],
                    f"hashes with {algorithm}",
                )
                yield Finding(
                    at=call.function.module.place(call.node),
                    message=f"Hash the password {_ADVICE}: `{helper.name}` uses {algorithm}, "
                    "which can be tried billions of times a second.",
                    chain=(step,),
                )


def _parts(node: Expression) -> Iterator[Expression]:
    """Yield the names, attributes and keys that a value is made of; not what is called."""
    match node:
        case Call(Attribute(base, _), arguments):
            yield from _parts(base)
            for each in arguments:
                yield from _parts(each)
        case Call(_, arguments):
            for each in arguments:
                yield from _parts(each)
        case Name() | Attribute() | Subscript():
            yield node
        case BinaryOperation(left, _, right):
            yield from (*_parts(left), *_parts(right))
        case FormattedString(parts):
            for each in parts:
                yield from _parts(each)


def _is_password(
    node: Expression, scope: Scope, codebase: Codebase, *, follow: bool = True
) -> bool:
    """Tell whether a user's password is part of a value, by what it is called."""
    found = False
    for part in _parts(node):
        name = _last_name(part)
        if name and _PASSWORD.match(name) and not _NOT_OF_USER.search(name):
            found = True
        elif follow and isinstance(part, Name):
            origin = codebase.origin(part, scope)
            if origin and _is_password(*origin, codebase, follow=False):
                found = True
            elif not _MIXED_IN.search(part.id):
                return False
        elif name and not _MIXED_IN.search(name):
            return False
    return found


def _last_name(node: Expression) -> str | None:
    match node:
        case Name(name) | Attribute(_, name):
            return name
        case Subscript(_, (String(text),)):
            return text
    return None


def _has_other_purpose(function: Function) -> bool:
    """Tell whether the digest is no stored password, or goes into a slow hash."""
    if function.is_module:
        return True
    if _PURPOSE_BY_NAME.search(function.qualified_name):
        return True
    text = _text(function)
    return _OTHER_PURPOSE.search(text) is not None or _STRONG.search(text) is not None


def _text(function: Function) -> str:
    body = function.body
    start, end = (body[0].start, body[-1].end) if body else (0, 0)
    return function.module.text[start:end].decode("utf-8", "replace")


def _weak_schemes(codebase: Codebase) -> Iterator[Finding]:
    for call in codebase.calls_to("passlib.context.CryptContext"):
        if call.function.module.is_test:
            continue
        chosen = call.node.keyword("default")
        match chosen, call.node.argument(0, "schemes"):
            case None, Collection(_, (first, *_)):
                chosen = first
        if isinstance(chosen, String) and _WEAK_SCHEMES.match(chosen.value or ""):
            yield Finding(
                at=call.function.module.place(chosen),
                message=f"Hash passwords {_ADVICE}: `{chosen.value}` can be tried billions of "
                "times a second.",
            )


def _compared(application: Application) -> Iterator[Finding]:
    for module in application.codebase.modules:
        if module.is_test:
            continue
        for function in _with_comparison(module):
            for node in walk_all(function.body):
                if isinstance(node, Comparison) and _compares_stored(node, function, application):
                    yield Finding(
                        at=module.place(node),
                        message=f"Store a hash of the password, and verify it {_ADVICE}: "
                        "whoever reads the accounts once has everybody's password.",
                    )


def _with_comparison(module: Module) -> list[Function]:
    """Return the functions in which something is compared with what is called a password."""
    if not any(each in module.text for each in (b"passw", b"Passw", b"PASSW", b"pwd")):
        return []
    found = [match.start() for match in _COMPARED.finditer(module.text)]
    if not found:
        return []
    return [
        function
        for function in module.functions
        if not function.is_module
        and any(function.node.start <= offset < _end(function) for offset in found)
    ]


def _end(function: Function) -> int:
    return function.body[-1].end if function.body else function.node.end


def _compares_stored(node: Comparison, function: Function, application: Application) -> bool:
    if node.operators not in (("==",), ("!=",)):
        return False
    left, right = node.operands
    return any(
        (_is_stored(one, function, application) and _is_given(other, function, application))
        or (_is_kept(one, function, application) and _is_sent(other, function, application))
        for one, other in ((left, right), (right, left))
    )


def _is_kept(node: Expression, function: Function, application: Application) -> bool:
    """Tell whether it is the password in some list or dict of accounts, in memory or a file."""
    match node:
        case Attribute(base, name):
            pass
        case Subscript(base, (String(str() as name),)):
            pass
        case Call(Attribute(base, "get"), (String(str() as name), *_)):
            pass
        case _:
            return False
    names = list(_names(base))
    if name not in _KEPT or not names or any(_NO_ACCOUNT.search(each) for each in names):
        return False
    if any(each.name in names for each in function.parameters):
        return False
    models = application.models.by_class
    return all(
        (model := models.get(each)) and not model.is_settings
        for each in _classes_of(base, function, application.codebase)
    )


def _names(node: Expression) -> Iterator[str]:
    """Yield the names on the way to an object, without those that choose an item."""
    match node:
        case Name(name):
            yield name
        case Attribute(base, name):
            yield from (*_names(base), name)
        case Subscript(base):
            yield from _names(base)


def _is_sent(node: Expression, function: Function, application: Application) -> bool:
    """Tell whether it is the password of a form or body that the function is given."""
    match node:
        case Attribute(Name(owner) as base, name) if name in _KEPT:
            known = any(
                each.name == owner and each.annotation is not None for each in function.parameters
            )
            changed = owner in function.details.bindings
            value = application.codebase.resolver.value(base, function)
            return (
                known
                and not changed
                and isinstance(value, Instance)
                and application.codebase.is_a(value.of, SCHEMA, *_FORMS)
                and f"{owner}.{name} = " not in _text(function)
            )
        case Name():
            return _is_given(node, function, application)
    return False


def _is_stored(node: Expression, function: Function, application: Application) -> bool:
    """Tell whether it is a column with passwords, of a row or of the table."""
    if not isinstance(node, Attribute) or not _is_password(node, function, application.codebase):
        return False
    for definition in _classes_of(node.value, function, application.codebase):
        model = application.models.by_class.get(definition)
        if model is not None and model.is_table:
            column = model.fields.get(node.name)
            return column is not None and not _hashes_itself(
                column.owner.module.source(column.node)
            )
        if application.codebase.is_a(definition, *_DOCUMENTS):
            return True
    return False


def _classes_of(node: Expression, scope: Scope, codebase: Codebase) -> Iterator[Class]:
    """Yield the classes that an object may be of: what is known, then what a query names."""
    match codebase.resolver.value(node, scope):
        case Instance(Class() as definition) | ClassValue(definition):
            yield definition
            return
    origin = codebase.origin(node, scope)
    for each in walk(origin[0]) if origin and isinstance(node, Name) else ():
        if isinstance(each, Name | Attribute):
            value = codebase.resolver.value(each, origin[1]) if origin else None
            if isinstance(value, ClassValue):
                yield value.definition


def _hashes_itself(column: str) -> bool:
    return re.search(r"PasswordType|Hash|Encrypt", column) is not None


def _is_given(node: Expression, function: Function, application: Application) -> bool:
    """Tell whether it is a password as somebody typed it."""
    codebase = application.codebase
    match node:
        case Call(Attribute(base, "get_secret_value"), ()):
            return _is_given(base, function, application)
        case Attribute() | Subscript():
            given = _is_password(node, function, codebase)
            return given and not _is_stored(node, function, application)
        case Name(name) if _is_password(node, function, codebase, follow=False):
            origin = codebase.origin(node, function)
            if origin is not None:
                return not isinstance(origin[0], Call) or _is_secret_text(origin[0])
            return not _is_changed(name, function) and not _is_hashed_before(
                name, function, codebase
            )
    return False


def _is_secret_text(node: Call) -> bool:
    """Tell whether a call only takes the text out of a `SecretStr`."""
    return isinstance(node.function, Attribute) and node.function.name == "get_secret_value"


def _is_changed(name: str, function: Function) -> bool:
    return name in function.details.bindings


def _is_hashed_before(name: str, function: Function, codebase: Codebase) -> bool:
    """Tell whether a caller passes what some call made of the password."""
    for position, parameter in enumerate(function.parameters):
        if parameter.name == name:
            bound = function.owner is not None and function.parameters[0].name in ("self", "cls")
            for call in codebase.calls_of(function):
                passed = call.node.argument(position - bound, name)
                if isinstance(passed, Call):
                    return True
                if isinstance(passed, Name):
                    origin = codebase.origin(passed, call.function)
                    if origin is None or isinstance(origin[0], Call):
                        return not _is_parameter(passed.id, call.function)
    return False


def _is_parameter(name: str, function: Function) -> bool:
    return any(each.name == name for each in function.parameters) and not _is_changed(
        name, function
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
            """from fastapi import FastAPI
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
