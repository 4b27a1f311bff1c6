"""What looks like something else: sessions nobody asks for, routers of one table, lone services."""

from pathlib import Path

from fastwright.scaffolds.room import Layout, Part, Symbol
from tests.scaffolds.rooms.projects import FLAT, LAYERED
from tests.scaffolds.rooms.test_reading import room

_ROUTE = (
    "from fastapi import APIRouter\n"
    "from app.database import DbDep\n"
    "router = APIRouter()\n"
    "@router.get('/')\n"
    "def get(db: DbDep) -> None: ...\n"
)
_BY_ROUTE = {
    **{
        f"app/features/{domain}/services/{verb}_{domain}.py": _ROUTE
        for domain in ("users", "posts")
        for verb in ("list", "create", "delete")
    },
    **{
        f"app/features/{domain}/models/{domain[:-1]}.py": (
            "from sqlalchemy import Column, Integer\n"
            "from app.database import Base\n"
            f"class {domain[:-1].title()}(Base):\n"
            f"    __tablename__ = '{domain}'\n"
            "    id = Column(Integer, primary_key=True)\n"
        )
        for domain in ("users", "posts")
    },
    **{
        f"app/features/{domain}/api.py": (
            "from fastapi import APIRouter\n"
            f"from app.features.{domain}.services import create_{domain}, delete_{domain}\n"
            f"from app.features.{domain}.services import list_{domain}\n"
            f"from app.features.{domain}.models import {domain[:-1]}\n"
            f"router = APIRouter(prefix='/{domain}')\n"
            f"router.include_router(create_{domain}.router)\n"
            f"router.include_router(delete_{domain}.router)\n"
            f"router.include_router(list_{domain}.router)\n"
        )
        for domain in ("users", "posts")
    },
    "app/features/api.py": (
        "from fastapi import APIRouter\n"
        "from app.features.posts import api as posts\n"
        "from app.features.users import api as users\n"
        "router = APIRouter()\n"
        "router.include_router(posts.router)\n"
        "router.include_router(users.router)\n"
    ),
    "app/database.py": FLAT["app/database.py"]
    + (
        "from typing import Annotated\n"
        "from fastapi import Depends\n"
        "from sqlalchemy.orm import Session\n"
        "DbDep = Annotated[Session, Depends(get_db)]\n"
    ),
    "app/main.py": (
        "from fastapi import FastAPI\n"
        "from app.features import api\n"
        "app = FastAPI()\n"
        "app.include_router(api.router)\n"
    ),
}


def test_a_file_for_each_route_makes_no_file_for_a_domain(tmp_path: Path) -> None:
    found = room(_BY_ROUTE, tmp_path)

    assert found.layout is Layout.DOMAIN
    assert found.parts[Part.ROUTER] == "app/features/{domain}/router.py"
    assert found.parts[Part.MODELS] == "app/features/{domain}/models.py"


def test_what_includes_the_routes_of_one_table_is_not_for_others(tmp_path: Path) -> None:
    assert room(_BY_ROUTE, tmp_path).routers == Symbol("app.features.api", "router")


def test_a_session_that_no_route_asks_for_can_be_asked_for(tmp_path: Path) -> None:
    bare = "from fastapi import APIRouter\n{names}router = APIRouter()\n@router.get('/')\n"
    texts = {
        **FLAT,
        "app/oauth2.py": "",
        "app/routers/post.py": bare.format(names="from app import database, models\n")
        + "def read() -> None: ...\n",
        "app/routers/user.py": bare.format(names="") + "def read() -> None: ...\n",
    }

    assert room(texts, tmp_path).session.function == Symbol("app.database", "get_db")


def test_a_lone_file_among_services_takes_no_others(tmp_path: Path) -> None:
    texts = {
        path.replace("services/", "crud/").replace("_service.py", "_crud.py"): text.replace(
            "src.services import article_service, user_service",
            "src.crud import article_crud, user_crud\nfrom src.external_services import mails",
        )
        for path, text in LAYERED.items()
    }
    texts["src/external_services/mails.py"] = "def send() -> None: ...\n"

    assert room(texts, tmp_path).parts[Part.SERVICE] == "src/crud/{entity}_crud.py"


def test_pages_are_not_where_routes_of_programs_lie(tmp_path: Path) -> None:
    page = (
        "from fastapi import APIRouter\n"
        "router = APIRouter(include_in_schema=False)\n"
        "@router.get('/page')\n"
        "def page(): ...\n"
    )
    pages = [f"app/web/{each}/pages_{each}.py" for each in ("posts", "users", "votes")]
    included = "".join(
        f"from app.web.{each} import pages_{each}\napp.include_router(pages_{each}.router)\n"
        for each in ("posts", "users", "votes")
    )
    texts = {
        **FLAT,
        **dict.fromkeys(pages, page),
        "app/main.py": FLAT["app/main.py"] + included,
    }

    assert room(texts, tmp_path).parts[Part.ROUTER] == "app/routers/{entity}.py"


def test_an_application_may_be_called_as_its_table(tmp_path: Path) -> None:
    texts = {
        (path if path.startswith("tests") else f"posts/{path}"): text for path, text in FLAT.items()
    }

    texts["posts/app/main.py"] = (
        "from fastapi import FastAPI\n"
        "from .api import router\n"
        "app = FastAPI()\n"
        "app.include_router(router)\n"
    )
    texts["posts/app/api.py"] = (
        FLAT["app/main.py"]
        .replace("FastAPI()", "APIRouter()")
        .replace("FastAPI", "APIRouter")
        .replace("app", "router")
    )

    found = room(texts, tmp_path)

    assert (found.layout, found.source) == (Layout.FLAT, "posts")
    assert found.routers == Symbol("app.api", "router")
    assert found.parts[Part.ROUTER] == "posts/app/routers/{entity}.py"


def test_a_prefix_may_be_a_parameter_of_what_includes_routers(tmp_path: Path) -> None:
    setup = "def {name}(app: FastAPI, *, prefix: str = '/v2') -> None:\n"
    include = "    app.include_router({router}.router, prefix=prefix)\n"
    late = "    from .routers import user\n"
    texts = {
        **FLAT,
        "app/setup.py": "from fastapi import FastAPI\n"
        + setup.format(name="set_up")
        + late
        + include.format(router="user"),
        "app/routes.py": "from fastapi import FastAPI\nfrom .routers import post\n"
        + setup.format(name="add_routes")
        + include.format(router="post"),
        "app/main.py": (
            "from fastapi import FastAPI\n"
            "from .routes import add_routes\n"
            "from .setup import set_up\n"
            "app = FastAPI()\n"
            "set_up(app)\n"
            "add_routes(app)\n"
        ),
    }
    found = room(texts, tmp_path)

    assert (found.router_path, found.imports_late) == ("app/routes.py", False)
    assert (found.inclusion, found.prefix) == ("prefix=prefix", "/v2")
