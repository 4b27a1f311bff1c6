"""Takes away the findings that were there before: by identity, and then by what they say."""

from collections import Counter
from collections.abc import Iterable, Mapping

from fastwright.practice import Finding
from fastwright.reviews.identities import Identity, identify
from fastwright.reviews.sources import Sources

_Saying = tuple[str, str, str | None, str]


def brought_in(
    now: Iterable[Finding],
    sources: Sources,
    *,
    before: Iterable[Finding],
    old_sources: Sources,
    renames: Mapping[str, str],
) -> list[Finding]:
    """Return the findings that were not there before, whichever lines have changed since.

    A finding whose line was rewritten is an old one as long as it says the same of the same
    function; a function with one more of them has one new finding.
    """
    old = {
        _renamed(identity, renames): finding for finding, identity in identify(before, old_sources)
    }
    left = [each for each, identity in identify(now, sources) if old.pop(identity, None) is None]
    sayings = Counter(_saying(each, renames) for each in old.values())
    new = []
    for finding in left:
        saying = _saying(finding, {})
        if sayings[saying]:
            sayings[saying] -= 1
        else:
            new.append(finding)
    return new


def _renamed(identity: Identity, renames: Mapping[str, str]) -> Identity:
    path = renames.get(identity.path, identity.path)
    return Identity(identity.practice, path, identity.symbol, identity.text, identity.ordinal)


def _saying(finding: Finding, renames: Mapping[str, str]) -> _Saying:
    at = finding.at
    return finding.practice, renames.get(at.path, at.path), at.symbol, finding.message
