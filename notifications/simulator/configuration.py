"""What a simulator is told when it starts: by its command, and by a file in its folder."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

VARIABLE = "SIMULATOR"
FILE = "simulator.json"
MODES = ("blind", "dedupe", "lookup")


@dataclass(frozen=True)
class Configuration:
    """Everyone has an active inbox with a notice by e-mail, but those who are listed."""

    port: int
    folder: str
    logical_address: str
    systems: dict[str, str]
    client_id: str
    client_secret: str
    mode: str = "blind"
    seed: int = 1
    people: tuple[str, ...] = ()
    inactive: frozenset[str] = field(default_factory=frozenset)
    no_notice: frozenset[str] = field(default_factory=frozenset)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def origins(self) -> frozenset[str]:
        """Where the known systems are: only there does a login return to."""
        parts = (urlsplit(base) for base in self.systems.values())
        return frozenset(f"{part.scheme}://{part.netloc}" for part in parts)

    def to_environment(self) -> dict[str, str]:
        lists = {name: sorted(getattr(self, name)) for name in ("inactive", "no_notice")}
        return {VARIABLE: json.dumps(asdict(self) | lists)}

    @classmethod
    def from_environment(cls) -> Self:
        return cls._of(json.loads(os.environ[VARIABLE]))

    @classmethod
    def in_folder(cls, folder: Path, **given: Any) -> Self:
        """Return the configuration with what the folder's file adds."""
        path = folder / FILE
        added = json.loads(path.read_text()) if path.exists() else {}
        return cls._of({"folder": str(folder), **given, **added})

    @classmethod
    def _of(cls, values: dict[str, Any]) -> Self:
        sets = {name: frozenset(values.get(name, ())) for name in ("inactive", "no_notice")}
        return cls(**{**values, **sets, "people": tuple(values.get("people", ()))})
