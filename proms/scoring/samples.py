"""People to study a bank's tests on: simulated ones, or real ones who answered every item."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import numpy as np

from proms.adaptive import simulation
from proms.adaptive.banks import SKIPPED, Bank
from proms.adaptive.graded_response import Floats
from proms.adaptive.simulation import Patterns
from proms.scoring import rows, traces
from proms.scoring.traces import Pattern


class NobodyWhole(Exception):
    """Nobody in the file has answered every item."""


class TooMany(Exception):
    """The file has more people than are taken."""


class Sample(NamedTuple):
    """Full patterns, and the thetas that they came from if those are known.

    `left_out` people were in the file, but skipped an item.
    """

    patterns: Patterns
    reference: Floats | None
    left_out: int = 0


def simulated(
    bank: Bank, *, people: int, seed: int, mean: float = 50.0, sd: float = 10.0
) -> Sample:
    """Return how people answer whose T are normal with this mean and SD."""
    chance = np.random.default_rng(seed)
    theta = chance.normal((mean - 50) / 10, sd / 10, people)
    return Sample(simulation.respond(bank, theta, chance), theta)


def real(bank: Bank, stream: BinaryIO, *, at_most: int | None = None) -> Sample:
    """Return the patterns of a file that lack no answer.

    :raises rows.BadRow: at the first row that cannot be read.
    :raises TooMany: if the file has more than `at_most` people.
    :raises NobodyWhole: if nobody has answered every item.
    """
    patterns = traces.categories(bank, list(_people(bank, stream, at_most)))
    is_whole = (patterns != SKIPPED).all(axis=1)
    if not is_whole.any():
        raise NobodyWhole
    return Sample(patterns[is_whole], None, int((~is_whole).sum()))


def _people(bank: Bank, stream: BinaryIO, at_most: int | None) -> Iterator[Pattern]:
    read = traces.patterns(bank, rows.read(stream))
    for number, (_, person) in enumerate(read, start=1):
        if isinstance(person, rows.BadRow):
            raise person
        if at_most is not None and number > at_most:
            raise TooMany
        yield person
