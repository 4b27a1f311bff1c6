"""Registration, login, refresh and logout."""

from fastapi import APIRouter, Depends, status

from src.auth import service
from src.auth.dependencies import CurrentUser, LoginForm, limit_logins, limit_registrations
from src.auth.exceptions import (
    AccountExists,
    InvalidCredentials,
    SessionEnded,
    SessionsUnavailable,
)
from src.auth.models import User
from src.auth.schemas import RefreshRequest, TokenResponse, UserCreate, UserResponse
from src.database import DbReads, DbSession
from src.exceptions import raises
from src.redis import RedisClient

router = APIRouter(prefix="/auth", tags=["Auth"])


@router.post(
    "/register",
    status_code=status.HTTP_201_CREATED,
    response_model=UserResponse,
    summary="Create an account",
    dependencies=[Depends(limit_registrations)],
)
@raises(AccountExists)
async def register(new: UserCreate, session: DbSession) -> User:
    return await service.register(session, new=new)


@router.post("/token", summary="Log in", dependencies=[Depends(limit_logins)])
@raises(InvalidCredentials, SessionsUnavailable)
async def log_in(
    form: LoginForm, session: DbSession, database: DbReads, redis: RedisClient
) -> TokenResponse:
    """Exchange a user name or e-mail address and a password for tokens (OAuth 2 password form)."""
    user_id = await service.authenticate(
        session, database, login=form.username, password=form.password
    )
    return await service.log_in(redis, user_id=user_id)


@router.post("/refresh", summary="Exchange a refresh token for new tokens")
@raises(SessionEnded, SessionsUnavailable)
async def refresh(request: RefreshRequest, redis: RedisClient) -> TokenResponse:
    """A refresh token works once. Using it again ends its session: it must have been copied."""
    return await service.refresh(redis, refresh_token=request.refresh_token)


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT, summary="End this session")
@raises(SessionsUnavailable)
async def log_out(user: CurrentUser, redis: RedisClient) -> None:
    await service.log_out(redis, user=user)
