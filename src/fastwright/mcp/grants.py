"""Which folders may be read and written: those that the client grants, or the server was given."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, unquote, urlsplit

from mcp.server.mcpserver import Context, ListRoots, Resolve
from mcp_types import ListRootsResult

from fastwright.errors import OutsideError

_LONGEST = 4096  # characters of a path


@dataclass(frozen=True, slots=True)
class Place:
    """A path with its links followed, and the granted folder in which it lies."""

    path: Path
    within: Path


@dataclass(frozen=True, slots=True)
class Grants:
    """The granted folders, with their links followed."""

    folders: tuple[Path, ...]

    def place(self, text: str) -> Place:
        """Return where a path leads; a relative one starts in the first granted folder.

        Raises `OutsideError` for what leads out of the granted folders, or is no path.
        """
        if len(text) > _LONGEST or not text.isprintable() or not text:
            raise OutsideError(
                "This is no path.", suggestion='a path below a granted folder, such as "."'
            )
        written = Path(text)
        if written.is_absolute() or self.folders:
            path = Path(*self.folders[:1], written).resolve()
            holding = [each for each in self.folders if path.is_relative_to(each)]
            if holding:
                return Place(path, max(holding, key=lambda each: len(each.parts)))
        granted = ", ".join(map(str, self.folders)) or "none"
        raise OutsideError(
            f"{text} is outside of the granted folders.", suggestion=f"a path below {granted}"
        )


def ask_for_roots(context: Context) -> ListRoots | None:
    """Ask the client which folders it grants, if it says that it can tell."""
    capabilities = context.client_capabilities
    return ListRoots() if capabilities is not None and capabilities.roots is not None else None


# What the client grants; None where it does not say.
ClientRoots = Annotated[ListRootsResult | None, Resolve(ask_for_roots)]


def granted(roots: ListRootsResult | None, own: tuple[Path, ...]) -> Grants:
    """Return what the client grants, or else the folders that the server was started with."""
    if roots is None:
        return Grants(tuple(each.resolve() for each in own))
    paths = (urlsplit(str(each.uri)) for each in roots.roots)
    return Grants(tuple(Path(unquote(each.path)).resolve() for each in paths if _is_local(each)))


def _is_local(address: SplitResult) -> bool:
    return address.scheme == "file" and address.netloc in {"", "localhost"}
