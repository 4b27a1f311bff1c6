"""Every function that FastAPI itself runs is an entry, in its role."""

import pytest

from fastwright.application.application import read_texts

HEAD = """
from contextlib import asynccontextmanager
from fastapi import APIRouter, Depends, FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
app = FastAPI()
async def f(*_): pass
class Pure:
    def __init__(self, app): self.app = app
    async def __call__(self, scope, receive, send): pass
class Based(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next): pass
    def other(self): pass
"""


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("@app.get('/')\ndef g(): pass\n", "g", "route"),
        ("@app.websocket('/')\nasync def g(w): pass\n", "g", "route"),
        ("app.add_api_route('/', f)\n", "f", "route"),
        ("def g(x=Depends(f)): pass\n", "f", "dependency"),
        ("app = FastAPI(dependencies=[Depends(f)])\n", "f", "dependency"),
        (
            "class D:\n    def __init__(self): pass\n@app.get('/')\ndef g(x: D = Depends()): 1\n",
            "D.__init__",
            "dependency",
        ),
        (
            "class D:\n    def __call__(self): pass\nd = D()\ndef g(x=Depends(d)): pass\n",
            "D.__call__",
            "dependency",
        ),
        ("@app.middleware('http')\nasync def g(r, n): pass\n", "g", "middleware"),
        ("app.middleware('http')(f)\n", "f", "middleware"),
        ("app.add_middleware(Pure)\n", "Pure.__call__", "middleware"),
        ("app.add_middleware(Based)\n", "Based.dispatch", "middleware"),
        ("app.add_middleware(BaseHTTPMiddleware, dispatch=f)\n", "f", "middleware"),
        ("app = FastAPI(middleware=[Middleware(Pure)])\n", "Pure.__call__", "middleware"),
        ("app = FastAPI(middleware=[Middleware(Based)])\n", "Based.dispatch", "middleware"),
        ("@app.exception_handler(ValueError)\nasync def g(r, e): pass\n", "g", "exception handler"),
        ("app.add_exception_handler(ValueError, f)\n", "f", "exception handler"),
        ("app.exception_handler(ValueError)(f)\n", "f", "exception handler"),
        ("app = FastAPI(exception_handlers={404: f})\n", "f", "exception handler"),
        ("H = {404: f}\napp = FastAPI(exception_handlers=H)\n", "f", "exception handler"),
        ("@app.on_event('startup')\nasync def g(): pass\n", "g", "lifespan"),
        ("app.add_event_handler('startup', f)\n", "f", "lifespan"),
        ("app = FastAPI(on_startup=[f])\n", "f", "lifespan"),
        ("S = [f]\napp = FastAPI(on_shutdown=S)\n", "f", "lifespan"),
        ("r = APIRouter(lifespan=f)\n", "f", "lifespan"),
        (
            "@asynccontextmanager\nasync def g(app): yield\napp = FastAPI(lifespan=g)\n",
            "g",
            "lifespan",
        ),
        ("class App(FastAPI): pass\napp = App(lifespan=f)\n", "f", "lifespan"),
        ("app = Starlette(lifespan=f)\n", "f", "lifespan"),
    ],
)
def test_a_function_has_a_role(text: str, name: str, role: str) -> None:
    found = {
        each.function.qualified_name: str(each.role)
        for each in read_texts({"app.py": HEAD + text}).entries
    }
    assert found.get(name) == role
    assert "Based.other" not in found


def test_a_function_is_one_entry_whatever_else_it_is() -> None:
    text = "@app.get('/')\n@app.get('/x')\ndef g(): pass\ndef h(x=Depends(g), y=Depends(g)): pass\n"
    found = [
        (each.function.name, str(each.role)) for each in read_texts({"app.py": HEAD + text}).entries
    ]
    assert found == [("g", "route")]
