"""Small projects of different layouts and stacks, as texts by path."""

FLAT = {
    "requirements.txt": "fastapi==0.75.0\npydantic==1.9.0\nsqlalchemy==1.4.0\npsycopg2==2.9\n",
    "alembic.ini": "[alembic]\nscript_location = alembic\n",
    "alembic/env.py": (
        "from alembic import context\n"
        "from app.models import Base\n"
        "target_metadata = Base.metadata\n"
        "context.configure(target_metadata=target_metadata)\n"
    ),
    "app/__init__.py": "",
    "app/database.py": (
        "from sqlalchemy.ext.declarative import declarative_base\n"
        "from sqlalchemy.orm import sessionmaker\n"
        "SessionLocal = sessionmaker()\n"
        "Base = declarative_base()\n"
        "def get_db():\n"
        "    db = SessionLocal()\n"
        "    try:\n"
        "        yield db\n"
        "    finally:\n"
        "        db.close()\n"
    ),
    "app/models.py": (
        "from sqlalchemy import Column, ForeignKey, Integer, String\n"
        "from .database import Base\n"
        "class Post(Base):\n"
        "    __tablename__ = 'posts'\n"
        "    id = Column(Integer, primary_key=True)\n"
        "    title = Column(String, nullable=False)\n"
        "    summary = Column(String)\n"
        "    owner_id = Column(Integer, ForeignKey('users.id'), nullable=False)\n"
        "class User(Base):\n"
        "    __tablename__ = 'users'\n"
        "    id = Column(Integer, primary_key=True)\n"
        "    email = Column(String, nullable=False, unique=True)\n"
        "class Vote(Base):\n"
        "    __tablename__ = 'votes'\n"
        "    user_id = Column(Integer, ForeignKey('users.id'), primary_key=True)\n"
        "    post_id = Column(Integer, ForeignKey('posts.id'), primary_key=True)\n"
    ),
    "app/schemas.py": (
        "from pydantic import BaseModel\n"
        "class PostIn(BaseModel):\n"
        "    title: str\n"
        "class PostOut(PostIn):\n"
        "    id: int\n"
        "    class Config:\n"
        "        orm_mode = True\n"
    ),
    "app/oauth2.py": (
        "from fastapi import Depends, HTTPException\n"
        "from fastapi.security import OAuth2PasswordBearer\n"
        "from sqlalchemy.orm import Session\n"
        "from . import database, models\n"
        "scheme = OAuth2PasswordBearer(tokenUrl='login')\n"
        "def get_current_user(\n"
        "    token: str = Depends(scheme), db: Session = Depends(database.get_db)\n"
        "):\n"
        "    user = db.query(models.User).first()\n"
        "    if not user:\n"
        "        raise HTTPException(401)\n"
        "    return user\n"
    ),
    "app/routers/post.py": (
        "from fastapi import APIRouter, Depends\n"
        "from sqlalchemy.orm import Session\n"
        "from .. import database, models, oauth2, schemas\n"
        "router = APIRouter(prefix='/posts')\n"
        "@router.post('/', response_model=schemas.PostOut)\n"
        "def create(\n"
        "    post: schemas.PostIn,\n"
        "    db: Session = Depends(database.get_db),\n"
        "    current_user: int = Depends(oauth2.get_current_user),\n"
        "):\n"
        "    return models.Post(owner_id=current_user.id)\n"
    ),
    "app/routers/user.py": (
        "from fastapi import APIRouter, Depends\n"
        "from sqlalchemy.orm import Session\n"
        "from .. import database\n"
        "router = APIRouter(prefix='/users')\n"
        "@router.get('/{id}')\n"
        "def read(id: int, db: Session = Depends(database.get_db)):\n"
        "    return None\n"
    ),
    "app/main.py": (
        "from fastapi import FastAPI\n"
        "from .routers import post, user\n"
        "app = FastAPI()\n"
        "app.include_router(post.router)\n"
        "app.include_router(user.router)\n"
    ),
    "tests/conftest.py": (
        "import pytest\n"
        "from fastapi.testclient import TestClient\n"
        "from app.main import app\n"
        "@pytest.fixture\n"
        "def client():\n"
        "    yield TestClient(app)\n"
    ),
    "tests/test_posts.py": (
        "def test_a_post_is_read(client):\n    assert client.get('/posts/').status_code == 200\n"
    ),
}

