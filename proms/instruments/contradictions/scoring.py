"""Contradictions in what is scored: scales, their rules, bands and important changes."""

from collections.abc import Iterator, Mapping

from proms.instruments.contradictions.problems import Problem, rising, scales, span, unknown
from proms.instruments.definition import Definition
from proms.instruments.items import Item
from proms.instruments.rules import Index, MeanOfScales, Value, Weighted
from proms.instruments.scales import Scale


def scales_read_what_exists(definition: Definition) -> Iterator[Problem]:
    """A scale's items exist and have numbers."""
    for path, scale in scales(definition):
        yield from span(path, scale.minimum, scale.maximum)
        for place, code in enumerate(scale.items):
            if code not in definition.items_by_code:
                yield unknown(f"{path}.items[{place}]", "item", code)
            elif not _has_number(definition.items_by_code[code]):
                cure = "Give its options scores, or leave it out of the scale"
                yield Problem(f"{path}.items[{place}]", f"{code} has no number to score", cure)


def _has_number(item: Item) -> bool:
    if item.kind in ("number", "vas"):
        return True
    return item.kind == "single" and any(option.score is not None for option in item.options)


def rules_fit_their_scale(definition: Definition) -> Iterator[Problem]:
    """A rule gets the items, weights, scales and number of answers that it needs."""
    earlier: set[str] = set()
    for path, scale in scales(definition):
        yield from _rule(path, scale, earlier)
        if not scale.items and not isinstance(scale.rule, MeanOfScales):
            yield Problem(f"{path}.items", "nothing is scored", "List items")
        if scale.missing.needed(len(scale.items)) > len(scale.items):
            what = f"needs {scale.missing.minimum} answers of {len(scale.items)} items"
            yield Problem(f"{path}.missing.minimum", what, "Ask for fewer")
        earlier.add(scale.code)


def _rule(path: str, scale: Scale, earlier: set[str]) -> Iterator[Problem]:
    match scale.rule:
        case Value() if len(scale.items) != 1:
            yield Problem(f"{path}.items", "a value is the answer to one item", "Name one item")
        case Index() if len(scale.items) != 5:
            yield Problem(f"{path}.items", "an index is made of five items", "Name the five")
        case Weighted(weights=weights):
            yield from _weights(f"{path}.rule.weights", weights, scale)
        case MeanOfScales(scales=parts, turned=turned):
            yield from _parts(f"{path}.rule.scales", parts, earlier)
            yield from _parts(f"{path}.rule.turned", turned, set(parts))


def _weights(path: str, weights: Mapping[str, float], scale: Scale) -> Iterator[Problem]:
    for code, weight in weights.items():
        if code not in scale.items:
            yield unknown(f"{path}.{code}", "item of this scale", code)
        if weight <= 0:
            yield Problem(f"{path}.{code}", "a weight is not above 0", "Leave the item out")


def _parts(path: str, codes: tuple[str, ...], known: set[str]) -> Iterator[Problem]:
    for place, code in enumerate(codes):
        if code not in known:
            yield unknown(f"{path}[{place}]", "scale before this one", code)


def bands_rise(definition: Definition) -> Iterator[Problem]:
    """Bands begin without a floor and rise from there."""
    for path, scale in scales(definition):
        for place, thresholds in enumerate(scale.thresholds):
            lows = [band.low for band in thresholds.bands]
            where = f"{path}.thresholds[{place}].bands"
            if lows[0] is not None:
                yield Problem(f"{where}[0].low", "the first band has no floor", "Set it to null")
            if None in lows[1:] or not rising(low for low in lows if low is not None):
                yield Problem(where, "bands do not rise", "Order them by their lowest value")


def changes_have_a_direction(definition: Definition) -> Iterator[Problem]:
    """A scale with important changes says which way is better."""
    for path, scale in scales(definition):
        if scale.mics and scale.direction == "none":
            what = "an important change needs to know which way is better"
            yield Problem(f"{path}.direction", what, "Set the scale's direction")
