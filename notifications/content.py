"""What a message says and who sends it, as every channel gets it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Sender:
    """The unit in whose name a message goes, with its contact details."""

    unit_id: str
    unit_name: str
    phone: str = ""
    address: str = ""
    postal_code: str = ""
    city: str = ""


@dataclass(frozen=True)
class Content:
    """A rendered message. `link` is a whole address for e-mail, a query string for the inbox."""

    subject: str
    text: str
    sender: Sender
    link: str = ""
    link_text: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**{**value, "sender": Sender(**value["sender"])})
