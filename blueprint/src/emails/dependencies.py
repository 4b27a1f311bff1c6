"""Look-ups that routes of the local mailbox depend on."""

from typing import Annotated

from fastapi import Depends

from src.emails import mailbox
from src.emails.exceptions import MessageNotFound
from src.exceptions import raises


@raises(MessageNotFound)
async def valid_letter(key: str) -> mailbox.Letter:
    letter = await mailbox.read_letter(key)
    if letter is None:
        raise MessageNotFound
    return letter


ValidLetter = Annotated[mailbox.Letter, Depends(valid_letter)]
