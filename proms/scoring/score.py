"""Answers in, scores out: every scale of an instrument in the definition's order."""

from collections.abc import Mapping, Sequence

from proms.instruments.answers import given, worth
from proms.instruments.definition import Definition
from proms.scoring.scorers import scorer
from proms.scoring.scores import CannotScore, Case, Score

__all__ = ["CannotScore", "Score", "score"]


def score(
    definition: Definition,
    answers: Mapping[str, object],
    *,
    value_sets: Sequence[str] | None = None,
    language: str = "",
) -> tuple[Score, ...]:
    """Return the scores of one person's answers; a missing score says why.

    `value_sets` are ids of EQ-5D value sets; None stands for the definition's default ones.
    `language` chooses the item parameters of a bank that has its own for it.

    :raises InvalidAnswer: for an unknown item or an answer that its item does not allow.
    :raises CannotScore: for a value set that is unknown or of another instrument.
    """
    named = None if value_sets is None else tuple(value_sets)
    case = Case(definition, worth(definition, given(definition, answers)), named, language)
    scores: list[Score] = []
    for scale in definition.scales:
        made = scorer(scale.rule.kind)(scale, case)
        case.earlier[scale.code] = made[0]
        scores += made
    return tuple(scores)
