"""What gives the current user, and what of it is the key."""

from pathlib import Path

from fastwright.scaffolds.room import Injected, Symbol
from fastwright.scaffolds.rooms.given import Given
from tests.scaffolds.rooms.projects import FLAT, LAYERED
from tests.scaffolds.rooms.test_reading import room

_KEYS = {
    "app/models.py": FLAT["app/models.py"].replace(
        "    __tablename__ = 'users'\n    id = Column(Integer",
        "    __tablename__ = 'users'\n    id = Column(UUID(as_uuid=True)",
    ),
    "app/routers/post.py": FLAT["app/routers/post.py"]
    .replace("current_user: int", "user_id: str")
    .replace("current_user.id", "user_id"),
}


def user(texts: dict[str, str], root: Path, given: Given | None = None) -> Injected:
    found = room(texts, root, given).user
    assert found is not None
    return found


def test_a_key_may_come_as_a_string(tmp_path: Path) -> None:
    found = user({**FLAT, **_KEYS}, tmp_path)

    assert found.function == Symbol("app.oauth2", "get_current_user")
    assert (str(found.type), found.key) == ("builtins:str", "UUID({user})")


def test_a_library_that_is_not_known_may_check_who_asks(tmp_path: Path) -> None:
    login = (
        "from fastapi import Depends, HTTPException, status\n"
        "from unknown import Token\n"
        "def get_current_user(token: Token = Depends()) -> str:\n"
        "    if not token.check():\n"
        "        raise HTTPException(status_code=status.HTTP_401_UNAUTHORIZED)\n"
        "    return token.subject\n"
    )
    texts = {**FLAT, **_KEYS, "app/oauth2.py": login}

    assert user(texts, tmp_path).key == "UUID({user})"


def test_claims_may_stand_for_a_user(tmp_path: Path) -> None:
    login = FLAT["app/oauth2.py"].replace(
        "    user = db.query(models.User).first()\n",
        "    user = TokenData(id=db.get(models.User, token))\n",
    )
    claims = "from pydantic import BaseModel\nclass TokenData(BaseModel):\n    id: str\n"
    texts = {
        **FLAT,
        "app/oauth2.py": login.replace("scheme =", f"{claims}scheme =").replace(
            "):\n    user", ") -> TokenData:\n    user"
        ),
    }
    texts["app/routers/post.py"] = texts["app/routers/post.py"].replace(
        "current_user: int", "current_user: oauth2.TokenData"
    )
    found = user(texts, tmp_path)

    assert (str(found.type), found.key) == ("app.oauth2:TokenData", "int({user}.id)")


def test_a_user_that_only_lists_of_dependencies_ask_for(tmp_path: Path) -> None:
    routes = {
        f"src/api/routes/{name}.py": LAYERED[f"src/api/routes/{name}.py"]
        .replace("user: CurrentUser", "")
        .replace("import CurrentUser", "import get_current_user")
        .replace("router.post('')", "router.post('', dependencies=[Security(get_current_user)])")
        .replace("import APIRouter", "import APIRouter, Security")
        for name in ("articles", "users")
    }
    found = user({**LAYERED, **routes}, tmp_path)

    assert found.function == Symbol("src.api.deps", "get_current_user")
    assert (found.alias, found.key) == (None, "{user}.id")


def test_what_a_call_makes_needs_a_name(tmp_path: Path) -> None:
    login = (
        "from fastapi import Depends, HTTPException\n"
        "from app.models import User\n"
        "def get_current_user(role: str = ''):\n"
        "    def current_user(token: str = Depends(str)) -> User:\n"
        "        raise HTTPException(401)\n"
        "    return current_user\n"
    )
    texts = {
        **FLAT,
        "app/oauth2.py": login,
        "app/routers/post.py": FLAT["app/routers/post.py"].replace(
            "oauth2.get_current_user", "oauth2.get_current_user('writer')"
        ),
    }

    found = room(texts, tmp_path).unknown["user"]
    texts["app/oauth2.py"] += "current_user = get_current_user()\n"
    named = Symbol("app.oauth2", "current_user")

    assert "`current_user = get_current_user()` in app/oauth2.py would" in found.sought
    assert found.candidates == {}
    assert user(texts, tmp_path, Given(user=named)).function == named


def test_what_stands_on_the_request_is_no_dependency(tmp_path: Path) -> None:
    routes = FLAT["app/routers/post.py"].replace(
        "    current_user: int = Depends(oauth2.get_current_user),\n", "    request: Request,\n"
    )
    texts = {
        **FLAT,
        "app/oauth2.py": "",
        "app/routers/post.py": routes.replace("current_user.id", "request.user.id"),
    }

    assert "(1 read `request.user`, which is none" in room(texts, tmp_path).unknown["user"].sought


