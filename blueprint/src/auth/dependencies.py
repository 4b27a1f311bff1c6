"""Who makes the request: the chain from token to active user, and the limits on guessing."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm

from src.auth import service, sessions
from src.auth.config import auth_settings
from src.auth.constants import EMAIL_MAX_LENGTH
from src.auth.exceptions import InactiveUser, InvalidToken, SessionEnded, SessionsUnavailable
from src.auth.models import User
from src.auth.schemas import AuthenticatedUser
from src.auth.tokens import read_access_token
from src.database import DatabaseUnavailable, DbSession, get_database
from src.exceptions import NotAuthenticated, TooManyRequests, raises
from src.limits import Limits
from src.logs import add_to_log_context
from src.redis import get_redis

LoginForm = Annotated[OAuth2PasswordRequestForm, Depends()]


@raises(InvalidToken, SessionEnded, SessionsUnavailable, DatabaseUnavailable)
class OptionalUserBearer(OAuth2PasswordBearer):
    """Answers who a request's token speaks for, or None without one; a bad token is an error.

    It is the security scheme and the look-up in one dependency, since every public read pays for
    each dependency that it has.
    """

    async def __call__(self, request: Request) -> AuthenticatedUser | None:  # type: ignore[override]
        token = await super().__call__(request)
        return None if token is None else await _user_of(token, request)


get_optional_user = OptionalUserBearer(
    tokenUrl="/auth/token", scheme_name="OAuth2PasswordBearer", auto_error=False
)

OptionalUser = Annotated[AuthenticatedUser | None, Depends(get_optional_user)]


@raises(NotAuthenticated)
async def get_current_user(user: OptionalUser) -> AuthenticatedUser:
    if user is None:
        raise NotAuthenticated
    return user


@raises(InactiveUser)
async def get_current_active_user(
    user: Annotated[AuthenticatedUser, Depends(get_current_user)],
) -> AuthenticatedUser:
    if not user.is_active:
        raise InactiveUser
    return user


CurrentUser = Annotated[AuthenticatedUser, Depends(get_current_active_user)]


@raises(SessionEnded)
async def valid_own_account(user: CurrentUser, session: DbSession) -> User:
    """The account of whoever makes the request, ready to be changed."""
    account = await service.get_user(session, user_id=user.id)
    if account is None:  # deleted since the token was checked
        raise SessionEnded
    return account


OwnAccount = Annotated[User, Depends(valid_own_account)]


@raises(TooManyRequests)
async def limit_logins(request: Request, form: LoginForm, limits: Limits) -> None:
    """Guessing is limited for each account and for each address."""
    address = request.client.host if request.client else "unknown"
    await limits.spend(auth_settings.login_address_limit, "login-address", address)
    account = form.username.lower()[:EMAIL_MAX_LENGTH]
    await limits.spend(auth_settings.login_limit, "login-account", account)


@raises(TooManyRequests)
async def limit_registrations(request: Request, limits: Limits) -> None:
    address = request.client.host if request.client else "unknown"
    await limits.spend(auth_settings.register_address_limit, "register", address)


async def _user_of(token: str, request: Request) -> AuthenticatedUser:
    claims = read_access_token(token)
    redis, database = await get_redis(request), await get_database(request)
    try:
        alive = await sessions.is_alive(redis, claims)
    except SessionsUnavailable:
        # A token that is valid and not expired is good enough while Redis is away.
        if auth_settings.strict_revocation:
            raise
        alive = True
    user = await service.get_authenticated(database, claims=claims) if alive else None
    if user is None:
        raise SessionEnded
    add_to_log_context(user_id=user.id)
    return user
