"""How a row is reached from a commission's unit, care provider or register."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """Names, as look-ups from a model, of whom its rows belong to; empty: reached by none.

    `proms.access` decides who sees what; a model only says where its owner stands.
    """

    unit: str = ""
    care_provider: str = ""
    register: str = ""
