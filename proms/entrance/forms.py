"""The form by which staff log in: name, password and one-time code on one page."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_otp.forms import OTPAuthenticationFormMixin
from django_otp.plugins.otp_totp.models import TOTPDevice

from proms import second_factor
from proms.models import Staff

# One answer to every failure: which of the three was wrong is nobody's business.
REFUSED = _(
    "Username, password or code is not right. A code can be used once and lasts half a minute. "
    "After several wrong codes you have to wait a little before the next."
)


class LoginForm(OTPAuthenticationFormMixin, AuthenticationForm):  # type: ignore[misc]
    username = UsernameField(
        label=_("Username"),
        widget=forms.TextInput(attrs={"autofocus": True, "autocapitalize": "none"}),
    )
    otp_token = forms.CharField(
        label=_("One-time code"),
        help_text=_("Six digits from your authenticator app."),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, Any]:
        try:
            super().clean()
            self.clean_otp(self.get_user())
        except ValidationError:
            raise ValidationError(REFUSED, code="refused") from None
        return self.cleaned_data

    def clean_otp_token(self) -> str:
        """Take the code as apps show it, in two groups of three."""
        code: str = self.cleaned_data["otp_token"]
        return code.replace(" ", "")

    def _chosen_device(self, user: Staff) -> TOTPDevice | None:
        return second_factor.device_of(user)

    def _update_form(self, user: Staff) -> None:
        """Leave the form as it is: the package would write the password back into the page."""
