"""security/maintained-auth-libraries: tokens and passwords are left to libraries that are alive."""

from collections.abc import Iterable, Iterator

from fastwright.application import jose
from fastwright.application.application import Application
from fastwright.application.requirements import Requirements
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.modules import Module
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
from fastwright.source.syntax import Import, ImportFrom, Statement, inner_statements

# Package that is imported → what to say of it.
_ABANDONED = {
    "jose": (
        "Use PyJWT instead of python-jose, which waits years for releases, security fixes among "
        "them, and lets a token choose its algorithm."
    ),
    "passlib": (
        "Use pwdlib instead of passlib, which has had no release since 2020 and fails with "
        "bcrypt 5."
    ),
    "python_jwt": "Use PyJWT instead of python-jwt, which is archived: tokens could be forged.",
    "fastapi_jwt_auth": (
        "Use PyJWT and a dependency instead of fastapi-jwt-auth, which has had no release since "
        "2020."
    ),
}
_LOOKALIKE = "Depend on PyJWT instead of `jwt`, which is another package with the same import name."


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each file that imports such a library, at the first import."""
    wanted = _messages(application.requirements)
    fix: Fix | None = None
    codebase = application.codebase
    mentioning = {name: set(codebase.mentioning(name.encode())) for name in wanted}
    for module in codebase.own_modules:
        named = {name for name in wanted if module in mentioning[name]}
        if not named or module.is_migration:
            continue
        for statement, dotted in _imports(module):
            top = dotted.partition(".")[0]
            if top in named and _is_library(dotted, module, codebase):
                named.discard(top)
                place = module.place(statement)
                if top == "jose" and fix is None:
                    fix = _fix(application)
                yield Finding(place, wanted[top], fix=fix if top == "jose" else None)


def _fix(application: Application) -> Fix | None:
    """Return how all of the codebase moves to PyJWT at once."""
    moved = jose.move(application)
    return Fix(Safety.UNSAFE, moved.edits, moved.imports) if moved else None


def _messages(requirements: Requirements) -> dict[str, str]:
    messages = dict(_ABANDONED)
    if requirements.names("libpass"):
        del messages["passlib"]  # a maintained fork under the same import name
    if requirements.names("jwt") and not requirements.names("pyjwt"):
        messages["jwt"] = _LOOKALIKE
    return messages


def _imports(module: Module) -> Iterator[tuple[Statement, str]]:
    for function in module.functions:
        yield from _in(function.body)


def _in(body: Iterable[Statement]) -> Iterator[tuple[Statement, str]]:
    for statement in body:
        match statement:
            case Import(names):
                yield from ((statement, each.name) for each in names)
            case ImportFrom(0, dotted):
                yield statement, dotted
            case _:
                yield from _in(inner_statements(statement))


def _is_library(dotted: str, module: Module, codebase: Codebase) -> bool:
    """Tell whether an import leaves the codebase."""
    return codebase.imports.find(module, 0, dotted) is None


PRACTICE = Practice(
    kind=Kind.RISK,
    explanation=Explanation(
        rule="Libraries that check tokens and passwords must be maintained.",
        why=(
            "When a hole in such a library becomes known, everybody's logins depend on how fast "
            "it is closed. Nobody closes it in an abandoned one, and one day a new Python or a "
            "new version of a library below it stops all logins."
        ),
        bad="""\
from jose import JWTError, jwt

payload = jwt.decode(token, settings.secret, algorithms=["HS256"])
""",
        good="""\
import jwt

payload = jwt.decode(token, settings.secret, algorithms=["HS256"])
""",
        when_not=(
            "`libpass`, a maintained fork that is imported as `passlib`, is not reported when the "
            "project's requirements name it. Tests and old revisions are left alone."
        ),
        fix_safety=(
            "Unsafe, from python-jose to PyJWT: imports, names of exceptions and the requirement "
            "change in all files at once, and only where nothing else of python-jose is used. "
            "Install PyJWT and write lock files anew; it refuses some keys that python-jose took. "
            "For passlib there is no fix: pwdlib verifies its bcrypt and Argon2 hashes."
        ),
        references={
            "OAuth2 with Password and JWT tokens": (
                "https://fastapi.tiangolo.com/tutorial/security/oauth2-jwt/"
            ),
            "pwdlib": "https://frankie567.github.io/pwdlib/",
        },
    ),
    check=check,
    examples=(
        Fixed(
            "tokens, in several files and with the requirement",
            {
                "requirements.txt": "fastapi==0.115.0\npython-jose[cryptography]==3.3.0\n",
                "app/tokens.py": """\
from datetime import datetime

from fastapi import HTTPException
from jose import JWTError, jwt  # <- here


def subject(token: str, secret: str) -> str | None:
    try:
        return jwt.decode(token, secret, algorithms=["HS256"])["sub"]  # größe
    except (JWTError, KeyError):
        return None


