"""What a field of a definition says about itself, for the reader and for the exported schema."""

from collections.abc import Mapping
from dataclasses import dataclass

Text = Mapping[str, str]


@dataclass(frozen=True)
class Says:
    """The meaning of a field, and the limits that JSON Schema can hold."""

    meaning: str
    pattern: str = ""
    minimum: float | None = None
    above: float | None = None
    filled: bool = False


CODE = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$"
