"""Every error on the FHIR interface as an OperationOutcome: what is wrong, and where."""

from typing import Any

from rest_framework.response import Response

from proms import problems
from proms.fhir.formats import FHIR_JSON

# FHIR's own word for the kind of each error.
_KINDS = {
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    413: "too-long",
    415: "not-supported",
    422: "value",
}


def outcome(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an error as an OperationOutcome, and leave nothing of its request behind."""
    response = problems.problem(error, context)
    if response is None:
        return None
    response.data = _outcome(response.data)
    response.content_type = FHIR_JSON
    return response


def _outcome(problem: dict[str, Any]) -> dict[str, Any]:
    kind = _KINDS.get(problem["status"], "invalid")
    faults = problem.get("errors") or [{"field": "", "detail": problem["detail"]}]
    return {"resourceType": "OperationOutcome", "issue": [_issue(kind, each) for each in faults]}


def _issue(kind: str, fault: dict[str, str]) -> dict[str, Any]:
    issue = {"severity": "error", "code": kind, "diagnostics": fault["detail"]}
    return issue | ({"expression": [fault["field"]]} if fault["field"] else {})
