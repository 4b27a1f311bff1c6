"""A snapshot is taken in a process of its own, with whatever Python the project has."""

import sys
from pathlib import Path

import pytest

from fastwright.contract import taking
from fastwright.contract.taking import Target
from fastwright.errors import ContractError

APP = """\
import sys
import threading
import time
import uuid
from datetime import datetime

from fastapi import FastAPI
from pydantic import BaseModel

print("hello from the application")
sys.stdout.write("and more")
threading.Thread(target=time.sleep, args=(60,)).start()


class Order(BaseModel):
    id: str = str(uuid.uuid4())
    at: datetime = datetime.now()
    note: str = "none"


def create_app() -> FastAPI:
    app = FastAPI()

    @app.post("/orders")
    async def create_order(order: Order) -> Order:
        return order

    return app


app = create_app()
"""


def target(folder: Path, reference: str = "main:app") -> Target:
    return Target(Path(sys.executable), reference, folder, ("",))


def test_what_is_worked_out_at_import_is_masked(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(APP)
    one, other = (taking.take(target(tmp_path), {}) for _ in range(2))
    assert one == other
    order = one["openapi"]["components"]["schemas"]["Order"]["properties"]
    assert order["id"]["default"] == order["at"]["default"] == taking.COMPUTED
    assert order["note"]["default"] == "none"


def test_a_factory_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(APP)
    found = taking.take(target(tmp_path, "main:create_app"), {})
    assert [each["path"] for each in found["routes"]][-1] == "/orders"


def test_an_application_that_cannot_be_imported_says_why(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import os\n\nos.environ['SECRET']\n")
    with pytest.raises(ContractError, match="KeyError: 'SECRET'") as raised:
        taking.take(target(tmp_path), {})
    assert "main.py" in raised.value.message
    assert "importlib" not in raised.value.message


def test_variables_are_handed_on(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(
        "import os\n\nfrom fastapi import FastAPI\n\napp = FastAPI(title=os.environ['TITLE'])\n"
    )
    found = taking.take(target(tmp_path), {"TITLE": "Shop"})
    assert found["openapi"]["info"]["title"] == "Shop"


def test_no_bytecode_is_left_in_the_project(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(APP)
    taking.take(target(tmp_path), {})
    assert [each.name for each in tmp_path.iterdir()] == ["main.py"]


def test_modules_of_the_project_are_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "users.py").write_text("PATH = '/users'\n")
    (tmp_path / "main.py").write_text(
        "from fastapi import FastAPI\nfrom schemas.users import PATH\napp = FastAPI()\n"
        "app.get(PATH)(lambda: None)\n"
    )
    found = taking.take(Target(Path(sys.executable), "main:app", tmp_path, ("",)), {})
    assert "/users" in [each["path"] for each in found["routes"]]
