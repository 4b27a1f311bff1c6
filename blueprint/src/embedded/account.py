"""Who runs the servers. PostgreSQL refuses root, so root hands them to an unprivileged user:
the owner of the data folder or of the project, who can then go on without root; else `nobody`.
An ordinary user runs them himself.
"""

import os
import pwd
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int
    is_nobody: bool = False

    @property
    def is_other(self) -> bool:
        """Whether this process, being root, has to give files and servers away."""
        return self.uid != os.geteuid()


def account_for(data_dir: Path) -> Account:
    """The account that owns and runs what is below `data_dir`, which need not exist yet."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    nobody = _nobody()
    for place in _places(data_dir):
        owner = place.stat()
        if owner.st_uid == nobody.uid:
            return nobody
        # initdb looks its user up by name and refuses one that has none (a bind mount's, say).
        if owner.st_uid != 0 and (place.name == "postgres" or _has_name(owner.st_uid)):
            return Account(owner.st_uid, owner.st_gid)
    return nobody


def _places(data_dir: Path) -> Iterator[Path]:
    """The folders whose owner decides, the most telling first."""
    for place in (data_dir / "postgres", data_dir):
        if place.is_dir():
            yield place
    yield next(parent for parent in data_dir.parents if parent.is_dir())


def _nobody() -> Account:
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534, is_nobody=True)
    return Account(nobody.pw_uid, nobody.pw_gid, is_nobody=True)


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
