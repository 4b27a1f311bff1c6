"""Profiles of the demo data, and who follows whom."""

from collections.abc import Iterator
from random import Random
from typing import Any

from faker import Faker
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from src.profiles.models import Profile, ProfileFollow

FOLLOWS_OF_MOST = 30


async def seed(connection: AsyncConnection, fake: Faker, user_ids: list[int]) -> list[str]:
    """Profiles and follows of these users; says how many."""
    # The first write most; these are the creators.
    creators = user_ids[: len(user_ids) // 4]
    profiles = list(_profiles(fake, user_ids, set(creators)))
    await connection.execute(insert(Profile), profiles)
    follows = list(_follows(fake.random, user_ids, creators))
    await connection.execute(insert(ProfileFollow), follows)
    return [f"{len(creators)} creators", f"{len(follows):,} follows"]


def _profiles(fake: Faker, user_ids: list[int], creators: set[int]) -> Iterator[dict[str, Any]]:
    for user_id in user_ids:
        yield {
            "user_id": user_id,
            "display_name": fake.name(),
            "bio": fake.sentence(nb_words=12),
            "is_creator": user_id in creators,
        }


def _follows(chance: Random, user_ids: list[int], creators: list[int]) -> Iterator[dict[str, Any]]:
    for user_id in user_ids:
        others = [creator for creator in creators if creator != user_id]
        for creator in chance.sample(others, min(len(others), chance.randint(0, FOLLOWS_OF_MOST))):
            yield {"follower_id": user_id, "creator_id": creator}
