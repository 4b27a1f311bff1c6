"""What an account's owner may change."""

from src.auth import schemas as auth_schemas
from src.schemas import LEFT_OUT, CustomModel


class UserUpdate(CustomModel):
    """A field that is left out stays as it is; none may be null."""

    username: auth_schemas.Username = LEFT_OUT
    first_name: auth_schemas.FirstName = LEFT_OUT
    birth_date: auth_schemas.BirthDate = LEFT_OUT
