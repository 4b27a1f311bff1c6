"""The same application written the usual way: an ORM session as dependency, and response models.

Nothing is done badly on purpose: authors are loaded with `selectinload`, likes are counted with
one grouped query, the password is checked in a thread. Middleware, settings, error handlers and
schemas are the blueprint's own.
"""

from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException
from fastapi.concurrency import run_in_threadpool
from fastapi.security import OAuth2PasswordRequestForm
from sqlalchemy.orm import relationship, selectinload
from sqlmodel import col, func, or_, select
from src.auth import sessions, tokens
from src.auth.clients import Client
from src.auth.models import User
from src.auth.passwords import HASHER
from src.auth.schemas import TokenResponse, UserResponse
from src.config import settings
from src.logs import configure_logging
from src.media.models import Media
from src.middleware import add_middleware
from src.models import utc_now
from src.posts.constants import PostStatus
from src.posts.models import Post, PostLike
from src.posts.schemas import PostCreate, PostResponse
from src.problems import add_problem_handlers

from usual_dependencies import CurrentUser, RedisDep, SessionDep, lifespan
from usual_lists import router as lists_router
from usual_lists import with_stats

Post.cover = relationship(Media)

configure_logging(as_json=not settings.is_local)
app = FastAPI(lifespan=lifespan)
add_problem_handlers(app)
add_middleware(app, settings)
app.include_router(lists_router)


@app.get("/posts/{post_id}", response_model=PostResponse)
async def get_post(session: SessionDep, post_id: int) -> Any:
    found = await session.exec(
        select(Post, func.count(col(PostLike.user_id)))
        .outerjoin(PostLike)
        .where(Post.id == post_id, Post.status == PostStatus.PUBLISHED)
        .options(selectinload(Post.author), selectinload(Post.cover))  # type: ignore[attr-defined]
        .group_by(col(Post.id))
    )
    row = found.first()
    if row is None:
        raise HTTPException(status_code=404)
    post, like_count = row
    cover: Media | None = post.cover  # type: ignore[attr-defined]
    return {**with_stats(post, like_count), "cover": cover and cover.model_dump()}


@app.post("/posts", response_model=PostResponse, status_code=201)
async def create_post(session: SessionDep, user: CurrentUser, new: PostCreate) -> Any:
    if user.email_verified_at is None:
        raise HTTPException(status_code=403)
    post = Post(**new.model_dump(), author_id=user.id, published_at=utc_now())
    session.add(post)
    await session.commit()
    await session.refresh(post, ["id", "created_at", "updated_at", "author"])
    return {**with_stats(post, 0), "cover": None}


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
