"""The columns of a REDCap data dictionary, and the names that REDCap allows."""

import re

FIELD = "Variable / Field Name"
FORM = "Form Name"
HEADER = "Section Header"
TYPE = "Field Type"
LABEL = "Field Label"
CHOICES = "Choices, Calculations, OR Slider Labels"
NOTE = "Field Note"
VALIDATION = "Text Validation Type OR Show Slider Number"
LOWEST = "Text Validation Min"
HIGHEST = "Text Validation Max"
BRANCHING = "Branching Logic (Show field only if...)"
REQUIRED = "Required Field?"
ANNOTATION = "Field Annotation"
HEADINGS = (
    FIELD,
    FORM,
    HEADER,
    TYPE,
    LABEL,
    CHOICES,
    NOTE,
    VALIDATION,
    LOWEST,
    HIGHEST,
    "Identifier?",
    BRANCHING,
    REQUIRED,
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    ANNOTATION,
)
KINDS = {
    "radio": "single",
    "dropdown": "single",
    "yesno": "single",
    "truefalse": "single",
    "checkbox": "multiple",
    "slider": "vas",
    "text": "text",
    "notes": "text",
}
# A code that REDCap cannot write stands in the annotation, which it keeps and ignores.
CODE_TAG, SECTION_TAG, ALONE_TAG = "@UTFALL-CODE", "@UTFALL-SECTION", "@NONEOFTHEABOVE"


def field_name(code: str) -> str:
    """Return a code as REDCap writes names: lower case, digits and underscores.

    >>> field_name("EDANX-01")
    'edanx_01'
    """
    plain = re.sub(r"[^a-z0-9]+", "_", code.lower()).strip("_")
    return plain if plain[:1].isalpha() else f"q_{plain}"