def token(name: str, secret: str) -> str:
    return jwt.encode({"sub": name}, secret, algorithm="HS256")
""",
                "tests/test_tokens.py": """\
from jose import jwt as tokens


def test_it() -> None:
    assert tokens.get_unverified_header("x")
""",
            },
            {
                "requirements.txt": "fastapi==0.115.0\npyjwt[crypto]>=2.10\n",
                "app/tokens.py": """\
from datetime import datetime

import jwt
from fastapi import HTTPException
from jwt import PyJWTError


def subject(token: str, secret: str) -> str | None:
    try:
        return jwt.decode(token, secret, algorithms=["HS256"])["sub"]  # größe
    except (PyJWTError, KeyError):
        return None


def token(name: str, secret: str) -> str:
    return jwt.encode({"sub": name}, secret, algorithm="HS256")
""",
                "tests/test_tokens.py": """\
import jwt as tokens


def test_it() -> None:
    assert tokens.get_unverified_header("x")
""",
            },
        ),
        Fixed(
            "a requirement of Poetry, and exceptions only",
            {
                "pyproject.toml": """\
[tool.poetry.dependencies]
python = "^3.11"
python-jose = {extras = ["cryptography"], version = "^3.3.0"}
""",
                "app.py": """\
from jose.exceptions import ExpiredSignatureError, JWTError  # <- here

REFUSED = (ExpiredSignatureError, JWTError)
""",
            },
            {
                "pyproject.toml": """\
[tool.poetry.dependencies]
python = "^3.11"
pyjwt = {extras = ["crypto"], version = "^2.10"}
""",
                "app.py": """\
from jwt import ExpiredSignatureError, PyJWTError

REFUSED = (ExpiredSignatureError, PyJWTError)
""",
            },
        ),
        Fixed(
            "a requirement in a list, with more names on the line",
            {
                "pyproject.toml": """\
[project]
name = "shop"
dependencies = ["fastapi>=0.115", "python-jose>=3.3", "httpx2"]
""",
                "app.py": """\
from jose import JWTError as Refused, jwt  # <- here


def read(token: str) -> dict[str, str]:
    try:
        return jwt.decode(token, "key", algorithms=["HS256"])
    except Refused:
        return {}
""",
            },
            {
                "pyproject.toml": """\
[project]
name = "shop"
dependencies = ["fastapi>=0.115", "pyjwt>=2.10", "httpx2"]
""",
                "app.py": """\
import jwt
from jwt import PyJWTError as Refused


def read(token: str) -> dict[str, str]:
    try:
        return jwt.decode(token, "key", algorithms=["HS256"])
    except Refused:
        return {}
""",
            },
        ),
        Flagged(
            "passwords, and what only python-jose knows: no fix",
            {
                "requirements.txt": "python-jose==3.3.0\n",
                "app/passwords.py": """\
from passlib.context import CryptContext  # <- here

passwords = CryptContext(schemes=["bcrypt"], deprecated="auto")
""",
                "app/tokens.py": """\
from jose import jwt  # <- here


def read(token: str) -> dict[str, str]:
    return jwt.decode(token, "key", algorithms=["HS256"], access_token=token)
""",
            },
        ),
        Flagged(
            "once for each file and library, wherever the import stands",
            """\
try:
    import jose.jwt as tokens  # <- here
    from jose.exceptions import JWTError
except ImportError:
    tokens = None


def hashed(password: str) -> str:
    from passlib.hash import bcrypt  # <- here

    return bcrypt.hash(password)
""",
        ),
        Flagged(
            "another package that is imported as `jwt`",
            {
                "requirements.txt": "fastapi==0.115.0\njwt==1.3.1\n",
                "app.py": """\
from jwt import JWT  # <- here

tokens = JWT()
""",
            },
        ),
        Clean(
            "PyJWT, and a module of one's own with the name of a library",
            {
                "requirements.txt": "PyJWT==2.10.1\n",
                "app/main.py": """\
import jwt

from jose import sign

token = jwt.encode({"sub": "1"}, "key", algorithm="HS256") + sign("1")
""",
                "jose/__init__.py": """\
def sign(text: str) -> str:
    return text
""",
            },
        ),
        Clean(
            "the maintained fork of passlib",
            {
                "pyproject.toml": '[project]\nname = "x"\ndependencies = ["libpass>=1.9"]\n',
                "app.py": """\
from passlib.context import CryptContext

passwords = CryptContext(schemes=["argon2"])
""",
            },
        ),
        Clean(
            "tests may forge tokens with what they like",
            {
                "tests/test_tokens.py": """\
from jose import jwt


def test_forged():
    assert jwt.encode({}, "x")
""",
            },
        ),
    ),
)
