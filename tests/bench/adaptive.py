"""The adaptive engine: microseconds a step, alone and in a crowd, beside `mirt` from PyPI."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import mirt
import numpy as np
from mirt.cat import CATEngine

from proms.adaptive import session, simulation, stopping
from proms.adaptive.banks import Bank
from proms.adaptive.session import Ask
from proms.instruments import library
from proms.scoring import banks, tscores
from tests.bench.rows import Row, compared, limited

BANKS = ("promis-anxiety", "promis-depression", "promis-fatigue", "synthetic-function")
# Every test goes to its twelfth item, so that all engines do the same work.
ITEMS = 12
RULES = stopping.Rules("bench", max_items=ITEMS, stop_se_t=0.0)
MOST_US = {"mpwi": 40, "mfi": 40, "mepv": 120, "mepv-plugin": 120}
TESTS = 60
OTHERS_TESTS = 5
CROWD = 1000
# What the engine is compared with has converged only from here on.
QUADRATURE_POINTS = 61


def measure() -> Iterator[Row]:
    """Take tests with random answers on every bank, nothing remembered from one to the next."""
    for code in BANKS:
        yield _building(code)
        bank = banks.bank(library.get(code))
        yield from _steps(code, bank)
        yield _replay(code, bank)
        yield _crowd(code, bank)
    for code in BANKS[:3]:
        yield _beside_mirt(code, banks.bank(library.get(code)))


def _building(code: str) -> Row:
    definition = library.get(code)
    tscores.calibration.cache_clear()
    banks.bank.cache_clear()
    started = time.perf_counter()
    session.next_step(banks.bank(definition), {}, RULES)
    return limited(
        f"{code}: tables and first item",
        (time.perf_counter() - started) * 1e3,
        "ms",
        at_most=50,
        limit="once per process",
    )


def _steps(code: str, bank: Bank) -> Iterator[Row]:
    for select, most in MOST_US.items():
        take = partial(_take, bank, RULES._replace(select=select))
        yield limited(
            f"{code}: one step, {select}",
            _microseconds(take, TESTS) / ITEMS,
            "us",
            at_most=most,
            limit="facts: 8 us (MEPV 25)",
        )


def _take(bank: Bank, rules: stopping.Rules) -> Callable[[], None]:
    """Return one person's test, to be taken by a process that has not seen it."""
    fresh = replace(bank)
    chance = np.random.default_rng(1)
    full = {item: str(chance.choice(list(options))) for item, options in bank.options.items()}
    _warm(fresh)

    def take() -> None:
        answers: dict[str, str] = {}
        while isinstance(step := session.next_step(fresh, answers, rules), Ask):
            answers[step.item] = full[step.item]

    return take


def _warm(bank: Bank) -> None:
    """Build what a process builds once: measured apart."""
    for select in MOST_US:
        session.next_step(bank, {}, RULES._replace(select=select, max_items=1))
    bank.is_healthiest(0, 0)


def _replay(code: str, bank: Bank) -> Row:
    def prepare() -> Callable[[], None]:
        fresh = replace(bank)
        _warm(fresh)
        answers = {item: next(iter(options)) for item, options in bank.options.items()}
        return lambda: _ignore(session.replay(fresh, answers, RULES))

    return limited(
        f"{code}: replay of {ITEMS} answers",
        _microseconds(prepare, TESTS),
        "us",
        at_most=40 * ITEMS,
        limit=f"{ITEMS} steps",
    )


def _crowd(code: str, bank: Bank) -> Row:
    chance = np.random.default_rng(1)
    patterns = simulation.respond(bank, chance.normal(size=CROWD), chance)
    took = _microseconds(lambda: lambda: _ignore(simulation.run(bank, RULES, patterns)), 30)
    return limited(
        f"{code}: {CROWD} people at once, a person-step",
        took / (CROWD * ITEMS),
        "us",
        at_most=3,
        limit="facts: 0.6-1.7 us",
    )


def _beside_mirt(code: str, bank: Bank) -> Row:
    return compared(
        f"{code}: one step, mfi",
        _microseconds(lambda: _take(bank, RULES._replace(select="mfi")), TESTS) / ITEMS,
        "us",
        to=f"mirt {mirt.__version__}, MFI, {QUADRATURE_POINTS} points",
        reference=_microseconds(lambda: _take_in_mirt(bank), OTHERS_TESTS) / ITEMS,
    )


def _take_in_mirt(bank: Bank) -> Callable[[], None]:
    table = bank.table
    model = mirt.GradedResponseModel(len(table.codes), table.categories.tolist())
    model.set_parameters(discrimination=table.discriminations, thresholds=table.thresholds.T)
    model._is_fitted = True
    engine = CATEngine(
        model,
        item_selection="MFI",
        se_threshold=1e-9,
        max_items=ITEMS,
        n_quadpts=QUADRATURE_POINTS,
    )
    answers = np.random.default_rng(1).integers(0, table.categories)

    def take() -> None:
        state = engine.get_current_state()
        while not state.is_complete:
            state = engine.administer_item(int(answers[state.next_item]))

    return take


def _microseconds(prepare: Callable[[], Callable[[], None]], times: int) -> float:
    """Return the best time, as `timeit` does, of what is prepared anew each time."""
    found = []
    for _ in range(times):
        act = prepare()
        started = time.perf_counter()
        act()
        found.append(time.perf_counter() - started)
    return min(found) * 1e6


def _ignore(_: object) -> None:
    """What is timed returns nothing."""