LAYERED = {
    "pyproject.toml": (
        "[project]\nname = 'blog'\nrequires-python = '>=3.12'\n"
        "dependencies = ['fastapi>=0.115', 'sqlalchemy>=2', 'asyncpg']\n"
        "[tool.mypy]\nstrict = true\n[tool.ruff]\nline-length = 110\n"
        "[tool.pytest.ini_options]\nasyncio_mode = 'auto'\n"
    ),
    "src/core/database.py": (
        "from collections.abc import AsyncIterator\n"
        "from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker\n"
        "make = async_sessionmaker()\n"
        "async def get_session() -> AsyncIterator[AsyncSession]:\n"
        "    async with make.begin() as session:\n"
        "        yield session\n"
    ),
    "src/models/base.py": (
        "import uuid\n"
        "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
        "class Base(DeclarativeBase):\n"
        "    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)\n"
    ),
    "src/models/user.py": (
        "from enum import Enum\n"
        "from sqlalchemy import String\n"
        "from sqlalchemy.orm import Mapped, mapped_column\n"
        "from src.models.base import Base\n"
        "class Role(Enum):\n"
        "    ADMIN = 'admin'\n"
        "class User(Base):\n"
        "    __tablename__ = 'user'\n"
        "    code: Mapped[str] = mapped_column(String(8))\n"
        "    role: Mapped[Role]\n"
        "    bio: Mapped[str | None]\n"
    ),
    "src/models/article.py": (
        "import uuid\n"
        "from datetime import datetime\n"
        "from sqlalchemy import DateTime, ForeignKey\n"
        "from sqlalchemy.orm import Mapped, mapped_column\n"
        "from src.models.base import Base\n"
        "class Article(Base):\n"
        "    __tablename__ = 'article'\n"
        "    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))\n"
        "    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey('user.id'))\n"
    ),
    "src/models/__init__.py": (
        "from src.models.article import Article\nfrom src.models.user import User\n"
    ),
    "src/schemas/base.py": ("from pydantic import BaseModel\nclass Schema(BaseModel):\n    pass\n"),
    "src/schemas/article.py": (
        "from src.schemas.base import Schema\n"
        "class ArticleIn(Schema):\n    title: str\n"
        "class ArticleOut(Schema):\n    title: str\n"
    ),
    "src/schemas/user.py": (
        "from src.schemas.base import Schema\nclass UserOut(Schema):\n    code: str\n"
    ),
    "src/services/article_service.py": "def create() -> None:\n    return None\n",
    "src/services/user_service.py": "def create() -> None:\n    return None\n",
    "src/api/deps.py": (
        "from typing import Annotated\n"
        "from fastapi import Depends, HTTPException\n"
        "from fastapi.security import OAuth2PasswordBearer\n"
        "from sqlalchemy.ext.asyncio import AsyncSession\n"
        "from src.core.database import get_session\n"
        "from src.models import User\n"
        "scheme = OAuth2PasswordBearer(tokenUrl='token')\n"
        "SessionDep = Annotated[AsyncSession, Depends(get_session)]\n"
        "async def get_current_user(\n"
        "    session: SessionDep, token: Annotated[str, Depends(scheme)]\n"
        ") -> User:\n"
        "    user = await session.get(User, token)\n"
        "    if user is None:\n"
        "        raise HTTPException(401)\n"
        "    return user\n"
        "CurrentUser = Annotated[User, Depends(get_current_user)]\n"
    ),
    "src/api/routes/articles.py": (
        "from fastapi import APIRouter\n"
        "from src.api.deps import CurrentUser, SessionDep\n"
        "from src.schemas.article import ArticleIn, ArticleOut\n"
        "from src.services import article_service, user_service\n"
        "router = APIRouter()\n"
        "@router.post('')\n"
        "async def create(body: ArticleIn, session: SessionDep, user: CurrentUser) -> ArticleOut:\n"
        "    return user.id\n"
    ),
    "src/api/routes/users.py": (
        "from fastapi import APIRouter\n"
        "from src.api.deps import CurrentUser\n"
        "from src.schemas.user import UserOut\n"
        "router = APIRouter()\n"
        "@router.get('/me')\n"
        "async def me(user: CurrentUser) -> UserOut:\n"
        "    return user\n"
    ),
    "src/api/router.py": (
        "from fastapi import APIRouter\n"
        "from src.api.routes import articles, users\n"
        "VERSION = 'v1'\n"
        "api_router = APIRouter(prefix='/api')\n"
        "api_router.include_router(\n"
        "    articles.router, prefix=f'/{VERSION}/articles', tags=['articles']\n)\n"
        "api_router.include_router(users.router, prefix=f'/{VERSION}/users', tags=['users'])\n"
    ),
    "src/main.py": (
        "from fastapi import FastAPI\n"
        "from src.api.router import api_router\n"
        "def create_app() -> FastAPI:\n"
        "    app = FastAPI()\n"
        "    app.include_router(api_router)\n"
        "    return app\n"
    ),
    "tests/conftest.py": (
        "import pytest\n"
        "from httpx import ASGITransport, AsyncClient\n"
        "from src.main import create_app\n"
        "@pytest.fixture(name='http')\n"
        "async def make_http():\n"
        "    async with AsyncClient(transport=ASGITransport(create_app())) as client:\n"
        "        yield client\n"
    ),
    "tests/api/test_articles.py": (
        "async def test_an_article_is_made(http):\n"
        "    client = http\n"
        "    assert (await client.post('/api/v1/articles')).status_code == 401\n"
    ),
}

