"""The settings of a machine that runs everything itself, kept in `.local/env`."""

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from config import env
from config.local import ports, roles
from config.local.ports import HOST

DATABASE = "utfall"
PORTS = ("POSTGRES_PORT", "VALKEY_PORT", "SIMULATOR_PORT", "MAIL_PORT")
URLS = {
    roles.WEB: "DATABASE_URL",
    roles.WORKER: "WORKER_DATABASE_URL",
    roles.OWNER: "OWNER_DATABASE_URL",
}
_HEADER = "# Written once by `make setup`; the secrets are this clone's own. See .env.example.\n"


def fresh(*, web_port: int, find_port: Callable[[], int] = ports.free) -> dict[str, str]:
    """Return a whole environment with new secrets and free ports."""
    numbers = {name: str(find_port()) for name in PORTS}
    return numbers | _secrets() | _servers(numbers) | _peers(numbers) | _web(web_port)


def write(path: Path, values: Mapping[str, str]) -> None:
    """Write an env file that only its owner can read, all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(_HEADER + "".join(f"{name}={value}\n" for name, value in values.items()))
    unfinished.replace(path)


def read(path: Path) -> dict[str, str]:
    """Return the values of an env file."""
    return env.parse(path.read_text())


def moved(values: Mapping[str, str], name: str, port: int) -> dict[str, str]:
    """Return the values with one server on another port."""
    old, new = f"{HOST}:{values[name]}", f"{HOST}:{port}"
    changed = {
        key: value.replace(old, new) if _at(value, old) else value for key, value in values.items()
    }
    return changed | {name: str(port)}


def for_port(values: Mapping[str, str], web_port: int) -> dict[str, str]:
    """Return the values with the web on this port."""
    return dict(values) | _web(web_port)


def passwords(values: Mapping[str, str]) -> dict[str, str]:
    """Return the databases' passwords by role."""
    return {role: urlsplit(values[name]).password or "" for role, name in URLS.items()}


def broker_password(values: Mapping[str, str]) -> str:
    return urlsplit(values["REDIS_URL"]).password or ""


def _at(value: str, address: str) -> bool:
    return value.endswith(address) or f"{address}/" in value


def _secrets() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_hex(32),
        "LINK_KEY": secrets.token_hex(32),
        "SEALING_KEYS": f"local:{secrets.token_hex(32)}",
        "LOOKUP_KEY": secrets.token_hex(32),
        "OIDC_CLIENT_SECRET": secrets.token_hex(32),
    }


def _servers(numbers: Mapping[str, str]) -> dict[str, str]:
    address = f"{HOST}:{numbers['POSTGRES_PORT']}/{DATABASE}"
    databases = {
        name: f"postgresql://{role}:{secrets.token_hex(16)}@{address}"
        for role, name in URLS.items()
    }
    broker = f"redis://:{secrets.token_hex(16)}@{HOST}:{numbers['VALKEY_PORT']}/0"
    return databases | {"REDIS_URL": broker}


def _peers(numbers: Mapping[str, str]) -> dict[str, str]:
    simulator = f"http://{HOST}:{numbers['SIMULATOR_PORT']}"
    return {
        "INBOX_URL": simulator,
        "INBOX_SYSTEM_ID": "SE5560000000-UTFALL",
        "INBOX_SOURCE_SYSTEM": "SE5560000000-UTFALL",
        "INBOX_LOGICAL_ADDRESS": "SE5560000000-INBOX",
        "OIDC_ISSUER": simulator,
        "OIDC_CLIENT_ID": "utfall",
        "EMAIL_URL": f"smtp://{HOST}:{numbers['MAIL_PORT']}",
        "ALLOW_DEMONSTRATION_WORDING": "1",
    }


def _web(port: int) -> dict[str, str]:
    return {"SITE_URL": f"http://{HOST}:{port}", "COOKIE_SUFFIX": str(port)}


if __name__ == "__main__" and not env.LOCAL.exists():
    write(env.LOCAL, fresh(web_port=8000))
