"""Who makes the request: the chain from token to active user, and the limits on guessing."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm, SecurityScopes

from src.auth import access_tokens, logins, second_factor, sessions, tokens
from src.auth.clients import Client
from src.auth.config import auth_settings
from src.auth.constants import DEVICE_MAX_LENGTH, EMAIL_MAX_LENGTH
from src.auth.exceptions import (
    EmailNotVerified,
    InactiveUser,
    InsufficientScope,
    InvalidChallenge,
    InvalidToken,
    PasswordNeeded,
    SecondFactorNeeded,
    SessionEnded,
    SessionsUnavailable,
)
from src.auth.schemas import AuthenticatedUser, EmailRequest, SecondFactorRequest, UserCreate
from src.auth.sessions import Proof
from src.auth.tokens import Challenge
from src.database import DatabaseUnavailable, DbReads, get_database
from src.exceptions import NotAuthenticated, TooManyRequests, raises
from src.limits import Limits, RateLimits
from src.logs import add_to_log_context
from src.redis import RedisClient, get_redis

LoginForm = Annotated[OAuth2PasswordRequestForm, Depends()]


BEARER_ERRORS = (
    InvalidToken,
    InsufficientScope,
    SessionEnded,
    SessionsUnavailable,
    DatabaseUnavailable,
)


@raises(*BEARER_ERRORS)
class OptionalUserBearer(OAuth2PasswordBearer):
    """Answers who a request's token speaks for, or None without one; a bad token is an error.

    A personal access token needs the scopes that the route asks for, and is no good where it asks
    for none: `Security(…, scopes=[…])` hands them down to here. A login is good for everything.

    It is the security scheme and the look-up in one dependency, since every public read pays for
    each dependency that it has.
    """

    def __init__(self) -> None:
        super().__init__(
            tokenUrl="/auth/token", scheme_name="OAuth2PasswordBearer", auto_error=False
        )

    async def __call__(  # type: ignore[override]
        self, request: Request, needed: SecurityScopes
    ) -> AuthenticatedUser | None:
        return await self.find_user(request, needed)

    async def find_user(self, request: Request, needed: SecurityScopes) -> AuthenticatedUser | None:
        """Also for a dependency that looks for more than the user, and is a subclass of this."""
        token = await super().__call__(request)
        if token is None:
            return None
        if access_tokens.is_one(token):
            user = await _user_of_access_token(token, request, needed.scopes)
        else:
            user = await _user_of_login(token, request)
        add_to_log_context(user_id=user.id)
        return user


get_optional_user = OptionalUserBearer()

OptionalUser = Annotated[AuthenticatedUser | None, Depends(get_optional_user)]


# [posts]
def viewer_id(viewer: AuthenticatedUser | None) -> int | None:
    """As whom somebody looks at what is public: as nobody, if their account is switched off."""
    return viewer.id if viewer and viewer.is_active else None


# [/posts]


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


# [notifications]
async def insist_on_token(request: Request, *scopes: str) -> None:
    """Look again at the token of a request whose response goes on for long.

    Raises:
        NotAuthenticated: it is no longer good for anybody.
        NotAllowed: not for these scopes, or its account is switched off.
        ServiceUnavailable: that cannot be known now.
    """
    user = await get_optional_user.find_user(request, SecurityScopes([*scopes]))
    await get_current_active_user(await get_current_user(user))


# [/notifications]


@raises(EmailNotVerified)
async def get_verified_user(user: CurrentUser) -> AuthenticatedUser:
    """Somebody whose e-mail address is known to be theirs.

    Only they write what others read, and bind the account to a device or a program.
    """
    if not user.is_verified:
        raise EmailNotVerified
    return user


VerifiedUser = Annotated[AuthenticatedUser, Depends(get_verified_user)]


@raises(SecondFactorNeeded, SessionsUnavailable)
async def require_fresh_second_factor(
    user: CurrentUser, database: DbReads, redis: RedisClient
) -> bool:
    """With an authenticator app, a code of it is asked for where the password alone would do.

    Whether there is such an app.
    """
    is_on = await second_factor.is_on(database, user_id=user.id)
    if is_on and not await sessions.has_fresh_proof(
        redis, sessions.claims_of(user), Proof.SECOND_FACTOR
    ):
        raise SecondFactorNeeded
    return is_on


@raises(PasswordNeeded)
async def require_fresh_proof(
    user: CurrentUser,
    redis: RedisClient,
    has_second_factor: Annotated[bool, Depends(require_fresh_second_factor)],
) -> None:
    """What is hard to undo takes more than a token that may have been copied.

    A login counts, and so does the second factor or, without one, the password given anew.
    """
    if has_second_factor:
        return
    try:
        is_fresh = await sessions.has_fresh_proof(redis, sessions.claims_of(user), Proof.PASSWORD)
    except SessionsUnavailable:
        if auth_settings.strict_revocation:
            raise
        return  # while Redis is away, a valid token is good enough
    if not is_fresh:
        raise PasswordNeeded


async def get_client(request: Request) -> Client:
    said = request.headers.get("user-agent", "")
    device = "".join(letter for letter in said if letter.isprintable())[:DEVICE_MAX_LENGTH]
    return Client(request.client.host if request.client else "unknown", device or "unknown")


ClientInfo = Annotated[Client, Depends(get_client)]


@raises(TooManyRequests)
async def limit_logins(client: ClientInfo, form: LoginForm, limits: Limits) -> None:
    """Guessing is limited for each account and for each address."""
    await limits.spend(auth_settings.login_address_limit, "login-address", client.network)
    account = form.username.lower()[:EMAIL_MAX_LENGTH]
    await limits.spend(auth_settings.login_limit, "login-account", account)


@raises(TooManyRequests)
async def limited_registration(new: UserCreate, client: ClientInfo, limits: Limits) -> UserCreate:
    """Registering writes to an address that may be anybody's."""
    await limits.spend(auth_settings.register_address_limit, "register", client.network)
    await spend_mail(limits, "register", new.email)
    return new


