"""A table of answers in, the same table with scores out, row by row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

from proms.instruments.answers import InvalidAnswer
from proms.instruments.definition import Definition
from proms.instruments.items import Item
from proms.instruments.rules import Index, PatternT, Profile
from proms.instruments.scales import Scale
from proms.scoring import states, tariffs
from proms.scoring.rows import BadRow, is_text
from proms.scoring.score import score
from proms.scoring.scores import CannotScore, Score
from proms.scoring.tariffs import Tariff

STATE = "state"
# Equal answers come often: one EQ-5D state in ten people is 11111.
REMEMBERED = 16_384

Cells = list[str]


@dataclass(frozen=True)
class Task:
    """What to score, and with which value sets and parameters."""

    definition: Definition
    value_sets: tuple[str, ...] | None = None
    language: str = ""

    @property
    def tariffs(self) -> tuple[Tariff, ...]:
        """The value sets asked for by name."""
        names = self.value_sets or ()
        return tuple(tariffs.get(name, index_instrument(self.definition)) for name in names)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the score columns, in the definition's order."""
        return tuple(name for scale in self.definition.scales for name in self._names(scale))

    def _names(self, scale: Scale) -> tuple[str, ...]:
        if isinstance(scale.rule, Index):
            sets = scale.rule.default_sets if self.value_sets is None else self.value_sets
            several = tuple(f"{scale.code}:{name}" for name in sets)
            return (scale.code,) if len(sets) < 2 else several
        return (scale.code, "se") if isinstance(scale.rule, PatternT) else (scale.code,)


def task(definition: Definition, *, value_sets: Sequence[str] = (), language: str = "") -> Task:
    """Return what to score; value sets are matched without regard to case, each used once.

    :raises CannotScore: if the instrument has no index, or no such set or language.
    """
    if language and language not in definition.languages:
        raise CannotScore(f"{definition.code} has no language {language}")
    if not value_sets:
        return Task(definition, None, language)
    instrument = index_instrument(definition)
    ids = dict.fromkeys(tariffs.get(name, instrument).id for name in value_sets)
    return Task(definition, tuple(ids), language)


def index_instrument(definition: Definition) -> str:
    """Return the name under which value sets know this instrument.

    :raises CannotScore: if the instrument has no index.
    """
    for scale in definition.scales:
        if isinstance(scale.rule, Index):
            return scale.rule.instrument
    raise CannotScore(f"{definition.code} has no index, so it takes no value set")


@dataclass(frozen=True)
class Layout:
    """Which column holds which item, which the state, and which are passed on."""

    task: Task
    header: Cells
    items: Mapping[int, Item]
    state: int | None

    @cached_property
    def passed(self) -> tuple[int, ...]:
        """The places of the columns that no score column replaces."""
        return tuple(p for p, name in enumerate(self.header) if name not in self.task.columns)

    def keep(self, cells: Cells) -> Cells:
        """Return the cells to pass on."""
        return [cells[place] for place in self.passed]

    def answers(self, cells: Cells) -> tuple[tuple[str, str], ...]:
        """Return each answered item with its answer."""
        own = [(item.code, cells[place].strip()) for place, item in self.items.items()]
        if self.state is not None:
            own += zip(profile_items(self.task.definition), cells[self.state].strip(), strict=False)
        return tuple((code, answer) for code, answer in own if answer)


def scored(
    task: Task, rows: Iterable[tuple[int, Cells | BadRow]]
) -> Iterator[tuple[int, Cells | BadRow]]:
    """Return the header, then each row with its scores, or what is wrong with it.

    :raises BadRow: if the header cannot be used, so that no row can be read.
    """
    numbered = iter(rows)
    layout = _layout(task, next(numbered, (1, BadRow(1, "", "the file is empty")))[1])
    yield 1, layout.keep(layout.header) + list(task.columns)
    remembered = lru_cache(REMEMBERED)(partial(_scores, task))
    for line, row in numbered:
        try:
            cells = _whole(layout, line, row)
            yield line, layout.keep(cells) + remembered(layout.answers(cells))
        except InvalidAnswer as error:
            yield line, BadRow(line, error.item, error.problem)
        except BadRow as bad:
            yield line, bad


def profile_items(definition: Definition) -> tuple[str, ...]:
    """Return the items that make a profile, or none."""
    profiles = [scale.items for scale in definition.scales if isinstance(scale.rule, Profile)]
    return profiles[0] if profiles else ()


def _layout(task: Task, header: Cells | BadRow) -> Layout:
    if isinstance(header, BadRow):
        raise header
    names = [name.strip() for name in header]
    known = {item.code.lower(): item for item in task.definition.items}
    items = {place: known[n.lower()] for place, n in enumerate(names) if n.lower() in known}
    has_state = bool(profile_items(task.definition)) and STATE in names
    _refuse_doubles(task, names, [item.code for item in items.values()], has_state)
    return Layout(task, names, items, names.index(STATE) if has_state else None)


def _refuse_doubles(task: Task, names: Cells, codes: Cells, has_state: bool) -> None:
    """Refuse a header under which an item could have two answers, or no item any."""
    if not all(map(is_text, names)):
        raise BadRow(1, "", "the header is not UTF-8; save the file as UTF-8")
    if has_state:
        codes = [*codes, *profile_items(task.definition)]
    if not codes:
        raise BadRow(1, "", f"no column is an item of {task.definition.code}")
    for code in [*codes, *(name for name in names if name == STATE)]:
        if codes.count(code) > 1 or names.count(code) > 1:
            raise BadRow(1, code, "the item has two columns")


def _whole(layout: Layout, line: int, row: Cells | BadRow) -> Cells:
    """Return a row's cells, the last ones that it lacks as empty, or refuse the row."""
    if isinstance(row, BadRow):
        raise row
    if len(row) > len(layout.header):
        raise BadRow(line, "", f"{len(row)} cells under {len(layout.header)} columns")
    for name, cell in zip(layout.header, row, strict=False):
        if not is_text(cell):
            raise BadRow(line, name, "not UTF-8; save the file as UTF-8")
    cells = row + [""] * (len(layout.header) - len(row))
    if layout.state is not None:
        _check_state(layout.task.definition, line, cells[layout.state].strip())
    return cells


def _check_state(definition: Definition, line: int, state: str) -> None:
    levels = len(definition.items_by_code[profile_items(definition)[0]].options)
    try:
        if state:
            states.parse(state, levels)
    except ValueError as error:
        raise BadRow(line, STATE, str(error)) from None


def _scores(task: Task, answers: tuple[tuple[str, str], ...]) -> Cells:
    made = score(
        task.definition,
        {code: _answer(task.definition, code, cell) for code, cell in answers},
        value_sets=task.value_sets,
        language=task.language,
    )
    return [cell for result in made for cell in _cells(task, result)]


def _answer(definition: Definition, code: str, cell: str) -> str | tuple[str, ...]:
    """Return a cell as its item takes it.

    Several choices stand with spaces between; statistics programs write option 2 as 2.0 where
    the column has empty cells.
    """
    kind = definition.items_by_code[code].kind
    if kind == "multiple":
        return tuple(cell.split())
    return cell.removesuffix(".0") if kind == "single" else cell


def _cells(task: Task, result: Score) -> Cells:
    rule = task.definition.scales_by_code[result.scale].rule
    error = [_cell(result.standard_error)] if isinstance(rule, PatternT) else []
    return [_cell(result.value), *error]


def _cell(value: float | str | None) -> str:
    """Return a value as text: unrounded but for the noise of binary fractions."""
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:.12g}"
