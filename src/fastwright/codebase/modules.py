"""The codebase's modules, functions, classes and calls, as they stand in the files."""

from bisect import bisect_right
from collections.abc import Sequence

from fastwright.source import facts, importing
from fastwright.source.edits import Edit
from fastwright.source.facts import MARK, Facts, line_starts
from fastwright.source.gaps import Gaps
from fastwright.source.lazy import Lazy
from fastwright.source.nodes import Node, Raw, wrap
from fastwright.source.places import Place
from fastwright.source.reading import ReadFile
from fastwright.source.records import ClassRecord, Details, FunctionRecord
from fastwright.source.scopes import Binding, Form, Use
from fastwright.source.syntax import (
    Call,
    ClassDef,
    Expression,
    FunctionDef,
    Import,
    ImportFrom,
    Parameter,
    Statement,
)
from fastwright.source.words import Words

_NARROW, _USUAL, _WIDEST = 79, 88, 120  # characters a line
# A file with so many tells by its longest ones.
_MANY_LINES = 150
_TEST_FOLDERS = {"test", "tests", "testing"}


class Module:
    """A file. `path` is relative to the reviewed root, with `/`."""

    def __init__(self, read: ReadFile) -> None:
        self.read = read
        self.path = read.file.path
        self._text = read.file.text
        # Whether somebody looked at more of it than its code; and where there was only code, from
        # where to where in that.
        self.is_read_whole = False
        self.read_between: set[tuple[int, int]] = set()
        self.folder = self.path.rpartition("/")[0]
        self.stem = self.path.rpartition("/")[2].removesuffix(".py")
        self.is_package = self.stem == "__init__"

    @Lazy
    def facts(self) -> Facts:
        """Return what is kept of the file; tests are often not looked into at all."""
        return Facts.of(self.read.packed)

    @Lazy
    def words(self) -> Words:
        """Return the words that others are told by; that costs no unpacking."""
        return facts.words_of(self.read.packed)

    @property
    def ignores(self) -> list[tuple[int, str]]:
        """Return the comments that speak to this program, as (line, text)."""
        return self.facts.ignores if MARK in self._text else []

    @property
    def text(self) -> bytes:
        """Return all of the file, comments too.

        Any change of it may matter to whoever looks at this: nearly always, `code` will do, or
        `text_between`.
        """
        self.is_read_whole = True
        return self._text

    def text_between(self, start: int, end: int) -> bytes:
        """Return what is written from one offset to another, comments too."""
        if self._gaps.is_none_in(start, end):
            self.read_between.add((self.in_code(start), self.in_code(end)))
        else:
            self.is_read_whole = True
        return self._text[start:end]

    @Lazy
    def code(self) -> bytes:
        """Return the text without comments, and without the lines that hold nothing else."""
        return self.code_between(0, len(self._text))

    def mentions(self, word: bytes) -> bool:
        """Tell whether a word is in the code; nearly always that costs no unpacking."""
        return word in self._text and word in self.code

    def code_between(self, start: int, end: int) -> bytes:
        """Return the code from where something begins, a node say, to where something ends."""
        return self._gaps.without(self._text, start, end).rstrip()

    def in_code(self, offset: int) -> int:
        """Return where an offset of the file, such as a node's, is in `code`."""
        return self._gaps.in_code(offset)

    @Lazy
    def lines(self) -> int:
        """Return how many lines the file has."""
        return self._text.count(b"\n")

    @Lazy
    def _gaps(self) -> Gaps:
        return Gaps(self.facts.gaps)

    @Lazy
    def functions(self) -> "list[Function]":
        """Return the module's own code, then its functions and methods in source order."""
        return [Function(self, index, each) for index, each in enumerate(self.facts.functions)]

    @Lazy
    def classes(self) -> "list[Class]":
        """Return the classes in source order."""
        return [Class(self, index, each) for index, each in enumerate(self.facts.classes)]

    def __repr__(self) -> str:
        return f"Module({self.path})"

    @property
    def top(self) -> "Function":
        """Return the module's own code, which runs at import."""
        return self.functions[0]

    @Lazy
    def body(self) -> tuple[Statement, ...]:
        """Return the module's own statements, classes with their bodies among them."""
        return tuple([wrap(raw) for raw in self.facts.body])

    @Lazy
    def imported(self) -> dict[str, importing.Import]:
        """Return what is imported from elsewhere at the top level, by its name in the file."""
        found = {}
        for statement in self.body:
            match statement:
                case Import(names):
                    for each in names:
                        alias = each.bound if each.renamed else None
                        found[each.bound] = importing.Import(each.name, None, alias)
                case ImportFrom(0, module, names):
                    for each in names:
                        alias = each.bound if each.renamed else None
                        found[each.bound] = importing.Import(module, each.name, alias)
        return found

    @Lazy
    def is_test(self) -> bool:
        """Tell whether the file belongs to tests, by the names that pytest goes by."""
        folders = self.path.split("/")[:-1]
        return (
            not _TEST_FOLDERS.isdisjoint(folders)
            or self.stem.startswith("test_")
            or self.stem.endswith("_test")
            or self.stem == "conftest"
        )

    @Lazy
    def is_migration(self) -> bool:
        """Tell whether the file is a revision of Alembic."""
        if b"down_revision" not in self._text:
            return False  # which spares unpacking nearly all files
        bindings = self.top.details.bindings
        return "down_revision" in bindings and "revision" in bindings

    @Lazy
    def _line_starts(self) -> Sequence[int]:
        return line_starts(self.facts.lines)

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column, from 1, of an offset; columns count characters."""
        line = bisect_right(self._line_starts, offset)
        before = self._text[self._line_starts[line - 1] : offset]
        return line, len(before.decode("utf-8", "replace")) + 1

    def place(self, node: Node) -> Place:
        """Return where a node stands; a function or class stands where its name is."""
        offset = node.name_start if isinstance(node, FunctionDef | ClassDef) else node.start
        line, column = self.position(offset)
        end_line, _ = self.position(node.end)
        return Place(self.path, line, column, end_line, self.symbol_at(offset))

    def symbol_at(self, offset: int) -> str | None:
        """Return the qualified name of the innermost function or class around an offset."""
        around = [
            (raw[1], name)
            for raw, name in self._spans
            if raw is not None and raw[1] <= offset < raw[2]
        ]
        return max(around)[1] if around else None

    @Lazy
    def _spans(self) -> list[tuple[Raw | None, str]]:
        records: list[FunctionRecord | ClassRecord] = [
            *self.facts.functions,
            *self.facts.classes,
        ]
        return [(record.node, record.name) for record in records]

    def source(self, node: Node) -> str:
        """Return the code of a node, as it is written but for comments."""
        return self.code_between(node.start, node.end).decode("utf-8", "replace")

    def replace(self, node: Node, text: str) -> Edit:
        """Return the edit that puts a text in the place of a node."""
        return Edit(self.path, node.start, node.end, text)

    def insert(self, offset: int, text: str) -> Edit:
        """Return the edit that inserts a text."""
        return Edit(self.path, offset, offset, text)

    def indent(self, offset: int) -> str:
        """Return the white space that the line of an offset begins with."""
        line = self._text[self._text.rfind(b"\n", 0, offset) + 1 : offset]  # surely one of code
        return line[: len(line) - len(line.lstrip())].decode()

    @Lazy
    def width(self) -> int:
        """Return how long lines may be: what several use, or a limit that many go by."""
        return width_of(self._text)

    @property
    def asked_width(self) -> int | None:
        """Return the width, if somebody has asked for it."""
        width: int | None = self.__dict__.get("width")
        return width

    def line_start(self, offset: int) -> int:
        """Return where the line of an offset begins."""
        return self._text.rfind(b"\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Return where the line of an offset ends, before its line end."""
        end = self._text.find(b"\n", offset)
        return end if end >= 0 else len(self._text)

    def has_comment(self, start: int, end: int) -> bool:
        """Tell whether a comment stands between two offsets: what replaces it would lose it."""
        return b"#" in self.text_between(start, end) and any(
            start <= each < end for each in self._comments
        )

    @Lazy
    def _comments(self) -> list[int]:
        return facts.comments(self._text)


