"""Which item to ask next: criteria over posteriors, of which the highest wins.

Each takes posteriors that sum to one, shape (..., points), with their means, shape (...), and
returns one number per item, shape (..., items): one person or many at once.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from proms.adaptive.graded_response import Floats, Table, information_at, probabilities_at

# Machines differ in the last bits of a sum: what is equal to nine decimals is a tie.
DECIMALS = 9


def mpwi(table: Table, posterior: Floats, theta: ArrayLike) -> Floats:
    """Return the information expected under the posterior, the sum of p(theta) I(theta).

    Maximum posterior-weighted information: van der Linden 1998, doi 10.1007/BF02294775; the rule
    of PROMIS, Choi & Swartz 2009, doi 10.1177/0146621608327801.
    """
    return np.asarray(posterior @ table.information.T)


def mfi(table: Table, posterior: Floats, theta: ArrayLike) -> Floats:
    """Return the information at the EAP itself, not at the nearest point of the grid.

    Maximum Fisher information: Lord 1980, Applications of Item Response Theory.
    """
    return information_at(table, theta)


def mepv(table: Table, posterior: Floats, theta: ArrayLike) -> Floats:
    """Return minus the posterior variance expected after the answer.

    Answers are weighted by the posterior predictive probabilities p_k, the sum of p(theta)
    P_k(theta). With m_k = the sum of theta p(theta) P_k(theta), the expected variance is
    E(theta^2) - the sum of m_k^2 / p_k: van der Linden & Pashley 2000,
    doi 10.1007/0-306-47531-6_1.
    """
    chances, first = _predicted(table, posterior, 1)
    expected = posterior @ table.powers[:, 2]
    return np.asarray((first**2 / chances).sum(axis=-1) - expected[..., None])


def mepv_plugin(table: Table, posterior: Floats, theta: ArrayLike) -> Floats:
    """Return the same with the answers weighted by P_k(EAP), as catR and mirtCAT do."""
    chances, first, second = _predicted(table, posterior, 2)
    variance = second / chances - (first / chances) ** 2
    return np.asarray(-(probabilities_at(table, theta) * variance).sum(axis=-1))


def _predicted(table: Table, posterior: Floats, highest: int) -> list[Floats]:
    """Return the sums of theta^n p(theta) P_k(theta), n = 0 ..: each (..., items, categories)."""
    shape = (*posterior.shape[:-1], *table.probabilities.shape[:2])
    return [
        (posterior * table.powers[:, power] @ table.likelihoods).reshape(shape)
        for power in range(highest + 1)
    ]


Criterion = Callable[[Table, Floats, ArrayLike], Floats]
CRITERIA: Mapping[str, Criterion] = {
    "mpwi": mpwi,
    "mfi": mfi,
    "mepv": mepv,
    "mepv-plugin": mepv_plugin,
}


def best(values: Floats, asked: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the item with the highest value that was not asked; of ties, the first in the bank."""
    return np.asarray(_comparable(values, asked).argmax(axis=-1))


def best_two(values: Floats, asked: NDArray[np.bool_]) -> tuple[int, int | None]:
    """Return one person's next item, and the one that would have been, if any is left."""
    rest = _comparable(values, asked)
    first = int(rest.argmax())
    rest[first] = -np.inf
    second = int(rest.argmax())
    return first, second if rest[second] > -np.inf else None


def _comparable(values: Floats, asked: NDArray[np.bool_]) -> Floats:
    """Return the values as they are compared, and nothing of what was asked."""
    rounded = values * 10.0**DECIMALS
    np.rint(rounded, out=rounded)
    rounded[asked] = -np.inf
    return np.asarray(rounded)
