"""The codebase's modules, functions, classes and calls, as they stand in the files."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from fastwright.source import facts, importing, parts
from fastwright.source.alignment import IMPORTING
from fastwright.source.digests import digest
from fastwright.source.edits import Edit
from fastwright.source.facts import MARK, Facts, line_starts
from fastwright.source.gaps import Gaps
from fastwright.source.lazy import Lazy, OfBody, OfClass, OfFile, OfHead
from fastwright.source.nodes import Node, Raw, wrap
from fastwright.source.notes import NOTHING, Note, note
from fastwright.source.places import Place
from fastwright.source.reader.definitions import last_name
from fastwright.source.reading import ReadFile
from fastwright.source.records import ClassRecord, Details, FunctionRecord, keys
from fastwright.source.scopes import Binding, Form, Use
from fastwright.source.syntax import (
    Call,
    ClassDef,
    Expression,
    FunctionDef,
    Import,
    ImportFrom,
    Keyword,
    Parameter,
    Statement,
)
from fastwright.source.words import Words

_NARROW, _USUAL, _WIDEST = 79, 88, 120  # characters a line
# A file with so many tells by its longest ones.
_MANY_LINES = 150
_REVISION = b"down_revision"
_TEST_FOLDERS = {"test", "tests", "testing"}


class Module:
    """A file. `path` is relative to the reviewed root, with `/`."""

    def __init__(self, read: ReadFile) -> None:
        self.read = read
        self.path = read.file.path
        self._text = read.file.text
        self.folder = self.path.rpartition("/")[0]
        self.stem = self.path.rpartition("/")[2].removesuffix(".py")
        self.is_package = self.stem == "__init__"

    @OfFile
    def facts(self) -> Facts:
        """Return what is kept of the file; tests are often not looked into at all."""
        return self._facts

    @Lazy
    def _facts(self) -> Facts:
        return Facts.of(self.read.packed)

    @Lazy
    def words(self) -> Words:
        """Return the words that others are told by; that costs no unpacking."""
        return facts.words_of(self.read.packed)

    @property
    def ignores(self) -> list[tuple[int, str]]:
        """Return the comments that speak to this program, as (line, text)."""
        return self._facts.ignores if MARK in self._text else []

    @property
    def text(self) -> bytes:
        """Return all of the file, comments too.

        Any change of it may matter to whoever looks at this: nearly always, `code` will do, or
        `text_between`.
        """
        note((parts.TEXT, self.path))
        return self._text

    def text_between(self, start: int, end: int) -> bytes:
        """Return what is written from one offset to another, comments too."""
        starts, spans = self._outermost_functions
        at = bisect_right(starts, start) - 1
        if at >= 0 and end <= spans[at][2]:
            what = "signature" if end <= spans[at][1] else "function"
            self._note_value(what, spans[at][3].key)
        else:
            note((parts.TEXT, self.path))
        return self._text[start:end]

    def said(self, what: str, of: str | bytes) -> int | bytes:
        """Return one of the things that are noted with what they are.

        They are the width, whether any function has a name of its own, and digests: of the text
        of a function or of its signature, by the function's key, and of the statements that have
        a word.
        """
        match what, of:
            case "width", _:
                return self._width
            case "inner", str(name):
                return int(self._has_inner(name))
            case "statements", bytes(word):
                found = self._statements_with(word)
                return digest(repr([(each.key, code) for each, _, code in found]).encode())
            case _, str(key):
                record = self._by_key[key].record if key in self._by_key else None
                if record is None or record.node is None:
                    return b""
                end = record.body_start if what == "signature" else record.node[2]
                return digest(self._text[record.node[1] : end])
        raise LookupError(what)

    def _note_value(self, what: str, of: str | bytes = "") -> None:
        note((parts.VALUE, self.path, what, of, self.said(what, of)))

    def has_inner(self, name: str) -> bool:
        """Tell whether a name is a parameter, or gets a value, in any function."""
        self._note_value("inner", name)
        return self._has_inner(name)

    def _has_inner(self, name: str) -> bool:
        return self.has_word(name.encode()) and any(
            name in each.unnoted_bindings
            or (
                each.record.node
                and name in (one.name for one in FunctionDef(each.record.node).parameters)
            )
            for each in self._functions[1:]
        )

    def statements_with(self, word: bytes) -> "list[tuple[Function, Statement]]":
        """Return the statements of functions, and of the module, that have a word in their code."""
        self._note_value("statements", word)
        return [(function, wrap(raw)) for function, raw, _ in self._statements_with(word)]

    def _statements_with(self, word: bytes) -> "list[tuple[Function, Raw, bytes]]":
        if not self.has_word(word):
            return []
        return [
            (function, raw, code)
            for function in self._functions
            for raw in function.unnoted_details.body
            if word in (code := self._code_between(raw[1], raw[2]))
        ]

    @property
    def code(self) -> bytes:
        """Return the text without comments, and without the lines that hold nothing else."""
        note((parts.CODE, self.path))
        return self._code

    @Lazy
    def _code(self) -> bytes:
        return self._code_between(0, len(self._text))

    def mentions(self, word: bytes) -> bool:
        """Tell whether a word is in the code; nearly always that costs no unpacking."""
        found = self.has_word(word)
        note((parts.WORD if found else parts.NO_WORD, word, self.path))
        return found

    def has_word(self, word: bytes) -> bool:
        """Tell what `mentions` tells, for what notes by itself what was looked at."""
        return word in self._text and word in self._code

    def has(self, pattern: re.Pattern[bytes]) -> bool:
        """Tell whether something in the code is as a pattern says."""
        found = self.has_like(pattern)
        said = pattern.pattern, pattern.flags
        note((parts.PATTERN if found else parts.NO_PATTERN, *said, self.path))
        return found

    def has_like(self, pattern: re.Pattern[bytes]) -> bool:
        """Tell what `has` tells, for what notes by itself what was looked at."""
        return pattern.search(self._code) is not None

    def code_between(self, start: int, end: int) -> bytes:
        """Return the code from where something begins, a node say, to where something ends."""
        self._note_between(start, end)
        return self._code_between(start, end)

    def _code_between(self, start: int, end: int) -> bytes:
        return self._gaps.without(self._text, start, end).rstrip()

    def _note_between(self, start: int, end: int) -> None:
        """Note the functions, classes or statements of which something is between two offsets."""
        starts, spans = self._outermost_functions
        is_within = False
        for number in range(max(bisect_right(starts, start) - 1, 0), len(starts)):
            begin, body, stop, function = spans[number]
            if begin >= end:
                break
            if stop > start:
                is_within = begin <= start and end <= stop
                note(function.head)
                if end > body:
                    note(function)
        if is_within:
            return
        starts, classes = self._outermost_classes
        at = bisect_right(starts, start) - 1
        if at >= 0 and end <= classes[at][0]:
            note(classes[at][1].whole)
            return
        names = self._names_between(start, end)
        for name in names:
            note((parts.NAME, self.path, name))
        if not names:
            note(self)

    def names_at(self, offset: int) -> list[str]:
        """Return the names that the module's own statement binds that an offset is in."""
        self._note_between(offset, offset + 1)
        return self._names_between(offset, offset + 1)

    def _names_between(self, start: int, end: int) -> list[str]:
        """Return the names that the one statement binds of which something is between offsets."""
        at = bisect_right(self._statements, start) - 1
        if at < 0 or end > self._facts.body[at][2]:
            return []
        _, begin, stop, *_ = self._facts.body[at]
        bindings = self.top.unnoted_bindings.items()
        return [name for name, bound in bindings if any(begin <= each[1] < stop for each in bound)]

    @Lazy
    def _statements(self) -> list[int]:
        return [each[1] for each in self._facts.body]

    @Lazy
    def _outermost_functions(self) -> "tuple[list[int], list[tuple[int, int, int, Function]]]":
        """Return the functions that stand in no other, in order.

        Each is told with where it, and its body, begin, and where it ends.
        """
        found = [
            (each.node[1], each.body_start, each.node[2], self._functions[index])
            for index, each in enumerate(self._facts.functions)
            if each.node and each.outer == 0
        ]
        return [start for start, *_ in found], found

    @Lazy
    def _outermost_classes(self) -> "tuple[list[int], list[tuple[int, Class]]]":
        """Return where classes that stand in no other, nor in a function, begin, and their ends."""
        found = [
            (each.node[1], (each.node[2], self._classes[index]))
            for index, each in enumerate(self._facts.classes)
            if each.node and each.owner is None and each.outer == 0
        ]
        return [start for start, _ in found], [each for _, each in found]

    def in_code(self, offset: int) -> int:
        """Return where an offset of the file, such as a node's, is in `code`."""
        return self._gaps.in_code(offset)

    @Lazy
    def lines(self) -> int:
        """Return how many lines the file has."""
        return self._text.count(b"\n")

    @Lazy
    def _gaps(self) -> Gaps:
        return Gaps(self._facts.gaps)

    @OfFile
    def functions(self) -> "list[Function]":
        """Return the module's own code, then its functions and methods in source order."""
        return self._functions

    @Lazy
    def _functions(self) -> "list[Function]":
        found: list[Function] = []
        for index, each in enumerate(self._facts.functions):
            found.append(Function(self, index, each, found[each.outer] if each.outer else None))
        return found

    @Lazy
    def _by_key(self) -> "dict[str, Function]":
        return dict(zip(keys(self._facts.functions), self._functions, strict=True))

    def function(self, key: str) -> "Function":
        """Return the function that has a key: who has that has noted why."""
        return self._by_key[key]

    @Lazy
    def function_keys(self) -> list[str]:
        """Return the keys of the functions."""
        return list(self._by_key)

    @Lazy
    def _classes_by_key(self) -> "dict[str, Class]":
        return dict(zip(keys(self._facts.classes), self._classes, strict=True))

    def class_of(self, key: str) -> "Class":
        """Return the class that has a key, as `function` does."""
        return self._classes_by_key[key]

    @Lazy
    def class_keys(self) -> list[str]:
        """Return the keys of the classes."""
        return list(self._classes_by_key)

    def bound(self, name: str) -> list[Binding]:
        """Return how a name came to its values in the module's own statements."""
        note((parts.NAME, self.path, name))
        return self.top.unnoted_bindings.get(name, [])

    @property
    def star_imports(self) -> list[tuple[int, str]]:
        """Return what the module imports all names of, as (level, dotted name)."""
        note((parts.STARS, self.path))
        return self.top.unnoted_details.star_imports

    @property
    def unset(self) -> frozenset[str]:
        """Return the names that its own code gives no value but None, or something empty."""
        note((parts.UNSET, self.path))
        return frozenset(self.words.unset)

    def function_at(self, index: int) -> "Function":
        """Return a function that a binding, a record or a statement names."""
        return self._functions[index]

    def class_at(self, index: int) -> "Class":
        """Return a class, as `function_at` does."""
        return self._classes[index]

    def call(self, function: int, position: int) -> "CallSite":
        """Return a call that an index knows: who asks the index has noted its name."""
        return self._functions[function].unnoted_calls[position]

    @OfFile
    def classes(self) -> "list[Class]":
        """Return the classes in source order."""
        return self._classes

    @Lazy
    def _classes(self) -> "list[Class]":
        return [Class(self, index, each) for index, each in enumerate(self._facts.classes)]

    def __repr__(self) -> str:
        return f"Module({self.path})"

    def shared(self, name: str) -> "Iterator[tuple[Function, Binding]]":
        """Yield how functions give a value to a global, or an attribute, with the function."""
        note((parts.SHARED, name))
        for index, binding in self._facts.shared.get(name, ()):
            function = self._functions[index]
            note(function)
            yield function, binding

    def calls_named(self, name: str) -> list[tuple[int, int, int]]:
        """Return the calls with a last name, as in `Facts`."""
        note((parts.CALLS, name))
        return self._facts.calls.get(name, [])

    @property
    def top(self) -> "Function":
        """Return the module's own code, which runs at import."""
        return self._functions[0]

    @OfFile
    def body(self) -> tuple[Statement, ...]:
        """Return the module's own statements, classes with their bodies among them."""
        return tuple([wrap(raw) for raw in self.facts.body])

    @property
    def import_statements(self) -> tuple[Statement, ...]:
        """Return the module's own statements that may import something, in branches too."""
        note((parts.IMPORTING, self.path))
        return tuple([wrap(raw) for raw in self._facts.body if raw[0] in IMPORTING])

    def statement_at(self, offset: int) -> Statement | None:
        """Return the module's own statement that an offset is in."""
        self._note_between(offset, offset + 1)
        at = bisect_right(self._statements, offset) - 1
        if at < 0 or offset >= self._facts.body[at][2]:
            return None
        found: Statement = wrap(self._facts.body[at])
        return found

    @property
    def imported(self) -> dict[str, importing.Import]:
        """Return what is imported from elsewhere at the top level, by its name in the file."""
        note((parts.IMPORTING, self.path))
        return self._imported

    @Lazy
    def _imported(self) -> dict[str, importing.Import]:
        found = {}
        for statement in (wrap(raw) for raw in self._facts.body):
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
        return is_test(self.path)

    @Lazy
    def _mentions_revision(self) -> bool:
        return self.has_word(_REVISION)

    @property
    def is_migration(self) -> bool:
        """Tell whether the file is a revision of Alembic."""
        found = self._mentions_revision
        note((parts.WORD if found else parts.NO_WORD, _REVISION, self.path))
        if not found:
            return False  # which spares unpacking nearly all files
        return bool(self.bound("down_revision") and self.bound("revision"))

    @Lazy
    def _line_starts(self) -> Sequence[int]:
        return line_starts(self._facts.lines)

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
            *self._facts.functions,
            *self._facts.classes,
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

    @property
    def width(self) -> int:
        """Return how long lines may be: what several use, or a limit that many go by."""
        self._note_value("width")
        return self._width

    @Lazy
    def _width(self) -> int:
        lengths = sorted(len(each.decode("utf-8", "replace")) for each in self._text.splitlines())
        used = lengths[-3] if len(lengths) >= _MANY_LINES else 0  # one or two may be exceptions
        usual = _NARROW if 0 < used <= _NARROW else _USUAL
        return min(max(used, usual), _WIDEST)

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

    def __init__(
        self,
        module: Module,
        index: int,
        record: FunctionRecord,
        enclosing: "Function | None" = None,
    ) -> None:
        self.module = module
        self.index = index
        self.record = record
        self.qualified_name = record.name
        self.is_module = record.node is None
        # The function that this stands in, if any, and of such the outermost.
        self.outermost: Function = self if enclosing is None else enclosing.outermost
        # What is noted by whoever looks into it.
        self.part = module if self.is_module else self
        # The same for its signature and decorators.
        self.head: Part | Note
        if self.is_module:
            self.head = NOTHING
        else:
            self.head = (parts.HEAD, self) if enclosing is None else enclosing.outermost

    def __repr__(self) -> str:
        return f"Function({self.module.path}:{self.qualified_name})"

    @property
    def name(self) -> str:
        """Return the name in the `def`."""
        return self.qualified_name.rpartition(".")[2]

    @property
    def key(self) -> str:
        """Return what the function is known by in its file from one text to the next."""
        return self.module.function_keys[self.index]

    @property
    def symbol(self) -> str | None:
        """Return the name that reports give; None for a module's own code."""
        return None if self.is_module else self.qualified_name

    @property
    def node(self) -> FunctionDef:
        """Return the `def`; a module has none, which is a mistake to ask for."""
        note(self.head)
        if self.record.node is None:
            raise LookupError(self.module.path)
        return FunctionDef(self.record.node)

    @OfHead
    def is_async(self) -> bool:
        """Tell whether it is an `async def`."""
        return self.record.node is not None and FunctionDef(self.record.node).is_async

    @Lazy
    def owner(self) -> "Class | None":
        """Return the class that this is a method of."""
        owner = self.record.owner
        return None if owner is None else self.module.class_at(owner)

    @Lazy
    def outer(self) -> "Function | None":
        """Return the function, or the module, that this stands in."""
        outer = self.record.outer
        return None if outer is None else self.module.function_at(outer)

    @OfBody
    def details(self) -> Details:
        """Return the body and the notes about it."""
        return self.unnoted_details

    @Lazy
    def unnoted_details(self) -> Details:
        """Return the same, for what notes by itself what it looks at."""
        return self.record.unpacked

    @OfHead
    def parameters(self) -> tuple[Parameter, ...]:
        """Return the parameters, `self` among them; a module has none."""
        return () if self.record.node is None else FunctionDef(self.record.node).parameters

    @OfHead
    def parameter_names(self) -> frozenset[str]:
        """Return the names of the parameters."""
        return frozenset(parameter.name for parameter in self.parameters)

    @OfHead
    def decorators(self) -> tuple[Expression, ...]:
        """Return the decorators, outermost first."""
        return () if self.record.node is None else FunctionDef(self.record.node).decorators

    @property
    def unnoted_bindings(self) -> dict[str, list[Binding]]:
        """Return how names came to their values, for what notes by itself what it looks at."""
        return self.unnoted_details.bindings

    @OfBody
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

    @OfBody
    def calls(self) -> "tuple[CallSite, ...]":
        """Return the calls in source order, those in lambdas and comprehensions too."""
        return self.unnoted_calls

    @Lazy
    def unnoted_calls(self) -> "tuple[CallSite, ...]":
        """Return the calls, for what notes by itself which of them are looked at."""
        return tuple([CallSite(self, raw, use) for raw, use in self.unnoted_details.calls])

    @OfBody
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
    def last_name(self) -> str:
        """Return the last name that it is written with, by which an index knows it."""
        return last_name(self.called)

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
        # What is noted by whoever looks at all of it, but for the bodies of its methods.
        self.whole: Part = (parts.CLASS, self)
        # The same for what stands before its own body.
        self.head: Part = (parts.CLASS_HEAD, self)
        if record.outer:
            self.whole = self.head = module.function_at(record.outer).outermost
        self.index = index
        self.record = record
        self.qualified_name = record.name

    def __repr__(self) -> str:
        return f"Class({self.module.path}:{self.qualified_name})"

    @property
    def name(self) -> str:
        """Return the name in the `class`."""
        return self.qualified_name.rpartition(".")[2]

    @property
    def key(self) -> str:
        """Return what the class is known by in its file from one text to the next."""
        return self.module.class_keys[self.index]

    @OfClass
    def node(self) -> ClassDef:
        """Return the `class` with its body."""
        return self._node

    @Lazy
    def _node(self) -> ClassDef:
        return ClassDef(self.record.node or ())

    @OfHead
    def bases(self) -> tuple[Expression, ...]:
        """Return what the class derives from."""
        return self._node.bases

    @OfHead
    def keywords(self) -> tuple[Keyword, ...]:
        """Return what is said beside the bases."""
        return self._node.keywords

    @OfHead
    def decorators(self) -> tuple[Expression, ...]:
        """Return the decorators, outermost first."""
        return self._node.decorators

    @Lazy
    def scope(self) -> Function:
        """Return the function, or the module, that the class stands in."""
        return self.module.function_at(self.record.outer)

    @OfClass
    def methods(self) -> dict[str, Function]:
        """Return the methods by name; of several with one name, the last."""
        return {
            name: self.module.function_at(bound[-1][2])
            for name, bound in self.record.bindings.items()
            if bound[-1][0] == Form.FUNCTION
        }

    def bound(self, name: str) -> list[Binding]:
        """Return how a name of the body came to its values."""
        note(self.whole if self.record.outer else (parts.MEMBER, self, name))
        return self.record.bindings.get(name, [])

    def method(self, name: str) -> Function | None:
        """Return the method of a name; of several, the last."""
        bound = self.bound(name)
        is_method = bool(bound) and bound[-1][0] == Form.FUNCTION
        return self.module.function_at(bound[-1][2]) if is_method else None

    @OfClass
    def bindings(self) -> dict[str, list[Binding]]:
        """Return how names of the body came to their values."""
        return self.record.bindings

    @property
    def unnoted_bindings(self) -> dict[str, list[Binding]]:
        """Return the same, for what notes by itself what it looks at."""
        return self.record.bindings

    def assigned(self, name: str) -> "Iterator[tuple[Function, Binding]]":
        """Yield what methods assign to an attribute of their receiver, with the method."""
        note((parts.ATTRIBUTE, name))
        for index, binding in self.record.attributes.get(name, ()):
            method = self.module.function_at(index)
            note(method)
            yield method, binding


def is_test(path: str) -> bool:
    """Tell whether a file belongs to tests, by the names that pytest goes by."""
    *folders, name = path.split("/")
    stem = name.removesuffix(".py")
    return (
        not _TEST_FOLDERS.isdisjoint(folders)
        or stem.startswith("test_")
        or stem.endswith("_test")
        or stem == "conftest"
    )


# What of a file is noted by itself.
Part = Module | Function | tuple[str, Function | Class]
# Where a name is looked up: in a function, or in the body of a class.
Scope = Function | Class
