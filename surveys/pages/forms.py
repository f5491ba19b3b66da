"""The form of one question, built from its item."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proms.instruments.answers import InvalidAnswer, check
from proms.instruments.items import Answer as Value
from proms.instruments.items import Item, Number

UNANSWERED = "unanswered"


class QuestionForm(forms.Form):
    """An answer, the revision that its page showed, and what the person pressed."""

    revision = forms.IntegerField(required=False, min_value=0)
    skip = forms.BooleanField(required=False)

    def __init__(self, item: Item, *, may_be_empty: bool, data: Any = None) -> None:
        super().__init__(data)
        self.item = item
        self.may_be_empty = may_be_empty
        options = [(option.code, option.code) for option in item.options]
        self.fields["answer"] = (
            forms.MultipleChoiceField(choices=options, required=False)
            if item.kind == "multiple"
            else forms.CharField(required=False)
        )

    def clean_revision(self) -> int:
        return self.cleaned_data["revision"] or 0

    def clean(self) -> None:
        if self.cleaned_data.get("skip") and self.item.skip != "none":
            self.cleaned_data["answer"] = None
            return
        if "answer" not in self.cleaned_data:
            return
        try:
            self.cleaned_data["answer"] = self._checked(self.cleaned_data["answer"])
        except InvalidAnswer:
            self.add_error("answer", forms.ValidationError(_invalid(self.item), code="invalid"))

    def _checked(self, given: Any) -> Value | None:
        if not given:
            if not self.may_be_empty:
                self.add_error("answer", forms.ValidationError(_empty(self.item), code=UNANSWERED))
            return None
        if self.item.kind in ("number", "vas"):
            given = given.strip().replace(",", ".").replace("−", "-")
        return check(self.item, given)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in, and nothing is to be skipped."""
        return self.cleaned_data["answer"] is None and not self.cleaned_data["skip"]

    @property
    def lacks_answer(self) -> bool:
        """Whether what is wrong is only that there is no answer."""
        return self.has_error("answer", UNANSWERED)

    @property
    def error(self) -> str:
        """What is wrong and how to mend it, or nothing."""
        return str(next(iter(self.errors.get("answer", [])), ""))


def _empty(item: Item) -> str:
    return str(_EMPTY[item.kind])


_EMPTY = {
    "single": gettext_lazy("Choose the answer that fits best."),
    "multiple": gettext_lazy("Choose one or more answers."),
    "number": gettext_lazy("Write a number."),
    "vas": gettext_lazy("Write a number in the box."),
    "text": gettext_lazy("Write an answer."),
    "date": gettext_lazy("Write a date."),
}


def _invalid(item: Item) -> str:
    return _INVALID[item.kind](item)


def _not_a_number(item: Item) -> str:
    number = item.number or Number()
    limits = {"low": f"{number.minimum:g}" if number.minimum is not None else ""}
    limits["high"] = f"{number.maximum:g}" if number.maximum is not None else ""
    if limits["low"] and limits["high"] and not number.decimals:
        return _("Write a whole number from %(low)s to %(high)s.") % limits
    if limits["low"] and limits["high"]:
        return _("Write a number from %(low)s to %(high)s.") % limits
    return _("Write a number, with figures only.")


def _too_long(item: Item) -> str:
    return _("Write at most %(count)s characters.") % {"count": item.max_length or 100_000}


_INVALID: dict[str, Callable[[Item], str]] = {
    "single": _empty,
    "multiple": lambda item: _("These answers cannot be chosen together."),
    "number": _not_a_number,
    "vas": _not_a_number,
    "text": _too_long,
    "date": lambda item: _("Write the date as year-month-day, such as 2026-03-14."),
}
