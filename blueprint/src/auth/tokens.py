"""Access tokens: JWTs that carry who and which session, and nothing that may change."""

import secrets
import time
from dataclasses import dataclass

import jwt

from src.auth.config import auth_settings
from src.auth.exceptions import InvalidToken

REQUIRED_CLAIMS = ["sub", "sid", "iat", "exp", "jti", "iss", "aud"]
TOKEN_TYPE = "at+jwt"  # noqa: S105  (RFC 9068, section 2.1)


@dataclass(frozen=True, slots=True)
class Claims:
    user_id: int
    session_id: str


def lifetime() -> int:
    """Seconds for which a new access token is good."""
    return auth_settings.jwt_expiration * 60


def create_access_token(claims: Claims) -> str:
    issued_at = int(time.time())
    return jwt.encode(
        {
            "sub": str(claims.user_id),
            "sid": claims.session_id,
            "iat": issued_at,
            "exp": issued_at + lifetime(),
            "jti": secrets.token_urlsafe(12),
            "iss": auth_settings.jwt_issuer,
            "aud": auth_settings.jwt_audience,
        },
        auth_settings.jwt_secret.get_secret_value(),
        algorithm=auth_settings.jwt_algorithm,
        headers={"typ": TOKEN_TYPE},
    )


def read_access_token(token: str) -> Claims:
    """The claims of one of our own access tokens.

    Raises:
        InvalidToken: forged, expired, for another audience, or not an access token.
    """
    try:
        decoded = jwt.decode_complete(
            token,
            auth_settings.jwt_secret.get_secret_value(),
            algorithms=[auth_settings.jwt_algorithm],
            issuer=auth_settings.jwt_issuer,
            audience=auth_settings.jwt_audience,
            options={"require": REQUIRED_CLAIMS},
        )
        if decoded["header"].get("typ") != TOKEN_TYPE:
            raise InvalidToken
        payload = decoded["payload"]
        return Claims(user_id=int(payload["sub"]), session_id=str(payload["sid"]))
    except (jwt.InvalidTokenError, ValueError):
        raise InvalidToken from None
