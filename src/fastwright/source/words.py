"""The words of a file that others are told by, without looking at anything else of it."""

import marshal
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.source.gaps import Gaps
from fastwright.source.nodes import Raw, wrap
from fastwright.source.reader.definitions import ModuleReader, last_name
from fastwright.source.records import ClassRecord, FunctionRecord, keys
from fastwright.source.scopes import Binding, Form
from fastwright.source.syntax import (
    Attribute,
    Call,
    ClassDef,
    Collection,
    Constant,
    Dict,
    FunctionDef,
    ImportFrom,
    Name,
)

_IMPORT = re.compile(rb"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import|import)\b([^\n#]*)", re.MULTILINE)
# What calls a function that it is given, with arguments that it is given as well.
_RUNS = re.compile(
    rb"\b(?:add_task|create_task|filter|map|partial|partialmethod|reduce|run_in_executor"
    rb"|run_in_threadpool|run_sync|starmap|submit|to_thread)\s*\(\s*([\w.]+)(?:\s*,\s*([\w.]+))?"
)
_WORD = re.compile(rb"\w+")
_PROPERTIES = {"property", "cached_property"}


@dataclass(frozen=True, slots=True)
class Words:
    """What import statements name, what may be called unseen, and what is called and defined.

    Unseen are what `functools.partial`, say, is given. Functions and classes are told by their
    keys: see `records.keys`.
    """

    imported: list[str]
    handed_on: list[str]
    # The last names of calls.
    called: list[str]
    # Names that are given to what has another, as (the other, the name).
    renamed: list[tuple[str, str]]
    # The last names of functions and classes, and of those functions that are async.
    defined: list[str]
    coroutines: list[str]
    # The last names of decorators, each with a function that has it.
    decorated: list[tuple[str, str]]
    # The classes with bases or decorators, and the functions with defaults for parameters.
    derived: list[str]
    with_defaults: list[str]
    # The names of properties that call something.
    properties: list[str]
    # The names that the module's own code gives no value but None, or something empty.
    unset: list[str]

    @classmethod
    def of(cls, packed: bytes) -> "Words":
        """Unpack what `pack` packed."""
        return cls(*marshal.loads(packed))  # noqa: S302 - by `pack`


def pack(code: bytes, body: tuple[Raw, ...], reader: ModuleReader, gaps: Gaps) -> bytes:
    """Return the words of a file's code, packed for `Words.of`."""
    functions = [each for each in reader.functions if each]
    classes = [each for each in reader.classes if each]
    defined = [FunctionDef(each.node) for each in functions if each.node is not None]
    return marshal.dumps(
        (
            *(
                sorted(set(each))
                for each in (_imported(code, body), _handed_on(code), reader.calls)
            ),
            sorted(reader.renamed),
            sorted({_last(each) for each in (*functions[1:], *classes)}),
            sorted({each.name for each in defined if each.is_async}),
            list(_decorated(functions)),
            list(_derived(classes)),
            [
                known_by
                for known_by, each in zip(keys(functions)[1:], defined, strict=True)
                if any(one.default is not None for one in each.parameters)
            ],
            sorted(
                {
                    node.name
                    for each, node in zip(functions[1:], defined, strict=True)
                    if each.owner is not None and is_property(node) and _calls(node, code, gaps)
                }
            ),
            [
                name
                for name, bindings in reader.scope.bindings.items()
                if all(map(_is_empty, bindings))
            ],
        )
    )


def is_property(node: FunctionDef) -> bool:
    """Tell whether a method is run when an attribute is read."""
    for decorator in node.decorators:
        match decorator:
            case Name(name) | Attribute(_, name) if name in _PROPERTIES:
                return True
    return False


def _calls(getter: FunctionDef, code: bytes, gaps: Gaps) -> bool:
    """Tell whether there is a bracket beside that of the `def`."""
    start, end = gaps.in_code(getter.name_start), gaps.in_code(getter.end)
    return code.count(b"(", start, end) > 1


def _is_empty(binding: Binding) -> bool:
    if binding[0] not in (Form.VALUE, Form.ANNOTATED) or binding[2] is None:
        return False
    match wrap(binding[2]):
        case Constant("None") | Dict(()) | Collection("list", ()):
            return True
        case Call(Name("dict" | "list" | "set"), (), ()):
            return True
    return False


def _last(record: FunctionRecord | ClassRecord) -> str:
    return record.name.rpartition(".")[2]


def _decorated(functions: list[FunctionRecord]) -> Iterator[tuple[str, str]]:
    for known_by, each in zip(keys(functions), functions, strict=True):
        for decorator in FunctionDef(each.node).decorators if each.node else ():
            called = decorator.function if isinstance(decorator, Call) else decorator
            yield last_name(called.raw), known_by


def _derived(classes: list[ClassRecord]) -> Iterator[str]:
    for known_by, each in zip(keys(classes), classes, strict=True):
        node = ClassDef(each.node or ())
        if node.bases or node.decorators:
            yield known_by


def _imported(code: bytes, body: tuple[Raw, ...]) -> Iterator[str]:
    for source, names in _IMPORT.findall(code):
        for word in (*_WORD.findall(source), *_WORD.findall(names)):
            yield word.decode()
    # Of names over several lines only the statement itself knows.
    for raw in body:
        if raw[0] == ImportFrom.kind:
            yield from (each.name for each in ImportFrom(raw).names)


def _handed_on(code: bytes) -> Iterator[str]:
    for names in _RUNS.findall(code):
        for name in names:
            yield name.rpartition(b".")[2].decode()
