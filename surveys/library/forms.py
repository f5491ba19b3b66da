"""The forms of the library: an instrument or licensed words, from a file."""

import base64
from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from proms.instruments import formats
from proms.instruments.fields import LANGUAGE
from proms.licensing import Grant
from proms.models import Mode
from surveys.library import studying

# Ten times the largest bank's table; a larger one belongs to the command.
LARGEST_UPLOAD = 2_000_000
# The largest bank under every rule takes some two seconds for so many; more belong to the command.
MOST_PEOPLE = 5000


class Upload(forms.Form):
    """A file, which the page that asks once more carries along as text."""

    file = forms.FileField(label=_("File"), required=False)
    carried = forms.CharField(widget=forms.HiddenInput, required=False)
    needs_file: ClassVar = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        uploaded = cleaned.get("file")
        if uploaded and uploaded.size > LARGEST_UPLOAD:
            self.add_error("file", _("The file is over 2 MB: import it by command instead."))
        elif self.needs_file and not uploaded and not cleaned.get("carried"):
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


class StudyForm(Upload):
    """Whom to study a bank's tests on, and under which rules."""

    needs_file = False
    too_many = _(
        "More than 5,000 people take too long here: run manage.py simulate-cat in a terminal."
    )
    people = forms.IntegerField(
        label=_("Simulated people"),
        min_value=100,
        max_value=MOST_PEOPLE,
        initial=1000,
        error_messages={"max_value": too_many},
        help_text=_("100 to 5,000. A thousand take a second or two."),
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=2**32 - 1,
        initial=1,
        help_text=_("The same seed gives the same people."),
    )
    rules = forms.MultipleChoiceField(
        label=_("Rules to compare"),
        choices=list(studying.RULES.items()),
        initial=list(studying.RULES),
        widget=forms.CheckboxSelectMultiple,
    )
    file = forms.FileField(
        label=_("Real answers instead (CSV)"),
        required=False,
        help_text=_(
            "A column id and one for each item, answers coded 1 and up, at most 5,000 people. "
            "The file is read and not stored."
        ),
    )
    field_order = ("people", "seed", "rules", "file", "carried")

    def again(self) -> Iterator[tuple[str, str]]:
        """Return the fields that ask for the same study once more."""
        yield "people", str(self.cleaned_data["people"])
        yield "seed", str(self.cleaned_data["seed"])
        yield from (("rules", name) for name in self.cleaned_data["rules"])
        if self.cleaned_data["content"]:
            yield "carried", self.packed
