"""Small codebases as text, and questions about them by the text of an expression."""

from collections.abc import Mapping

from fastwright.application.application import Application, read_texts
from fastwright.codebase.definitions import Class, Function
from fastwright.codebase.modules import Module
from fastwright.codebase.values import (
    ClassValue,
    Coroutine,
    Entered,
    External,
    Folder,
    FunctionValue,
    Instance,
    ModuleValue,
    Nothing,
    Text,
    Value,
)
from fastwright.source.nodes import Node
from fastwright.source.syntax import Expression, walk_all


class Read:
    """An application, with its modules and functions by name."""

    def __init__(self, files: str | Mapping[str, str]) -> None:
        texts = {"app.py": files} if isinstance(files, str) else files
        self.application: Application = read_texts(texts)
        self.codebase = self.application.codebase

    def module(self, path: str = "app.py") -> Module:
        return next(each for each in self.codebase.modules if each.path == path)

    def function(self, name: str, path: str = "app.py") -> Function:
        return next(each for each in self.module(path).functions if each.qualified_name == name)

    def value(self, text: str, name: str = "<module>", path: str = "app.py") -> str:
        """Return what the last expression of a function that reads `text` stands for."""
        function = self.function(name, path)
        found = [
            node
            for node in walk_all(function.body)
            if isinstance(node, Expression) and function.module.source(node) == text
        ]
        assert found, f"{text} is not in {name}"
        return shown(self.codebase.resolver.value(found[-1], function))

    def edges(self, name: str, path: str = "app.py") -> list[str]:
        """Return the names of what a function runs."""
        edges = self.codebase.graph.edges(self.function(name, path))
        return [edge.to.qualified_name for edge in edges]

    def expressions(self, name: str = "<module>", path: str = "app.py") -> list[Node]:
        return [
            node
            for node in walk_all(self.function(name, path).body)
            if isinstance(node, Expression)
        ]


def shown(value: Value | None) -> str:  # noqa: C901, PLR0911 - one arm for each kind
    """Return a value in few words: `?` where it is not known, `a.B()` for an object of `B`."""
    match value:
        case None:
            return "?"
        case ModuleValue(module):
            return module.path
        case Folder(path):
            return f"{path}/"
        case External(name):
            return name
        case FunctionValue(function):
            return f"def {function.qualified_name}"
        case ClassValue(definition):
            return f"class {definition.qualified_name}"
        case Instance(of, arguments):
            name = of.qualified_name if isinstance(of, Class) else of.removeprefix("builtins.")
            inner = f"[{', '.join(map(shown, arguments))}]" if arguments else ""
            return f"{name}{inner}()"
        case Coroutine(result):
            return f"coroutine of {shown(result)}"
        case Entered(result):
            return f"manager of {shown(result)}"
        case Text(text):
            return repr(text)
        case Nothing():
            return "None"
        case _:
            return type(value).__name__
