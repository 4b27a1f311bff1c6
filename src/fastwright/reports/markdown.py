"""Markdown: a review as a comment on a pull request."""

import re
from collections.abc import Iterator

from fastwright.practice import Finding, Kind
from fastwright.reports import phrases
from fastwright.reviews.review import Review

# GitHub refuses a comment of more than 65,536 characters.
_LONGEST = 60_000
_TITLES = {Kind.DEFECT: "Defects", Kind.RISK: "Risks", Kind.PRACTICE: "House practices"}


def review(shown: Review, prefix: str = "") -> str:
    """Return a review; `prefix` leads from the working directory to the reviewed root."""
    lines = [f"## fastwright: {phrases.findings(shown)}", ""]
    left = _LONGEST
    omitted = 0
    for kind in Kind:
        found = [each for each in shown.findings if each.kind is kind]
        if found:
            lines += [f"### {_TITLES[kind]}", ""]
        for each in found:
            entry = list(_finding(each, prefix))
            left -= sum(len(line) + 1 for line in entry)
            if left < 0:
                omitted += 1
            else:
                lines += entry
        if found:
            lines.append("")
    if omitted:
        lines += [f"… and {phrases.number(omitted, 'more finding')}: too many for a comment.", ""]
    lines.append(_closing(shown))
    return "\n".join(lines) + "\n"


def _finding(shown: Finding, prefix: str) -> Iterator[str]:
    at = shown.at
    place = _code(f"{prefix}{at.path}:{at.line}")
    yield f"- {place} {_text(phrases.message(shown))} ({_code(shown.practice)})"
    for step in shown.chain:
        yield f"  - {_code(f'{prefix}{step.path}:{step.line}')} {_text(step.text)}"


def _closing(shown: Review) -> str:
    said = [f"Looked at {phrases.looked_at(shown)}.", *phrases.set_aside(shown)]
    left_out = f"{phrases.number(len(shown.unreadable), 'file')} left out."
    partly = f"{phrases.number(len(shown.partly_read), 'file')} read but for syntax errors."
    said += [phrases.unresolved(shown), *([left_out] if shown.unreadable else [])]
    said += [partly] if shown.partly_read else []
    return f"<sub>{_text(' '.join(said))} `fastwright explain NAME` tells more.</sub>"


def _text(text: str) -> str:
    """Return text in which only code stays markup: no HTML, no mentions, no links."""
    pieces = re.split(r"(`[^`\n]+`)", " ".join(text.split()))
    return "".join(
        piece
        if piece.startswith("`") and len(piece) > 1
        else re.sub(r"([<>@#*_\[\]\\|`])", _escape, piece)
        for piece in pieces
    )


def _escape(found: re.Match[str]) -> str:
    return {"<": "&lt;", ">": "&gt;", "@": "&#64;"}.get(found[1], f"\\{found[1]}")


def _code(text: str) -> str:
    """Return a span of code, also of text that has backticks in it."""
    longest = max((len(each) for each in re.findall("`+", text)), default=0)
    ticks = "`" * (longest + 1)
    return f"{ticks} {text} {ticks}" if longest else f"`{text}`"
