"""What the demonstration says when it is ready: addresses, and who can log in."""

import base64
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django_otp.oath import totp

from config.local.servers import ROOT

DESCRIPTION = "demo.json"


def text(local: Path, values: Mapping[str, str]) -> str:
    """Return the lines that follow `Ready:`."""
    demo = _read(local)
    web, inbox = demo.get("web", values["SITE_URL"]), demo.get("inbox", values["OIDC_ISSUER"])
    lines = [
        f"  web        {web}/overview/  {web}/admin/  {web}/api/schema/",
        f"  inbox      {inbox}/",
        f"  mail       {local}/mail/*.eml   logs {local}/log/",
        *[_login(account) for account in demo.get("accounts", [])],
        "  one-time codes now: .venv/bin/python -m config.local.welcome",
        "Ctrl-C ends everything; `make demo` goes on where it ended.",
    ]
    return "\n".join(lines)


def codes(local: Path) -> str:
    """Return each account's one-time code of this half minute."""
    return "\n".join(
        f"{account['username']}  {_code(account['totp_secret'])}"
        for account in _read(local).get("accounts", [])
    )


def _login(account: Mapping[str, str]) -> str:
    return (
        f"  login      {account['username']} / {account['password']}  "
        f"({account['role']}; authenticator key {account['totp_secret']})"
    )


def _code(secret: str) -> str:
    return f"{totp(base64.b32decode(secret)):06d}"


def _read(local: Path) -> dict[str, Any]:
    path = local / DESCRIPTION
    return json.loads(path.read_text()) if path.exists() else {}


if __name__ == "__main__":
    sys.stdout.write(codes(ROOT / ".local") + "\n")
