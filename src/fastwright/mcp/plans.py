"""Plans that wait to be carried out: shown with an id, which is good once, and for the same plan.

Whatever writes goes this way: a first call shows what would be written, and a second one names the
plan's id. What has changed in between is refused, and so is an id that was used.
"""

import hashlib
import json
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from fastwright.errors import ChangedError

_MOST = 100


class Plans:
    """The plans that were shown and not carried out yet; the oldest are forgotten."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[str, object]] = OrderedDict()

    def show(self, plan: Mapping[str, object], kept: object = None) -> str:
        """Return the id of a plan, which may have something kept for when it is carried out."""
        identifier = secrets.token_hex(8)
        self._known[identifier] = (_digest(plan), kept)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
        return identifier

    def take(self, identifier: str, plan: Mapping[str, object]) -> Any:  # noqa: ANN401 - what was kept
        """Use up a plan's id, and return what was kept with it.

        Raises `ChangedError` unless the plan is still the one shown.
        """
        shown, kept = self._known.pop(identifier, (None, None))
        if shown is None:
            raise ChangedError(
                "No plan with this id waits: it was carried out, or is forgotten.",
                suggestion="the same call without plan_id, which shows a plan and its id",
            )
        if shown != _digest(plan):
            raise ChangedError(
                "The plan is not the one that was shown: something has changed meanwhile.",
                suggestion="the same call without plan_id, and look at the plan once more",
            )
        return kept


def _digest(plan: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(plan, sort_keys=True).encode(errors="replace")).hexdigest()
