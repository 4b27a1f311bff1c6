"""Errors of authentication."""

from src.exceptions import Conflict, NotAllowed, NotAuthenticated, ServiceUnavailable


class InvalidCredentials(NotAuthenticated):
    """Says the same for an unknown account as for a wrong password."""

    code = "invalid_credentials"
    detail = "The user name or the password is wrong."


class InvalidToken(NotAuthenticated):
    code = "invalid_token"
    detail = "The access token is not valid or has expired."


class SessionEnded(NotAuthenticated):
    code = "session_ended"
    detail = "This session has ended. Log in again."


class InactiveUser(NotAllowed):
    code = "inactive_user"
    detail = "This account is not active."


class AccountExists(Conflict):
    code = "account_exists"
    detail = "The user name or the e-mail address is taken."


class SessionsUnavailable(ServiceUnavailable):
    code = "sessions_unavailable"
    detail = "Sessions cannot be opened or checked for a moment. Try again."
