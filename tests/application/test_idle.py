"""Routes that no application runs are told from those that one may run."""

import pytest

from fastwright.application.application import read_texts

MAIN = """
from fastapi import FastAPI
from app import boats, rates
app = FastAPI()
app.include_router(rates.router)
"""
ROUTER = """
from fastapi import APIRouter
router = APIRouter()
@router.get("/")
def read(): pass
"""


def idle(texts: dict[str, str]) -> list[str]:
    application = read_texts({"app/main.py": MAIN, "app/rates.py": ROUTER} | texts)
    return [each.function.module.path for each in application.routes if application.idle.has(each)]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ({"app/boats.py": ROUTER}, ["app/boats.py"]),
        ({"app/boats.py": ROUTER, "boats.py": ROUTER}, ["app/boats.py", "boats.py"]),
        ({"app/boats.py": ROUTER, "app/more.py": "from app.boats import router\n"}, []),
        ({"app/boats.py": ROUTER, "app/main.py": MAIN + "use(boats)\n"}, []),
        ({"app/boats.py": ROUTER, "app/main.py": "from fastapi import FastAPI\n"}, []),
        ({"app/boats.py": ROUTER, "app/main.py": "", "examples/main.py": MAIN}, []),
        ({"library/boats.py": ROUTER}, []),
    ],
)
def test_a_router_that_nothing_refers_to_is_idle_beside_others_that_are_served(
    texts: dict[str, str], found: list[str]
) -> None:
    assert idle(texts) == found


def test_an_entry_of_a_module_that_no_application_loads_is_none() -> None:
    text = ROUTER + "from fastapi import Depends\ndef known(): pass\nguard = Depends(known)\n"
    texts = {"app/main.py": MAIN, "app/rates.py": ROUTER, "rates.py": text}
    assert {each.function.module.path for each in read_texts(texts).entries} == {"app/rates.py"}
