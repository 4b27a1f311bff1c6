"""Every place where a file names something, as Python's own parser sees it, strings included."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fastwright.codebase.modules import Module

# What finds names by their text, in this file's own namespace.
_REFLECTION = re.compile(
    rb"(?<![.\w])(?:globals|locals|vars|eval|exec)\s*\("
    rb"|\.(?:model_rebuild|update_forward_refs)\s*\(|\bimport\s*\(?\s*\*"
)
_WORD = re.compile(r"\w+")
_TYPE_COMMENT = re.compile(rb"#\s*type:([^\n]*)")
# `f"{name=}"` shows the text of what stands in it.
_SHOWN = re.compile(rb"=\s*(?:![rsa])?\s*[}:]")


@dataclass(slots=True)
class Uses:
    """Where names are read, as offsets in bytes, and how often each name is given a value.

    `hidden` are those that are also used in ways that no edit can follow, as in strings.
    """

    places: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    bound: Counter[str] = field(default_factory=Counter)
    hidden: set[str] = field(default_factory=set)

    def is_plain(self, name: str) -> bool:
        """Tell whether a name has one meaning in the file, is read, and only as itself."""
        return self.bound[name] == 1 and bool(self.places[name]) and name not in self.hidden

    def is_free(self, name: str) -> bool:
        """Tell whether a name means nothing in the file."""
        return not (self.bound[name] or self.places[name] or name in self.hidden)


def uses_of(module: Module, names: Iterable[str]) -> Uses | None:
    """Return the uses of all names of a file; strings are only searched for `names`.

    None where this Python does not read the file, or the file looks names up by their text.
    """
    if module.facts.errors or _REFLECTION.search(module.text):
        return None
    try:
        tree = ast.parse(module.text.decode())
    except (SyntaxError, ValueError, RecursionError):
        return None
    reader = _Reader(module, frozenset(names))
    reader.read(tree)
    return reader.uses if reader.is_sound else None


class _Reader:
    def __init__(self, module: Module, names: frozenset[str]) -> None:
        self.uses = Uses()
        self.is_sound = True
        self._prose: set[int] = set()
        self._text = module.text
        self._names = names
        self._starts = [0]
        for line in module.text.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._is_deferred = b"from __future__ import annotations" in module.text
        for comment in _TYPE_COMMENT.findall(module.text):
            self.uses.hidden.update(_WORD.findall(comment.decode("utf-8", "replace")))

    def read(self, tree: ast.Module) -> None:
        """Note what every node names."""
        nodes = [each for each in ast.walk(tree) if each._fields]
        self._prose = {id(each.value) for each in nodes if isinstance(each, ast.Expr)}
        for node in nodes:
            self._look_at(node)

    def _look_at(self, node: ast.AST) -> None:
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                self._note(name, node)
            case ast.Constant():
                self._hide_text(node)
            case ast.JoinedStr():
                if _SHOWN.search(self._text, self._offset(node), self._end(node)):
                    self._hide(node)
            case ast.alias(name=name, asname=alias):
                self.uses.bound[alias or name.partition(".")[0]] += 1
            case ast.Attribute() | ast.keyword() | ast.ImportFrom() | ast.MatchClass():
                pass  # their names belong to something else
            case ast.ClassDef(name=name, body=body):
                self.uses.bound[name] += 1
                self._hide_fields(body)
            case _:
                for each in _texts(node):
                    self.uses.bound[each] += 1
                self.is_sound &= type(node).__name__ != "TemplateStr"

    def _note(self, name: str, node: ast.Name) -> None:
        start = self._offset(node)
        self.uses.places[name].append(start)
        # In formatted strings, older versions of Python tell places that are not true.
        is_true = self._text[start : self._end(node)] == name.encode()
        self.is_sound &= is_true or name not in self._names

    def _offset(self, node: ast.expr) -> int:
        return self._starts[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.expr) -> int:
        return self._starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)

    def _hide(self, node: ast.AST) -> None:
        self.uses.hidden.update(each.id for each in ast.walk(node) if isinstance(each, ast.Name))

    def _hide_fields(self, body: Iterable[ast.stmt]) -> None:
        """Note annotations that libraries evaluate themselves, with names of their own."""
        for each in body if self._is_deferred else ():
            if isinstance(each, ast.AnnAssign):
                self._hide(each.annotation)

    def _hide_text(self, node: ast.Constant) -> None:
        """Note the names of a string that may be code: an annotation, `__all__`, a doctest."""
        text = node.value if isinstance(node.value, str) else ""
        words = set(_WORD.findall(text))
        if words.isdisjoint(self._names):
            return
        if ">>>" in text or (id(node) not in self._prose and _is_code(text)):
            self.uses.hidden |= words


def _is_code(text: str) -> bool:
    try:
        ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def _texts(node: ast.AST) -> Iterator[str]:
    for value in vars(node).values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str):
                yield each
