import pytest
from django.http import Http404
from rest_framework import exceptions

from proms.problems import Problem, problem, problem_of


def test_a_problem_names_field_and_cure():
    body = problem_of(Problem("Send a new key.", field="Idempotency-Key", status_code=409))

    assert body == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "Send a new key.",
        "errors": [{"field": "Idempotency-Key", "detail": "Send a new key."}],
    }


def test_every_field_that_is_wrong_is_named_by_its_whole_path():
    error = exceptions.ValidationError(
        {"date": ["Too early."], "contact": {"address": {"city": ["Missing.", "Short."]}}}
    )

    body = problem_of(error)

    assert (body["status"], body["detail"]) == (400, "Too early.")
    assert [(each["field"], each["detail"]) for each in body["errors"]] == [
        ("date", "Too early."),
        ("contact.address.city", "Missing."),
        ("contact.address.city", "Short."),
    ]


def test_an_error_without_a_field_stands_alone():
    assert problem_of(exceptions.ValidationError("No."))["errors"] == [
        {"field": "", "detail": "No."}
    ]


@pytest.mark.parametrize(
    ("error", "code", "title"),
    [
        (exceptions.NotAuthenticated(), 401, "Not recognised"),
        (exceptions.PermissionDenied(), 403, "Not allowed"),
        (Http404(), 404, "Not found"),
        (exceptions.MethodNotAllowed("PUT"), 405, "Method not allowed"),
        (exceptions.UnsupportedMediaType("text/csv"), 415, "Unsupported media type"),
        (exceptions.Throttled(), 429, "Bad request"),
    ],
)
def test_each_error_has_its_code_and_title(error, code, title):
    response = problem(error, {})

    assert (response.status_code, response.data["status"]) == (code, code)
    assert response.data["title"] == title
    assert response.content_type == "application/problem+json"
    assert response.data["detail"]


def test_a_404_tells_nothing_of_what_is_there():
    response = problem(Http404("No Enrolment matches 17"), {})

    assert response.data["detail"] == "There is nothing here that you may see."


def test_a_fault_of_ours_is_no_problem_of_the_sender_s():
    assert problem(ZeroDivisionError(), {}) is None
