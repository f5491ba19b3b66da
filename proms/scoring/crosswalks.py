"""Crosswalks: the value of a 5L profile by a 3L value set, and the other way round."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from proms.scoring import states, value_sets
from proms.scoring.states import Floats


@dataclass(frozen=True)
class Crosswalk:
    """A published model that values profiles of one instrument by another's value sets.

    `published` are the value sets whose tables were published; the others' are derived.
    """

    prefix: str
    source: str
    target: str
    doi: str
    published: tuple[str, ...]
    table: Callable[[str], Floats]


@cache
def three_level_chances() -> Floats:
    """Return p(3L level | 5L level) per dimension: shape (5, 3, 5).

    van Hout et al. 2012, doi 10.1016/j.jval.2012.02.008.
    """
    model = value_sets.document()["crosswalks"]["5l-to-3l"]
    return np.array(model["probabilities"]).reshape(5, 3, 5)


@cache
def five_level_chances() -> Floats:
    """Return p(5L level | 3L state) per state and dimension: shape (243, 5, 5).

    van Hout & Shaw 2021, doi 10.1016/j.jval.2021.03.009: ordered logistic, where each dimension
    above level 1 shifts every dimension's latent value.
    """
    model = np.array(value_sets.document()["crosswalks"]["3l-to-5l"]["model"])
    cuts, shifts = model[:4], model[4:].reshape(5, 2, 5)
    at_1 = np.zeros((5, 1, 5))
    by_level = np.concatenate([at_1, shifts], axis=1)
    latent = by_level[np.arange(5), states.all_states(3) - 1].sum(axis=1)
    below = 1 / (1 + np.exp(latent[:, :, None] - cuts.T))
    return np.diff(below, axis=2, prepend=0.0, append=1.0)


@cache
def table_5l(set_id: str) -> Floats:
    """Return the value of every 5L state by a 3L value set: the mean over likely 3L states."""
    values = value_sets.table(set_id).reshape((3,) * 5)
    # Each step turns the 3L levels of the first dimension left into 5L levels of the last.
    for chances in three_level_chances():
        values = np.tensordot(values, chances, axes=(0, 0))
    return _frozen(values.reshape(-1))


@cache
def table_3l(set_id: str) -> Floats:
    """Return the value of every 3L state by a 5L value set: the mean over likely 5L states."""
    values = value_sets.table(set_id).reshape(1, -1)
    # Each step takes the mean over the first dimension left: (243, 5 * rest) to (243, rest).
    for chances in np.moveaxis(five_level_chances(), 1, 0):
        by_level = np.broadcast_to(values, (len(chances), values.shape[1])).reshape(
            len(chances), 5, -1
        )
        values = np.einsum("sl,slr->sr", chances, by_level)
    return _frozen(values[:, 0])


@cache
def both() -> tuple[Crosswalk, Crosswalk]:
    """Return the two crosswalks."""
    facts = value_sets.document()["crosswalks"]
    tables = {"5l-to-3l": table_5l, "3l-to-5l": table_3l}
    down, up = (
        Crosswalk(
            prefix=name[:-2],
            source=facts[name]["from"],
            target=facts[name]["to"],
            doi=facts[name]["doi"],
            published=tuple(facts[name]["published"]),
            table=table,
        )
        for name, table in tables.items()
    )
    return down, up


def _frozen(values: Floats) -> Floats:
    values.flags.writeable = False
    return values
