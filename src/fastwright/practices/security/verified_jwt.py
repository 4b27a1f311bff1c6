"""security/verified-jwt: a token counts for something only after its signature was checked."""

import re
from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.entries import Role
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
from fastwright.source.nodes import Node
from fastwright.source.notes import Once
from fastwright.source.syntax import (
    Attribute,
    Call,
    Collection,
    Constant,
    Dict,
    Expression,
    Name,
    Starred,
    String,
    Subscript,
    walk,
)

_PYJWT = (
    "jwt.decode",
    "jwt.decode_complete",
    "jwt.api_jwt.decode",
    "jwt.api_jwt.decode_complete",
    "jwt.PyJWT.decode",
    "jwt.PyJWT.decode_complete",
)
_JOSE = "jose.jwt.decode"
_UNVERIFIED = ("jose.jwt.get_unverified_claims", "jose.jws.get_unverified_claims")
_HEADERS = (
    "jwt.get_unverified_header",
    "jose.jwt.get_unverified_header",
    "jose.jwt.get_unverified_headers",
    "jose.jws.get_unverified_header",
)
_ALGORITHMS = 2  # the position of the algorithms, in both libraries
_ANYBODY = "anybody can write such a token"
_CHOOSES = "each token may choose how it is checked"
# Reading what a token says of itself is the purpose of such a function.
_PEEKS = re.compile(r"(?i)unverif|unsafe|peek|expir|_exp\b|issuer|kid|debug|inspect|without_veri")
# The library need not verify what is verified by hand, was made here, came from its issuer, or is
# said to serve the logs only.
_OTHERWISE_SAFE = re.compile(r"\.verify\(|\bencode\(|id_token|idinfo|\bfor logging\b")


def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each decoding that takes any token, or any algorithm."""
    codebase = application.codebase
    reached = _Reached(application)
    for call in codebase.calls_to(*_PYJWT, _JOSE):
        yield from _in_decode(call, codebase, reached)
    for call in codebase.calls_to(*_UNVERIFIED):
        if reached.trusts(call):
            yield _finding(call, call.node, "Verify the token with `jwt.decode` and its key")


def _in_decode(call: CallSite, codebase: Codebase, reached: "_Reached") -> Iterator[Finding]:
    node = call.node
    if any(each.name is None for each in node.keywords):
        return
    unverified = _unverified(call, codebase)
    if unverified is not None:
        if (_has_key(node) and not _is_peek(call)) or reached.trusts(call):
            yield _finding(call, unverified, "Verify the signature")
        return
    algorithms = node.argument(_ALGORITHMS, "algorithms")
    fixed = 'Name the algorithm that tokens are signed with, `algorithms=["HS256"]` say'
    if algorithms is None or _is(algorithms, "None", "True"):
        if not any(isinstance(each, Starred) for each in node.arguments):
            yield _finding(call, node, fixed, _CHOOSES)
    elif _is_none_algorithm(algorithms):
        yield _finding(call, algorithms, "Remove `none` from the algorithms")
    elif _is_of_header(algorithms, call, codebase):
        yield _finding(call, algorithms, fixed, _CHOOSES)


def _finding(call: CallSite, at: Node, advice: str, consequence: str = _ANYBODY) -> Finding:
    return Finding(at=call.function.module.place(at), message=f"{advice}: {consequence}.")


def _unverified(call: CallSite, codebase: Codebase) -> Node | None:
    """Return what switches the verification off."""
    node = call.node
    for off in (node.keyword("verify"), *node.arguments[_ALGORITHMS : _ALGORITHMS + 1]):
        if off is not None and _is(off, "False"):
            return off
    options = node.argument(_ALGORITHMS + 1, "options")
    origin = options and codebase.origin(options, call.function)
    match origin:
        case (Dict(pairs), _):
            for pair in pairs:
                match pair.key, pair.value:
                    case String("verify_signature"), Constant("False"):
                        return options
    return None


def _is(node: Expression, *texts: str) -> bool:
    return isinstance(node, Constant) and node.text in texts


def _has_key(node: Call) -> bool:
    key = node.argument(1, "key")
    match key:
        case None | Constant("None") | String("" | None):
            return False
    return True


def _is_peek(call: CallSite) -> bool:
    return _PEEKS.search(call.function.qualified_name) is not None


def _is_none_algorithm(node: Expression) -> bool:
    return isinstance(node, Collection) and any(
        isinstance(each, String) and (each.value or "").lower() == "none" for each in node.items
    )


def _is_of_header(algorithms: Expression, call: CallSite, codebase: Codebase) -> bool:
    """Tell whether the algorithm is the one that the token names."""
    items = algorithms.items if isinstance(algorithms, Collection) else (algorithms,)
    for item in items:
        origin = codebase.origin(item, call.function)
        node, scope = origin or (item, call.function)
        match node:
            case Subscript(base, (String("alg"),)) | Call(
                Attribute(base, "get"), (String("alg"), *_)
            ):
                header = codebase.origin(base, scope)
                if header is not None and isinstance(header[0], Call):
                    made = codebase.resolver.value(header[0].function, header[1])
                    return isinstance(made, External) and made.name in _HEADERS
    return False


class _Reached:
    """Finds out whether FastAPI comes by an unverified decoding, and verifies nowhere else."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def trusts(self, call: CallSite) -> bool:
        """Tell whether what serves a request decodes there, and never verifies."""
        function = call.function
        if _is_peek(call) or function.is_module or self._is_safe_otherwise(call):
            return False
        serving = [each for each in self._served if function in each]
        return bool(serving) and not any(self._verifying & each for each in serving)

    @Once
    def _served(self) -> list[set[Function]]:
        application = self._application
        found = [application.reached_from(route) for route in application.routes]
        graph = application.codebase.graph
        found += [
            set(graph.reached(entry.function))
            for entry in application.entries
            if entry.role == Role.MIDDLEWARE
        ]
        return found

    @Once
    def _verifying(self) -> set[Function]:
        codebase = self._application.codebase
        calls = (*codebase.calls_to(*_PYJWT, _JOSE), *codebase.calls_to("jose.jws.verify"))
        return {call.function for call in calls if _unverified(call, codebase) is None}

    def _is_safe_otherwise(self, call: CallSite) -> bool:
        return _OTHERWISE_SAFE.search(call.function.text) is not None or any(
            isinstance(each, Name) and "id_token" in each.id
            for argument in call.node.arguments[:1]
            for each in walk(argument)
        )


