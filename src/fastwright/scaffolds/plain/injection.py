"""Parameters of endpoints and dependencies, in the way the project writes them."""

from fastwright.scaffolds.plain.modules import Modules
from fastwright.scaffolds.plain.schemas import Schemas
from fastwright.scaffolds.room import Injected, Part, Room

_INTEGERS = "ge=1, le=2**31 - 1"


class Injection:
    """How endpoints come to what they need, in one part."""

    def __init__(self, at: Part, modules: Modules, room: Room) -> None:
        self._at = at
        self._modules = modules
        self._room = room

    def injected(self, what: Injected) -> str:
        """Return the imports that a parameter needs."""
        if what.alias is not None:
            symbols = [what.alias, *([what.function] if what.function else [])]
        else:
            symbols = [what.type, *([what.function] if what.function else [])]
        return "\n".join(self._modules.symbol(self._at, each) for each in symbols)

    def depends(self, what: Injected, name: str) -> str:
        """Return a parameter that the project's own dependency gives."""
        if what.alias is not None:
            return f"{name}: {what.alias.name}"
        return self.depends_on(name, what.type.name, what.function.name if what.function else "")

    def depends_on(self, name: str, type_: str, function: str = "") -> str:
        """Return a parameter that a dependency gives; without a function, its type does."""
        if self._room.annotates:
            return f"{name}: Annotated[{type_}, Depends({function})]"
        return f"{name}: {type_} = Depends({function})"

    def path(self, entity: str, key_type: str) -> str:
        """Return a parameter that is part of the path, and nothing that no key can be."""
        limits = {"int": _INTEGERS, "str": ", ".join(Schemas(self._room).without_nul)}.get(key_type)
        if limits is None:
            return f"{entity}_id: {key_type}"
        if self._room.annotates:
            return f"{entity}_id: Annotated[{key_type}, Path({limits})]"
        return f"{entity}_id: {key_type} = Path(..., {limits})"


def signature(*parameters: str | None) -> str:
    """Return parameters as Python takes them: those with a default value last."""
    given = [each for each in parameters if each]
    return ", ".join(sorted(given, key=lambda each: " = " in each))


def parameters(*given: str | None) -> str:
    """Return the parameters that there are."""
    return ", ".join(each for each in given if each)
