"""Profiles and follows as rows."""

from datetime import timedelta
from itertools import count
from typing import Any

from src.profiles.models import Profile, ProfileFollow
from tests.accounts import Account, create_account
from tests.clients import RunningApp
from tests.factories import FIRST_MOMENT, insert

_numbers = count(1)


async def create_creator(app: RunningApp, **fields: Any) -> Account:
    """Insert an account whose profile is a creator's; `fields` are those of the account."""
    account = await create_account(app, **fields)
    await insert(app.state["database"], Profile(user_id=account.id, is_creator=True))
    return account


async def add_profiles(*accounts: Account) -> None:
    """Rows of profiles, as there are for whoever follows somebody."""
    for account in accounts:
        await insert(account.app.state["database"], Profile(user_id=account.id))


async def add_follows(follower: Account, *creators: Account, **fields: Any) -> None:
    """Follows, each a minute after the one that was made before; all of them have profiles."""
    for creator in creators:
        moment = FIRST_MOMENT + timedelta(minutes=next(_numbers))
        known = {"follower_id": follower.id, "creator_id": creator.id, "created_at": moment}
        await insert(follower.app.state["database"], ProfileFollow(**{**known, **fields}))
