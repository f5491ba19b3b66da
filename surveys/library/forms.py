"""The forms of the library: an instrument or licensed words, from a file."""

import base64
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proms.instruments import formats
from proms.instruments.fields import LANGUAGE
from proms.licensing import Grant
from proms.models import Mode

# Ten times the largest bank's table; a larger one belongs to the command.
LARGEST_UPLOAD = 2_000_000


class Upload(forms.Form):
    """A file, which the page that asks once more carries along as text."""

    file = forms.FileField(label=_("File"), required=False)
    carried = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        uploaded = cleaned.get("file")
        if uploaded and uploaded.size > LARGEST_UPLOAD:
            self.add_error("file", _("The file is over 2 MB: import it by command instead."))
        elif not uploaded and not cleaned.get("carried"):
            self.add_error("file", _("Choose a file."))
        else:
            cleaned["content"] = uploaded.read() if uploaded else self._unpacked(cleaned)
        return cleaned

    def _unpacked(self, cleaned: dict[str, Any]) -> bytes:
        try:
            return base64.b64decode(cleaned["carried"], validate=True)
        except ValueError:
            self.add_error("file", _("Choose the file again."))
            return b""

    @property
    def packed(self) -> str:
        """The file as the page carries it along."""
        return base64.b64encode(self.cleaned_data["content"]).decode()


class TextForm(Upload):
    """Licensed words for one language and mode, with the licence."""

    language = forms.RegexField(
        LANGUAGE,
        label=_("Language"),
        max_length=10,
        initial="sv",
        help_text=_("Such as sv, en or fi."),
    )
    mode = forms.ChoiceField(label=_("Mode"), choices=Mode.choices, initial=Mode.SELF)
    reference = forms.CharField(label=_("Licence reference"), max_length=100)
    until = forms.DateField(
        label=_("Last day of the licence"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: without an end."),
    )

    @property
    def grant(self) -> Grant:
        return Grant(self.cleaned_data["reference"], self.cleaned_data["until"])


class InstrumentForm(Upload):
    """An instrument of one's own, in any format that can be read."""

    form = forms.ChoiceField(label=_("Format"), choices=[(each, each) for each in formats.READABLE])
    wording = forms.ChoiceField(
        label=_("Whose words are they"),
        choices=[
            ("demonstration", _("Not cleared: they may not be published")),
            ("own", _("Our own: they may be published")),
        ],
        help_text=_("Counts where the file does not say."),
    )
    code = forms.SlugField(label=_("Code"), required=False, help_text=_("Where the file has none."))
    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    language = forms.RegexField(
        LANGUAGE, label=_("Language"), max_length=10, initial="sv", required=False
    )

    @property
    def said(self) -> dict[str, str]:
        """What stands in for what the file lacks."""
        names = ("wording", "code", "name", "language")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}
