"""How a file of a project imports another one of its modules: as it imports those beside it."""

from fastwright.scaffolds.room import Part, Room, Symbol
from fastwright.source.importing import Import
from fastwright.source.importing.statements import Statement, identifiers, parse, top_level


class Spelling:
    """The imports of one file."""

    def __init__(self, room: Room, path: str, text: bytes) -> None:
        self._room = room
        self._path = path
        self._tree = parse(text)
        self._statements = top_level(self._tree)
        self._text = text

    @property
    def own(self) -> frozenset[str]:
        """Return the first names of the project's own modules."""
        room = self._room
        models = (each.model for each in room.tables.values())
        symbols = (room.base, room.routers, room.schema_base, *models)
        tops = {each.module.partition(".")[0] for each in symbols}
        return frozenset(tops - {"pydantic", "sqlmodel", "sqlalchemy"})

    def module(self, module: str) -> str:
        """Return how the file names a module: with dots, if it names others of its package so."""
        if not self._is_relative():
            return module
        package = self._package()
        parts = module.split(".")
        if parts[0] != package[:1][0]:
            return module
        shared = 0
        while shared < min(len(package), len(parts)) and package[shared] == parts[shared]:
            shared += 1
        return "." * (len(package) - shared + 1) + ".".join(parts[shared:])

    def router(self, router: Symbol) -> tuple[Import, str]:
        """Return the import of a router, and what stands for it then.

        Where the others are used through their modules, this one is too; where each has a name of
        its own, or its module's name is taken, it is called after its domain.
        """
        package, _, name = router.module.rpartition(".")
        parents = [each for each in self._statements if each.module == self._parent(package)]
        used = f"{name}.{router.name}"
        if parents and router.name == "router" and self._uses_modules(parents):
            wanted = Import(parents[-1].module or "", name)
            if not self._is_taken(name, wanted):
                return wanted, used
        alias = None if router.name != "router" else f"{self._called(router)}_router"
        return Import(self.module(router.module), router.name, alias), alias or router.name

    def _parent(self, package: str) -> str:
        return self.module(package)

    def _called(self, router: Symbol) -> str:
        """Return what a router's file is named after, or the folder of its domain."""
        words = router.module.split(".")
        pattern = self._room.parts[Part.ROUTER].split("/")
        named = next((index for index, each in enumerate(pattern) if "{" in each), -1)
        return words[max(named - len(pattern), -len(words))] if named >= 0 else words[-1]

    def _uses_modules(self, parents: list[Statement]) -> bool:
        """Tell whether routers are written as attributes of modules: `posts.router`."""
        written = {item.imported.local for each in parents for item in each.items}
        code = self._text.decode("utf-8", "replace")
        return any(f"include_router({each}." in "".join(code.split()) for each in written)

    def _is_taken(self, name: str, wanted: Import) -> bool:
        """Tell whether a name means something else in the file."""
        if any(item.imported == wanted for each in self._statements for item in each.items):
            return False
        return name in set(identifiers(self._tree.root_node))

    def _is_relative(self) -> bool:
        relative = sum((each.module or "").startswith(".") for each in self._statements)
        own = self.own
        absolute = sum((each.module or "").partition(".")[0] in own for each in self._statements)
        return relative > absolute

    def _package(self) -> list[str]:
        source = self._room.source
        path = self._path.removeprefix(f"{source}/" if source else "")
        return path.split("/")[:-1]
