"""One's own account: read, changed, made safer, ended."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response, Security, status

from src.auth import access_tokens as auth_access_tokens
from src.auth import constants as auth_constants
from src.auth import credentials as auth_credentials
from src.auth import dependencies as auth_dependencies
from src.auth import exceptions as auth_exceptions
from src.auth import schemas as auth_schemas
from src.auth import second_factor as auth_second_factor
from src.auth import service as auth_service
from src.database import DbReads, DbSession
from src.exceptions import raises
from src.redis import RedisClient
from src.schemas import PathId
from src.users.dependencies import limited_email_change
from src.users.schemas import (
    AccessTokenCreate,
    AccessTokenResponse,
    EmailChangeRequest,
    NewAccessToken,
    PasswordChange,
    PasswordConfirmation,
    RecoveryCodes,
    SecondFactorStatus,
    TotpSetup,
    UserUpdate,
)

router = APIRouter(prefix="/users/me", tags=["Users"])

NO_CONTENT = status.HTTP_204_NO_CONTENT
SECOND_FACTOR = Depends(auth_dependencies.require_fresh_second_factor)
FRESH_PROOF = Depends(auth_dependencies.require_fresh_proof)
LIMITED = Depends(auth_dependencies.limit_codes)
Reader = Annotated[
    auth_schemas.AuthenticatedUser,
    Security(auth_dependencies.get_current_active_user, scopes=[auth_constants.Scope.ACCOUNT_READ]),
]
NewAddress = Annotated[EmailChangeRequest, Depends(limited_email_change)]


@router.get("", response_model=auth_schemas.UserResponse, summary="Read one's own account")
@raises(auth_exceptions.SessionEnded)
async def get_own_account(user: Reader, database: DbReads) -> Any:
    return await auth_service.get_account(database, user_id=user.id)


@router.patch("", response_model=auth_schemas.UserResponse, summary="Change one's own account")
@raises(auth_exceptions.AccountExists)
async def update_own_account(
    user: auth_dependencies.CurrentUser,
    changes: UserUpdate,
    session: DbSession,
    redis: RedisClient,
) -> Any:
    """Fields that are left out stay as they are."""
    return await auth_service.update_user(
        session, redis, owner=user, changes=changes.model_dump(exclude_unset=True)
    )


@router.delete(
    "", status_code=NO_CONTENT, summary="Delete one's own account", dependencies=[FRESH_PROOF]
)
async def delete_own_account(
    user: auth_dependencies.CurrentUser,
    session: DbSession,
    redis: RedisClient,
    client: auth_dependencies.ClientInfo,
) -> None:
    """Deletes the account with all that belongs to it.

    Comments do not: they stay, without a name.  # [comments]
    There is no way back.
    """
    await auth_service.delete_user(session, redis, owner=user, client=client)


@router.post(
    "/deactivate",
    status_code=NO_CONTENT,
    summary="Switch one's own account off",
    dependencies=[FRESH_PROOF],
)
@raises(auth_exceptions.SessionsUnavailable)
async def deactivate(
    user: auth_dependencies.CurrentUser,
    session: DbSession,
    redis: RedisClient,
    client: auth_dependencies.ClientInfo,
) -> None:
    """Ends all sessions. Logging in again switches it on."""
    await auth_credentials.deactivate(session, redis, owner=user, client=client)


@router.post(
    "/password",
    status_code=NO_CONTENT,
    summary="Change the password",
    dependencies=[SECOND_FACTOR, LIMITED],
)
@raises(
    auth_exceptions.WrongPassword,
    auth_exceptions.PasswordsBusy,
    auth_exceptions.SessionsUnavailable,
)
async def change_password(
    change: PasswordChange,
    user: auth_dependencies.CurrentUser,
    session: DbSession,
    database: DbReads,
    redis: RedisClient,
    client: auth_dependencies.ClientInfo,
) -> None:
    """Ends all other sessions. Personal access tokens stay."""
    await auth_credentials.change_password(
        session,
        database,
        redis,
        owner=user,
        current=change.current_password,
        new=change.password,
        client=client,
    )


@router.post(
    "/email",
    status_code=status.HTTP_202_ACCEPTED,
    response_class=Response,
    summary="Ask for another e-mail address",
    dependencies=[SECOND_FACTOR, LIMITED],
)
@raises(auth_exceptions.WrongPassword, auth_exceptions.PasswordsBusy)
async def change_email(
    change: NewAddress,
    user: auth_dependencies.CurrentUser,
    session: DbSession,
    database: DbReads,
    redis: RedisClient,
) -> None:
    """Both addresses are sent a link, and both have to agree."""
    await auth_credentials.request_email_change(
        session,
        database,
        redis,
        owner=user,
        password=change.current_password,
        new_email=change.email,
    )


@router.get("/second-factor", summary="Is a second factor on?")
async def get_second_factor(
    user: auth_dependencies.CurrentUser, database: DbReads, session: DbSession
) -> SecondFactorStatus:
    return SecondFactorStatus(
        is_on=await auth_second_factor.is_on(database, user_id=user.id),
        recovery_codes_left=await auth_second_factor.count_recovery_codes(session, user_id=user.id),
    )


@router.post("/second-factor/totp", summary="Set up an authenticator app", dependencies=[LIMITED])
@raises(
    auth_exceptions.WrongPassword,
    auth_exceptions.PasswordsBusy,
    auth_exceptions.TotpAlreadyOn,
)
async def begin_totp(
    confirmation: PasswordConfirmation,
    user: auth_dependencies.VerifiedUser,
    session: DbSession,
    database: DbReads,
    redis: RedisClient,
) -> TotpSetup:
    """It counts once a first code has been confirmed."""
    await auth_credentials.insist_on_password(
        database, user_id=user.id, password=confirmation.current_password
    )
    totp = await auth_second_factor.begin(session, redis, owner=user)
    return TotpSetup(secret=totp.secret, uri=totp.uri)


@router.post(
    "/second-factor/totp/confirm",
    summary="Turn the second factor on by a first code",
    dependencies=[LIMITED],
)
@raises(
    auth_exceptions.InvalidCode,
    auth_exceptions.TotpNotBegun,
)
async def confirm_totp(
    given: auth_schemas.CodeRequest,
    user: auth_dependencies.VerifiedUser,
    session: DbSession,
    redis: RedisClient,
    client: auth_dependencies.ClientInfo,
) -> RecoveryCodes:
    codes = await auth_second_factor.confirm(
        session, redis, owner=user, code=given.code, client=client
    )
    return RecoveryCodes(recovery_codes=codes)


@router.delete(
    "/second-factor/totp",
    status_code=NO_CONTENT,
    summary="Turn the second factor off",
    dependencies=[FRESH_PROOF],
)
async def remove_totp(
    user: auth_dependencies.CurrentUser,
    session: DbSession,
    redis: RedisClient,
    client: auth_dependencies.ClientInfo,
) -> None:
    await auth_second_factor.remove(session, redis, owner=user, client=client)


@router.post(
    "/second-factor/recovery-codes",
    summary="Replace the recovery codes",
    dependencies=[FRESH_PROOF],
)
@raises(auth_exceptions.TotpNotBegun)
async def replace_recovery_codes(
    user: auth_dependencies.CurrentUser,
    session: DbSession,
    redis: RedisClient,
    client: auth_dependencies.ClientInfo,
) -> RecoveryCodes:
    """The old ones are no longer good."""
    codes = await auth_second_factor.replace_recovery_codes(
        session, redis, owner=user, client=client
    )
    return RecoveryCodes(recovery_codes=codes)


@router.get(
    "/access-tokens",
    response_model=list[AccessTokenResponse],
    summary="List one's personal access tokens",
)
async def list_access_tokens(user: auth_dependencies.CurrentUser, session: DbSession) -> Any:
    return await auth_access_tokens.list_all(session, user_id=user.id)


@router.post(
    "/access-tokens",
    status_code=status.HTTP_201_CREATED,
    summary="Make a personal access token",
    dependencies=[FRESH_PROOF],
)
@raises(auth_exceptions.TooManyAccessTokens)
async def create_access_token(
    new: AccessTokenCreate,
    user: auth_dependencies.VerifiedUser,
    session: DbSession,
    redis: RedisClient,
    client: auth_dependencies.ClientInfo,
) -> NewAccessToken:
    """For programs: send it as a bearer token. It is shown this once."""
    row, token = await auth_access_tokens.create(
        session,
        redis,
        owner=user,
        name=new.name,
        scopes=new.scopes,
        lifetime=timedelta(days=new.expires_in_days),
        client=client,
    )
    return NewAccessToken.model_validate({**row.model_dump(), "token": token})


@router.delete(
    "/access-tokens/{token_id}",
    status_code=NO_CONTENT,
    summary="Delete a personal access token",
)
@raises(auth_exceptions.AccessTokenNotFound)
async def delete_access_token(
    token_id: PathId, user: auth_dependencies.CurrentUser, session: DbSession
) -> None:
    """Programs that use it are refused from now on."""
    await auth_access_tokens.revoke(session, user_id=user.id, token_id=token_id)
