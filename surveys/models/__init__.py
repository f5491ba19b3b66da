"""The models of surveys, together, as Django looks for them."""

from surveys.models.answer import Answer
from surveys.models.enrolment import Enrolment
from surveys.models.occasion import Invitation, Occasion
from surveys.models.survey import (
    IntakeRequest,
    Survey,
    SurveyInstrument,
    SurveyVersion,
    TimePoint,
)

__all__ = [
    "Answer",
    "Enrolment",
    "IntakeRequest",
    "Invitation",
    "Occasion",
    "Survey",
    "SurveyInstrument",
    "SurveyVersion",
    "TimePoint",
]
