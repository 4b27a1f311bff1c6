"""How something of a library is written in a file: as the file calls it, or after an import."""

import re
from dataclasses import dataclass

from fastwright.codebase.knowledge import Knowledge
from fastwright.codebase.modules import Module
from fastwright.source.importing import Import


@dataclass(frozen=True, slots=True)
class Spelling:
    """The text that stands for something in a file, and the imports that it needs there."""

    text: str
    imports: tuple[tuple[str, Import], ...] = ()


def spell(dotted: str, module: Module, knowledge: Knowledge) -> Spelling | None:
    """Return how to write `package.module.name` in a file; None where its name is taken.

    A name that the file imports already is used, also under an alias or through its module.
    """
    for local, imported in module.imported.items():
        full = f"{imported.module}.{imported.name}" if imported.name else imported.module
        if not imported.name and not imported.alias:
            if dotted.startswith(f"{imported.module}.") and _is_free(local, module):
                return Spelling(dotted)
        elif knowledge.canonical(full) == knowledge.canonical(dotted) and _is_free(local, module):
            return Spelling(local)
        elif dotted.startswith(f"{full}.") and _is_free(local, module):
            return Spelling(f"{local}.{dotted.removeprefix(full)[1:]}")
    library, _, name = dotted.rpartition(".")
    word = name.encode()
    if module.mentions(word) and module.has(re.compile(rb"\b%s\b" % word)):
        return None
    return Spelling(name, ((module.path, Import(library, name)),))


def _is_free(local: str, module: Module) -> bool:
    """Tell whether a name that is imported means nothing else anywhere in the file."""
    bindings = module.bound(local)
    return len(bindings) == 1 and not module.has_inner(local)
