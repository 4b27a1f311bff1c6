"""Moves a codebase from python-jose to PyJWT: all of its files and its requirement, or nothing.

Both encode and decode with the same arguments. Where anything else of python-jose is used (JWE,
JWK, claims errors, arguments that only it knows), or where it cannot be seen what is done with it,
nothing is moved.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.application.application import Application
from fastwright.codebase.modules import Module
from fastwright.source.edits import Edit
from fastwright.source.importing import Import
from fastwright.source.nodes import Node
from fastwright.source.syntax import Attribute, Call, ImportFrom, Name, Starred, walk

_JWT = "jwt"
# Names of `jose` and `jose.exceptions` → what PyJWT has for them.
_ERRORS = {
    "JWTError": "PyJWTError",
    "ExpiredSignatureError": "ExpiredSignatureError",
    "JOSEError": "PyJWTError",
}
_MODULES = {"jose", "jose.exceptions"}
_METHODS = {"decode", "encode", "get_unverified_header"}
_DECODED_WITH = {"algorithms", "audience", "issuer", "options"}
_ENCODED_WITH = {"algorithm", "headers"}
_POSITIONAL = 3
_WORD = re.compile(rb"\bjose\b")
# A requirement with its extras: on a line of its own, in a list, or a key of Poetry.
_LISTED = re.compile(
    r"(?P<quote>[\"']|^)python[-_]jose(?P<extras>\[[\w, -]*\])?(?P<version>[^\"'\n;#]*)",
    re.IGNORECASE | re.MULTILINE,
)
_POETRY = re.compile(
    r"^python[-_]jose\s*=\s*(?:\"[^\"\n]*\"|\{[^}\n]*\})", re.IGNORECASE | re.MULTILINE
)
_ANY = re.compile(r"python[-_]jose", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Move:
    """The edits, and the imports that files need then, by their paths."""

    edits: tuple[Edit, ...]
    imports: tuple[tuple[str, Import], ...]


def move(application: Application) -> Move | None:
    """Return the edits that move the codebase; None where it is not sure that all comes along."""
    edits = list(_requirement(application))
    imports: list[tuple[str, Import]] = []
    modules = [each for each in application.codebase.modules if _WORD.search(each.text)]
    if not edits or application.requirements.names("pyjwt"):
        return None
    for module in modules:
        moved = _moved(module)
        if moved is None:
            return None
        edits += moved.edits
        imports += moved.imports
    return Move(tuple(edits), tuple(imports))


def _moved(module: Module) -> Move | None:
    """Return the edits of one file."""
    statements = [each for each in module.body if isinstance(each, ImportFrom)]
    own = [each for each in statements if not each.level and each.module in _MODULES]
    edits: list[Edit] = []
    imports: list[tuple[str, Import]] = []
    for statement in own:
        for each in statement.names:
            wanted = _import(each.name, each.bound if each.renamed else None)
            if wanted is None or not _is_only(each.bound, module):
                return None
            imports.append((module.path, wanted))
            if wanted.name is None:
                if not _is_used_alike(each.bound, module):
                    return None
            elif wanted.name != each.name and not each.renamed:
                edits += [module.replace(use, wanted.name) for use in _uses(each.bound, module)]
        edits.append(_line(statement, module))
    # What is left may be imported elsewhere, patched by its name, or only be spoken of.
    counted = sum(len(_WORD.findall(module.source(each).encode())) for each in own)
    if counted != len(_WORD.findall(module.text)) or any(
        module.has_comment(each.start, each.end) for each in edits
    ):
        return None
    return Move(tuple(edits), tuple(imports))


def _import(name: str, alias: str | None) -> Import | None:
    if name == _JWT:
        return Import(_JWT, None, alias if alias != _JWT else None)
    return Import(_JWT, _ERRORS[name], alias) if name in _ERRORS else None


def _is_only(name: str, module: Module) -> bool:
    """Tell whether a name means one thing in all of a file."""
    return len(module.bound(name)) == 1 and not any(
        name in each.parameter_names or name in each.details.bindings
        for each in module.functions[1:]
    )


def _nodes(module: Module) -> Iterator[Node]:
    for function in module.functions:
        for statement in function.body:
            yield from walk(statement)
        if not function.is_module:
            yield from (node for each in function.parameters for node in walk(each))
            yield from (node for each in function.decorators for node in walk(each))


def _uses(name: str, module: Module) -> list[Name]:
    found = {node for node in _nodes(module) if isinstance(node, Name) and node.id == name}
    return sorted(found, key=lambda node: node.start)


def _is_used_alike(name: str, module: Module) -> bool:
    """Tell whether the module `jwt` is only asked for what PyJWT does in the same way."""
    good: set[Name] = set()
    for node in _nodes(module):
        match node:
            case Call(Attribute(Name(used) as holder, method)) if used == name:
                if _is_call_alike(node, method):
                    good.add(holder)
            case Attribute(Name(used) as holder, "ExpiredSignatureError") if used == name:
                good.add(holder)
    return good == set(_uses(name, module))


def _is_call_alike(call: Call, method: str) -> bool:
    named = {each.name for each in call.keywords}
    if method not in _METHODS or None in named or len(call.arguments) > _POSITIONAL:
        return False
    if any(isinstance(each, Starred) for each in call.arguments):
        return False
    match method:
        case "decode":
            has_algorithms = "algorithms" in named or len(call.arguments) == _POSITIONAL
            return has_algorithms and named <= {*_DECODED_WITH, "key"}
        case "encode":
            return bool(call.arguments) and named <= {*_ENCODED_WITH, "key"}
        case _:
            return len(call.arguments) == 1 and not named


def _line(statement: ImportFrom, module: Module) -> Edit:
    """Return the edit that removes a statement, with its line where it stands alone there."""
    start = module.text.rfind(b"\n", 0, statement.start) + 1
    end = module.text.find(b"\n", statement.end)
    end = end + 1 if end >= 0 else len(module.text)
    alone = not module.text[start : statement.start].strip() and not (
        module.text[statement.end : end].strip()
    )
    return Edit(module.path, start, end, "") if alone else module.replace(statement, "pass")


def _requirement(application: Application) -> Iterator[Edit]:
    """Yield the edits that ask for PyJWT instead; none if one of the requirements is not clear."""
    found = []
    for path, text in application.texts.items():
        if path.endswith((".lock", "Pipfile", ".gitignore")):
            continue
        pattern = _POETRY if _POETRY.search(text) else _LISTED
        matches = list(pattern.finditer(text))
        if len(matches) != len(_ANY.findall(text)) or len(matches) > 1:
            return
        for match in matches:
            start = len(text[: match.start()].encode())
            end = len(text[: match.end()].encode())
            found.append(Edit(path, start, end, _replacement(match, is_poetry=pattern is _POETRY)))
    yield from found


def _replacement(match: "re.Match[str]", *, is_poetry: bool) -> str:
    with_crypto = "cryptography" in match[0]
    if is_poetry:
        extras = '{extras = ["crypto"], version = "^2.10"}' if with_crypto else '"^2.10"'
        return f"pyjwt = {extras}"
    rest = match["version"]
    trailing = rest[len(rest.rstrip()) :]
    return f"{match['quote']}pyjwt{'[crypto]' if with_crypto else ''}>=2.10{trailing}"
