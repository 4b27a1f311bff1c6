"""Which functions turn a request away because of who sends it, as far as reading can tell."""

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum

from fastwright.codebase.calls import Edge
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.values import ClassValue, External, Value
from fastwright.source.notes import Answers
from fastwright.source.syntax import (
    Call,
    Expression,
    For,
    If,
    Match,
    Name,
    Raise,
    Statement,
    Try,
    While,
    With,
    inner_statements,
    walk,
)


class Guard(IntEnum):
    """Whether something lets requests in that come from nobody: the highest of several counts."""

    OPEN = 0
    UNKNOWN = 1
    CLOSED = 2


# Words in what is raised or answered that speak of a person's rights.
_RIGHTS = re.compile(
    r"(?i)\b40[13]\b|40[13]_|unauth|not_?auth|auth_?(?:entication|orization|error|exc|required|fail)"
    r"|forbid|permi|credential|denied|access|login|token|session|signature|privileg|csrf|api_?key"
    r"|inactive|not_?verified|insufficient|super_?user|admin|captcha"
)
_LIMITS = re.compile(r"(?i)rate|limit|throttl|quota|too_?many|timeout|unavailable|429|503|50\d|422")
_STATUS = re.compile(r"\b40[13]\b|HTTP_40[13]|UNAUTHORIZED|FORBIDDEN")
_CHECKS = re.compile(
    r"(?i)auth|permission|permit|verif|require|guard|protect|enforce|current_?user|is_?admin"
    r"|signature|hmac|csrf|captcha|check_?(?:access|token|role|user|login|key|cookie)|login|jwt"
)
_CATCHALL = re.compile(r"Exception|HTTPError|Error\b")


class Refusals:
    """Judges functions, each once; `holds_credentials` makes every refusal suspicious."""

    def __init__(self, codebase: Codebase) -> None:
        self._codebase = codebase
        # By a function, and whether it holds credentials, what its own statements do.
        self._of_body = Answers(self._find_of_body)
        # Where a function forgets what is raised.
        self._swallowing = Answers(self._find_swallowing)

    def of(self, start: Function, *, holds_credentials: bool) -> Guard:
        """Return what a function, with everything that it runs, does to a stranger's request."""
        question = "refusal", start.module.path, start.key, holds_credentials
        found = self._codebase.remembered(
            question, lambda: int(self._of(start, holds_credentials=holds_credentials))
        )
        return Guard(found)

    def _of(self, start: Function, *, holds_credentials: bool) -> Guard:
        found = Guard.OPEN
        for function in self._codebase.graph.reached(start, self._is_felt):
            found = max(found, self._of_body((function, holds_credentials and function is start)))
            if found == Guard.CLOSED:
                break
        return found

    def _find_of_body(self, asked: tuple[Function, bool]) -> Guard:
        function, holds_credentials = asked
        if function.is_module or not function.body:
            return Guard.OPEN
        text = function.text
        found = Guard.OPEN
        if "raise" in text or _STATUS.search(text):
            source = function.module.source
            for statement in self._felt(function.body):
                if isinstance(statement, Raise):
                    guard = self._of_raise(statement, function, suspicious=holds_credentials)
                elif _is_simple(statement) and _STATUS.search(source(statement)):
                    guard = Guard.CLOSED
                else:
                    guard = Guard.OPEN
                found = max(found, guard)
        if found == Guard.OPEN and _CHECKS.search(text):
            found = self._of_unknown_calls(function)
        return found

    def _of_raise(self, statement: Raise, function: Function, *, suspicious: bool) -> Guard:
        if statement.value is None:
            return Guard.OPEN
        node: Expression = statement.value
        text = function.module.source(node)
        if isinstance(node, Name):
            origin = self._codebase.origin(node, function)
            if origin is not None:
                text += origin[1].module.source(origin[0])
                node = origin[0]
        made = node.function if isinstance(node, Call) else node
        value = self._codebase.resolver.value(made, function)
        text += self._text_of_class(value)
        if _RIGHTS.search(text):
            return Guard.CLOSED
        if value is None or (suspicious and not _LIMITS.search(text)):
            return Guard.UNKNOWN
        return Guard.OPEN

    def _text_of_class(self, value: Value | None) -> str:
        if not isinstance(value, ClassValue):
            return ""
        lines = self._codebase.resolver.lineage(value.definition)
        return "".join(each.module.source(each.node) for each in lines if isinstance(each, Class))

    def _of_unknown_calls(self, function: Function) -> Guard:
        """Return UNKNOWN where something is called that may check, and cannot be followed."""
        for call in function.calls:
            if call.runs_here and not self._is_swallowed(function, call.node):
                target = self._codebase.target(call)
                if target is None or isinstance(target, External):
                    name = function.module.source(call.node.function)
                    known = isinstance(target, External) and self._is_known(target.name)
                    if not known and _CHECKS.search(name):
                        return Guard.UNKNOWN
        return Guard.OPEN

    def _is_known(self, name: str) -> bool:
        return self._codebase.knowledge.library(name) is not None

    def _is_felt(self, edge: Edge) -> bool:
        return not self._is_swallowed(edge.caller, edge.node)

    def _is_swallowed(self, function: Function, node: Expression) -> bool:
        return any(start <= node.start < end for start, end in self._swallowing(function))

    def _find_swallowing(self, function: Function) -> list[tuple[int, int]]:
        return [
            (each.body[0].start, each.body[-1].end)
            for each in self._tries(function)
            if _swallows(each, function)
        ]

    def _tries(self, function: Function) -> Iterator[Try]:
        if function.is_module or "except" not in function.text:
            return
        for statement in function.body:
            yield from (each for each in walk(statement) if isinstance(each, Try) and each.body)

    def _felt(self, body: Iterable[Statement]) -> Iterator[Statement]:
        """Yield the statements of a body, without those whose errors are caught and forgotten."""
        for statement in body:
            yield statement
            match statement:
                case Try(inner, handlers, otherwise, final):
                    if not _forgets(statement):
                        yield from self._felt(inner)
                    for handler in handlers:
                        yield from self._felt(handler.body)
                    yield from self._felt((*otherwise, *final))
                case _:
                    yield from self._felt(inner_statements(statement))


def _is_simple(statement: Statement) -> bool:
    return not isinstance(statement, Try | If | For | While | With | Match)


def _forgets(statement: Try) -> bool:
    """Tell whether no handler raises."""
    return bool(statement.handlers) and not any(
        isinstance(each, Raise)
        for handler in statement.handlers
        for inner in handler.body
        for each in walk(inner)
    )


def _swallows(statement: Try, function: Function) -> bool:
    """Tell whether a refusal inside would not be felt outside."""
    if not _forgets(statement):
        return False
    source = function.module.source
    if any(_STATUS.search(source(each)) for handler in statement.handlers for each in handler.body):
        # It answers with the refusal instead, or asks which one it was.
        return not _answers(statement, function)
    return any(
        handler.type is None or _CATCHALL.search(source(handler.type))
        for handler in statement.handlers
    )


def _answers(statement: Try, function: Function) -> bool:
    return any(
        _is_simple(each) and _STATUS.search(function.module.source(each))
        for handler in statement.handlers
        for each in handler.body
    )
