"""The names that resources of adaptive questionnaires carry: profiles, extensions, link ids."""

_SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
SHELL_PROFILE = f"{_SDC}sdc-questionnaire-adapt-srch"
QUESTIONNAIRE_PROFILE = f"{_SDC}sdc-questionnaire-adapt"
RESPONSE_PROFILE = f"{_SDC}sdc-questionnaireresponse-adapt"
NEXT_QUESTION = "http://hl7.org/fhir/uv/sdc/OperationDefinition/Questionnaire-next-question"
# Who asks the next question: the base address of this interface.
ADAPTIVE = f"{_SDC}sdc-questionnaire-questionnaireAdaptive"
HIDDEN = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden"

# Ours: read by those who know them, ignored by others.
DEMONSTRATION = "urn:utfall:demonstration-wording"
# Which rules stop the test: "bank" for its own, else the name of one of `stopping.NAMED`.
RULE = "urn:utfall:adaptive-rule"
LIKELY_LEFT = "urn:utfall:adaptive-likely-left"
# Theta and its standard error after an answer.
ESTIMATE = "urn:utfall:adaptive-estimate"
# An answer that the test does not pass any more; it counts again if the item comes by.
OFF_PATH = "urn:utfall:adaptive-off-path"

# Items that are no questions of the bank: what is said beside them, and the scores.
OURS = "utfall."
SAYS_DEMONSTRATION = f"{OURS}demonstration"
INTRODUCTION = f"{OURS}introduction"


def is_ours(link_id: str) -> bool:
    """Whether an item is one that we add beside the questions."""
    return link_id.startswith(OURS)
