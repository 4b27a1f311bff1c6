"""Settings of authentication: `AUTH_*`."""

from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from limits import RateLimitItem, parse
from src.config import DomainSettings, local_secret, settings


class AuthConfig(DomainSettings):
    model_config = SettingsConfigDict(env_prefix="AUTH_")

    jwt_secret: SecretStr = Field(
        default_factory=lambda: local_secret() if settings.is_local else SecretStr("")
    )
    jwt_algorithm: Literal["HS256", "HS384", "HS512"] = "HS256"
    jwt_expiration: int = Field(default=30, ge=1)  # minutes
    jwt_issuer: str = "inkwell"
    jwt_audience: str = "inkwell"
    refresh_token_expiration: int = Field(default=7, ge=1)  # days
    strict_revocation: bool = False
    hash_concurrency: int = Field(default=1, ge=1)
    login_limit: str = "10/minute"
    login_address_limit: str = "60/minute"
    register_address_limit: str = "20/hour"

    @field_validator("login_limit", "login_address_limit", "register_address_limit")
    @classmethod
    def is_a_rate(cls, value: str) -> str:
        try:
            parse(value)
        except ValueError:
            raise ValueError(f"{value!r} is not a rate such as 10/minute") from None
        return value

    @property
    def per_account(self) -> RateLimitItem:
        return parse(self.login_limit)

    @property
    def per_address(self) -> RateLimitItem:
        return parse(self.login_address_limit)

    @property
    def registrations_per_address(self) -> RateLimitItem:
        return parse(self.register_address_limit)

    def production_faults(self) -> list[str]:
        return self.secret_faults("jwt_secret")


auth_settings = AuthConfig.load()
