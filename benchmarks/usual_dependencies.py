"""What routes written the usual way depend on: a session of the ORM, Redis, the current user."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.security import OAuth2PasswordBearer
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession
from src.auth import sessions
from src.auth.config import auth_settings
from src.auth.models import User
from src.auth.tokens import Claims
from src.config import database_settings, redis_settings
from src.main import tune_garbage_collector
from src.redis import open_redis
from src.services import open_services

oauth2_scheme = OAuth2PasswordBearer(tokenUrl="/auth/token")


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
