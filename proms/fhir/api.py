"""Adaptive questionnaires over FHIR R4: SDC's `$next-question`. Nothing about patients is kept."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import override
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from proms.fhir import asking, capabilities, outcomes
from proms.fhir.formats import FhirParser, FhirRenderer, JsonParser


class FhirView(APIView):
    """Speaks FHIR, and English to the developers who read its errors."""

    parser_classes = (FhirParser, JsonParser)
    renderer_classes = (FhirRenderer, JSONRenderer)
    # FHIR describes itself, in `metadata`.
    schema = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with override("en"):
            return super().dispatch(request, *args, **kwargs)

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return outcomes.outcome


class MetadataView(FhirView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        return Response(capabilities.statement(_base()))


class QuestionnaireView(FhirView):
    def get(self, request: Request, code: str) -> Response:
        """Read an adaptive questionnaire's shell; `?language=` chooses its language."""
        language = request.query_params.get("language", "")
        today = timezone.localdate()
        return Response(asking.shell(code, base=_base(), today=today, language=language))


class NextQuestionView(FhirView):
    def post(self, request: Request, code: str = "") -> Response:
        today = timezone.localdate()
        return Response(asking.next_question(request.data, base=_base(), today=today, code=code))


class NothingHereView(FhirView):
    """Every other address, so that a client is told in FHIR too."""

    def get(self, request: Request) -> Response:
        raise Http404

    post = put = patch = delete = get


def _base() -> str:
    return f"{settings.SITE_URL}/fhir"
