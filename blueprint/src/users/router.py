"""One's own account."""

from typing import Any

from fastapi import APIRouter, status

from src.auth import dependencies as auth_dependencies
from src.auth import exceptions as auth_exceptions
from src.auth import schemas as auth_schemas
from src.auth import service as auth_service
from src.database import DbSession
from src.exceptions import raises
from src.redis import RedisClient
from src.users.schemas import UserUpdate

router = APIRouter(prefix="/users", tags=["Users"])


@router.get("/me", response_model=auth_schemas.UserResponse, summary="Read one's own account")
async def get_own_account(account: auth_dependencies.OwnAccount) -> Any:
    return account


@router.patch("/me", response_model=auth_schemas.UserResponse, summary="Change one's own account")
@raises(auth_exceptions.AccountExists)
async def update_own_account(
    account: auth_dependencies.OwnAccount, changes: UserUpdate, session: DbSession
) -> Any:
    """Fields that are left out stay as they are."""
    return await auth_service.update_user(
        session, user=account, changes=changes.model_dump(exclude_unset=True)
    )


@router.delete("/me", status_code=status.HTTP_204_NO_CONTENT, summary="Delete one's own account")
async def delete_own_account(
    account: auth_dependencies.OwnAccount, session: DbSession, redis: RedisClient
) -> None:
    """Deletes the account with its posts and likes, for good."""
    await auth_service.delete_user(session, redis, user=account)
