"""The graded response model (Samejima 1969), logistic, D = 1, over NumPy arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# Far from every threshold a difference of two logistics cancels to zero; no likelihood is zero.
SMALLEST = 1e-300
# What an item's missing categories have: small enough not to count, its square still a number.
VANISHING = 1e-100


class ItemParameters(NamedTuple):
    """Slope a and rising thresholds b of one item; categories are one more than thresholds."""

    discrimination: float
    thresholds: Sequence[float]


def boundary_probabilities(theta: ArrayLike, item: ItemParameters) -> Floats:
    """Return P*(k | theta) = 1 / (1 + exp(-a (theta - b_k))): shape (thresholds, points)."""
    distance = np.asarray(theta, dtype=np.float64) - np.asarray(item.thresholds)[:, None]
    return np.asarray(1.0 / (1.0 + np.exp(-item.discrimination * distance)))


def category_probabilities(theta: ArrayLike, item: ItemParameters) -> Floats:
    """Return P(k | theta) = P*(k) - P*(k + 1), categories from 0: shape (categories, points)."""
    stairs = _stairs(theta, item)
    return np.asarray(np.maximum(stairs[:-1] - stairs[1:], SMALLEST))


def information(theta: ArrayLike, item: ItemParameters) -> Floats:
    """Return the Fisher information of an item, the sum over k of P'(k)^2 / P(k): shape (points,).

    With P'(k) = a P(k) (1 - P*(k) - P*(k + 1)) nothing is divided, so close thresholds do no harm.
    """
    stairs = _stairs(theta, item)
    centred = 1.0 - stairs[:-1] - stairs[1:]
    squares = (stairs[:-1] - stairs[1:]) * centred**2
    return np.asarray(item.discrimination**2 * squares.sum(axis=0))


def _stairs(theta: ArrayLike, item: ItemParameters) -> Floats:
    """Return the boundaries between certainty and impossibility: shape (thresholds + 2, points)."""
    boundaries = boundary_probabilities(theta, item)
    points = boundaries.shape[1]
    return np.vstack([np.ones(points), boundaries, np.zeros(points)])


@dataclass(frozen=True, eq=False)
class Table:
    """The items of a bank tabulated once on a grid of theta.

    `probabilities` has shape (items, categories, points); an item with fewer categories than the
    widest has rows of ones beyond its own. `thresholds` has shape (thresholds, items) and ends in
    infinities there.
    """

    codes: tuple[str, ...]
    points: Floats
    probabilities: Floats
    information: Floats
    categories: NDArray[np.intp]
    discriminations: Floats
    thresholds: Floats

    @cached_property
    def log_probabilities(self) -> Floats:
        """The natural logarithm of `probabilities`."""
        return np.asarray(np.log(self.probabilities))

    @cached_property
    def powers(self) -> Floats:
        """1, theta and theta^2 at every point: weights times these are a posterior's moments."""
        return np.stack([np.ones_like(self.points), self.points, self.points**2], axis=-1)

    @cached_property
    def likelihoods(self) -> Floats:
        """`probabilities` as one matrix, shape (points, items * categories), for products.

        Beyond an item's own categories they vanish, though not to zero: they are divided by.
        """
        widest = self.probabilities.shape[1]
        own = np.arange(widest) < self.categories[:, None]
        chances = np.where(own[:, :, None], self.probabilities, VANISHING)
        return np.ascontiguousarray(chances.reshape(-1, len(self.points)).T)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The row of each item, by code."""
        return {code: place for place, code in enumerate(self.codes)}


def tabulate(items: Mapping[str, ItemParameters], points: Floats) -> Table:
    """Return the category probabilities and information of every item at every point."""
    widest = max(len(item.thresholds) for item in items.values()) + 1
    probabilities = np.ones((len(items), widest, len(points)))
    thresholds = np.full((widest - 1, len(items)), np.inf)
    for place, item in enumerate(items.values()):
        probabilities[place, : len(item.thresholds) + 1] = category_probabilities(points, item)
        thresholds[: len(item.thresholds), place] = item.thresholds
    return Table(
        codes=tuple(items),
        points=points,
        probabilities=probabilities,
        information=np.array([information(points, item) for item in items.values()]),
        categories=np.array([len(item.thresholds) + 1 for item in items.values()]),
        discriminations=np.array([item.discrimination for item in items.values()]),
        thresholds=thresholds,
    )


def probabilities_at(table: Table, theta: ArrayLike) -> Floats:
    """Return P(k | theta) off the grid: shape (..., items, categories), 0 beyond an item's own."""
    stairs = _stairs_at(table, theta)
    return np.asarray(np.swapaxes(stairs[..., :-1, :] - stairs[..., 1:, :], -1, -2))


def information_at(table: Table, theta: ArrayLike) -> Floats:
    """Return the information of every item off the grid: shape (..., items)."""
    stairs = _stairs_at(table, theta)
    above, below = stairs[..., :-1, :], stairs[..., 1:, :]
    centred = 1.0 - above - below
    squares = (above - below) * centred * centred
    return np.asarray(table.discriminations**2 * squares.sum(axis=-2))


def _stairs_at(table: Table, theta: ArrayLike) -> Floats:
    """Return P* of every item, with 1 before and 0 after: shape (..., thresholds + 2, items)."""
    at = np.asarray(theta, dtype=np.float64)[..., None, None]
    distance = table.thresholds - at
    stairs = np.zeros((*at.shape[:-2], len(table.thresholds) + 2, len(table.codes)))
    stairs[..., 0, :] = 1.0
    stairs[..., 1:-1, :] = 1.0 / (1.0 + np.exp(table.discriminations * distance))
    return stairs
