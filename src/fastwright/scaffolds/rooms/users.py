"""The dependency that gives the current user, and the one that gives it if there is any."""

import re
from collections import Counter
from collections.abc import Iterator

from fastwright.application.authentication import Authentication
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.values import FunctionValue, Instance
from fastwright.scaffolds.room import Injected, Place, Symbol, Table, Unknown
from fastwright.scaffolds.rooms import columns, fastapi_users
from fastwright.scaffolds.rooms.injections import Injection, Injections
from fastwright.scaffolds.rooms.nearly import near
from fastwright.scaffolds.rooms.surroundings import Surroundings
from fastwright.scaffolds.rooms.symbols import find

_FLAG = "--user app.auth:current_user"
_SOUGHT = "a dependency that gives routes the current user, and refuses who is none"
_WHO = re.compile(r"(?i)user|account|member|principal|identity|profile|customer|subject|author")
# What gives only some users, or gives them at some times only.
_SOME = re.compile(
    r"(?i)super|admin|staff|own_|owned|owner|root|refresh|reset|role|permission|scope|verif"
)
_REFUSAL = re.compile(r"\b(HTTP_)?401(_UNAUTHORIZED)?\b|\bUNAUTHORIZED\b")
_PERHAPS = re.compile(r"(?i)optional|maybe|or_none|_or_anon|if_any|anonymous|guest")
_USUAL = 1.5
_KEYS = ("id", "uid", "uuid", "pk", "user_id")
_DICTS = {"builtins.dict", "typing.Any", "typing.Mapping", None}
_USER_ITSELF = re.compile(r"(\w+\()?\{user\}\)?")
# What may be the key itself.
_PLAIN = {"builtins.int": "int", "builtins.str": "str", "uuid.UUID": "UUID"}


class User:
    """A user's dependency, and where it stands."""

    def __init__(self, injected: Injected, place: Place) -> None:
        self.injected = injected
        self.place = place


def current(around: Surroundings, injections: Injections, users: Table | None) -> User | Unknown:
    """Return the current user of most routes; of several that are as good, none."""
    if around.given.user:
        return _given(around, injections, around.given.user, users)
    made = fastapi_users.current(around, injections, users)
    if made is not None:
        return User(*made)
    closing = set(_closing(around))
    likely = [
        each
        for each in injections.that(lambda each: _is_who(each, users, around))
        if not _named(each, _SOME, _PERHAPS)
    ]
    found = [each for each in likely if _refuses(each.function, closing)]
    counted = [(sum(use.parameter is not None for use in each.uses), each) for each in found]
    counted.sort(key=lambda each: -each[0])
    if len(counted) == 1 or (counted and counted[0][0] > _USUAL * counted[1][0]):
        read = _read(counted[0][1], around, injections, users)
        if read is not None:
            return read
    shown = {
        str(name): injections.place(each) for each in found if (name := injections.symbol(each))
    }
    return Unknown(
        "user", f"{_SOUGHT}{near(around, injections, found, likely, _WHO)}", _FLAG, shown
    )


def optional(around: Surroundings, injections: Injections, users: Table | None) -> User | None:
    """Return the one dependency that gives a user or None."""
    found = injections.that(
        lambda each: (
            _named(each, _PERHAPS) and not _named(each, _SOME) and _is_who(each, users, around)
        )
    )
    return _read(found[0], around, injections, users) if len(found) == 1 else None


def _closing(around: Surroundings) -> Iterator[Function]:
    """Yield the functions that close routes to strangers, and what these get a user from."""
    authentication = Authentication(around.application)
    dependencies = around.application.dependencies
    for route in around.routes:
        for each in dependencies.below(tuple(authentication.closing(route))):
            if isinstance(each.provided, FunctionValue):
                function = each.provided.function
                if authentication.credentials.reach(function):
                    yield function


def _refuses(function: Function, closing: set[Function]) -> bool:
    """Tell whether a function refuses strangers, also by a library that is not known."""
    return function in closing or _REFUSAL.search(function.text) is not None


def _is_who(injection: Injection, users: Table | None, around: Surroundings) -> bool:
    """Tell whether what comes is a user, by its class or by what it is called."""
    given = _given_most(injection)
    is_users = (
        isinstance(given, Class)
        and users is not None
        and around.symbol(given.module, given.name) == users.model
    )
    called = {use.parameter.name for use in injection.uses if use.parameter is not None}
    called |= {injection.function.name, *([given.name] if isinstance(given, Class) else [])}
    return is_users or (given != "builtins.bool" and any(map(_WHO.search, called)))


def _named(injection: Injection, *patterns: re.Pattern[str]) -> bool:
    return any(each.search(injection.function.name) for each in patterns)


