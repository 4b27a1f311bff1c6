"""Settings of authentication: `AUTH_*`."""

import hashlib
import hmac
from typing import Literal

from limits import parse
from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from src.config import DomainSettings, secret_from_settings
from src.limits import Rate


class AuthConfig(DomainSettings):
    model_config = SettingsConfigDict(env_prefix="AUTH_", arbitrary_types_allowed=True)

    jwt_secret: SecretStr = Field(default_factory=secret_from_settings)
    jwt_algorithm: Literal["HS256", "HS384", "HS512"] = "HS256"
    jwt_expiration: int = Field(default=30, ge=1)  # minutes
    jwt_issuer: str = "inkwell"
    jwt_audience: str = "inkwell"
    encryption_secret: SecretStr = Field(default_factory=secret_from_settings)
    refresh_token_expiration: int = Field(default=7, ge=1)  # days
    refresh_grace: int = Field(default=10, ge=0)  # seconds
    strict_revocation: bool = False
    step_up_window: int = Field(default=10, ge=1)  # minutes
    verification_expiration: int = Field(default=24, ge=1)  # hours
    reset_expiration: int = Field(default=60, ge=1)  # minutes
    unverified_expiration: int = Field(default=7, ge=2)  # days
    hash_concurrency: int = Field(default=1, ge=1)
    login_limit: Rate = parse("10/minute")
    login_address_limit: Rate = parse("60/minute")
    register_address_limit: Rate = parse("20/hour")
    mail_limit: Rate = parse("5/hour")
    mail_address_limit: Rate = parse("30/hour")
    code_limit: Rate = parse("10/hour")
    link_address_limit: Rate = parse("60/hour")

    def production_faults(self) -> list[str]:
        return self.secret_faults("jwt_secret", "encryption_secret")

    def signing_key(self, use: str) -> bytes:
        """A key of its own for each use, out of the one secret that signs."""
        secret = self.jwt_secret.get_secret_value().encode()
        return hmac.digest(secret, use.encode(), hashlib.sha256)


auth_settings = AuthConfig.load()
