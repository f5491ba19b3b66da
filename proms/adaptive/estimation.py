"""Estimates of theta: EAP by response pattern and by sum score, on a grid."""

import numpy as np
from numpy.typing import NDArray

from proms.adaptive.graded_response import Floats, Table

NOT_ANSWERED = -1
# Rows handled at once: enough for BLAS, small enough for the cache.
BATCH = 8192


def grid(low: float = -4.0, high: float = 4.0, step: float = 0.1) -> Floats:
    """Return evenly spaced points from low to high, both included.

    >>> len(grid())
    81
    """
    return np.linspace(low, high, round((high - low) / step) + 1)


def normal_prior(points: Floats, mean: float = 0.0, sd: float = 1.0) -> Floats:
    """Return the weights of a normal distribution at the points, summing to one."""
    weights = np.exp(-0.5 * ((points - mean) / sd) ** 2)
    return np.asarray(weights / weights.sum())


def eap(posterior: Floats, table: Table) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of each posterior, shape (..., points); any total.

    Expected a posteriori: Bock & Mislevy 1982, doi 10.1177/014662168200600405.
    """
    total, first, second = np.moveaxis(posterior @ table.powers, -1, 0)
    mean = first / total
    return mean, np.sqrt(np.maximum(second / total - mean**2, 0.0))


def pattern_eap(table: Table, categories: NDArray[np.intp], prior: Floats) -> tuple[Floats, Floats]:
    """Return theta and SE of many response patterns, shape (n, items), categories from 0.

    `NOT_ANSWERED` marks an item without an answer.
    """
    batches = [
        _batch(table, categories[start : start + BATCH], prior)
        for start in range(0, len(categories), BATCH)
    ]
    if not batches:
        return np.empty(0), np.empty(0)
    thetas, errors = zip(*batches, strict=True)
    return np.concatenate(thetas), np.concatenate(errors)


def _batch(table: Table, categories: NDArray[np.intp], prior: Floats) -> tuple[Floats, Floats]:
    items, widest, points = table.probabilities.shape
    # One matrix product adds up the log likelihoods of all items of all people.
    chosen = categories[:, :, None] == np.arange(widest)
    likelihood = chosen.reshape(-1, items * widest) @ table.log_probabilities.reshape(-1, points)
    likelihood += np.log(prior)
    # Ninety-five unlikely answers underflow as a product; only ratios to the peak matter.
    likelihood -= likelihood.max(axis=1, keepdims=True)
    return eap(np.exp(likelihood), table)


def sum_score_eap(table: Table, prior: Floats) -> tuple[Floats, Floats]:
    """Return theta and SE of every sum of categories, from 0 to the highest.

    Thissen et al. 1995, doi 10.1177/014662169501900105.
    """
    return eap(sum_score_likelihoods(table) * prior, table)


def sum_score_likelihoods(table: Table) -> Floats:
    """Return P(sum | theta) for every sum of categories: shape (sums, points).

    The recursion of Lord & Wingersky 1984, doi 10.1177/014662168400800409.
    """
    sums = np.ones((1, len(table.points)))
    for place, categories in enumerate(table.categories):
        longer = np.zeros((len(sums) + categories - 1, len(table.points)))
        for category in range(categories):
            longer[category : category + len(sums)] += sums * table.probabilities[place, category]
        sums = longer
    return sums