PRACTICE = Practice(
    kind=Kind.DEFECT,
    explanation=Explanation(
        rule="Tokens are decoded with their key and with algorithms that the server names.",
        why=(
            "A JSON web token is plain text that anybody can write. Without verification a "
            "visitor becomes whoever the token says. When the token may choose the algorithm, a "
            "public key is taken for a shared secret, and forged tokens pass."
        ),
        bad="""\
payload = jwt.decode(token, options={"verify_signature": False})
payload = jwt.decode(token, key, algorithms=[jwt.get_unverified_header(token)["alg"]])
""",
        good="""\
payload = jwt.decode(token, settings.secret, algorithms=["HS256"])
""",
        when_not=(
            "Reading the issuer or key id of a token in order to find the key that then verifies "
            "it is fine, and not reported."
        ),
        fix_safety="No automatic fix: the right key and algorithm are not in the code.",
        references={
            "RFC 8725, JSON Web Token Best Current Practices": (
                "https://www.rfc-editor.org/rfc/rfc8725"
            ),
            "PyJWT": "https://pyjwt.readthedocs.io/en/stable/usage.html",
        },
    ),
    check=check,
    examples=(
        Flagged(
            "the signature is not looked at",
            """\
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer("login")


def current_user(token: Annotated[str, Depends(scheme)]) -> str:
    return jwt.decode(token, options={"verify_signature": False})["sub"]  # <- here


@app.get("/me")
def read_me(user: Annotated[str, Depends(current_user)]) -> str:
    return user
""",
        ),
        Flagged(
            "a key is passed in vain, with options and a function under other names",
            """\
from jwt import decode as read_token

OPTIONS = {"verify_signature": False, "verify_exp": True}


def user_of(token: str, key: str) -> str:
    return read_token(token, key, algorithms=["HS256"], options=OPTIONS)["sub"]  # <- here
""",
        ),
        Flagged(
            "the token chooses the algorithm",
            """\
import jwt
from jose import jwt as jose_jwt


def user_of(token: str, key: str) -> str:
    header = jwt.get_unverified_header(token)
    return jwt.decode(token, key, algorithms=[header["alg"]])["sub"]  # <- here


def account_of(token: str, key: str) -> str:
    return jose_jwt.decode(token, key)["sub"]  # <- here
""",
        ),
        Flagged(
            "claims that nobody verifies, two files away from the route",
            {
                "app/tokens.py": """\
from jose import jwt


def read(token: str) -> dict:
    return jwt.get_unverified_claims(token)  # <- here
""",
                "app/main.py": """\
from fastapi import FastAPI

from app import tokens

app = FastAPI()


@app.get("/me")
def read_me(token: str) -> str:
    return tokens.read(token)["sub"]
""",
            },
        ),
        Clean(
            "a key and an algorithm, also from the settings",
            """\
import jwt
from jose import jwt as jose_jwt
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret: str
    algorithm: str = "HS256"


settings = Settings()


def claims(token: str, key) -> list[dict]:
    return [
        jwt.decode(token, settings.secret, [settings.algorithm]),
        jwt.decode(token, settings.secret, algorithms=["HS256"], options={"verify_exp": False}),
        jose_jwt.decode(token, key, algorithms=["RS256"], audience="shop"),
        jwt.decode(token, key, algorithms=[key.algorithm_name]),
    ]
""",
        ),
        Clean(
            "the issuer is read first, to find the key that verifies",
            """\
import jwt
from fastapi import FastAPI

app = FastAPI()
KEYS = {"https://login.example": "key"}


@app.get("/me")
def read_me(token: str) -> str:
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.decode(token, KEYS[claims["iss"]], algorithms=["RS256"])["sub"]
""",
        ),
        Clean(
            "another module named jwt, and tokens of which the end is read, or a name for logs",
            {
                "app/auth/__init__.py": "",
                "app/auth/jwt.py": """\
import jwt as pyjwt


def decode(token: str) -> dict:
    return pyjwt.decode(token, "key", algorithms=["HS256"])


def expires_at(token: str) -> int:
    return pyjwt.decode(token, options={"verify_signature": False})["exp"]


def said_by(token: str) -> str:
    '''Return a name that nobody has checked, for logging.'''
    return pyjwt.decode(token, options={"verify_signature": False})["sub"]
""",
                "app/main.py": """\
from fastapi import FastAPI

from app.auth import jwt

app = FastAPI()


@app.get("/me")
def read_me(token: str) -> str:
    return jwt.decode(token)["sub"]


@app.get("/expiry")
def read_expiry(token: str) -> int:
    print(jwt.said_by(token))
    return jwt.expires_at(token)
""",
            },
        ),
    ),
)
