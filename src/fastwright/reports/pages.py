"""The documentation's pages: one a practice or pattern, and an index of each."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from fastwright.pattern import Pattern
from fastwright.practice import Clean, Example, Files, Fixed, Practice

_INDEX = "README.md"


def all_of(practices: Mapping[str, Practice]) -> dict[str, str]:
    """Return the text of every page, by its path below `docs/practices/`."""
    pages = {f"{name}.md": page(name, practice) for name, practice in practices.items()}
    return {_INDEX: index(practices), **pages}


def all_of_patterns(patterns: Mapping[str, tuple[Pattern, Sequence[str]]]) -> dict[str, str]:
    """Return the text of every page by its path below `docs/patterns/`; each with its examples."""
    lines = [
        "# Patterns",
        "",
        "Answers to questions of design, with code of the blueprint. These pages are written by",
        "`make docs`, and `fastwright explain NAME` shows the same in a terminal.",
        "",
    ]
    lines += [f"- [{name}]({name}.md): {each.question}" for name, (each, _) in patterns.items()]
    pages = {
        f"{name}.md": pattern(name, each, examples) for name, (each, examples) in patterns.items()
    }
    return {_INDEX: "\n".join(lines) + "\n", **pages}


def pattern(name: str, shown: Pattern, examples: Sequence[str]) -> str:
    """Return the page about a pattern, with the code that shows each of its parts."""
    parts = [f"# {name}", f"*{shown.question}*", shown.answer]
    for part, example in zip(shown.parts, examples, strict=True):
        parts += [part.text, f"`{part.file}`", _fence(example)]
    parts.append(f"## When to do otherwise\n\n{shown.otherwise}")
    watched = "\n".join(f"- {each}" for each in shown.practices)
    parts.append(f"## Watched over by\n\n{watched}")
    return "\n\n".join(parts) + "\n"


def page(name: str, practice: Practice) -> str:
    """Return the documentation's page about a practice."""
    explanation = practice.explanation
    parts = [
        f"# {name}",
        f"*{practice.kind}* · {explanation.rule}",
        f"## Why\n\n{textwrap.dedent(explanation.why).strip()}",
        f"## Bad\n\n{_fence(explanation.bad)}",
        f"## Good\n\n{_fence(explanation.good)}",
        f"## When not to\n\n{textwrap.dedent(explanation.when_not).strip()}",
        f"## Fix safety\n\n{textwrap.dedent(explanation.fix_safety).strip()}",
    ]
    if explanation.references:
        links = [f"- [{title}]({link})" for title, link in explanation.references.items()]
        parts.append("## References\n\n" + "\n".join(links))
    flagged = [each for each in practice.examples if not isinstance(each, Clean)]
    clean = [each for each in practice.examples if isinstance(each, Clean)]
    parts += [*_examples("Found", flagged), *_examples("Not found", clean)]
    return "\n\n".join(parts) + "\n"


def index(practices: Mapping[str, Practice]) -> str:
    """Return the page that lists all practices, by topic."""
    lines = [
        "# Practices",
        "",
        "What `fastwright review` looks for. These pages are written by `make docs` from the",
        "practices themselves, and `fastwright explain NAME` shows the same in a terminal.",
    ]
    topic = ""
    for name, practice in practices.items():
        if name.partition("/")[0] != topic:
            topic = name.partition("/")[0]
            lines += ["", f"## {topic}", "", "| practice | kind | rule |", "| --- | --- | --- |"]
        rule = practice.explanation.rule.replace("|", "\\|")
        short = name.partition("/")[2]
        lines.append(f"| [{short}]({name}.md) | {practice.kind} | {rule} |")
    return "\n".join(lines) + "\n"


def _fence(code: str) -> str:
    return f"```python\n{textwrap.dedent(code).strip(chr(10))}\n```"


def _examples(title: str, examples: Sequence[Example]) -> list[str]:
    if not examples:
        return []
    parts = [f"## {title}"]
    for example in examples:
        parts.append(f"### {example.title}")
        if isinstance(example, Fixed):
            parts += [*_files(example.before), "Mended:", *_files(example.after)]
        else:
            parts += _files(example.files)
    return parts


def _files(files: Files) -> Iterator[str]:
    if isinstance(files, str):
        yield _fence(files)
        return
    for path, text in files.items():
        yield f"`{path}`"
        yield _fence(text) if text.strip() else "*(empty)*"
