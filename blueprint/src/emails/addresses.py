"""E-mail addresses, in the form in which headers and SMTP can carry them."""

import re
from email.headerregistry import Address
from email.utils import getaddresses

from email_validator import EmailNotValidError, validate_email

from src.schemas import refuse_encoded_words

# Line breaks of every kind among them: a header must not be able to begin another.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def parse_address(text: str) -> Address:
    """The address `ada@example.com`; international domains in the form that all servers know.

    Raises:
        ValueError: it is not one address.
    """
    return _address(text, display_name="")


def parse_sender(text: str) -> Address:
    """The address of `Ada <ada@example.com>`, with or without a name.

    Raises:
        ValueError: it is not one address.
    """
    refuse_control_characters(text)
    match getaddresses([text]):
        case [(name, address)]:
            return _address(address, display_name=name)
        case _:
            raise ValueError("Must be one address; a name with a comma stands in quotes")


def refuse_control_characters(text: str) -> None:
    """Let nothing pass that could end a header.

    Raises:
        ValueError: there is a line break or another control character.
    """
    if CONTROL_CHARACTERS.search(text):
        raise ValueError("Must not contain control characters")


def _address(text: str, display_name: str) -> Address:
    refuse_control_characters(text)
    refuse_encoded_words(text)
    try:
        valid = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        raise ValueError("Must be an e-mail address such as ada@example.com") from None
    return Address(display_name, valid.ascii_local_part or valid.local_part, valid.ascii_domain)
