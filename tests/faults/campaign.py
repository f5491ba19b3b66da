"""Run experiments one after the other, and tell how each went."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from tests.faults.experiments import Experiment, Size
from tests.faults.oracle import Verdict
from tests.faults.stage import Stage
from tests.stack import new_folder


@dataclass(frozen=True)
class Row:
    """One line of the table and of `.local/faults.json`."""

    experiment: str
    mode: str
    seed: int
    sent: int
    lost: int
    doubled: int
    ambiguous: int
    stuck: int
    operator_actions: int
    upper_95: float


def run(
    experiment: Experiment,
    *,
    mode: str,
    seed: int,
    size: Size | None = None,
    bug: str = "",
) -> Verdict:
    """Do one experiment on a service of its own, and judge it."""
    size = size or experiment.size
    stage = Stage(new_folder("faults"), mode=mode, seed=seed, bug=bug)
    try:
        stage.begin(size.people, within=size.within)
        experiment.harm(stage, size.times)
        stage.settle(experiment.patience)
        return stage.verdict()
    finally:
        stage.end()


def row(name: str, mode: str, seed: int, verdict: Verdict) -> Row:
    figures = {key: value for key, value in asdict(verdict).items() if key != "broken"}
    return Row(name, mode, seed, **figures, upper_95=round(verdict.upper_95, 5))


def runs(experiments: dict[str, Experiment]) -> Iterator[tuple[str, str, Experiment]]:
    """Return every experiment in each of its modes."""
    for name, experiment in experiments.items():
        for mode in experiment.modes:
            yield name, mode, experiment
