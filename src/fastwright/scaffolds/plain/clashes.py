"""Names that code brings to a file in which they mean something else already."""

import ast
from collections.abc import Iterator, Mapping
from itertools import chain

# SQLModel hands on what SQLAlchemy has, except for these.
_OF_SQLMODEL = {"Field", "Session", "select"}


def bound(text: str, package: str) -> dict[str, str]:
    """Return the names that a module of `package` binds at its top, and what each is.

    Of what is imported that is `module:name`, of all else the name alone. A file that this Python
    cannot read binds nothing that is known.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return {}
    return dict(pair for statement in tree.body for pair in _bindings(statement, package))


def told_apart(code: str, known: Mapping[str, str], package: str) -> str:
    """Return a module's code that imports under other names what `known` has for something else."""
    tree = ast.parse(code)
    others: dict[str, str] = {}
    places: list[tuple[int, int, str, str]] = []
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom):
            origin = _absolute(statement, package)
            for each in statement.names:
                name = each.asname or each.name
                if not _is_same(known.get(name), f"{origin}:{each.name}"):
                    others[name] = _other(origin, each.name)
                    new = f"{each.name} as {others[name]}"
                    places.append((each.lineno, each.col_offset, ast.unparse(each), new))
    places += [
        (node.lineno, node.col_offset, node.id, others[node.id])
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id in others
    ]
    return "".join(_replaced(code, places))


def _bindings(statement: ast.stmt, package: str) -> Iterator[tuple[str, str]]:
    match statement:
        case ast.ImportFrom(names=names):
            origin = _absolute(statement, package)
            yield from ((each.asname or each.name, f"{origin}:{each.name}") for each in names)
        case ast.Import(names=names):
            yield from ((each.asname or each.name.partition(".")[0], each.name) for each in names)
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name, name
        case ast.Assign(targets=targets):
            yield from ((each.id, each.id) for each in targets if isinstance(each, ast.Name))


def _replaced(code: str, places: list[tuple[int, int, str, str]]) -> Iterator[str]:
    lines = [line.encode() for line in code.splitlines(keepends=True)]
    for line, column, old, new in sorted(places, reverse=True):
        text = lines[line - 1]
        lines[line - 1] = text[:column] + new.encode() + text[column + len(old.encode()) :]
    return chain.from_iterable(line.decode() for line in lines)


def _absolute(statement: ast.ImportFrom, package: str) -> str:
    if not statement.level:
        return statement.module or ""
    above = package.split(".")[: len(package.split(".")) - statement.level + 1]
    return ".".join([*above, *([statement.module] if statement.module else [])])


def _is_same(known: str | None, wanted: str) -> bool:
    if known is None or known == wanted:
        return True
    (first, _, name), (second, _, other) = known.partition(":"), wanted.partition(":")
    libraries = {first, second}
    return name == other and name not in _OF_SQLMODEL and libraries == {"sqlmodel", "sqlalchemy"}


def _other(module: str, name: str) -> str:
    """Return another name: `PydanticField`, `datetime_datetime`."""
    last = module.rpartition(".")[2].lstrip("_")
    return f"{last.capitalize()}{name}" if name[0].isupper() else f"{last}_{name}"
