"""The band that a score falls in."""

from proms.instruments.scales import Band, Thresholds


def band(thresholds: Thresholds, value: float) -> Band:
    """Return the last band whose floor is at or below the value.

    >>> from proms.instruments import library
    >>> severity = library.get("phq-9").scales_by_code["total"].thresholds[0]
    >>> band(severity, 10).code
    'moderate'
    """
    reached = [band for band in thresholds.bands if band.low is None or band.low <= value]
    return reached[-1]
