"""What an account's owner may change."""

from src.auth.schemas import BirthDate, FirstName, Username
from src.schemas import LEFT_OUT, CustomModel


class UserUpdate(CustomModel):
    """A field that is left out stays as it is; none may be null."""

    username: Username = LEFT_OUT
    first_name: FirstName = LEFT_OUT
    birth_date: BirthDate = LEFT_OUT
