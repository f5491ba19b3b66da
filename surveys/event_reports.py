"""The form of an index event as senders report it, the same over the API and in a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@dataclass(frozen=True)
class EventReport:
    """One event as reported: well formed, but not yet looked up."""

    survey: str
    person_id: str
    unit: str
    event: str
    date: date
    event_id: str = ""
    person_id_type: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    contact: Mapping[str, Any] = field(default_factory=dict)
    consents: tuple[Mapping[str, Any], ...] = ()
    informed: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, data: Any, *, event_id: str = "") -> Self:
        """Return the report in `data`; `event_id` serves where it has none.

        :raises ValidationError: if it is not well formed.
        """
        form = EventSerializer(data=data)
        form.is_valid(raise_exception=True)
        told = form.validated_data
        return cls(**{"event_id": event_id, **told, "consents": tuple(told.get("consents", ()))})


class Strict(serializers.Serializer):
    """Refuses fields that it does not know: a misspelt one must not be lost unseen."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(set(data) - set(self.fields))):
            known = ", ".join(self.fields)
            raise serializers.ValidationError(
                {name: [f"This field is not known. Known here: {known}."] for name in unknown}
            )
        return super().to_internal_value(data)


class Address(Strict):
    street = serializers.CharField(max_length=100)
    postal_code = serializers.CharField(max_length=10)
    city = serializers.CharField(max_length=50)
    care_of = serializers.CharField(max_length=100, required=False)
    country = serializers.CharField(max_length=50, required=False)


@extend_schema_field({"oneOf": [{"type": "object"}, {"type": "string"}]})
class AddressField(serializers.Field):
    """An address in its parts, or as one text of lines as they stand on an envelope."""

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if isinstance(data, str):
            lines = serializers.CharField(max_length=300).run_validation(data)
            return {"lines": lines}
        parts = Address(data=data)
        parts.is_valid(raise_exception=True)
        return dict(parts.validated_data)

    def to_representation(self, value: Any) -> Any:
        return value


class Contact(Strict):
    name = serializers.CharField(max_length=200, required=False)
    email = serializers.EmailField(max_length=254, required=False)
    phone = serializers.RegexField(r"^\+?[0-9][0-9 ()-]{4,20}$", required=False)
    address = AddressField(required=False)
    language = serializers.RegexField(r"^[a-z]{2,3}$", required=False)
    prefers = serializers.ChoiceField(["paper"], required=False)


class GivenConsent(Strict):
    channel = serializers.ChoiceField(["email", "sms"])
    source = serializers.CharField(max_length=100)  # type: ignore[assignment]
    on = serializers.DateField()


class Informed(Strict):
    how = serializers.CharField(max_length=40)
    on = serializers.DateField()
    version = serializers.CharField(max_length=40, required=False)


class EventSerializer(Strict):
    """An index event: six required fields, and what may be told beside them."""

    event_id = serializers.CharField(
        max_length=200, required=False, help_text="The sender's own id, unique per sender."
    )
    survey = serializers.CharField(max_length=40, help_text="The survey's code.")
    person_id = serializers.CharField(
        max_length=20, help_text="Twelve digits, or a reserve number with its person_id_type."
    )
    person_id_type = serializers.CharField(
        max_length=60, required=False, help_text="An OID; left out for personal numbers."
    )
    unit = serializers.CharField(max_length=32, help_text="The unit's HSA id.")
    event = serializers.CharField(max_length=40, help_text="What happened, such as surgery.")
    date = serializers.DateField(help_text="The day it happened.")
    attributes = serializers.DictField(
        child=serializers.CharField(max_length=100), required=False, help_text="As the survey says."
    )
    contact = Contact(required=False)
    consents = GivenConsent(many=True, required=False)
    informed = Informed(required=False)
