"""The same application written the usual way: an ORM session as dependency, and response models.

Nothing is done badly on purpose: authors are loaded with `selectinload`, likes are counted with
one grouped query, the password is checked in a thread. Middleware, settings, error handlers and
schemas are the blueprint's own.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import jwt
from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import relationship, selectinload
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from src.auth import sessions, tokens
from src.auth.clients import Client
from src.auth.config import auth_settings
from src.auth.models import User
from src.auth.passwords import HASHER
from src.auth.schemas import TokenResponse, UserResponse
from src.auth.tokens import Claims
from src.config import database_settings, redis_settings, settings
from src.logs import configure_logging
from src.main import tune_garbage_collector
from src.middleware import add_middleware
from src.models import utc_now
from src.pagination import Page, encode_cursor
from src.posts.constants import PostStatus
from src.posts.models import Post, PostLike
from src.posts.schemas import PostCreate, PostResponse, PostSummary
from src.problems import add_problem_handlers
from src.redis import open_redis
from src.services import open_services

Post.author = relationship(User)
oauth2_scheme = OAuth2PasswordBearer(tokenUrl="/auth/token")
BELONGS_TO = '["posts", "newest", null, null]'


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with open_services() as services, open_redis(services.redis_url, redis_settings) as redis:
        app.state.engine = create_async_engine(
            services.database_url,
            pool_size=database_settings.pool_size,
            max_overflow=database_settings.max_overflow,
        )
        app.state.redis = redis
        tune_garbage_collector()
        yield
        await app.state.engine.dispose()


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    async with AsyncSession(request.app.state.engine, expire_on_commit=False) as session:
        yield session


def get_redis(request: Request) -> Redis:
    redis: Redis = request.app.state.redis
    return redis


SessionDep = Annotated[AsyncSession, Depends(get_session)]
RedisDep = Annotated[Redis, Depends(get_redis)]
TokenDep = Annotated[str, Depends(oauth2_scheme)]


async def get_current_user(session: SessionDep, redis: RedisDep, token: TokenDep) -> User:
    try:
        payload = jwt.decode(
            token,
            auth_settings.jwt_secret.get_secret_value(),
            algorithms=[auth_settings.jwt_algorithm],
            audience=auth_settings.jwt_audience,
        )
    except jwt.InvalidTokenError as error:
        raise HTTPException(status_code=401) from error
    claims = Claims(user_id=int(payload["sub"]), session_id=payload["sid"])
    user = await session.get(User, claims.user_id)
    if user is None or not user.is_active or not await sessions.is_alive(redis, claims):
        raise HTTPException(status_code=401)
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]

configure_logging(as_json=not settings.is_local)
app = FastAPI(lifespan=lifespan)
add_problem_handlers(app)
add_middleware(app, settings)


@app.get("/posts", response_model=Page[PostSummary])
async def get_posts(session: SessionDep, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> Any:
    found = await session.exec(
        select(Post)
        .where(Post.status == PostStatus.PUBLISHED)
        .options(selectinload(Post.author))  # type: ignore[attr-defined]
        .order_by(col(Post.published_at).desc(), col(Post.id).desc())
        .limit(limit + 1)
    )
    posts = found.all()
    counted = await session.exec(
        select(PostLike.post_id, func.count())
        .where(col(PostLike.post_id).in_([post.id for post in posts]))
        .group_by(col(PostLike.post_id))
    )
    counts = dict(counted.all())
    next_cursor = None
    if len(posts) > limit:
        last: Any = posts[limit - 1]
        next_cursor = encode_cursor((last.published_at, last.id), belongs_to=BELONGS_TO)
    items = [_with_stats(post, counts.get(post.id, 0)) for post in posts[:limit]]
    return {"items": items, "next_cursor": next_cursor}


@app.get("/posts/{post_id}", response_model=PostResponse)
async def get_post(session: SessionDep, post_id: int) -> Any:
    found = await session.exec(
        select(Post, func.count(col(PostLike.user_id)))
        .outerjoin(PostLike)
        .where(Post.id == post_id, Post.status == PostStatus.PUBLISHED)
        .options(selectinload(Post.author))  # type: ignore[attr-defined]
        .group_by(col(Post.id))
    )
    row = found.first()
    if row is None:
        raise HTTPException(status_code=404)
    post, like_count = row
    return _with_stats(post, like_count)


@app.post("/posts", response_model=PostResponse, status_code=201)
async def create_post(session: SessionDep, user: CurrentUser, new: PostCreate) -> Any:
    if user.email_verified_at is None:
        raise HTTPException(status_code=403)
    post = Post(**new.model_dump(), author_id=user.id, published_at=utc_now())
    session.add(post)
    await session.commit()
    await session.refresh(post, ["id", "created_at", "updated_at", "author"])
    return _with_stats(post, 0)


@app.get("/users/me", response_model=UserResponse)
async def get_own_account(user: CurrentUser) -> Any:
    return user


@app.post("/auth/token", response_model=TokenResponse)
async def log_in(
    session: SessionDep, redis: RedisDep, form: Annotated[OAuth2PasswordRequestForm, Depends()]
) -> Any:
    login = form.username.lower()
    found = await session.exec(
        select(User).where(or_(func.lower(User.username) == login, func.lower(User.email) == login))
    )
    user = found.first()
    if user is None or not await run_in_threadpool(
        HASHER.verify, form.password, user.hashed_password
    ):
        raise HTTPException(status_code=401)
    client = Client("127.0.0.1", "somebody")
    claims, refresh_token = await sessions.open_session(redis, user_id=user.id, client=client)
    return TokenResponse(
        access_token=tokens.create_access_token(claims),
        expires_in=tokens.lifetime(),
        refresh_token=tokens.create_refresh_token(refresh_token),
    )


def _with_stats(post: Post, like_count: int) -> dict[str, Any]:
    author: User = post.author  # type: ignore[attr-defined]
    return {**post.model_dump(), "author": author.username, "like_count": like_count}
