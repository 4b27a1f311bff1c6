"""The modules of a codebase, and the functions, classes and calls in them."""

from bisect import bisect_right
from collections.abc import Iterator

from fastwright.codebase.definitions import CallSite, Class, Function
from fastwright.codebase.written import Written
from fastwright.source import importing, parts
from fastwright.source.alignment import IMPORTING
from fastwright.source.digests import digest
from fastwright.source.lazy import Lazy, OfFile
from fastwright.source.nodes import Node, Raw, wrap
from fastwright.source.notes import note, unnoted
from fastwright.source.records import keys
from fastwright.source.scopes import Binding
from fastwright.source.syntax import FunctionDef, Import, ImportFrom, Statement

_REVISION = b"down_revision"


class Module(Written):
    """A file with what it defines, and what its statements bind."""

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

    def said(self, what: str, of: str | bytes) -> object:
        """Return one of the things that are noted with what they are.

        They are the width, whether any function has a name of its own, what is told of a function
        by its key, and digests: of its text or signature, and of the statements that have a word.
        """
        match what, of:
            case "width", _:
                return self._width
            case "inner", str(name):
                return int(self._has_inner(name))
            case "statements", bytes(word):
                found = self._statements_with(word)
                return digest(repr([(each.key, code) for each, _, code in found]).encode())
            case "is_generator" | "has_branches" | "called_parameters", str(key):
                return unnoted(getattr, self._by_key.get(key), what, None)
            case _, str(key):
                record = self._by_key[key].record if key in self._by_key else None
                if record is None or record.node is None:
                    return b""
                end = record.body_start if what == "signature" else record.node[2]
                return digest(self._text[record.node[1] : end])
        raise LookupError(what)

    def _note_value(self, what: str, of: str | bytes = "") -> object:
        """Note one of these things with what it is, and return that."""
        part = self._values.get((what, of))
        if part is None:
            part = parts.VALUE, self.path, what, of, self.said(what, of)
            self._values[what, of] = part
        note(part)
        return part[-1]

    @Lazy
    def _values(self) -> dict[tuple[str, str | bytes], tuple[object, ...]]:
        return {}

    def has_inner(self, name: str) -> bool:
        """Tell whether a name is a parameter, or gets a value, in any function."""
        return bool(self._note_value("inner", name))

    def _has_inner(self, name: str) -> bool:
        return self.has_word(name.encode()) and any(
            name in each.unnoted_bindings
            or (
                each.record.node
                and name in (one.name for one in FunctionDef(each.record.node).parameters)
            )
            for each in self._functions[1:]
        )

    def statements_with(self, word: bytes) -> list[tuple[Function, Statement]]:
        """Return the statements of functions, and of the module, that have a word in their code."""
        self._note_value("statements", word)
        return [(function, wrap(raw)) for function, raw, _ in self._statements_with(word)]

    def _statements_with(self, word: bytes) -> list[tuple[Function, Raw, bytes]]:
        if not self.has_word(word):
            return []
        return [
            (function, raw, code)
            for function in self._functions
            for raw in function.unnoted_details.body
            if word in (code := self._code_between(raw[1], raw[2]))
        ]

    def code_between(self, start: int, end: int) -> bytes:
        """Return the code from where something begins, a node say, to where something ends."""
        self._note_between(start, end)
        return self._code_between(start, end)

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
    def _outermost_functions(self) -> tuple[list[int], list[tuple[int, int, int, Function]]]:
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
    def _outermost_classes(self) -> tuple[list[int], list[tuple[int, Class]]]:
        """Return where classes that stand in no other, nor in a function, begin, and their ends."""
        found = [
            (each.node[1], (each.node[2], self._classes[index]))
            for index, each in enumerate(self._facts.classes)
            if each.node and each.owner is None and each.outer == 0
        ]
        return [start for start, _ in found], [each for _, each in found]

    @OfFile
    def functions(self) -> list[Function]:
        """Return the module's own code, then its functions and methods in source order."""
        return self._functions

    @Lazy
    def _functions(self) -> list[Function]:
        found: list[Function] = []
        for index, each in enumerate(self._facts.functions):
            found.append(Function(self, index, each, found[each.outer] if each.outer else None))
        return found

    @Lazy
    def _by_key(self) -> dict[str, Function]:
        return dict(zip(keys(self._facts.functions), self._functions, strict=True))

    def function(self, key: str) -> Function:
        """Return the function that has a key: who has that has noted why."""
        return self._by_key[key]

    @Lazy
    def function_keys(self) -> list[str]:
        """Return the keys of the functions."""
        return list(self._by_key)

    @Lazy
    def _classes_by_key(self) -> dict[str, Class]:
        return dict(zip(keys(self._facts.classes), self._classes, strict=True))

    def class_of(self, key: str) -> Class:
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

    def function_at(self, index: int) -> Function:
        """Return a function that a binding, a record or a statement names."""
        return self._functions[index]

    def class_at(self, index: int) -> Class:
        """Return a class, as `function_at` does."""
        return self._classes[index]

    def call(self, function: int, position: int) -> CallSite:
        """Return a call that an index knows: who asks the index has noted its name."""
        return self._functions[function].unnoted_calls[position]

    @OfFile
    def classes(self) -> list[Class]:
        """Return the classes in source order."""
        return self._classes

    @Lazy
    def _classes(self) -> list[Class]:
        return [Class(self, index, each) for index, each in enumerate(self._facts.classes)]

    def shared(self, name: str) -> Iterator[tuple[Function, Binding]]:
        """Yield how functions give a value to a global, or an attribute, with the function."""
        note((parts.SHARED, name))
        for index, binding in self._facts.shared.get(name, ()):
            function = self._functions[index]
            note(function)
            yield function, binding

    def calls_with(self, name: str) -> list[CallSite]:
        """Return the calls with a last name."""
        note((parts.CODE, self.path))
        return [self.call(*at) for *at, _ in self.unnoted_calls_named(name)]

    def unnoted_calls_named(self, name: str) -> list[tuple[int, int, int]]:
        """Return the calls with a last name, as in `Facts`: who asks notes what it looks at."""
        return self._facts.calls.get(name, [])

    @property
    def top(self) -> Function:
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

    def source(self, node: Node) -> str:
        """Return the code of a node, as it is written but for comments."""
        return self.code_between(node.start, node.end).decode("utf-8", "replace")

    @property
    def width(self) -> int:
        """Return how long lines may be: what several use, or a limit that many go by."""
        self._note_value("width")
        return self._width

    def has_comment(self, start: int, end: int) -> bool:
        """Tell whether a comment stands between two offsets: what replaces it would lose it."""
        return b"#" in self.text_between(start, end) and any(
            start <= each < end for each in self._comments
        )
