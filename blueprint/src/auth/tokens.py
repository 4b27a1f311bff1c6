"""Signed tokens: JWTs for access and for half a login; short ones for refreshing and for links.

Each kind is told apart by its type or by a key of its own, so that none passes for another.
"""

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID

import jwt

from src.auth.config import auth_settings
from src.auth.constants import Consent, TicketPurpose
from src.auth.exceptions import InvalidChallenge, InvalidLink, InvalidToken, SessionEnded
from src.exceptions import AppError
from src.schemas import MAX_BIGINT

ACCESS_TYPE = "at+jwt"  # RFC 9068, section 2.1
CHALLENGE_TYPE = "second-factor+jwt"
CHALLENGE_LIFETIME = 300  # seconds
LinkPurpose = TicketPurpose | Consent
COMMON_CLAIMS = ["sub", "iat", "exp", "jti", "iss", "aud"]


@dataclass(frozen=True, slots=True)
class Claims:
    """Whom an access token speaks for."""

    user_id: int
    session_id: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """Half a login: the password was right, the second factor is still to come."""

    id: str
    user_id: int
    password_mark: str  # of the password that was right


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """One in the chain of a session's refresh tokens."""

    user_id: int
    session_id: str
    generation: int


def lifetime() -> int:
    """Seconds for which a new access token is good."""
    return auth_settings.jwt_expiration * 60


def create_access_token(claims: Claims) -> str:
    return _encode(ACCESS_TYPE, lifetime(), sub=str(claims.user_id), sid=claims.session_id)


def read_access_token(token: str) -> Claims:
    """The claims of one of our own access tokens.

    Raises:
        InvalidToken: forged, expired, for another audience, or not an access token.
    """
    payload = _decode(token, ACCESS_TYPE, [*COMMON_CLAIMS, "sid"], InvalidToken)
    return Claims(user_id=int(payload["sub"]), session_id=str(payload["sid"]))


def create_challenge(user_id: int, password_mark: str) -> str:
    return _encode(CHALLENGE_TYPE, CHALLENGE_LIFETIME, sub=str(user_id), mark=password_mark)


def read_challenge(token: str) -> Challenge:
    """
    Raises:
        InvalidChallenge: forged, expired, or not of this kind.
    """
    payload = _decode(token, CHALLENGE_TYPE, [*COMMON_CLAIMS, "mark"], InvalidChallenge)
    return Challenge(payload["jti"], int(payload["sub"]), payload["mark"])


def create_refresh_token(token: RefreshToken) -> str:
    """The token of this generation: the same each time, so that a refresh can be repeated."""
    said = f"{token.user_id}.{token.session_id}.{token.generation}"
    return f"{said}.{_mac('refresh', said)}"


def read_refresh_token(token: str) -> RefreshToken:
    """
    Raises:
        SessionEnded: not one of ours.
    """
    said, _, mac = token.rpartition(".")
    if not _is_mac(mac, "refresh", said):
        raise SessionEnded
    user_id, session_id, generation = said.split(".")
    return RefreshToken(int(user_id), session_id, int(generation))


def create_link_token(purpose: LinkPurpose, ticket_id: UUID) -> str:
    """What a link carries. It follows from the ticket's id and our key, and is stored nowhere."""
    return f"{ticket_id.hex}.{_mac(purpose, ticket_id.hex)}"


def read_link_token(purpose: LinkPurpose, token: str) -> UUID:
    """The ticket of a link that is good for `purpose`.

    Raises:
        InvalidLink: not one of ours, or good for something else.
    """
    ticket_id, _, mac = token.partition(".")
    if not _is_mac(mac, purpose, ticket_id):
        raise InvalidLink
    return UUID(ticket_id)


def read_consent_token(token: str) -> tuple[Consent, UUID]:
    """Which address agrees, and to which change.

    Raises:
        InvalidLink: not one of ours, or good for something else.
    """
    for consent in Consent:
        try:
            return consent, read_link_token(consent, token)
        except InvalidLink:
            continue
    raise InvalidLink


def _encode(kind: str, seconds: int, **claims: str) -> str:
    issued_at = int(time.time())
    return jwt.encode(
        {
            **claims,
            "iat": issued_at,
            "exp": issued_at + seconds,
            "jti": secrets.token_urlsafe(12),
            "iss": auth_settings.jwt_issuer,
            "aud": auth_settings.jwt_audience,
        },
        auth_settings.jwt_secret.get_secret_value(),
        algorithm=auth_settings.jwt_algorithm,
        headers={"typ": kind},
    )


def _decode(token: str, kind: str, claims: list[str], error: type[AppError]) -> dict[str, Any]:
    try:
        decoded = jwt.decode_complete(
            token,
            auth_settings.jwt_secret.get_secret_value(),
            algorithms=[auth_settings.jwt_algorithm],
            issuer=auth_settings.jwt_issuer,
            audience=auth_settings.jwt_audience,
            options={"require": claims},
        )
        payload: dict[str, Any] = decoded["payload"]
        if decoded["header"].get("typ") != kind or not 0 < int(payload["sub"]) <= MAX_BIGINT:
            _refuse(error)
    except (jwt.InvalidTokenError, ValueError):
        _refuse(error)
    return payload


def _refuse(error: type[AppError]) -> NoReturn:
    raise error from None


def _mac(use: str, said: str) -> str:
    digest = hmac.digest(auth_settings.signing_key(use), said.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _is_mac(mac: str, use: str, said: str) -> bool:
    return hmac.compare_digest(mac.encode(), _mac(use, said).encode())
