"""Registration, logins and sessions, and what the links in e-mails lead to."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response, status
from fastapi.responses import JSONResponse

from src.auth import credentials, logins, second_factor, service, sessions
from src.auth.dependencies import (
    ClientInfo,
    CurrentUser,
    LoginForm,
    limit_codes,
    limit_links,
    limit_logins,
    limited_address,
    limited_challenge,
    limited_registration,
)
from src.auth.exceptions import (
    AccountExists,
    EmailTaken,
    InvalidChallenge,
    InvalidCode,
    InvalidCredentials,
    InvalidLink,
    PasswordNeeded,
    PasswordsBusy,
    SecondFactorNeeded,
    SessionEnded,
    SessionNotFound,
    SessionsUnavailable,
    WrongPassword,
)
from src.auth.models import User
from src.auth.schemas import (
    EmailChangeStatus,
    LinkRequest,
    PasswordReset,
    RefreshRequest,
    SecondFactorChallenge,
    SessionResponse,
    StepUpRequest,
    TokenResponse,
    UserCreate,
    UserResponse,
)
from src.auth.sessions import Proof
from src.auth.tokens import Challenge, Claims
from src.database import DbReads, DbSession
from src.exceptions import raises
from src.redis import RedisClient

router = APIRouter(prefix="/auth", tags=["Auth"])

NO_CONTENT = status.HTTP_204_NO_CONTENT
SessionId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]+$", max_length=64)]
NewUser = Annotated[UserCreate, Depends(limited_registration)]
Address = Annotated[str, Depends(limited_address)]
GivenChallenge = Annotated[tuple[Challenge, str], Depends(limited_challenge)]


@router.post(
    "/register",
    status_code=status.HTTP_201_CREATED,
    response_model=UserResponse,
    summary="Create an account",
)
@raises(AccountExists, PasswordsBusy)
async def register(new: NewUser, session: DbSession) -> User:
    """The address is sent a link, with which it is verified. Until then the account can read."""
    return await service.register(session, new=new)


@router.post(
    "/verify-email",
    status_code=NO_CONTENT,
    summary="Verify an address by the link that it was sent",
    dependencies=[Depends(limit_links)],
)
@raises(InvalidLink, EmailTaken)
async def verify_email(link: LinkRequest, session: DbSession) -> None:
    await credentials.verify_email(session, token=link.token)


@router.post(
    "/verify-email/resend",
    status_code=status.HTTP_202_ACCEPTED,
    response_class=Response,
    summary="Send the link for verification again",
)
async def resend_verification(email: Address, session: DbSession) -> None:
    """The answer is the same for every address."""
    await credentials.request_verification(session, email=email)


@router.post(
    "/forgot-password",
    status_code=status.HTTP_202_ACCEPTED,
    response_class=Response,
    summary="Send a link for a new password",
)
async def forgot_password(email: Address, session: DbSession) -> None:
    """The answer is the same for every address."""
    await credentials.request_reset(session, email=email)


@router.post(
    "/reset-password",
    status_code=NO_CONTENT,
    summary="Set a new password by the link that the address was sent",
    dependencies=[Depends(limit_links)],
)
@raises(InvalidLink, PasswordsBusy, SessionsUnavailable)
async def reset_password(
    reset: PasswordReset, session: DbSession, redis: RedisClient, client: ClientInfo
) -> None:
    """Ends all sessions and personal access tokens of the account."""
    await credentials.reset_password(
        session, redis, token=reset.token, password=reset.password, client=client
    )


@router.post(
    "/change-email/confirm",
    summary="Agree to a change of address by the link that was sent",
    dependencies=[Depends(limit_links)],
)
@raises(InvalidLink, EmailTaken)
async def confirm_email_change(
    link: LinkRequest, session: DbSession, client: ClientInfo
) -> EmailChangeStatus:
    """Both the old and the new address have to agree, in either order."""
    done = await credentials.confirm_email_change(session, token=link.token, client=client)
    return EmailChangeStatus(status="changed" if done else "waiting_for_other_address")


@router.post(
    "/token",
    summary="Log in",
    response_model=TokenResponse,
    responses={
        status.HTTP_202_ACCEPTED: {
            "model": SecondFactorChallenge,
            "description": "The password is right; a second factor is needed too",
        }
    },
    dependencies=[Depends(limit_logins)],
)
@raises(InvalidCredentials, PasswordsBusy, SessionsUnavailable)
async def log_in(
    form: LoginForm,
    session: DbSession,
    database: DbReads,
    redis: RedisClient,
    client: ClientInfo,
) -> TokenResponse | JSONResponse:
    """Exchange a user name or e-mail address and a password for tokens (OAuth 2 password form).

    An address opens an account once it is verified. With a second factor the answer is a 202: send
    its `challenge` with a code to `/auth/token/second-factor`.
    """
    outcome = await logins.log_in(
        session, database, redis, login=form.username, password=form.password, client=client
    )
    if isinstance(outcome, SecondFactorChallenge):
        return JSONResponse(outcome.model_dump(), status.HTTP_202_ACCEPTED)
    return outcome


@router.post("/token/second-factor", summary="Complete a login by a code")
@raises(InvalidCode, InvalidChallenge, SessionsUnavailable)
async def complete_login(
    given: GivenChallenge, session: DbSession, redis: RedisClient, client: ClientInfo
) -> TokenResponse:
    """A code of the authenticator app, or one of the recovery codes. Each is good once."""
    challenge, code = given
    return await logins.complete_login(
        session, redis, challenge=challenge, code=code, client=client
    )


@router.post("/refresh", summary="Exchange a refresh token for new tokens")
@raises(SessionEnded, SessionsUnavailable)
async def refresh(
    request: RefreshRequest, database: DbReads, redis: RedisClient, client: ClientInfo
) -> TokenResponse:
    """A refresh token works once. Sent twice within seconds, it gives the same next one again.
    After that it must have been copied: its session is ended.
    """
    return await logins.refresh(database, redis, refresh_token=request.refresh_token, client=client)


@router.post("/logout", status_code=NO_CONTENT, summary="End this session")
@raises(SessionsUnavailable)
async def log_out(user: CurrentUser, redis: RedisClient) -> None:
    await sessions.end_session(redis, sessions.claims_of(user))


@router.post("/logout-everywhere", status_code=NO_CONTENT, summary="End all of one's sessions")
@raises(SessionsUnavailable)
async def log_out_everywhere(user: CurrentUser, redis: RedisClient) -> None:
    """Also this one. Personal access tokens stay."""
    await sessions.end_all_sessions(redis, user_id=user.id)


@router.get("/sessions", summary="List one's sessions")
@raises(SessionsUnavailable)
async def list_sessions(user: CurrentUser, redis: RedisClient) -> list[SessionResponse]:
    """Where one is logged in, the session used last first."""
    return [
        SessionResponse(
            id=session.id,
            device=session.device,
            address=session.address,
            created_at=session.created_at,
            last_seen_at=session.last_seen_at,
            is_current=session.id == user.session_id,
        )
        for session in await sessions.list_sessions(redis, user_id=user.id)
    ]


@router.delete(
    "/sessions/{session_id}", status_code=NO_CONTENT, summary="End one of one's sessions"
)
@raises(SessionNotFound, SessionsUnavailable)
async def end_session(session_id: SessionId, user: CurrentUser, redis: RedisClient) -> None:
    if not await sessions.end_session(redis, Claims(user.id, session_id)):
        raise SessionNotFound


@router.post(
    "/step-up",
    status_code=NO_CONTENT,
    summary="Show once more who you are",
    dependencies=[Depends(limit_codes)],
)
@raises(
    InvalidCode,
    WrongPassword,
    SecondFactorNeeded,
    PasswordNeeded,
    PasswordsBusy,
    SessionsUnavailable,
)
async def step_up(
    proof: StepUpRequest,
    user: CurrentUser,
    session: DbSession,
    database: DbReads,
    redis: RedisClient,
    client: ClientInfo,
) -> None:
    """For some minutes this session may do what is hard to undo.

    With an authenticator app it takes a code, else the password.
    """
    if await second_factor.is_on(database, user_id=user.id):
        if not proof.code:
            raise SecondFactorNeeded
        await second_factor.check(session, user_id=user.id, code=proof.code, client=client)
        shown = Proof.SECOND_FACTOR
    else:
        if not proof.password:
            raise PasswordNeeded
        await credentials.insist_on_password(database, user_id=user.id, password=proof.password)
        shown = Proof.PASSWORD
    await sessions.note_proof(redis, sessions.claims_of(user), shown)
