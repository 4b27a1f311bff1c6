"""Where the parts of a domain lie, and how one of them imports from another."""

from fastwright.scaffolds import names
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.room import Part, Room, Symbol

# What a project has no place for stands in another part.
_INSTEAD = {
    Part.SERVICE: Part.ROUTER,
    Part.DEPENDENCIES: Part.ROUTER,
    Part.SCHEMAS: Part.MODELS,
}


class Modules:
    """The modules of a domain."""

    def __init__(self, domain: Domain, room: Room) -> None:
        self._room = room
        self._names = {
            "domain": domain.name,
            "entity": domain.entity,
            "Entity": names.pascal(domain.entity),
        }

    def path(self, part: Part) -> str:
        """Return the file of a part."""
        pattern = self._room.parts.get(part)
        if pattern is None:
            return self.path(_INSTEAD[part])
        return pattern.format(**self._names)

    def is_shared(self, part: Part) -> bool:
        """Tell whether a part's file is one for several domains."""
        pattern = self._room.parts.get(part)
        return self.is_shared(_INSTEAD[part]) if pattern is None else "{" not in pattern

    def module(self, part: Part) -> str:
        """Return the name by which a part is imported."""
        return self._name(self.path(part))

    def package(self, path: str) -> str:
        """Return the package that a file's relative imports start from."""
        name = self._name(path)
        return name if path.endswith("/__init__.py") else name.rpartition(".")[0]

    def _name(self, path: str) -> str:
        source = self._room.source
        inside = path.removeprefix(f"{source}/" if source else "")
        return inside.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def own(self, at: Part, part: Part, name: str) -> str:
        """Return the import of a part's name at another part; nothing inside one file."""
        if self.path(at) == self.path(part):
            return ""
        return self.symbol(at, Symbol(self.module(part), name))

    def symbol(self, at: Part, symbol: Symbol) -> str:
        """Return the import of a symbol at a part."""
        name = symbol.name.partition(".")[0]
        if at is Part.TESTS:
            return f"from {self._seen_by_tests(symbol.module)} import {name}"
        if symbol.module in {"builtins", self.module(at)}:
            return ""
        return f"from {self._named(at, symbol.module)} import {name}"

    def _named(self, at: Part, module: str) -> str:
        """Return a module's name, with dots where modules of the project import each other so."""
        package = self.package(self.path(at)).split(".")
        wanted = module.split(".")
        if not self._room.is_relative or wanted[0] != package[0]:
            return module
        common = 0
        while common < min(len(package), len(wanted)) and package[common] == wanted[common]:
            common += 1
        return "." * (len(package) - common + 1) + ".".join(wanted[common:])

    def _seen_by_tests(self, module: str) -> str:
        """Return a module's name as tests have it, where they start from another folder."""
        tests, source = self._room.tests, self._room.source
        if tests is None or tests.source is None or tests.source == source:
            return module
        path = "/".join(filter(None, (source, module.replace(".", "/"))))
        if not (self._room.root / path).exists() and not (self._room.root / f"{path}.py").exists():
            own = [self.path(part) for part in self._room.parts]
            if f"{path}.py" not in own:
                return module  # a library's
        inside = path.removeprefix(f"{tests.source}/" if tests.source else "")
        return inside.replace("/", ".")