def _read(
    injection: Injection,
    around: Surroundings,
    injections: Injections,
    users: Table | None,
    named: Symbol | None = None,
) -> User | None:
    function = injections.symbol(injection) or named
    key = _key(injection, around, users)
    if function is None or key is None:
        return None
    given = _given_most(injection)
    match given:
        case Class():
            type_ = around.symbol(given.module, given.name)
        case str() | None if given in _DICTS and "[" in key:
            type_ = Symbol("builtins", "dict")
        case str() if given in _PLAIN and _USER_ITSELF.fullmatch(key):
            type_ = Symbol(*given.split("."))
        case _ if users is not None:
            type_ = users.model  # the annotation says nothing, or something else
        case _:
            return None
    injected = Injected(injections.alias(injection), function, type_, key=key)
    return User(injected, injections.place(injection))


def _key(injection: Injection, around: Surroundings, users: Table | None) -> str | None:
    """Return Python for the key of a user, as routes write it; None where nothing tells."""
    names = {users.key} if users is not None else set(_KEYS)
    given = _given_most(injection)
    written = Counter(_written(injection, names)).most_common(1)
    if written:
        return _as_key(written[0][0], given, around, users)
    if given in _DICTS:
        return _in_dict(injection, around, users)
    if isinstance(given, Class):
        model = around.application.models.of(given)
        fields = set(model.fields) if model else set(given.bindings)
        found = next((f"{{user}}.{each}" for each in names if each in fields), None)
        return found and _as_key(found, given, around, users)
    return _key_itself(given, users)


def _written(injection: Injection, names: set[str]) -> Iterator[str]:
    """Yield what routes write of the user, if it may be a key."""
    for use in injection.uses:
        if use.parameter is not None and use.user is not None:
            text, name = use.user.text, use.parameter.name
            for found in re.findall(rf"\b{name}\.(\w+)\b(?!\()", text):
                if found in names:
                    yield f"{{user}}.{found}"
            for found in re.findall(rf"\b{name}\[[\"'](\w+)[\"']\]", text):
                if found in names:
                    yield f'{{user}}["{found}"]'


def _in_dict(injection: Injection, around: Surroundings, users: Table | None) -> str | None:
    """Return Python for the key in a dict that others than routes look into; None where none does.

    It is made anew of text, which it may have been in a token.
    """
    names = _KEYS if users is None else (users.key, f"{users.entity}_id", "user_id", "sub")
    called = {use.parameter.name for use in injection.uses if use.parameter is not None}
    called = {re.escape(each.lstrip("_")) for each in called}
    looked_up = re.compile(rf"\b(?:{'|'.join(sorted(called))})\[[\"'](\w+)[\"']\]")
    found: Counter[str] = Counter()
    for each in around.modules:
        found.update(name for name in looked_up.findall(each.code.decode()) if name in names)
    if not called or not found:
        return None
    item = f'{{user}}["{found.most_common(1)[0][0]}"]'
    match users.key_type if users is not None else "str":
        case "UUID":
            return f"UUID(str({item}))"
        case kind:
            return f"{kind}({item})"


def _key_itself(given: str | None, users: Table | None) -> str | None:
    """Return Python for a key of which nothing but itself comes, perhaps as a string."""
    kind = _PLAIN.get(given or "")
    if users is None or kind is None:
        return None
    if kind == users.key_type:
        return "{user}"
    return f"{users.key_type}({{user}})" if kind == "str" else None


def _as_key(
    written: str, given: Class | str | None, around: Surroundings, users: Table | None
) -> str:
    """Return Python for a user's key as the table holds it: made of a string, where it is one."""
    model = around.application.models.of(given) if isinstance(given, Class) else None
    field = model.fields.get(written.rpartition(".")[2]) if model else None
    column = columns.read(field, around.application) if field is not None else None
    if users is None or column is None or column.type != "str" or users.key_type == "str":
        return written
    return f"{users.key_type}({written})"


def _given_most(injection: Injection) -> Class | str | None:
    found = injection.gives.most_common(1)
    return found[0][0] if found else None


def _given(
    around: Surroundings, injections: Injections, symbol: Symbol, users: Table | None
) -> User | Unknown:
    module, name = find(symbol, "--user", around.codebase)
    resolver = around.codebase.resolver
    first, *rest = name.split(".")
    value = resolver.module_member(module, first)
    for each in rest:
        value = resolver.member(value, each)
    if isinstance(value, Instance):
        value = resolver.member(value, "__call__")
    if isinstance(value, FunctionValue):
        injection = injections.of(value.function)
        read = _read(injection, around, injections, users, symbol)
        if read is not None:
            return read
        if users is not None:
            injected = Injected(None, symbol, users.model, key=f"{{user}}.{users.key}")
            return User(injected, injections.place(injection))
    return Unknown(
        "user", f"a function or object to call that {symbol} is, and a table of users", _FLAG
    )
