"""How long a survey is, and how far one has come, where answers decide what is asked next."""

from dataclasses import dataclass
from typing import NamedTuple

from proms.adaptive import estimation
from surveys.sheets import Part, Question, Sheet


class Length(NamedTuple):
    """How many questions there are, at least and at most."""

    fewest: int
    most: int

    @property
    def is_certain(self) -> bool:
        return self.fewest == self.most


@dataclass(frozen=True)
class Progress:
    """Where a question stands, of how many if that is certain, and how much lies behind it."""

    place: int
    count: int | None
    percent: int


def length(sheet: Sheet) -> Length:
    """Return how many questions the survey has, all told."""
    parts = [_length(sheet, part) for part in sheet.parts]
    return Length(sum(each.fewest for each in parts), sum(each.most for each in parts))


def at(sheet: Sheet, question: Question) -> Progress:
    """Return how far one has come who stands at a question."""
    place, whole = sheet.questions.index(question), length(sheet)
    before = sheet.questions[:place]
    weights = {part.code: _weight(sheet, part) for part in sheet.parts}
    done = sum(
        weights[part.code] * _share(sheet, part, _count(before, part)) for part in sheet.parts
    )
    count = whole.most if whole.is_certain else None
    return Progress(place + 1, count, round(100 * done / sum(weights.values())))


def _length(sheet: Sheet, part: Part) -> Length:
    shown = _count(sheet.questions, part)
    if sheet.is_over(part):
        return Length(shown, shown)
    fewest, most = _limits(part)
    return Length(max(shown, fewest), max(shown, most))


def _limits(part: Part) -> Length:
    """Return how few and how many items the test's rule lets it ask."""
    most = min(part.rules.max_items, len(part.definition.items))
    return Length(1 if part.rules.screen else min(part.rules.min_items, most), most)


def _weight(sheet: Sheet, part: Part) -> float:
    """Return how much of the bar is an instrument's: a test's stays as it was at the start."""
    return sum(_limits(part)) / 2 if part.rule else _count(sheet.questions, part)


def _share(sheet: Sheet, part: Part, asked: int) -> float:
    """Return how much of an instrument lies behind, from 0 to 1.

    Of a test: as its standard error shrinks towards its limit (information, 1 / SE^2, adds up),
    no faster than its fewest items and no slower than its most. It never goes back.
    """
    shown = _count(sheet.questions, part)
    if asked == shown:
        return 1.0
    if not part.rule:
        return asked / shown
    fewest, most = _limits(part)
    gained = _gained(sheet, part)[:asked]
    return max([asked / most, *(min(each, n / fewest) for n, each in enumerate(gained, start=1))])


def _gained(sheet: Sheet, part: Part) -> list[float]:
    """Return the share of the information wanted that is gathered, after each item asked."""
    bank = part.bank(sheet.language_of(part))
    start = float(estimation.eap(bank.prior, bank.table)[1]) ** -2
    wanted = (part.rules.stop_se_t / 10) ** -2 - start
    return [(step.se**-2 - start) / wanted for step in sheet.paths[part.code].steps]


def _count(questions: tuple[Question, ...], part: Part) -> int:
    return sum(each.part is part for each in questions)
