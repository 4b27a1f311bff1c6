"""Errors of authentication."""

from src.exceptions import (
    BadRequest,
    Conflict,
    FieldError,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    ServiceUnavailable,
    Unprocessable,
)


class InvalidCredentials(NotAuthenticated):
    """Says the same for an unknown account as for a wrong password."""

    code = "invalid_credentials"
    detail = "The name or the password is wrong; an e-mail address counts once it is verified."


class InvalidToken(NotAuthenticated):
    code = "invalid_token"
    detail = "The access token is not valid or has expired."


class SessionEnded(NotAuthenticated):
    code = "session_ended"
    detail = "This session has ended. Log in again."


class TokenReused(SessionEnded):
    """A refresh token came back that had been used before. Looks like any other ended session."""

    def __init__(self, user_id: int) -> None:
        super().__init__()
        self.user_id = user_id


class InvalidChallenge(NotAuthenticated):
    code = "invalid_challenge"
    detail = "This login has taken too long or was completed before. Log in again."


class InvalidCode(NotAllowed):
    code = "invalid_code"
    detail = "The code is wrong, has expired, or has been used. Try the next one."


class WrongPassword(NotAllowed):
    code = "wrong_password"
    detail = "The current password is wrong."


class SecondFactorNeeded(NotAllowed):
    code = "second_factor_needed"
    detail = "Confirm that it is you: send a code to /auth/step-up, then try again."


class PasswordNeeded(NotAllowed):
    code = "password_needed"
    detail = "Confirm that it is you: send your password to /auth/step-up, then try again."


class InactiveUser(NotAllowed):
    code = "inactive_user"
    detail = "This account is not active."


class EmailNotVerified(NotAllowed):
    code = "email_not_verified"
    detail = (
        "Verify your e-mail address first, by the link in the e-mail that you were sent. "
        "POST /auth/verify-email/resend sends it again."
    )


class InsufficientScope(NotAllowed):
    """RFC 6750, section 3.1."""

    code = "insufficient_scope"
    detail = "This access token is not good for that."

    def __init__(self, *scopes: str) -> None:
        """`scopes`: what the route asks for; none, if it is not for access tokens at all."""
        needed = f', scope="{" ".join(scopes)}"' if scopes else ""
        detail = "Personal access tokens cannot do this: log in for it."
        if scopes:
            detail = f"This needs an access token with the scope {' '.join(scopes)}."
        challenge = f'Bearer error="insufficient_scope"{needed}'
        super().__init__(detail, headers={"WWW-Authenticate": challenge})


class PasswordTooPersonal(Unprocessable):
    """The rule of registration, for a new password of an account that is there already."""

    def __init__(self) -> None:
        detail = "The password must contain neither the name nor the e-mail"
        super().__init__(
            errors=[FieldError(pointer="/body/password", detail=detail, code="value_error")]
        )


class InvalidLink(BadRequest):
    code = "invalid_link"
    detail = "This link is not valid, has expired, or was used before. Ask for a new one."


class SessionNotFound(NotFound):
    code = "session_not_found"
    detail = "There is no such session."


class AccessTokenNotFound(NotFound):
    code = "access_token_not_found"
    detail = "There is no such access token."


class AccountExists(Conflict):
    """Says nothing of the address: whose that is, only its mailbox hears."""

    code = "account_exists"
    detail = "This user name is taken."


class EmailTaken(Conflict):
    """Said only to somebody who reads that address's mail."""

    code = "email_taken"
    detail = "This e-mail address belongs to another account."


class TotpAlreadyOn(Conflict):
    code = "totp_already_on"
    detail = "An authenticator app is set up already. Remove it first."


class TotpNotBegun(Conflict):
    code = "totp_not_begun"
    detail = "No authenticator app is being set up."


class TooManyAccessTokens(Conflict):
    code = "too_many_access_tokens"
    detail = "This account has as many access tokens as it can have. Delete one first."


class SessionsUnavailable(ServiceUnavailable):
    code = "sessions_unavailable"
    detail = "Sessions cannot be opened or checked for a moment. Try again."


class PasswordsBusy(ServiceUnavailable):
    code = "passwords_busy"
    detail = "More passwords are to be checked than can be right now. Try again in a moment."

    def __init__(self) -> None:
        super().__init__(retry_after=5)
