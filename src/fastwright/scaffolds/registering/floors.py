"""Gives a domain its place in the layers that import-linter checks."""

import re
from collections.abc import Collection, Iterator
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError

from fastwright.scaffolds.draft import Draft
from fastwright.scaffolds.splicing import CannotBePutError

_PROJECT = "pyproject.toml"
_OPTIONAL = re.compile(r"[()\s]")


def put(draft: Draft, domain: str, package: str, below: Collection[str]) -> None:
    """Give a domain its place in the contracts of a project, or leave that to the user."""
    above = " and ".join(f'"{each}"' for each in below)
    draft.change(
        _PROJECT,
        lambda text, _: add(text.decode(), domain, package, below).encode(),
        snippet=f'    "{domain}",\n',
        why=f"The domain has to be a layer above {above} in the import contract.",
    )


def add(text: str, domain: str, package: str, below: Collection[str]) -> str:
    """Return the text of a `pyproject.toml` whose contracts know of a domain.

    Where the modules of `package` are layers, the domain is one right above the highest of those
    that it uses: `below`. Where domains are containers, with layers in each, it becomes one. A
    project without such contracts stays as it is.

    Raises `CannotBePutError` where there is no certain place.
    """
    try:
        document = tomlkit.parse(text)
    except ParseError:
        raise CannotBePutError from None
    for contract in _layered(document):
        containers, layers = contract.get("containers"), contract.get("layers")
        if containers is None or layers is None:
            continue
        if package in containers:
            _add_layer(layers, domain, below)
        elif _are_domains(containers, package, below):
            _add_container(containers, f"{package}.{domain}")
    return tomlkit.dumps(document)


def _layered(document: tomlkit.TOMLDocument) -> Iterator[Any]:
    linter = document.get("tool", {}).get("importlinter", {})
    for contract in linter.get("contracts", ()):
        if contract.get("type") == "layers":
            yield contract


def _add_layer(layers: Any, domain: str, below: Collection[str]) -> None:  # noqa: ANN401
    """Put a domain above those that it uses; `layers` is an array of tomlkit."""
    names = [set(re.split(r"[|:]", _OPTIONAL.sub("", str(each)))) for each in layers]
    if any(domain in each for each in names):
        return
    used = [index for index, each in enumerate(names) if each & set(below)]
    if not used:
        raise CannotBePutError
    layers.insert(used[0], domain)


def _are_domains(containers: Any, package: str, below: Collection[str]) -> bool:  # noqa: ANN401
    return any(f"{package}.{each}" in containers for each in below)


def _add_container(containers: Any, name: str) -> None:  # noqa: ANN401 - an array of tomlkit
    """Put a container where the order of the others has it, at the end where they have none."""
    names = [str(each) for each in containers]
    if name in names:
        return
    later = [index for index, each in enumerate(names) if each > name]
    if later and names == sorted(names):
        containers.insert(later[0], name)
    else:
        containers.append(name)