BY_DOMAIN = {
    "app/__init__.py": "",
    "app/db.py": (
        "from sqlmodel import Session\n"
        "def get_session():\n"
        "    with Session() as session:\n"
        "        yield session\n"
    ),
    "app/books/__init__.py": "",
    "app/books/models.py": (
        "from sqlmodel import Field, SQLModel\n"
        "class BookBase(SQLModel):\n"
        "    title: str = Field(max_length=5)\n"
        "class Book(BookBase, table=True):\n"
        "    id: int | None = Field(default=None, primary_key=True)\n"
    ),
    "app/books/views.py": (
        "from fastapi import APIRouter, Depends\n"
        "from sqlmodel import Session\n"
        "from app.db import get_session\n"
        "from app.books.models import Book\n"
        "router = APIRouter()\n"
        "@router.get('/')\n"
        "def read(session: Session = Depends(get_session)) -> list[Book]:\n"
        "    return []\n"
    ),
    "app/shelves/__init__.py": "",
    "app/shelves/models.py": (
        "from sqlmodel import Field, SQLModel\n"
        "class Shelf(SQLModel, table=True):\n"
        "    id: int | None = Field(default=None, primary_key=True)\n"
        "    book_id: int = Field(foreign_key='book.id')\n"
    ),
    "app/shelves/crud.py": "def read() -> None:\n    return None\n",
    "app/shelves/views.py": (
        "from fastapi import APIRouter, Depends\n"
        "from sqlmodel import Session\n"
        "from app.db import get_session\n"
        "from app.shelves import crud\n"
        "from app.shelves.models import Shelf\n"
        "router = APIRouter()\n"
        "@router.get('/')\n"
        "def read(session: Session = Depends(get_session)) -> list[Shelf]:\n"
        "    return []\n"
    ),
    "app/main.py": (
        "from fastapi import FastAPI\n"
        "def create_app():\n"
        "    from app.books.views import router as books\n"
        "    from app.shelves.views import router as shelves\n"
        "    app = FastAPI()\n"
        "    app.include_router(books, prefix='/books')\n"
        "    app.include_router(shelves, prefix='/shelves')\n"
        "    return app\n"
        "app = create_app()\n"
    ),
}
