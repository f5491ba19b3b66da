"""What an index may be computed by: a value set, or one reached through a crosswalk."""

from dataclasses import dataclass
from functools import cache

from proms.scoring import crosswalks, value_sets
from proms.scoring.crosswalks import Crosswalk
from proms.scoring.scores import DERIVED, DISPUTED, CannotScore
from proms.scoring.states import Floats
from proms.scoring.value_sets import LEVELS, ValueSet


@dataclass(frozen=True, eq=False)
class Tariff:
    """The values of every state of one instrument, with where they come from.

    `mark` is `disputed` where independent sources disagree on the set, and `derived` where no
    table was published and the values are computed from a crosswalk model.
    """

    id: str
    instrument: str
    value_set: ValueSet
    values: Floats
    mark: str
    doi: tuple[str, ...]

    @property
    def levels(self) -> int:
        """The number of levels a dimension has."""
        return LEVELS[self.instrument]


@cache
def get(set_id: str, instrument: str) -> Tariff:
    """Return a value set or crosswalk, its id matched without regard to case.

    :raises CannotScore: if there is none, or it is for another instrument.
    """
    name = set_id.lower()
    tariff = _through(name) or _direct(name)
    if tariff is None:
        raise CannotScore(f"there is no value set {set_id}")
    if tariff.instrument != instrument:
        raise CannotScore(f"value set {set_id} is for {tariff.instrument}, not {instrument}")
    return tariff


@cache
def ids(instrument: str) -> tuple[str, ...]:
    """Return the ids of an instrument's own value sets, then those through a crosswalk."""
    own = tuple(s.id for s in value_sets.all_sets().values() if s.instrument == instrument)
    across = tuple(
        crosswalk.prefix + s.id
        for crosswalk in crosswalks.both()
        for s in value_sets.all_sets().values()
        if (crosswalk.source, crosswalk.target) == (instrument, s.instrument)
    )
    return own + across


def _direct(name: str) -> Tariff | None:
    found = value_sets.all_sets().get(name)
    if found is None:
        return None
    mark = DISPUTED if found.disputed else ""
    return Tariff(name, found.instrument, found, value_sets.table(name), mark, (found.doi,))


def _through(name: str) -> Tariff | None:
    for crosswalk in crosswalks.both():
        found = value_sets.all_sets().get(name.removeprefix(crosswalk.prefix))
        if name.startswith(crosswalk.prefix) and found and found.instrument == crosswalk.target:
            values = crosswalk.table(found.id)
            doi = (crosswalk.doi, found.doi)
            return Tariff(name, crosswalk.source, found, values, _mark(crosswalk, found), doi)
    return None


def _mark(crosswalk: Crosswalk, found: ValueSet) -> str:
    """Return `disputed` before `derived`: a doubt about the set is the greater one."""
    if found.disputed:
        return DISPUTED
    return "" if found.id in crosswalk.published else DERIVED
