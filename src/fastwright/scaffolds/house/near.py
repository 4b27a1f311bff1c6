"""Which of a project's domains was probably meant by a name that is none of them."""

from collections.abc import Collection

from fastwright.scaffolds import names
from fastwright.scaffolds.language.fault import nearest


def domain(word: str, known: Collection[str]) -> str | None:
    """Return the domain that was probably meant; `post` means `posts`."""
    tidy = names.snake(word)
    many = names.plural(tidy) if tidy else ""
    return many if many in known else nearest(tidy, known)
