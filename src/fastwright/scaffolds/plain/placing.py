"""Which group of domains a new one belongs to, where there are several: that of its parent."""

import re
from dataclasses import replace

from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.room import Layout, Part, Room


def beside_parent(domain: Domain, room: Room) -> Room:
    """Return the room with parts that lie where those of a domain's parent do.

    `apps/system/{domain}` becomes `apps/blog/{domain}` for what lies under posts, whose folder is
    `apps/blog/posts`.
    """
    if room.layout is not Layout.DOMAIN or domain.parent is None:
        return room
    group, brace, rest = room.parts[Part.MODELS].partition("/{")
    above, slash, _ = group.rpartition("/")
    behind = rest.partition("}")[2]
    module = room.tables[domain.parent].model.module.replace(".", "/")
    path = "/".join(filter(None, (room.source, f"{module}.py")))
    found = re.fullmatch(rf"({re.escape(above + slash)}[^/]+)/[^/]+{re.escape(behind)}", path)
    if not (brace and behind.startswith("/")) or found is None:
        return room
    parts = {
        part: pattern.replace(f"{group}/{{", f"{found[1]}/{{", 1)
        if pattern.startswith(f"{group}/{{")
        else pattern
        for part, pattern in room.parts.items()
    }
    return replace(room, parts=parts)
