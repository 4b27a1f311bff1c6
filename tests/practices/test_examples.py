"""Every practice finds what its examples mark with `# <- here`, all of it and nothing else."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import import_module

import pytest

from fastwright import catalogue
from fastwright.application import application
from fastwright.fixes import rounds
from fastwright.practice import Clean, Example, Files, Fixed, Flagged, Practice

MARK = "# <- here"
NAMES = list(catalogue.walk(catalogue.PACKAGE))


def _texts(files: Files) -> Mapping[str, str]:
    return {"app.py": files} if isinstance(files, str) else files


def _marked(files: Files) -> set[str]:
    return {
        f"{path}:{number}"
        for path, text in _texts(files).items()
        for number, line in enumerate(text.split("\n"), 1)
        if line.rstrip().endswith(MARK)
    }


def _found(practice: Practice, files: Files) -> set[str]:
    found = practice.check(application.read_texts(_texts(files)))
    return {f"{at.path}:{at.line}" for each in found for at in (each.at, *each.places)}


def _unmarked(files: Files) -> dict[str, str]:
    return {
        path: re.sub(rf"[ ]*{MARK}[ ]*$", "", text, flags=re.MULTILINE)
        for path, text in _texts(files).items()
    }


def _dos(files: Mapping[str, str]) -> dict[str, str]:
    return {path: text.replace("\n", "\r\n") for path, text in files.items()}


def _to_mend(files: Mapping[str, str]) -> application.Application:
    found = application.read_texts(files)
    found.is_mended = True
    return found


def _has_fixes(name: str) -> bool:
    return not catalogue.find(name).explanation.fix_safety.lower().startswith("no automatic fix")


def _mended(practice: Practice, files: Mapping[str, str]) -> dict[str, str]:
    """Return what all fixes make of files; nothing that could be mended is left in them."""
    mended = rounds.mend(
        application.read_texts(files), lambda found: [f for f in practice.check(found) if f.fix]
    )
    assert not mended.failed
    return {**files, **{path: text.decode() for path, text in mended.texts.items()}}


def _examples() -> Iterator[object]:
    for name in NAMES:
        # One that cannot be imported fails below, by its name, and keeps no other from running.
        with suppress(ImportError, SyntaxError, TypeError):
            for example in catalogue.find(name).examples:
                kind = type(example).__name__.lower()
                yield pytest.param(name, example, id=f"{name}: {kind}: {example.title}")


@pytest.mark.parametrize(("name", "example"), list(_examples()))
def test_an_example_holds(name: str, example: Example) -> None:
    practice = catalogue.find(name)
    match example:
        case Clean(_, files):
            assert _found(practice, files) == set()
        case Flagged(_, files):
            assert _marked(files), "mark what is found"
            assert _found(practice, files) == _marked(files)
        case Fixed(_, before, after):
            assert _marked(before), "mark what is found"
            assert _found(practice, before) == _marked(before)
            assert _found(practice, after) == set()
            if _has_fixes(name):
                assert _mended(practice, _unmarked(before)) == _texts(after)
                assert _mended(practice, _dos(_unmarked(before))) == _dos(_texts(after))


@pytest.mark.parametrize("name", NAMES)
def test_a_practice_with_fixes_says_how_safe_they_are(name: str) -> None:
    practice = catalogue.find(name)
    safeties = {
        finding.fix.safety
        for example in practice.examples
        if isinstance(example, Fixed)
        for finding in practice.check(_to_mend(_unmarked(example.before)))
        if finding.fix
    }
    text = practice.explanation.fix_safety.lower()
    assert all(safety in text for safety in safeties)
    assert bool(safeties) == (not text.startswith("no automatic fix"))


@pytest.mark.parametrize("name", NAMES)
def test_a_practice_is_complete(name: str) -> None:
    practice = catalogue.find(name)
    clean = sum(isinstance(example, Clean) for example in practice.examples)
    assert clean >= 3
    assert len(practice.examples) - clean >= 3
    titles = [example.title for example in practice.examples]
    assert len(set(titles)) == len(titles)
    explanation = practice.explanation
    parts = (explanation.rule, explanation.why, explanation.bad, explanation.good)
    assert all(part.strip() for part in (*parts, explanation.when_not, explanation.fix_safety))
    assert "\n" not in explanation.rule
    assert explanation.rule.endswith(".")
    assert all(link.startswith("https://") for link in explanation.references.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_practice_says_its_own_name(name: str) -> None:
    module = catalogue.walk(catalogue.PACKAGE)[name]
    topic, _, short = name.partition("/")
    assert module == f"{catalogue.PACKAGE}.{topic}.{short.replace('-', '_')}"
    opening = import_module(module).__doc__ or ""
    assert opening.startswith(f"{name}: ")