class Function:
    """A function or method, or a module's own code (`is_module`)."""

    def __init__(self, module: Module, index: int, record: FunctionRecord) -> None:
        self.module = module
        self.index = index
        self.record = record
        self.qualified_name = record.name
        self.is_module = record.node is None

    def __repr__(self) -> str:
        return f"Function({self.module.path}:{self.qualified_name})"

    @property
    def name(self) -> str:
        """Return the name in the `def`."""
        return self.qualified_name.rpartition(".")[2]

    @property
    def symbol(self) -> str | None:
        """Return the name that reports give; None for a module's own code."""
        return None if self.is_module else self.qualified_name

    @property
    def node(self) -> FunctionDef:
        """Return the `def`; a module has none, which is a mistake to ask for."""
        if self.record.node is None:
            raise LookupError(self.module.path)
        return FunctionDef(self.record.node)

    @Lazy
    def is_async(self) -> bool:
        """Tell whether it is an `async def`."""
        return self.record.node is not None and FunctionDef(self.record.node).is_async

    @Lazy
    def owner(self) -> "Class | None":
        """Return the class that this is a method of."""
        owner = self.record.owner
        return None if owner is None else self.module.classes[owner]

    @Lazy
    def outer(self) -> "Function | None":
        """Return the function, or the module, that this stands in."""
        outer = self.record.outer
        return None if outer is None else self.module.functions[outer]

    @Lazy
    def details(self) -> Details:
        """Return the body and the notes about it."""
        return Details.of(self.record.details)

    @Lazy
    def parameters(self) -> tuple[Parameter, ...]:
        """Return the parameters, `self` among them; a module has none."""
        return () if self.record.node is None else FunctionDef(self.record.node).parameters

    @Lazy
    def parameter_names(self) -> frozenset[str]:
        """Return the names of the parameters."""
        return frozenset(parameter.name for parameter in self.parameters)

    @Lazy
    def decorators(self) -> tuple[Expression, ...]:
        """Return the decorators, outermost first."""
        return () if self.record.node is None else FunctionDef(self.record.node).decorators

    @Lazy
    def body(self) -> tuple[Statement, ...]:
        """Return the statements."""
        return tuple([wrap(raw) for raw in self.details.body])

    @property
    def text(self) -> str:
        """Return the code of the statements."""
        if not self.body:
            return ""
        code = self.module.code_between(self.body[0].start, self.body[-1].end)
        return code.decode("utf-8", "replace")

    @Lazy
    def calls(self) -> "tuple[CallSite, ...]":
        """Return the calls in source order, those in lambdas and comprehensions too."""
        return tuple([CallSite(self, raw, use) for raw, use in self.details.calls])

    @Lazy
    def is_generator(self) -> bool:
        """Tell whether it yields."""
        return self.details.is_generator


