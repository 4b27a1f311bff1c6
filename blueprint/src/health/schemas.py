"""What the health checks answer."""

from typing import Literal

from src.schemas import CustomModel


class Liveness(CustomModel):
    status: Literal["alive"] = "alive"


class Readiness(CustomModel):
    status: Literal["ready", "degraded"]
    database: Literal["ok"] = "ok"
    migrations: Literal["ok"] = "ok"
    redis: Literal["ok", "away"]
