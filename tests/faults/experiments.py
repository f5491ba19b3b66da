"""The experiments by name (reliability (b)); each does its harm while invitations go out."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.stage import MODES, Stage


@dataclass(frozen=True)
class Size:
    """How much is sent, over how many seconds, and how often harm is done."""

    people: int
    within: float
    times: int


@dataclass(frozen=True)
class Experiment:
    """What is done to the service, in which modes, and how long it may take to recover."""

    harm: Callable[[Stage, int], None]
    modes: tuple[str, ...]
    size: Size
    patience: float = 90


def kill_workers(stage: Stage, times: int) -> None:
    """F1: kill -9 a worker, again and again; the broker is emptied on the way."""
    flushes = set(stage.chance.sample(range(times), k=min(2, times)))
    for number in range(times):
        stage.kill_a_worker()
        if number in flushes:
            stage.flush_broker()


def flush_broker(stage: Stage, times: int) -> None:
    """F6: empty the broker, again and again, and touch nothing else."""
    for _ in range(times):
        stage.pause(1, 4)
        stage.flush_broker()


EXPERIMENTS = {
    "F1": Experiment(kill_workers, modes=tuple(MODES), size=Size(people=500, within=10, times=20)),
    "F6": Experiment(flush_broker, modes=("dedupe",), size=Size(people=300, within=15, times=5)),
}