class CallSite:
    """A call, the function that it stands in, and how its result is used."""

    __slots__ = ("called", "function", "node", "use")

    def __init__(self, function: Function, raw: Raw, use: int) -> None:
        self.function = function
        self.node = Call(raw)
        self.called: Raw = raw[3]  # as it is kept: many are only looked up
        self.use = use

    def __repr__(self) -> str:
        return f"CallSite({self.function.module.source(self.node)})"

    @property
    def is_awaited(self) -> bool:
        """Tell whether `await` stands right before it."""
        return bool(self.use & Use.AWAITED)

    @property
    def is_dropped(self) -> bool:
        """Tell whether it is a statement of its own."""
        return bool(self.use & Use.DROPPED)

    @property
    def is_in_loop(self) -> bool:
        """Tell whether it is made once per item of a loop or comprehension."""
        return bool(self.use & Use.IN_LOOP)

    @property
    def runs_here(self) -> bool:
        """Tell whether the function makes the call when it runs: not later, nor at definition."""
        return not self.use & (Use.IN_LAMBDA | Use.IN_DECORATOR | Use.IN_SIGNATURE)


class Class:
    """A class."""

    def __init__(self, module: Module, index: int, record: ClassRecord) -> None:
        self.module = module
        self.index = index
        self.record = record
        self.qualified_name = record.name

    def __repr__(self) -> str:
        return f"Class({self.module.path}:{self.qualified_name})"

    @property
    def name(self) -> str:
        """Return the name in the `class`."""
        return self.qualified_name.rpartition(".")[2]

    @Lazy
    def node(self) -> ClassDef:
        """Return the `class` with its body."""
        return ClassDef(self.record.node or ())

    @Lazy
    def scope(self) -> Function:
        """Return the function, or the module, that the class stands in."""
        return self.module.functions[self.record.outer]

    @Lazy
    def methods(self) -> dict[str, Function]:
        """Return the methods by name; of several with one name, the last."""
        return {
            name: self.module.functions[bound[-1][2]]
            for name, bound in self.record.bindings.items()
            if bound[-1][0] == Form.FUNCTION
        }

    @property
    def bindings(self) -> dict[str, list[Binding]]:
        """Return how names of the body came to their values."""
        return self.record.bindings


def width_of(text: bytes) -> int:
    """Return how long the lines of a text may be: what several use, or a usual limit."""
    lengths = sorted(len(each.decode("utf-8", "replace")) for each in text.splitlines())
    used = lengths[-3] if len(lengths) >= _MANY_LINES else 0  # one or two may be exceptions
    usual = _NARROW if 0 < used <= _NARROW else _USUAL
    return min(max(used, usual), _WIDEST)


# Where a name is looked up: in a function, or in the body of a class.
Scope = Function | Class
