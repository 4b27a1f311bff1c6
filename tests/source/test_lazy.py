"""What is worked out once."""

from fastwright.source.lazy import Lazy


class Counted:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    @Lazy
    def answer(self) -> int | None:
        """Return an answer that may be None."""
        self.asked += 1
        return None


def test_an_object_is_asked_once_even_if_the_answer_is_none() -> None:
    counted = Counted()
    assert counted.answer is None
    assert counted.answer is None
    assert counted.asked == 1


def test_each_object_has_an_answer_of_its_own() -> None:
    first, second = Counted(), Counted()
    assert first.answer == second.answer
    assert (first.asked, second.asked) == (1, 1)
