"""Whether this process lives, and whether it can serve."""

from fastapi import APIRouter

from src.database import DbReads
from src.exceptions import raises
from src.health import service
from src.health.exceptions import NotReady
from src.health.schemas import Liveness, Readiness
from src.redis import RedisClient

router = APIRouter(prefix="/health", tags=["Health"])


@router.get("/live", summary="Is the process alive?")
async def get_liveness() -> Liveness:
    """Looks at nothing but itself: restart the process when this fails."""
    return Liveness()


@router.get("/ready", summary="Can it serve requests?")
@raises(NotReady)
async def get_readiness(database: DbReads, redis: RedisClient) -> Readiness:
    """Send traffic while this is 200. Redis alone being away makes it *degraded*, not unready."""
    return await service.check_readiness(database, redis)
