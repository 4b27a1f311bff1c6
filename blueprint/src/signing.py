"""Tokens that anybody may read and only the application can write: a signature, then a payload.

What a token is good for is signed along: one made for something else does not open.
"""

import base64
import binascii
import hashlib
import hmac

from pydantic import SecretStr

SIGNATURE_BYTES = 16


def sign(payload: bytes, *, secret: SecretStr, use: str) -> str:
    """A token of letters that need no quoting in a URL."""
    signed = _signature(payload, secret, use) + payload
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()


def opened(token: str, *, secret: SecretStr, use: str) -> bytes | None:
    """The payload of a token that was signed for the same use, or None."""
    try:
        signed = base64.b64decode(
            token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True
        )
    except (binascii.Error, ValueError):
        return None
    signature, payload = signed[:SIGNATURE_BYTES], signed[SIGNATURE_BYTES:]
    return payload if hmac.compare_digest(signature, _signature(payload, secret, use)) else None


def _signature(payload: bytes, secret: SecretStr, use: str) -> bytes:
    # A digest of the use has one length: where it ends and the payload begins is never in doubt.
    message = hashlib.sha256(use.encode()).digest() + payload
    return hmac.digest(secret.get_secret_value().encode(), message, "sha256")[:SIGNATURE_BYTES]
