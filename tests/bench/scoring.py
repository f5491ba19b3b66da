"""Scoring: one person, a million profiles, a hundred thousand response patterns, and the import."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median

import numpy as np

from proms.instruments import library
from proms.scoring import eq5d, tariffs, tscores
from proms.scoring.score import score
from proms.scoring.states import DIMENSIONS
from tests.bench.rows import Row, compared, limited

PEOPLE, PATTERNS, NAIVE = 1_000_000, 100_000, 200
FORM, VALUE_SET = "promis-anxiety-8a", "5l-sweden-2022-vt"
IMPORTS = 9


def measure() -> Iterator[Row]:
    """Score the same answers by ours and by a naive loop, in one run."""
    yield _importing()
    yield from _one_person()
    yield from _profiles()
    yield from _patterns()


def _importing() -> Row:
    program = "import time; t = time.process_time(); import proms.scoring.score; "
    program += "print(time.process_time() - t)"
    command = [sys.executable, "-c", program]
    runs = [float(subprocess.check_output(command)) for _ in range(IMPORTS)]
    return limited("import proms.scoring", median(runs) * 1e3, "ms", at_most=150, limit="issue 3")


def _one_person() -> Iterator[Row]:
    definition = library.get("eq5d-5l")
    answers = {"MO": "1", "SC": "2", "UA": "3", "PD": "4", "AD": "5", "VAS": 70}
    score(definition, answers)
    seconds = _fastest(lambda: [score(definition, answers) for _ in range(2000)])
    profile = np.array([[1, 2, 3, 4, 5]], dtype=np.int8)
    naive = _fastest(lambda: [_naive_index(profile) for _ in range(2000)])
    yield limited(
        "eq5d-5l: one answer set", seconds / 2000 * 1e6, "us", at_most=20, limit="issue 3"
    )
    yield compared(
        "eq5d-5l: answer sets", 2000 / seconds, "1/s", to="the index alone, as the formula reads",
        reference=2000 / naive,
    )  # fmt: skip


def _profiles() -> Iterator[Row]:
    chance = np.random.default_rng(1)
    profiles = chance.integers(1, 6, size=(PEOPLE, 5), dtype=np.int8)
    ours = _fastest(lambda: eq5d.index_values(profiles, VALUE_SET))
    naive = _fastest(lambda: _naive_index(profiles[:NAIVE])) * PEOPLE / NAIVE
    yield limited("eq5d-5l: 1,000,000 indices", ours, "s", at_most=1, limit="issue 3")
    yield compared(
        "eq5d-5l: indices", PEOPLE / ours, "1/s", to="a loop over people", reference=PEOPLE / naive
    )


def _naive_index(profiles: np.ndarray) -> list[float]:
    """Return the index person by person, from the value set's coefficients as published."""
    found = tariffs.get(VALUE_SET, "EQ-5D-5L").value_set
    names = [name for name in found.terms if name[:2] in DIMENSIONS]
    values = []
    for profile in profiles.tolist():
        levels = dict(zip(DIMENSIONS, profile, strict=True))
        met = [found.terms[name] for name in names if levels[name[:2]] == int(name[2])]
        values.append(found.start + sum(met))
    return values


def _patterns() -> Iterator[Row]:
    form = library.get(FORM)
    codes = form.scales_by_code["t"].items
    chance = np.random.default_rng(1)
    answers = chance.integers(1, 6, size=(PATTERNS, len(codes)))
    ours = _fastest(lambda: tscores.pattern_values(form, answers))
    naive = _fastest(lambda: _naive_patterns(answers[:NAIVE])) * PATTERNS / NAIVE
    yield limited(f"{FORM}: 100,000 pattern EAP", ours, "s", at_most=5, limit="our own")
    yield compared(
        f"{FORM}: pattern EAP", PATTERNS / ours, "1/s", to="a loop over people and grid",
        reference=PATTERNS / naive, at_least=10,
    )  # fmt: skip


def _naive_patterns(answers: np.ndarray) -> list[float]:
    """Return T person by person and grid point by grid point, as the formula reads."""
    form = library.get(FORM)
    assert form.bank is not None
    _, parameters = form.bank.parameters()
    items = [parameters[code] for code in form.scales_by_code["t"].items]
    grid = [place / 10 for place in range(-40, 41)]
    values = []
    for answered in answers.tolist():
        weights = []
        for theta in grid:
            likelihood = np.exp(-theta * theta / 2)
            for item, category in zip(items, answered, strict=True):
                likelihood *= _chance(item.discrimination, item.thresholds, theta, category)
            weights.append(likelihood)
        mean = sum(theta * weight for theta, weight in zip(grid, weights, strict=True))
        values.append(50 + 10 * mean / sum(weights))
    return values


def _chance(slope: float, thresholds: tuple[float, ...], theta: float, category: int) -> float:
    reached = [1.0, *(1 / (1 + np.exp(-slope * (theta - each))) for each in thresholds), 0.0]
    return float(reached[category - 1] - reached[category])


def _fastest(run: Callable[[], object], times: int = 3) -> float:
    durations = []
    for _ in range(times):
        started = time.process_time()
        run()
        durations.append(time.process_time() - started)
    return min(durations)
