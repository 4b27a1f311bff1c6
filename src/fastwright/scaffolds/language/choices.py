"""The choices of an enum."""

from fastwright.scaffolds import names
from fastwright.scaffolds.language.fault import Fault, Part

_MOST = 50
_LONGEST = 32


def choices_of(groups: list[Part], *, behind: Part) -> tuple[str, ...]:
    """Return what `{draft,live}` lists.

    Raises `Fault` where it lists nothing, or what cannot be a choice.
    """
    if not groups:
        raise Fault(behind, "Its choices are expected here, in { }.", instead="{first,second}")
    for again in groups[1:]:
        raise Fault(again, "The choices are stated already.", instead="")
    group = groups[0]
    if not group.text.endswith("}"):
        raise Fault(group, "A } is expected at the end of this.", instead=f"{group.text}}}")
    inside = group.at(1, len(group.text) - 2)
    choices: list[str] = []
    for part in inside.split(","):
        choices.append(_choice(part, choices))
    if len(choices) == 1:
        raise Fault(inside, "An enum has two choices at least.", instead=f"{choices[0]},other")
    if len(choices) > _MOST:
        most = ",".join(choices[:_MOST])
        raise Fault(inside, f"An enum has at most {_MOST} choices.", instead=most)
    return tuple(choices)


def _choice(part: Part, before: list[str]) -> str:
    choice = _spelled(part.text)
    if choice != part.text or choice in before:
        number = 2
        free = choice
        while free in before:
            free, number = f"{choice[: _LONGEST - 3]}_{number}", number + 1
        raise Fault(
            part,
            "A choice is expected here that is not there yet: lower-case letters, digits and "
            f"single _ between words, at most {_LONGEST} characters.",
            instead=free,
        )
    return choice


def _spelled(text: str) -> str:
    """Return the nearest word that can be a choice: `In progress` → `in_progress`."""
    if text[:1].isdigit():
        text = f"v{text}"
    return names.snake(text)[:_LONGEST].rstrip("_") or "other"
