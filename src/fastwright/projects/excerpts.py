"""Code of the blueprint, cut out by name: what is shown as an example always runs."""

import textwrap
from functools import cache

from fastwright.application.application import read_texts
from fastwright.codebase.modules import Module
from fastwright.projects import blueprint, pruning
from fastwright.projects.domains import PARTS
from fastwright.source.nodes import Node
from fastwright.source.syntax import Assign, ClassDef, FunctionDef, Name


def excerpt(file: str, *symbols: str) -> str:
    """Return the text of definitions at the top level of a file of the blueprint.

    Raises `LookupError` for one that is not there.
    """
    module = _module(file)
    found = {name: node for node in module.body for name in _names(node)}
    missing = [name for name in symbols if name not in found]
    if missing:
        raise LookupError(f"{file} of the blueprint has no {' and no '.join(missing)}")
    return "\n\n\n".join(_text(module, found[name]) for name in symbols)


@cache
def _module(file: str) -> Module:
    text = pruning.pruned((blueprint.root() / file).read_text("utf-8"), PARTS)
    (module,) = read_texts({file: text}).codebase.modules
    return module


def _names(node: Node) -> tuple[str, ...]:
    match node:
        case FunctionDef(name) | ClassDef(name):
            return (name,)
        case Assign(targets):
            return tuple(target.id for target in targets if isinstance(target, Name))
    return ()


def _text(module: Module, node: Node) -> str:
    return textwrap.dedent(module.text_between(node.start, node.end).decode()).strip()
