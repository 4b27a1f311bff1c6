"""Tokens as a forger makes them, and as only the application could."""

import base64
import json
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from src.auth.config import auth_settings

Payload = dict[str, Any]
FORGERS_KEY = "the-forger-has-a-key-too-and-it-is-long-enough-for-any-of-the-algorithms"


def header_of(token: str) -> dict[str, Any]:
    return dict(jwt.get_unverified_header(token))


def payload_of(token: str) -> Payload:
    payload: Payload = jwt.decode(token, options={"verify_signature": False})
    return payload


def signed(token: str, *, key: str | None = None, headers: Any = None, **claims: Any) -> str:
    """The token with other headers and claims, under our own key unless one is given."""
    header = {**header_of(token), **(headers or {})}
    return jwt.encode(
        {**payload_of(token), **claims},
        auth_settings.jwt_secret.get_secret_value() if key is None else key,
        algorithm=header["alg"],
        headers=header,
    )


def unsigned(token: str, algorithm: str) -> str:
    """The token without a signature, which its header says needs none."""
    header = _encoded({**header_of(token), "alg": algorithm})
    return f"{header}.{token.split('.')[1]}."


def signed_by_a_key_of_its_own(token: str) -> str:
    """RS256, with the key to check it by in the header (CVE-2018-0114)."""
    key = rsa.generate_private_key(65537, 2048)
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    headers = {"typ": header_of(token)["typ"], "jwk": jwk, "jku": "https://evil.example/keys"}
    return jwt.encode(payload_of(token), key, algorithm="RS256", headers=headers)


def signed_with_a_public_key(token: str) -> str:
    """HS256, with the text of a public key as the secret (CVE-2022-29217)."""
    public = rsa.generate_private_key(65537, 2048).public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    said = f"{_encoded(header_of(token))}.{token.split('.')[1]}"
    hs256 = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    return f"{said}.{_base64(hs256.sign(said.encode(), pem))}"


def _encoded(header: dict[str, Any]) -> str:
    return _base64(json.dumps(header).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
