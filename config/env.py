"""Settings' values from the environment, and from `.local/env` for what it lacks."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

LOCAL = Path(__file__).resolve().parent.parent / ".local" / "env"
_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def text(name: str, default: str | None = None) -> str:
    """Return the value of `name`, of the file that `NAME_FILE` names, or the default.

    :raises ImproperlyConfigured: if there is none of them.
    """
    value = _given(name)
    if value is not None:
        return value
    if default is None:
        raise ImproperlyConfigured(
            f"{name} is not set: give it (or {name}_FILE) in the environment, see .env.example; "
            "on your own machine `make setup` writes it to .local/env"
        )
    return default


def flag(name: str, default: bool | None = None) -> bool:
    """Return a yes or no.

    :raises ImproperlyConfigured: if the value is neither, or lacking.
    """
    value = text(name, None if default is None else str(default)).lower()
    if value not in _FLAGS:
        raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no: write 1 or 0")
    return _FLAGS[value]


def number(name: str, default: int | None = None) -> int:
    """Return a whole number.

    :raises ImproperlyConfigured: if the value is no number, or lacking.
    """
    value = text(name, None if default is None else str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number") from None


def words(name: str, default: str | None = None) -> list[str]:
    """Return the words that commas or spaces part."""
    return text(name, default).replace(",", " ").split()


def secret_bytes(name: str, *, length: int = 32) -> bytes:
    """Return a key written as hexadecimal digits.

    :raises ImproperlyConfigured: if it is lacking or not `length` bytes.
    """
    return _key(name, text(name), length)


def secret_keys(name: str, *, length: int = 32) -> dict[str, bytes]:
    """Return keys by their ids, from `id:hex,id:hex`; the first is the active one.

    :raises ImproperlyConfigured: if there is none, or one is no key.
    """
    pairs = [word.partition(":") for word in words(name)]
    if not pairs:
        raise ImproperlyConfigured(f"{name} is empty: write id:key, the key in hexadecimal")
    return {key_id: _key(name, value, length) for key_id, _, value in pairs}


def database(name: str) -> dict[str, Any]:
    """Return Django's settings for the database of a postgresql:// address.

    :raises ImproperlyConfigured: if it is lacking or no such address.
    """
    url = urlsplit(text(name))
    if url.scheme not in {"postgresql", "postgres"} or not url.path.strip("/"):
        raise ImproperlyConfigured(
            f"{name} must look like postgresql://user:password@host:5432/name"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        "OPTIONS": dict(parse_qsl(url.query)),
    }


def parse(content: str) -> dict[str, str]:
    """Return the names and values of an env file: NAME=value lines, # for comments."""
    lines = (line.strip() for line in content.splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _given(name: str) -> str | None:
    for source in (os.environ, _local()):
        if name in source:
            return source[name]
        if path := source.get(f"{name}_FILE"):
            return _mounted(name, path)
    return None


def _mounted(name: str, path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE: cannot read {path}: {error.strerror}") from None


def _local() -> Mapping[str, str]:
    # With a database of its own the whole environment is its own: nothing is mixed in.
    if "DATABASE_URL" in os.environ or "DATABASE_URL_FILE" in os.environ:
        return {}
    return _read(LOCAL)


@cache
def _read(path: Path) -> Mapping[str, str]:
    try:
        return parse(path.read_text())
    except OSError:
        return {}


def _key(name: str, value: str, length: int) -> bytes:
    try:
        key = bytes.fromhex(value)
    except ValueError:
        key = b""
    if len(key) != length:
        raise ImproperlyConfigured(
            f"{name} must be {2 * length} hexadecimal digits: `openssl rand -hex {length}`"
        )
    return key
