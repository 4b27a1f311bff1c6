"""How metadata is given a naming convention for constraints, by where it is made."""

import re

from fastwright.application.application import Application
from fastwright.application.models import SQLMODEL
from fastwright.codebase.definitions import Class, Scope
from fastwright.codebase.loading import Loading
from fastwright.codebase.modules import Module
from fastwright.codebase.placing import above, above_class, add_keyword
from fastwright.codebase.spelling import spell
from fastwright.codebase.values import External
from fastwright.source.edits import Edit
from fastwright.source.importing import Import
from fastwright.source.syntax import (
    Assign,
    Call,
    ClassDef,
    Collection,
    ExpressionStatement,
    FunctionDef,
    Simple,
    Statement,
    String,
)

METADATA = "sqlalchemy.MetaData"
_CONVENTION = {
    "ix": "%(column_0_label)s_idx",
    "uq": "%(table_name)s_%(column_0_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}
_CONSTANT = "NAMING_CONVENTION"
# The convention renames checks that have a name, and refuses those that have none.
_CHECKS = re.compile(rb"CheckConstraint|check_constraint|create_constraint|type_=.check")
# What makes a base of tables, and takes `metadata`.
_MAKERS = {"declarative_base", "as_declarative"}
_BASE = "sqlalchemy.orm.DeclarativeBase"

# The edits, and the imports that they need.
Change = tuple[tuple[Edit, ...], tuple[tuple[str, Import], ...]]


def is_safe_for(application: Application) -> bool:
    """Tell whether every constraint can be named by its table and first column."""
    codebase = application.codebase
    if not application.requirements.allows("sqlalchemy", (1, 4)):
        return False  # it names the checks of booleans and enumerations
    if codebase.is_anywhere(_CHECKS):
        return False
    constraints = codebase.calls_to(
        "sqlalchemy.UniqueConstraint", "sqlalchemy.ForeignKeyConstraint"
    )
    return all(
        call.node.keyword("name") is not None or _is_of_one_column(call.node)
        for call in constraints
    )


def _is_of_one_column(constraint: Call) -> bool:
    match constraint.arguments:
        case [String()] | [Collection(_, [_]), _]:
            return True
    return False


def of_call(call: Call, scope: Scope, application: Application) -> Change | None:
    """Return what gives a convention to the metadata that a call makes, or that it takes."""
    codebase = application.codebase
    module = scope.module
    made = codebase.resolver.value(call.function, scope)
    name = made.name if isinstance(made, External) else ""
    around = next((each for each in module.body if each.start <= call.start < each.end), None)
    start = above(module, around) if isinstance(around, Assign | ClassDef) else None
    spelling = spell(METADATA, module, codebase.knowledge)
    if around is None or start is None or module.mentions(_CONSTANT.encode()):
        return None
    imports: tuple[tuple[str, Import], ...] = ()
    passed = f"naming_convention={_CONSTANT}"
    if name != METADATA:
        is_maker = name.startswith("sqlalchemy.") and name.rpartition(".")[2] in _MAKERS
        if spelling is None or call.arguments or not is_maker:
            return None
        passed, imports = f"metadata={spelling.text}({passed})", spelling.imports
    if any(keyword.name in (None, "metadata") for keyword in call.keywords):
        return None
    edits = add_keyword(module, call, passed)
    if edits is None:
        return None
    constant = f"{_CONSTANT} = {_written('')}\n"
    if isinstance(around, ClassDef):
        return (above_class(module, start, constant), *edits), imports
    return (module.insert(start, f"{constant}\n"), *edits), imports


def of_class(definition: Class, application: Application) -> Change | None:
    """Return what gives metadata with a convention to a class right below `DeclarativeBase`."""
    codebase = application.codebase
    module = definition.module
    node = definition.node
    bases = [codebase.resolver.value(each, definition.scope) for each in node.bases]
    for decorator in node.decorators:
        if isinstance(decorator, Call) and len(node.decorators) == 1:
            return of_call(decorator, definition.scope, application)
    if External(_BASE) not in bases or node.decorators or "registry" in definition.bindings:
        return None
    spelling = spell(METADATA, module, codebase.knowledge)
    if spelling is None or not node.body:
        return None
    edit = _in_body(module, node, spelling.text)
    return ((edit,), spelling.imports) if edit is not None else None


def _in_body(module: Module, node: ClassDef, maker: str) -> Edit | None:
    """Return the edit that puts the attribute in the place of `pass`, or below the docstring."""
    first = node.body[0]
    last = node.body[-1]
    is_on_one_line = b"\n" not in module.text[node.name_start : last.end]
    indent = module.indent(node.start) + "    " if is_on_one_line else module.indent(first.start)
    written = f"metadata = {maker}(\n{indent}    naming_convention={_written(indent + '    ')}"
    written += f"\n{indent})"
    if len(node.body) == 1 and is_on_one_line:
        colon = module.text.rfind(b":", 0, last.start)
        is_empty = _is_empty(last, module) and not module.text[colon + 1 : last.start].strip()
        is_alone = not module.text[last.end : module.text.find(b"\n", last.end)].strip(b"\r \t")
        return (
            Edit(module.path, colon + 1, last.end, f"\n{indent}{written}")
            if is_empty and is_alone
            else None
        )
    if is_on_one_line:
        return None
    rest = node.body[1:] if _is_text(first) else node.body
    if len(rest) == 1 and _is_empty(rest[0], module):
        return module.replace(rest[0], written)
    if _is_text(first):
        end = module.text.find(b"\n", first.end)
        if end < 0 or module.text[first.end : end].strip():
            return None
        is_last = len(node.body) == 1
        apart = "" if is_last or _is_empty_line(module, end + 1) else "\n"
        return module.insert(end + 1, f"\n{indent}{written}\n{apart}")
    start = _below_header(module, node)
    is_apart = isinstance(first, FunctionDef | ClassDef) and not _is_empty_line(module, start)
    return module.insert(start, f"{indent}{written}\n" + ("\n" if is_apart else ""))


def _below_header(module: Module, node: ClassDef) -> int:
    """Return where the first line below the header of a class begins."""
    header = max([node.name_start, *(each.end for each in (*node.bases, *node.keywords))])
    return module.text.find(b"\n", module.text.find(b":", header)) + 1


def _is_empty_line(module: Module, start: int) -> bool:
    return not module.text[start : module.text.find(b"\n", start)].strip()


def _is_empty(statement: Statement, module: Module) -> bool:
    match statement:
        case Simple("pass"):
            return True
        case ExpressionStatement():
            return module.source(statement) == "..."
    return False


def _is_text(statement: Statement) -> bool:
    return isinstance(statement, ExpressionStatement) and isinstance(statement.value, String)


def of_sqlmodel(application: Application, loading: Loading) -> Change | None:
    """Return what sets SQLModel's convention in the one module that runs before every table."""
    codebase = application.codebase
    tables = [each for each in application.tables if SQLMODEL in each.lineage]
    owners = [
        {each.module for each in table.lineage if isinstance(each, Class)} for table in tables
    ]
    holders = {table.definition.module for table in tables}
    for module in sorted(set.intersection(*owners) if owners else (), key=lambda each: each.path):
        first = next((each for each in module.body if isinstance(each, ClassDef)), None)
        start = above(module, first) if first else None
        spelling = spell(SQLMODEL, module, codebase.knowledge)
        others = loading.at_import(module).keys() - {module}
        if start is None or spelling is None or not holders.isdisjoint(others):
            continue
        text = f"{spelling.text}.metadata.naming_convention = {_written('')}\n"
        return (above_class(module, start, text),), spelling.imports
    return None


def _written(indent: str) -> str:
    lines = "".join(f'{indent}    "{kind}": "{name}",\n' for kind, name in _CONVENTION.items())
    return f"{{\n{lines}{indent}}}"
