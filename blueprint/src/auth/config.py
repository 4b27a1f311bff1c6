"""Settings of authentication: `AUTH_*`."""

from typing import Annotated, Literal

from limits import RateLimitItem, parse
from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode, SettingsConfigDict

from src.config import DomainSettings, local_secret, settings


def _rate(value: object) -> object:
    try:
        return parse(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError(f"{value!r} is not a rate such as 10/minute") from None


Rate = Annotated[RateLimitItem, NoDecode, BeforeValidator(_rate)]


class AuthConfig(DomainSettings):
    model_config = SettingsConfigDict(env_prefix="AUTH_", arbitrary_types_allowed=True)

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
    login_limit: Rate = parse("10/minute")
    login_address_limit: Rate = parse("60/minute")
    register_address_limit: Rate = parse("20/hour")

    def production_faults(self) -> list[str]:
        return self.secret_faults("jwt_secret")


auth_settings = AuthConfig.load()
