"""Which modules the applications run, as far as imports tell: the others are started by hand."""

from fastwright.application.folders import is_aside
from fastwright.application.routers import Routers
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.loading import Loaded, Loading
from fastwright.codebase.modules import Module
from fastwright.source.notes import Once


class Running:
    """What is loaded with the applications; workers and scripts are not."""

    def __init__(self, codebase: Codebase, routers: Routers) -> None:
        self._codebase = codebase
        self._routers = routers

    @Once
    def modules(self) -> set[Module]:
        """Return all modules that an application loads."""
        return {module for each in self._loaded for module in each.modules}

    def leaves_out(self, module: Module) -> bool:
        """Tell whether no application loads a module, where all that they load is known."""
        is_known = bool(self._loaded) and all(each.is_complete for each in self._loaded)
        return is_known and module not in self.modules

    @Once
    def _loaded(self) -> list[Loaded]:
        loading = Loading(self._codebase)
        makers = [each.scope.module for each in self._routers.all if each.is_application]
        return [loading.of(each) for each in dict.fromkeys(makers) if not is_aside(each)]


def is_script(module: Module, codebase: Codebase) -> bool:
    """Tell whether a module serves nothing and no other mentions it."""
    return not module.mentions(b"fastapi") and all(
        each is module for each in codebase.mentioning(module.stem.encode())
    )
