"""Index events in over REST, and what became of them."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from proms import access
from proms.models import AccessEvent, ApiClient, Record
from proms.problems import Problem, problem_of
from surveys import enrolling, intake
from surveys.event_reports import EventReport, EventSerializer
from surveys.models import Enrolment

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Repeats with the same key and body get the same answer; stands in for event_id.",
)


class ScoreSerializer(serializers.Serializer):
    scale = serializers.CharField()
    value = serializers.SerializerMethodField(help_text="A number, or an EQ-5D profile as text.")
    se = serializers.FloatField(source="standard_error", allow_null=True)
    set = serializers.CharField(source="set_id")

    def get_value(self, score: Any) -> float | str | None:
        value: float | str | None = score.state or score.value
        return value


class RecordSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    status = serializers.CharField()
    scores = serializers.SerializerMethodField()

    def get_scores(self, record: Record) -> list[dict[str, Any]]:
        scores = [score for each in record.measurements.all() for score in each.scores.all()]
        return list(ScoreSerializer(scores, many=True).data)


class OccasionSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    time_point = serializers.CharField()
    due_at = serializers.DateTimeField()
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    status = serializers.CharField()
    record = RecordSerializer(required=False, help_text="Once it is answered.")


class EnrolmentSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    occasions = OccasionSerializer(many=True)


class EventsView(APIView):
    @extend_schema(
        operation_id="report_events",
        parameters=[IDEMPOTENCY_KEY],
        request=PolymorphicProxySerializer(
            "EventOrEvents", [EventSerializer, EventSerializer(many=True)], None
        ),
        responses={201: EnrolmentSerializer, 200: EnrolmentSerializer},
    )
    def post(self, request: Request) -> Response:
        """Report an index event, or a list of them; what is due at once is sent at once."""
        client, now = _client(request), timezone.now()
        key = request.headers.get("Idempotency-Key", "")
        take: Callable[..., intake.Answer] = _take_each if isinstance(request.data, list) else _take
        try:
            answer = intake.once(
                client,
                key=key,
                body_hash=_hash(request.data),
                now=now,
                do=lambda: take(request.data, client=client, key=key, now=now),
            )
        except intake.OtherBody:
            raise Problem(
                "This Idempotency-Key was used with another body: send a new key.",
                field="Idempotency-Key",
                status_code=status.HTTP_409_CONFLICT,
            ) from None
        return Response(answer.body, status=answer.status_code)


class EnrolmentView(APIView):
    @extend_schema(operation_id="read_enrolment", responses=EnrolmentSerializer)
    def get(self, request: Request, enrolment_id: UUID) -> Response:
        """Read an enrolment: its occasions, and what the register holds of those answered."""
        client = _client(request)
        visible = access.visible_to_client(client, Enrolment.objects.all())
        enrolment = get_object_or_404(visible, pk=enrolment_id)
        access.log(
            access.client_actor(client),
            activity=AccessEvent.Activity.READ,
            kind="enrolment",
            patients=[enrolment.patient_id],
            now=timezone.now(),
        )
        return Response(represent(enrolment, client))


def represent(enrolment: Enrolment, client: ApiClient) -> dict[str, Any]:
    """Return an enrolment as its register may read it, occasions in the order they are due."""
    held = access.visible_to_client(client, Record.objects.with_answers())
    occasions = list(enrolment.occasions.order_by("due_at", "pk"))
    found = held.filter(occasion_id__in=[occasion.pk for occasion in occasions])
    by_occasion = {
        record.occasion_id: record
        for record in found.order_by("version").prefetch_related("measurements__scores")
    }
    for occasion in occasions:
        if occasion.pk in by_occasion:
            occasion.record = by_occasion[occasion.pk]  # type: ignore[attr-defined]
    return {"id": str(enrolment.pk), "occasions": OccasionSerializer(occasions, many=True).data}


def _take(data: Any, *, client: ApiClient, key: str, now: datetime) -> intake.Answer:
    form = EventSerializer(data=data)
    form.is_valid(raise_exception=True)
    report = EventReport.from_validated({"event_id": key, **form.validated_data})
    if not report.event_id:
        raise Problem("Give an event_id, or an Idempotency-Key in its place.", field="event_id")
    try:
        taken = enrolling.enrol(report, client=client, now=now)
    except enrolling.Conflict as error:
        raise Problem(str(error), field=error.field, status_code=409) from error
    except enrolling.Refused as error:
        raise Problem(str(error), field=error.field) from error
    code = status.HTTP_201_CREATED if taken.is_new else status.HTTP_200_OK
    return intake.Answer(code, represent(taken.enrolment, client))


def _take_each(data: list[Any], *, client: ApiClient, key: str, now: datetime) -> intake.Answer:
    """Take the events of a list one by one: a bad one leaves nothing, and stops no other."""
    results = []
    for number, each in enumerate(data):
        try:
            with transaction.atomic():
                own_key = f"{key}#{number}" if key else ""
                answer = _take(each, client=client, key=own_key, now=now)
            results.append({"status": answer.status_code, "enrolment": answer.body})
        except APIException as error:
            results.append({"status": error.status_code, "problem": problem_of(error)})
    return intake.Answer(status.HTTP_200_OK, {"results": results})


def _client(request: Request) -> ApiClient:
    client = request.user
    assert isinstance(client, ApiClient)
    return client


def _hash(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