@raises(TooManyRequests)
async def limit_links(client: ClientInfo, limits: Limits) -> None:
    await limits.spend(auth_settings.link_address_limit, "link", client.network)


@raises(TooManyRequests)
async def limit_codes(user: CurrentUser, client: ClientInfo, limits: Limits) -> None:
    """Of the password and of codes, which somebody who has logged in is asked for once more."""
    await limits.spend(auth_settings.login_address_limit, "code-address", client.network)
    await limits.spend(auth_settings.code_limit, "code-account", str(user.id))


@raises(TooManyRequests)
async def limited_address(asked: EmailRequest, client: ClientInfo, limits: Limits) -> str:
    """An address to send something to, as long as neither it nor the asker had enough."""
    await limits.spend(auth_settings.mail_address_limit, "mail-address", client.network)
    await spend_mail(limits, "link", asked.email)
    return asked.email


@raises(TooManyRequests, InvalidChallenge)
async def limited_challenge(
    asked: SecondFactorRequest, client: ClientInfo, limits: Limits
) -> tuple[Challenge, str]:
    """Half a login, and the code that shall complete it."""
    challenge = tokens.read_challenge(asked.challenge)
    await limits.spend(auth_settings.login_address_limit, "code-address", client.network)
    # Apart from `limit_codes`: whoever knows the password must not use up the owner's attempts.
    await limits.spend(auth_settings.code_limit, "challenge-account", str(challenge.user_id))
    return challenge, asked.code


async def spend_mail(limits: RateLimits, reason: str, email: str) -> None:
    """Count an e-mail to an address, apart from those for other reasons.

    Raises:
        TooManyRequests: it has had enough of them.
    """
    await limits.spend(auth_settings.mail_limit, f"mail-{reason}", email.lower())


async def _user_of_login(token: str, request: Request) -> AuthenticatedUser:
    claims = tokens.read_access_token(token)
    redis, database = await get_redis(request), await get_database(request)
    alive = await sessions.is_trusted(redis, claims)
    user = await logins.get_authenticated(database, claims=claims) if alive else None
    if user is None:
        raise SessionEnded
    return user


async def _user_of_access_token(
    token: str, request: Request, needed: list[str]
) -> AuthenticatedUser:
    user, scopes = await access_tokens.authenticate(await get_database(request), token)
    if not needed or not set(needed) <= set(scopes):
        raise InsufficientScope(*needed)
    return user
