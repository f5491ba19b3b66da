"""The form that finds a patient by number."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proms import person_ids

# person_ids speaks plain English to every caller; here its words get their translation.
PROBLEMS = {
    "the check digit is wrong: compare the number with its source": _(
        "The check digit is wrong. Compare the number with where you read it."
    ),
    "the number holds no possible date": _(
        "The number holds no possible date. Compare it with where you read it."
    ),
}
MALFORMED = _("Write the number with twelve digits, such as 19800102-2386.")


class FindForm(forms.Form):
    number = forms.CharField(
        label=_("Personal number"),
        help_text=_("Twelve digits, such as 19800102-2386. Co-ordination numbers work too."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": MALFORMED, "max_length": MALFORMED},
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, use_required_attribute=False)
        self.today = today

    def clean_number(self) -> person_ids.PersonId:
        try:
            return person_ids.parse(self.cleaned_data["number"], today=self.today)
        except person_ids.NotAPersonId as problem:
            raise forms.ValidationError(PROBLEMS.get(str(problem), MALFORMED)) from None
