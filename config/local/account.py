"""The unprivileged account under which PostgreSQL runs when we are root."""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "utfall"
OUTSIDE = Path("/var/lib/utfall")


@dataclass(frozen=True)
class Account:
    """A user and group of this machine."""

    user: int
    group: int

    def popen(self) -> dict[str, Any]:
        """Return what `subprocess.Popen` needs to become this account."""
        return {"user": self.user, "group": self.group, "extra_groups": []}

    def own(self, folder: Path) -> None:
        """Make a folder this account's alone."""
        os.chown(folder, self.user, self.group)
        folder.chmod(0o700)

    def home(self, wanted: Path) -> Path:
        """Return `wanted`, or a folder outside when its parents are closed to the account."""
        wanted.parent.mkdir(parents=True, exist_ok=True)
        if is_open(wanted.parent):
            return wanted
        OUTSIDE.mkdir(parents=True, exist_ok=True)
        OUTSIDE.chmod(0o711)
        return OUTSIDE / hashlib.sha256(str(wanted).encode()).hexdigest()[:16]


def needed() -> Account | None:
    """Return the account to drop to, made if it is lacking; None when we are not root."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        _create()
        entry = pwd.getpwnam(NAME)
    return Account(entry.pw_uid, entry.pw_gid)


def is_open(folder: Path) -> bool:
    """Say whether everybody may pass through a folder and all above it."""
    path = folder.resolve()
    return all(one.stat().st_mode & 0o001 for one in (path, *path.parents))


def _create() -> None:
    useradd = shutil.which("useradd") or "/usr/sbin/useradd"
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    shell = ["--shell", "/usr/sbin/nologin"]
    subprocess.run([useradd, *options, *shell, NAME], check=True, capture_output=True)  # noqa: S603
