import pytest

from proms.instruments import library
from proms.scoring import bands


# HealthMeasures' cut points for symptom scales: below 55, 55-60, 60-70, 70 and above.
@pytest.mark.parametrize(
    ("t", "code"),
    [(20, "none"), (54.9, "none"), (55, "mild"), (60, "moderate"), (70, "severe"), (90, "severe")],
)
def test_a_score_falls_in_the_last_band_that_it_reaches(t, code):
    (severity,) = library.get("promis-anxiety").scales_by_code["t"].thresholds

    assert bands.band(severity, t).code == code
