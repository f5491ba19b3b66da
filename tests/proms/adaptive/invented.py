"""An invented bank of eight items, small enough to reckon by hand."""

from proms.adaptive import estimation
from proms.adaptive.banks import SKIPPED, Bank
from proms.adaptive.graded_response import ItemParameters, tabulate

PARAMETERS = {
    "RISING1": ItemParameters(2.0, (-1.0, 0.0, 1.0)),
    "RISING2": ItemParameters(1.4, (-0.5, 0.5, 1.5)),
    "REVERSED": ItemParameters(2.2, (-1.5, -0.5, 0.5)),
    "COLLAPSED": ItemParameters(1.8, (0.0, 1.0)),
    "RECODED": ItemParameters(1.6, (-1.0, 1.0)),
    "TWIN1": ItemParameters(1.2, (0.2,)),
    "TWIN2": ItemParameters(1.2, (0.2,)),
    "WEAK": ItemParameters(0.5, (0.0, 2.0)),
}
OPTIONS: dict[str, dict[str | int, int]] = {
    "RISING1": {"1": 0, "2": 1, "3": 2, "4": 3},
    "RISING2": {"1": 0, "2": 1, "3": 2, "4": 3},
    "REVERSED": {"1": 3, "2": 2, "3": 1, "4": 0},
    "COLLAPSED": {"1": 0, "2": 1, "3": 2, "4": 2},
    "RECODED": {number: min(number // 4, 2) for number in range(11)},
    "TWIN1": {"no": 0, "yes": 1, "not_relevant": SKIPPED},
    "TWIN2": {"no": 0, "yes": 1},
    "WEAK": {"1": 0, "2": 1, "3": 2},
}
TABLE = tabulate(PARAMETERS, estimation.grid())


def make_bank(**fields):
    defaults = {
        "code": "invented",
        "version": "1",
        "language": "",
        "set_id": "invented-1",
        "table": TABLE,
        "prior": estimation.normal_prior(TABLE.points),
        "options": OPTIONS,
        "healthiest": "lowest",
    }
    return Bank(**(defaults | fields))