_OBJECT = (
    "from fastapi import HTTPException\n"
    "from app.models import User\n"
    "class Authenticated:\n"
    "    def __call__(self, token: str = '') -> User:\n"
    "        raise HTTPException(401)\n"
)


def _with_object(given: str) -> dict[str, str]:
    return {
        **FLAT,
        "app/oauth2.py": _OBJECT,
        "app/routers/post.py": FLAT["app/routers/post.py"].replace(
            "Depends(oauth2.get_current_user)", f"Depends({given})"
        ),
    }


def test_an_object_that_is_made_anew_needs_a_name(tmp_path: Path) -> None:
    texts = _with_object("oauth2.Authenticated()")

    found = room(texts, tmp_path).unknown["user"]
    texts["app/oauth2.py"] += "current_user = Authenticated()\n"
    given = user(texts, tmp_path, Given(user=Symbol("app.oauth2", "current_user")))

    assert (
        "`current_user = oauth2.Authenticated()` in app/oauth2.py would give it a name"
        in found.sought
    )
    assert given.function == Symbol("app.oauth2", "current_user")
    assert (str(given.type), given.key) == ("app.models:User", "{user}.id")


def test_an_object_that_has_a_name_is_named(tmp_path: Path) -> None:
    texts = _with_object("current")
    texts["app/routers/post.py"] = texts["app/routers/post.py"].replace(
        "router =", "current = oauth2.Authenticated()\nrouter ="
    )

    found = room(texts, tmp_path).unknown["user"]

    assert "(`current` in app/routers/post.py is an object that may be one)" in found.sought


def test_a_key_may_stand_in_a_dict_that_only_services_look_into(tmp_path: Path) -> None:
    texts = {
        **FLAT,
        "app/oauth2.py": FLAT["app/oauth2.py"].replace("):\n    user", ") -> dict:\n    user"),
        "app/routers/post.py": FLAT["app/routers/post.py"]
        .replace("current_user: int", "current_user: dict")
        .replace("models.Post(owner_id=current_user.id)", "service.create(current_user)")
        .replace("schemas\n", "schemas, service\n"),
        "app/service.py": "def create(current_user):\n    return current_user['sub']\n",
    }

    found = user(texts, tmp_path)

    assert (str(found.type), found.key) == ("builtins:dict", 'int({user}["sub"])')


def test_what_is_not_seen_to_refuse_anybody_is_named(tmp_path: Path) -> None:
    login = "def get_current_user(request: Request):\n    return find(request.user.id)\n"
    texts = {**FLAT, "app/oauth2.py": f"from fastapi import Request\n{login}"}

    sought = room(texts, tmp_path).unknown["user"].sought

    assert "(`app.oauth2:get_current_user` gives one, but is not seen to refuse" in sought


_FASTAPI_USERS = {
    "app/users.py": (
        "import uuid\n"
        "from fastapi_users import FastAPIUsers\n"
        "from app.models import User\n"
        "users = FastAPIUsers[User, uuid.UUID](get_manager, [backend])\n"
        "current_admin = users.current_user(superuser=True)\n"
        "current_user = users.current_user(active=True)\n"
    ),
    "app/models.py": (
        FLAT["app/models.py"].partition("class User")[0]
        + "from fastapi_users.db import SQLAlchemyBaseUserTableUUID\n"
        "class User(SQLAlchemyBaseUserTableUUID, Base):\n"
        "    pass\n"
    ),
    "app/routers/post.py": FLAT["app/routers/post.py"]
    .replace("oauth2.get_current_user", "users.current_user")
    .replace("import database, models, oauth2", "import database, models, users"),
    "app/routers/user.py": FLAT["app/routers/user.py"]
    .replace("import database", "import database, users")
    .replace("(id: int,", "(id: int, user: object = Depends(users.current_admin),"),
}


def test_users_of_fastapi_users(tmp_path: Path) -> None:
    texts = {
        **FLAT,
        **_FASTAPI_USERS,
        "app/database.py": FLAT["app/database.py"].replace(
            "Base = declarative_base()\n",
            "from sqlalchemy.orm import DeclarativeBase, declared_attr\n"
            "class Base(DeclarativeBase):\n"
            "    @declared_attr\n"
            "    def __tablename__(cls) -> str:\n"
            "        return cls.__name__.lower()\n",
        ),
    }
    found = room(texts, tmp_path)

    assert found.user is not None
    assert found.user.function == Symbol("app.users", "current_user")
    assert (found.user.type, found.user.key) == (Symbol("app.models", "User"), "{user}.id")
    assert (found.tables["users"].table, found.tables["users"].key_type) == ("user", "UUID")
