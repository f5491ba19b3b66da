"""Patient-reported experience, for groups only: shares of positive answers and dimension means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from proms.instruments.definition import Definition
from proms.instruments.items import Answer, Item
from proms.instruments.rules import Weighted
from proms.instruments.scales import Scale
from proms.scoring.score import score


@dataclass(frozen=True)
class Share:
    """How a question was answered: counts, from which the shares follow.

    "Not relevant" and blank answers are counted, and stand outside the denominator.
    """

    item: str
    answered: int
    positive: int
    top: int
    not_applicable: int
    blank: int

    @property
    def share_positive(self) -> float | None:
        """Positive answers among those answered, or None without any."""
        return self.positive / self.answered if self.answered else None

    @property
    def top_box(self) -> float | None:
        """Best possible answers among those answered, or None without any."""
        return self.top / self.answered if self.answered else None


@dataclass(frozen=True)
class DimensionMean:
    """The mean of a dimension 0-100 over the people who have a score."""

    scale: str
    n: int
    mean: float | None


def shares(definition: Definition, people: Iterable[Mapping[str, Answer]]) -> tuple[Share, ...]:
    """Return the shares of every question that belongs to a dimension, in order."""
    everyone = tuple(people)
    return tuple(
        _share(definition.items_by_code[code], scale.rule, everyone)
        for scale in definition.scales
        if isinstance(scale.rule, Weighted)
        for code in scale.items
    )


def _share(item: Item, rule: Weighted, people: tuple[Mapping[str, Answer], ...]) -> Share:
    chosen = [item.options_by_code.get(str(answers.get(item.code))) for answers in people]
    values = [option.score for option in chosen if option and option.score is not None]
    best = max(option.score for option in item.options if option.score is not None)
    return Share(
        item=item.code,
        answered=len(values),
        positive=sum(value >= rule.positive_from for value in values),
        top=sum(value == best for value in values),
        not_applicable=sum(bool(option and option.not_applicable) for option in chosen),
        blank=sum(option is None for option in chosen),
    )


def dimension_means(
    definition: Definition, people: Iterable[Mapping[str, Answer]]
) -> tuple[DimensionMean, ...]:
    """Return the mean of every dimension over people; each needs half its questions answered."""
    scores = [score(definition, answers) for answers in people]
    return tuple(
        _mean(scale, [made[place].value for made in scores])
        for place, scale in enumerate(definition.scales)
    )


def _mean(scale: Scale, values: Iterable[float | str | None]) -> DimensionMean:
    numbers = [value for value in values if isinstance(value, float)]
    return DimensionMean(scale.code, len(numbers), sum(numbers) / len(numbers) if numbers else None)
