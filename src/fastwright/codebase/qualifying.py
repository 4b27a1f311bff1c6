"""Turns names that a file takes out of a module into attributes of it: `alias.name`, as edits."""

import builtins
import keyword
from collections.abc import Sequence
from dataclasses import dataclass

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.modules import Module
from fastwright.codebase.reflecting import Uses, uses_of
from fastwright.source import importing
from fastwright.source.edits import Edit
from fastwright.source.scopes import Form
from fastwright.source.syntax import ImportFrom

# How a module comes to a value that stays the same; what a loop leaves behind is none.
_STEADY = {Form.VALUE, Form.ANNOTATED, Form.IMPORTED, Form.FUNCTION, Form.CLASS}


@dataclass(frozen=True, slots=True)
class Taking:
    """An import of names out of a module, and what that module is to be called in the file."""

    statement: ImportFrom
    target: Module
    names: tuple[str, ...]
    alias: str

    @property
    def package(self) -> str:
        """Return what the module is imported from, as the statement writes it."""
        return "." * self.statement.level + self.statement.module.rpartition(".")[0]

    @property
    def imported(self) -> importing.Import:
        """Return the import of the module."""
        name = self.statement.module.rpartition(".")[2]
        return importing.Import(self.package, name, self.alias if self.alias != name else None)


def qualify(
    module: Module, takings: Sequence[Taking], codebase: Codebase, width: int
) -> dict[ImportFrom, tuple[Edit, ...]]:
    """Return the edits for those of a file's imports whose every name can be taken care of.

    No line gets longer than `width`, whichever of the imports are edited.
    """
    takings = [each for each in takings if _may_go(each, takings, module, codebase)]
    uses = uses_of(module, {name for each in takings for name in each.names}) if takings else None
    if uses is None:
        return {}
    local = {each: _local(each, module, uses) for each in takings}
    ready = {
        each: name for each, name in local.items() if name and all(map(uses.is_plain, each.names))
    }
    wide = _too_wide(module, ready, uses, width)
    found = {}
    for each, name in ready.items():
        places = [place for used in each.names for place in uses.places[used]]
        edits = _import_edits(each, name, module, width)
        if edits is not None and not any(module.position(place)[0] in wide for place in places):
            inserted = [module.insert(place, f"{name}.") for place in places]
            found[each.statement] = (*edits, *inserted)
    return found


def _may_go(taking: Taking, takings: Sequence[Taking], module: Module, codebase: Codebase) -> bool:
    statement, target = taking.statement, taking.target
    if statement not in module.body or module.is_package or not statement.module.rpartition(".")[0]:
        return False
    if any(each.alias == taking.alias and each is not taking for each in takings):
        return False
    same = [
        each
        for each in module.body
        if isinstance(each, ImportFrom)
        and codebase.imports.find(module, each.level, each.module) is target
    ]
    return (
        len(same) == 1
        and _is_reached(taking, module, codebase)
        and all(_is_steady(name, target) for name in taking.names)
        and not any(_is_used_elsewhere(name, module, codebase) for name in taking.names)
    )


def _is_reached(taking: Taking, module: Module, codebase: Codebase) -> bool:
    """Tell whether the module's package gives the module, and nothing else of its name."""
    statement, target = taking.statement, taking.target
    found = codebase.imports.find(module, statement.level, statement.module.rpartition(".")[0])
    if not isinstance(found, Module):
        return found == target.folder
    bindings = found.top.details.bindings
    return (
        found.is_package
        and found.folder == target.folder
        and not found.top.details.star_imports
        and "__getattr__" not in bindings
        and not any(target.stem in each for each in (bindings, found.facts.shared))
    )


def _is_steady(name: str, target: Module) -> bool:
    """Tell whether a module gives a name one value for good, so that it can be asked for later."""
    bindings = target.bound(name)
    return (
        len(bindings) == 1
        and bindings[0][0] in _STEADY
        and name not in target.facts.shared
        and not name.startswith("__")
    )


def _is_used_elsewhere(name: str, module: Module, codebase: Codebase) -> bool:
    """Tell whether others take the name out of this file, or something may find it by text."""
    read = codebase.readers.names(module)
    return name in read or "*" in read or name in codebase.importers.found_by_text


def _local(taking: Taking, module: Module, uses: Uses) -> str | None:
    """Return what the module is called in the file: as it is imported already, or the alias."""
    name = taking.imported.name
    for each in module.body:
        if isinstance(each, ImportFrom) and each.level == taking.statement.level:
            package = "." * each.level + each.module
            for found in each.names:
                if package == taking.package and found.name == name:
                    is_above = each.start < taking.statement.start
                    return found.bound if is_above and uses.bound[found.bound] == 1 else None
    alias = taking.alias
    is_name = alias.isidentifier() and not keyword.iskeyword(alias) and alias not in dir(builtins)
    return alias if is_name and uses.is_free(alias) else None


def _too_wide(module: Module, local: dict[Taking, str], uses: Uses, width: int) -> set[int]:
    """Return the lines that would get too long."""
    added: dict[int, int] = {}
    for taking, name in local.items():
        for used in taking.names:
            for place in uses.places[used]:
                line, _ = module.position(place)
                added[line] = added.get(line, 0) + len(name) + 1
    lines = module.text.split(b"\n")
    return {
        line
        for line, more in added.items()
        if len(lines[line - 1].decode("utf-8", "replace").rstrip()) + more > width
    }


def _import_edits(
    taking: Taking, local: str, module: Module, width: int
) -> tuple[Edit, ...] | None:
    """Return the edits that import the module, and its names no more."""
    statement, text = taking.statement, module.text
    start = text.rfind(b"\n", 0, statement.start) + 1
    end = text.find(b"\n", statement.end)
    end = end + 1 if end >= 0 else len(text)
    if start != statement.start or text[statement.end : end].strip():
        return None
    if module.has_comment(start, end):
        return None
    gone = [each for each in statement.names if not each.renamed and each.name in taking.names]
    if len(gone) == len(statement.names):
        edits = [Edit(module.path, start, end, "")]
    else:
        edits = importing.without(text, module.path, start, {each.start for each in gone})
    wanted = taking.imported
    if _is_there(wanted, local, module):
        return tuple(edits)
    if len(str(wanted)) > width:
        return None
    return (module.insert(_sorted_place(taking, module), f"{wanted}\n"), *edits)


def _is_there(wanted: importing.Import, local: str, module: Module) -> bool:
    return any(
        isinstance(each, ImportFrom)
        and "." * each.level + each.module == wanted.module
        and any(alias.name == wanted.name and alias.bound == local for alias in each.names)
        for each in module.body
    )


def _sorted_place(taking: Taking, module: Module) -> int:
    """Return where the new import goes: above those right above it of the package's modules.

    Imports of other packages are not passed, so that they are made in the same order.
    """
    statement, text = taking.statement, module.text
    place = statement.start
    above = [each for each in module.body if each.start < statement.start]
    for each in reversed(above):
        if not isinstance(each, ImportFrom) or text[each.end : place].strip(b"\r\n"):
            break
        if text[each.end : place].count(b"\n") != 1 or text[: each.start][-1:] not in {b"", b"\n"}:
            break
        if not _is_behind(each, taking):
            break
        place = each.start
    return place


def _is_behind(statement: ImportFrom, taking: Taking) -> bool:
    """Tell whether an import stands behind the new one where imports are sorted."""
    package = "." * statement.level + statement.module
    if package != taking.package:
        return package.startswith(f"{taking.package}.")
    first = statement.names[0].name
    return importing.order(first) > importing.order(taking.imported.name or "")
