"""Index events in over REST, and what became of them."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import override
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications.sealing import lookup_hash
from proms import access
from proms.models import AccessEvent, ApiClient, Measurement, Record, Score
from proms.problems import Problem, ProblemSerializer, problem_of
from surveys import enrolling, intake, resolving
from surveys.event_reports import EventReport, EventSerializer
from surveys.models import Enrolment

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Repeats with the same key and body get the same answer; stands in for event_id.",
)
# In a list each event has the key with its number: both together fit an event_id.
LONGEST_KEY = 190
# More in one request would hold a thread and its locks for minutes.
MOST_EVENTS = 10_000
# Scores in the order of the survey's instruments, and of each instrument's scales.
MEASURED = (
    Prefetch("measurements", Measurement.objects.order_by("position")),
    Prefetch("measurements__scores", Score.objects.order_by("pk")),
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


class ResultSerializer(serializers.Serializer):
    """What became of one event of a list: an enrolment, or a problem."""

    status = serializers.IntegerField(help_text="The status code that it alone would have had.")
    enrolment = EnrolmentSerializer(required=False)
    problem = ProblemSerializer(required=False)


class ResultsSerializer(serializers.Serializer):
    results = ResultSerializer(many=True, help_text="In the order of the list.")


def _problems(*codes: int) -> dict[tuple[int, str], type[ProblemSerializer]]:
    return {(code, "application/problem+json"): ProblemSerializer for code in codes}


class EnglishView(APIView):
    """Speaks English throughout, as senders' developers read it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with override("en"):
            return super().dispatch(request, *args, **kwargs)


class EventsView(EnglishView):
    @extend_schema(
        operation_id="report_events",
        parameters=[IDEMPOTENCY_KEY],
        request=PolymorphicProxySerializer(
            "EventOrEvents", [EventSerializer, EventSerializer(many=True)], None, many=False
        ),
        responses={
            201: EnrolmentSerializer,
            200: PolymorphicProxySerializer(
                "EnrolmentOrResults", [EnrolmentSerializer, ResultsSerializer], None
            ),
            **_problems(400, 401, 409, 415),
        },
    )
    def post(self, request: Request) -> HttpResponse:
        """Report an index event, or a list of them; what is due at once is sent at once."""
        client, now, key = _client(request), timezone.now(), _key(request)
        take: Callable[..., Response] = _take_each if isinstance(request.data, list) else _take
        try:
            answer = intake.once(
                client,
                key=key,
                body_hash=_hash(request.data),
                now=now,
                do=lambda: _kept(take(request.data, client=client, key=key, now=now)),
            )
        except intake.OtherBody:
            raise Problem(
                "This Idempotency-Key was used with another body: send a new key.",
                field="Idempotency-Key",
                status_code=status.HTTP_409_CONFLICT,
            ) from None
        return HttpResponse(answer.body, status=answer.status_code, content_type="application/json")


class EnrolmentView(EnglishView):
    @extend_schema(
        operation_id="read_enrolment",
        responses={200: EnrolmentSerializer, **_problems(401, 404)},
    )
    def get(self, request: Request, enrolment_id: UUID) -> Response:
        """Read an enrolment: its occasions, and what the register holds of those answered."""
        client = _client(request)
        visible = access.visible_to_client(client, Enrolment.objects.all())
        enrolment = get_object_or_404(visible, pk=enrolment_id)
        _log(client, AccessEvent.Activity.READ, "enrolment", enrolment, timezone.now())
        return Response(represent(enrolment, client))


def represent(enrolment: Enrolment, client: ApiClient) -> dict[str, Any]:
    """Return an enrolment as its register may read it, occasions in the order they are due."""
    held = access.visible_to_client(client, Record.objects.with_answers())
    occasions = list(enrolment.occasions.order_by("due_at", "pk"))
    found = held.filter(occasion_id__in=[occasion.pk for occasion in occasions])
    by_occasion = {
        record.occasion_id: record
        for record in found.order_by("version").prefetch_related(*MEASURED)
    }
    for occasion in occasions:
        if occasion.pk in by_occasion:
            occasion.record = by_occasion[occasion.pk]  # type: ignore[attr-defined]
    return {"id": str(enrolment.pk), "occasions": OccasionSerializer(occasions, many=True).data}


def _take(data: Any, *, client: ApiClient, key: str, now: datetime) -> Response:
    report = EventReport.read(data, event_id=key)
    try:
        taken = enrolling.enrol(report, client=client, now=now)
    except enrolling.Conflict as error:
        raise Problem(str(error), field=error.field, status_code=409) from error
    except resolving.Refused as error:
        raise Problem(str(error), field=error.field) from error
    _log(client, AccessEvent.Activity.WRITE, "event", taken.enrolment, now)
    code = status.HTTP_201_CREATED if taken.is_new else status.HTTP_200_OK
    return Response(represent(taken.enrolment, client), status=code)


def _log(
    client: ApiClient,
    activity: AccessEvent.Activity,
    kind: str,
    enrolment: Enrolment,
    now: datetime,
) -> None:
    actor, patients = access.client_actor(client), [enrolment.patient_id]
    access.log(actor, activity=activity, kind=kind, patients=patients, now=now)


def _take_each(data: list[Any], *, client: ApiClient, key: str, now: datetime) -> Response:
    """Take the events of a list one by one: a bad one leaves nothing, and stops no other."""
    if len(data) > MOST_EVENTS:
        raise Problem(f"Send at most {MOST_EVENTS} events in one list.", status_code=413)
    results: list[dict[str, Any]] = [{}] * len(data)
    # In one order for all senders: two lists of the same people must not wait for each other.
    for number in sorted(range(len(data)), key=lambda place: _number_in(data[place])):
        own_key = f"{key}#{number}" if key else ""
        try:
            with transaction.atomic():
                answer = _take(data[number], client=client, key=own_key, now=now)
            results[number] = {"status": answer.status_code, "enrolment": answer.data}
        except APIException as error:
            results[number] = {"status": error.status_code, "problem": problem_of(error)}
    return Response({"results": results})


def _number_in(event: Any) -> str:
    """Return the last digits of the person's number, which every form of it shares."""
    number = event.get("person_id", "") if isinstance(event, dict) else ""
    return re.sub(r"\W", "", str(number))[-10:]


def _kept(response: Response) -> intake.Answer:
    return intake.Answer(response.status_code, JSONRenderer().render(response.data).decode())


def _key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY:
        raise Problem(f"Use at most {LONGEST_KEY} characters.", field="Idempotency-Key")
    return key


def _client(request: Request) -> ApiClient:
    client = request.user
    assert isinstance(client, ApiClient)
    return client


def _hash(data: Any) -> str:
    """Return a keyed hash of a body: it holds a number, which a plain hash would tell."""
    return lookup_hash(json.dumps(data, sort_keys=True), purpose="intake request")
