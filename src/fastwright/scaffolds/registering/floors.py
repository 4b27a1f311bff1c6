"""Gives a domain its place in the layers that import-linter checks."""

import re
from collections.abc import Collection, Iterator
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError

_OPTIONAL = re.compile(r"[()\s]")


def add(text: str, domain: str, package: str, below: Collection[str]) -> str | None:
    """Return the text of a `pyproject.toml` whose contracts know of a domain.

    Where the modules of `package` are layers, the domain is one right above the highest of those
    that it uses: `below`. Where domains are containers, with layers in each, it becomes one. A
    project without such contracts stays as it is; None means that there is no certain place.
    """
    try:
        document = tomlkit.parse(text)
    except ParseError:
        return None
    for contract in _layered(document):
        containers, layers = contract.get("containers"), contract.get("layers")
        if containers is None or layers is None:
            continue
        if package in containers:
            if not _add_layer(layers, domain, below):
                return None
        elif _are_domains(containers, package, below):
            _add_container(containers, f"{package}.{domain}")
    return tomlkit.dumps(document)


def _layered(document: tomlkit.TOMLDocument) -> Iterator[Any]:
    linter = document.get("tool", {}).get("importlinter", {})
    for contract in linter.get("contracts", ()):
        if contract.get("type") == "layers":
            yield contract


def _add_layer(layers: Any, domain: str, below: Collection[str]) -> bool:  # noqa: ANN401
    """Tell whether there is a place, and put the domain there; `layers` is an array of tomlkit."""
    names = [set(re.split(r"[|:]", _OPTIONAL.sub("", str(each)))) for each in layers]
    if any(domain in each for each in names):
        return True
    used = [index for index, each in enumerate(names) if each & set(below)]
    if not used:
        return False
    layers.insert(used[0], domain)
    return True


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
