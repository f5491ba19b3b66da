"""What this FHIR interface can do, as a CapabilityStatement."""

from proms.fhir import terms
from proms.fhir.formats import FHIR_JSON
from proms.instruments.fhir.extensions import Part

# The day this statement last changed.
CHANGED = "2026-11-22"
HOW = (
    "Send a QuestionnaireResponse, alone or in Parameters as questionnaire-response; begin with "
    "no items and the questionnaire's canonical address. The next question comes at the end of "
    "the contained Questionnaire. Answer with a QuestionnaireResponse.item of one valueCoding; an "
    "item without an answer is skipped, an item left out is not answered yet. An answer may be "
    "changed at any time: the test is walked anew. When it is over, the status is completed and "
    "read-only items hold the scores. Nothing is stored."
)


def statement(base: str) -> Part:
    """Return the CapabilityStatement of the interface at an address."""
    operation = {"name": "next-question", "definition": terms.NEXT_QUESTION, "documentation": HOW}
    questionnaire = {
        "type": "Questionnaire",
        "supportedProfile": [terms.SHELL_PROFILE, terms.QUESTIONNAIRE_PROFILE],
        "interaction": [{"code": "read"}],
        "operation": [operation],
    }
    security = {"description": "Authorization: Token <token>, which the register hands out."}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": CHANGED,
        "kind": "instance",
        "software": {"name": "Utfall"},
        "implementation": {"description": "Adaptive questionnaires", "url": base},
        "fhirVersion": "4.0.1",
        "format": [FHIR_JSON],
        "rest": [{"mode": "server", "security": security, "resource": [questionnaire]}],
    }
