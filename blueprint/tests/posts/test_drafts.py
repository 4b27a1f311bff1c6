"""What leads to the draft of somebody else: nothing is there."""

import pytest

from src.auth.constants import Scope
from tests.accounts import Account
from tests.attacks.test_scopes import program
from tests.contract import assert_problem
from tests.routes import ROUTES, call
from tests.routing import Key


@pytest.mark.parametrize("key", [key for key in ROUTES if "{post_id}" in key[1]], ids=" ".join)
async def test_the_drafts_of_others_are_not_there(
    author: Account, reader: Account, key: Key
) -> None:
    draft = await author.writes(status="draft")

    response = await call(reader.client, key, {"post_id": draft.id})

    assert_problem(response, 404, "post_not_found")


async def test_an_account_that_is_switched_off_shows_its_drafts_to_no_program(
    author: Account,
) -> None:
    draft = await author.writes(status="draft")
    client = await program(author, Scope.POSTS_READ)
    assert (await client.get(f"/posts/{draft.id}")).status_code == 200

    await author.client.post("/users/me/deactivate")

    assert_problem(await client.get(f"/posts/{draft.id}"), 404, "post_not_found")
