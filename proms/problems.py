"""Every error of the REST API as problem+json (RFC 9457): the field, and the cure."""

from typing import Any

from django.db import connection, transaction
from django.http import Http404
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler


class Problem(exceptions.APIException):
    """An error with the field it is about and how to mend it (RFC 9457)."""

    def __init__(self, detail: str, *, field: str = "", status_code: int = 400) -> None:
        super().__init__(detail)
        self.field = field
        self.status_code = status_code


class ErrorSerializer(serializers.Serializer):
    field = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """What went wrong, and for each field that is wrong what would mend it (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = ErrorSerializer(  # type: ignore[assignment]
        many=True, required=False, help_text="One for each field that is wrong."
    )


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer every error of the API as problem+json, and leave nothing of its request behind."""
    response = exception_handler(error, context)
    if response is None:
        return None
    if connection.in_atomic_block:
        transaction.set_rollback(True)
    response.data = problem_of(error, response.status_code)
    response.content_type = "application/problem+json"
    return response


def problem_of(error: Exception, status_code: int = 400) -> dict[str, Any]:
    """Return the body of a problem: what, where, and what would mend it."""
    code = getattr(error, "status_code", status_code)
    title = _TITLES.get(code, "Bad request")
    return {"type": "about:blank", "title": title, "status": code, **_detail(error)}


def _detail(error: Exception) -> dict[str, Any]:
    if isinstance(error, Problem):
        errors = [_error(error.field, str(error.detail))]
        return {"detail": errors[0]["detail"], "errors": errors}
    if isinstance(error, exceptions.ValidationError):
        errors = list(_flat(error.detail))
        return {"detail": errors[0]["detail"], "errors": errors}
    if isinstance(error, Http404):
        return {"detail": "There is nothing here that you may see."}
    return {"detail": str(getattr(error, "detail", error))}


def _flat(detail: Any, field: str = "") -> Any:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flat(inner, f"{field}.{name}".strip("."))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _flat(inner, field)
    else:
        yield _error(field, str(detail))


def _error(field: str, detail: str) -> dict[str, str]:
    return {"field": _utf8(field), "detail": _utf8(detail)}


def _utf8(text: str) -> str:
    """Return the text without the half characters that JSON can carry and UTF-8 cannot."""
    return text.encode(errors="replace").decode()


_TITLES = {
    status.HTTP_400_BAD_REQUEST: "Bad request",
    status.HTTP_401_UNAUTHORIZED: "Not recognised",
    status.HTTP_403_FORBIDDEN: "Not allowed",
    status.HTTP_404_NOT_FOUND: "Not found",
    status.HTTP_405_METHOD_NOT_ALLOWED: "Method not allowed",
    status.HTTP_409_CONFLICT: "Conflict",
    status.HTTP_413_REQUEST_ENTITY_TOO_LARGE: "Too large",
    status.HTTP_415_UNSUPPORTED_MEDIA_TYPE: "Unsupported media type",
}
