"""Settings of comments: `COMMENTS_*`."""

from limits import parse
from pydantic_settings import SettingsConfigDict

from src.config import DomainSettings
from src.limits import Rate


class CommentsConfig(DomainSettings):
    model_config = SettingsConfigDict(env_prefix="COMMENTS_", arbitrary_types_allowed=True)

    write_limit: Rate = parse("20/minute")


comments_settings = CommentsConfig.load()
