"""Takes the contract of one application with FastAPI versions from 0.68 to today's.

    python benchmarks/contract/versions.py

It builds an environment for each from PyPI, and so needs a network and uv. Ends with 1 if a
contract cannot be taken, or if one version's differs from itself.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from fastwright.contract.taking import Target
from fastwright.errors import ContractError
from fastwright.projects import environment
from fastwright.verbs import contract

_VERSIONS = {
    "0.68": ["fastapi==0.68.0", "pydantic<2", "sqlalchemy<2"],
    "0.95": ["fastapi==0.95.0", "pydantic<2", "sqlalchemy"],
    "0.110": ["fastapi==0.110.0", "sqlalchemy"],
    "0.137": ["fastapi==0.137.0", "sqlalchemy"],
    "newest": ["fastapi", "sqlalchemy"],
}
_ROUTES = ["/v1/items/{item_id}", "/v1/items", "/sub/inside", "/live"]
_APP = """\
from typing import List, Optional

from fastapi import APIRouter, Depends, FastAPI, Security, WebSocket
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel


class Item(BaseModel):
    id: int
    note: Optional[str] = None


scheme = OAuth2PasswordBearer(tokenUrl="/token", scopes={"read": "r"})
router = APIRouter(prefix="/items")
app, sub = FastAPI(), FastAPI()


def get_user(token: str = Depends(scheme)):
    return token


@router.get("/{item_id}", response_model=Item)
async def read_item(item_id: int, user: str = Security(get_user, scopes=["read"])):
    return None


@router.post("", response_model=List[Item], status_code=201)
def create_item(item: Item):
    return []


@sub.get("/inside")
def inside():
    return None


@app.websocket("/live")
async def live(socket: WebSocket):
    return None


app.add_middleware(GZipMiddleware)
app.mount("/sub", sub)
app.include_router(router, prefix="/v1")
"""


def main() -> None:
    """Print a line a version."""
    uv = environment.find_uv()
    if uv is None:
        raise SystemExit("This needs uv.")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "main.py").write_text(_APP)
        for name, packages in _VERSIONS.items():
            python = _environment(uv, folder / name, packages)
            target = Target(python, "main:app", folder, ("",))
            try:
                taken = contract.snapshot(target)
            except ContractError as error:
                raise SystemExit(error.message) from error
            paths = [each["path"] for each in taken["routes"]]
            missing = [each for each in _ROUTES if each not in paths]
            again = contract.compare(taken, contract.snapshot(target)).changes
            if missing or again:
                raise SystemExit(f"{name}: {missing} {again}")
            versions = taken["versions"]
            print(f"FastAPI {versions['fastapi']:8} Pydantic {versions['pydantic']:8} ok")


def _environment(uv: str, folder: Path, packages: list[str]) -> Path:
    python = folder / "bin" / "python"
    for words in (
        ["venv", "--quiet", "--python", sys.executable, str(folder)],
        ["pip", "install", "--quiet", "--python", str(python), *packages],
    ):
        subprocess.run([uv, *words], check=True)  # noqa: S603 - its own commands
    return python


if __name__ == "__main__":
    main()
