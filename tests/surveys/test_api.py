import hashlib
import json
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from drf_spectacular.validation import validate_schema

from proms import adopting, records
from proms.models import AccessEvent, Event, Patient
from surveys.models import Enrolment, IntakeRequest
from tests.factories import (
    NOW,
    eq5d,
    make_client,
    make_enrolment,
    make_number,
    make_survey_version,
    make_unit,
)
from tests.racing import race

pytestmark = pytest.mark.django_db
TOKEN = "secret-of-the-sender"
PROBLEM = "application/problem+json"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def version():
    return make_survey_version()


@pytest.fixture
def sender(version):
    return make_sender(version.survey.register)


@pytest.fixture
def event(version, sender):
    return event_of(version)


def make_sender(register, token=TOKEN):
    return make_client(register=register, token_hash=hashlib.sha256(token.encode()).hexdigest())


def event_of(version, **fields):
    defaults = {
        "event_id": "op-1",
        "survey": version.survey.code,
        "person_id": "198001022386",
        "unit": make_unit().hsa_id,
        "event": "surgery",
        "date": "2026-10-25",
    }
    return defaults | fields


def headers_of(token, key):
    headers = {"Authorization": f"Token {token}"} if token else {}
    return headers | ({"Idempotency-Key": key} if key else {})


def post(body, *, key="", token=TOKEN, content_type="application/json"):
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    headers = headers_of(token, key)
    return Client().post("/api/events/", data, content_type=content_type, headers=headers)


def get(enrolment_id, *, token=TOKEN):
    return Client().get(f"/api/enrolments/{enrolment_id}/", headers=headers_of(token, ""))


def fields_of(response):
    return [error["field"] for error in response.json()["errors"]]


def answer(enrolment):
    start = enrolment.occasions.get(time_point="start")
    measured = records.Measured(
        instrument_version=adopting.adopt("eq5d-5l", language="sv"),
        answers=eq5d("11213", vas=80),
        items_asked=[*eq5d("11213", vas=80)],
        answered_at=NOW,
        is_key=True,
    )
    circumstances = records.Circumstances("self", "web", "sv", "inbox", "strong")
    status = records.complete(start.pk, measured=[measured], circumstances=circumstances, now=NOW)
    enrolment.occasions.filter(pk=start.pk).update(status=status, ended_at=NOW)


def test_a_new_event_is_answered_201_with_its_occasions_in_due_order(event):
    response = post(event)

    assert response.status_code == 201
    body = response.json()
    enrolment = Enrolment.objects.get()
    start, year = enrolment.occasions.order_by("due_at")
    assert body == {
        "id": str(enrolment.pk),
        "occasions": [
            {
                "id": str(start.pk),
                "time_point": "start",
                "due_at": "2026-10-25T02:30:00+02:00",
                "opens_at": "2026-10-25T02:30:00+02:00",
                "closes_at": "2026-11-24T02:30:00+01:00",
                "status": "open",
            },
            {
                "id": str(year.pk),
                "time_point": "year",
                "due_at": "2027-10-25T00:00:00+02:00",
                "opens_at": "2027-10-25T00:00:00+02:00",
                "closes_at": "2027-12-24T00:00:00+01:00",
                "status": "planned",
            },
        ],
    }
    assert list(body["occasions"][0]) == [
        "id",
        "time_point",
        "due_at",
        "opens_at",
        "closes_at",
        "status",
    ]


def test_the_same_key_and_body_get_the_same_answer_to_the_letter(event):
    first = post(event, key="k-1")

    again = post(event, key="k-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Content-Type"] == "application/json"


def test_the_order_of_fields_makes_no_other_body(event):
    first = post(event, key="k-1")

    assert post(dict(reversed(event.items())), key="k-1").content == first.content


def test_the_same_key_with_another_body_is_a_conflict(event):
    post(event, key="k-1")

    response = post(event | {"attributes": {"side": "left"}}, key="k-1")

    assert (response.status_code, fields_of(response)) == (409, ["Idempotency-Key"])
    assert Enrolment.objects.get().attributes == {}


def test_a_key_is_the_sender_s_own(event, version):
    post(event, key="k-1")
    make_sender(version.survey.register, token="other")

    response = post(event | {"event_id": "op-2", "date": "2026-10-01"}, key="k-1", token="other")

    assert response.status_code == 201


def test_the_same_event_under_another_key_is_answered_200(event):
    first = post(event, key="k-1")

    again = post(event, key="k-2")

    assert (again.status_code, again.content) == (200, first.content)


def test_a_correction_is_answered_200(event):
    post(event)

    response = post(event | {"date": "2026-10-01"})

    assert response.status_code == 200
    assert response.json()["occasions"][1]["due_at"] == "2027-10-01T00:00:00+02:00"


def test_the_key_serves_as_event_id(event):
    del event["event_id"]

    response = post(event, key="k-1")

    assert response.status_code == 201
    assert Enrolment.objects.get().sender_event_id == "k-1"


def test_without_event_id_and_key_it_is_refused(event):
    del event["event_id"]

    response = post(event)

    assert (response.status_code, fields_of(response)) == (400, ["event_id"])


def test_a_key_that_is_too_long_is_refused(event):
    response = post(event, key="k" * 191)

    assert (response.status_code, fields_of(response)) == (400, ["Idempotency-Key"])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"survey": "nowhere"}, "survey"),
        ({"survey": None}, "survey"),
        ({"unit": "SE-NOWHERE"}, "unit"),
        ({"person_id": "198001022387"}, "person_id"),
        ({"person_id": 198001022386.5}, "person_id"),
        ({"event": "birth"}, "event"),
        ({"date": "1850-01-01"}, "date"),
        ({"date": "2028-10-26"}, "date"),
        ({"date": "2026-10-26"}, "date"),
        ({"date": "2026-02-30"}, "date"),
        ({"date": "25/10/2026"}, "date"),
        ({"sruvey": "x"}, "sruvey"),
        ({"event_id": "x" * 201}, "event_id"),
        ({"event_id": "x\0"}, "event_id"),
        ({"attributes": {"knee": "left"}}, "attributes.knee"),
        ({"attributes": ["left"]}, "attributes"),
        ({"contact": {"email": "no"}}, "contact.email"),
        ({"contact": {"nickname": "V"}}, "contact.nickname"),
        ({"contact": {"phone": "call me"}}, "contact.phone"),
        ({"contact": {"address": {"street": "A"}}}, "contact.address.postal_code"),
        ({"contact": {"prefers": "pigeon"}}, "contact.prefers"),
        ({"informed": {"how": "letter"}}, "informed.on"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_stored(event, wrong, field):
    response = post(event | wrong, key="k-1")

    assert response.status_code == 400
    assert response.headers["Content-Type"] == PROBLEM
    assert field in fields_of(response)
    assert (response.json()["status"], response.json()["type"]) == (400, "about:blank")
    assert not any(m.objects.exists() for m in (Enrolment, Event, Patient, IntakeRequest))


def test_a_bad_consent_is_named_by_its_field(event):
    response = post(event | {"consents": [{"channel": "fax", "source": "form", "on": "no"}]})

    assert fields_of(response) == ["consents.0.channel", "consents.0.on"]


def test_what_was_refused_may_be_mended_under_the_same_key(event):
    post(event | {"unit": "SE-NOWHERE"}, key="k-1")

    assert post(event, key="k-1").status_code == 201


def test_the_same_event_under_another_id_is_a_conflict(event):
    post(event)

    response = post(event | {"event_id": "op-2"})

    assert (response.status_code, fields_of(response)) == (409, ["event_id"])
    assert response.headers["Content-Type"] == PROBLEM


@pytest.mark.parametrize("body", ["", "{", '{"date": NaN}', b"\xff", "7", "null", '"text"'])
def test_what_is_no_event_is_refused(sender, body):
    response = post(body)

    assert (response.status_code, response.headers["Content-Type"]) == (400, PROBLEM)


def test_half_a_surrogate_is_refused(event):
    response = post(event | {"contact": {"name": "\ud800"}, "\ud800": 1})

    assert (response.status_code, response.headers["Content-Type"]) == (400, PROBLEM)


def test_another_content_type_is_refused(sender):
    response = post("a=b", content_type="application/x-www-form-urlencoded")

    assert (response.status_code, response.headers["Content-Type"]) == (415, PROBLEM)


@pytest.mark.parametrize("token", ["", "unknown", "two words"])
def test_an_unknown_token_is_answered_401(event, token):
    response = post(event, token=token)

    assert (response.status_code, response.headers["Content-Type"]) == (401, PROBLEM)
    assert response.headers["WWW-Authenticate"] == "Token"
    assert get(uuid.uuid4(), token=token).status_code == 401


def test_a_revoked_token_is_answered_401(event, sender):
    sender.revoked_at = NOW
    sender.save()

    assert post(event).status_code == 401


def test_a_survey_of_another_register_is_unknown(event):
    make_sender(make_client().register, token="other")

    response = post(event, token="other")

    assert (response.status_code, fields_of(response)) == (400, ["survey"])


def test_a_list_is_answered_200_each_event_for_itself(version, sender):
    bad = event_of(version, event_id="op-2", unit="SE-NOWHERE")

    response = post([event_of(version), bad, event_of(version), "no"])

    assert response.status_code == 200
    first, second, third, fourth = response.json()["results"]
    assert [each["status"] for each in (first, second, third, fourth)] == [201, 400, 200, 400]
    assert list(first["enrolment"]) == ["id", "occasions"]
    assert second["problem"]["errors"][0]["field"] == "unit"
    assert Enrolment.objects.count() == 1


def test_a_list_is_repeated_to_the_letter(version, sender):
    events = [event_of(version, event_id=f"op-{n}", person_id=make_number(n)) for n in range(3)]
    first = post(events, key="k-1")

    assert post(events, key="k-1").content == first.content


def test_in_a_list_the_key_and_the_place_serve_as_event_id(version, sender):
    events = [event_of(version, person_id=make_number(n)) for n in range(2)]
    for each in events:
        del each["event_id"]

    post(events, key="k-1")

    ids = Enrolment.objects.order_by("sender_event_id").values_list("sender_event_id", flat=True)
    assert list(ids) == ["k-1#0", "k-1#1"]


def test_a_list_that_is_too_long_is_refused_unread(version, sender):
    response = post([event_of(version)] + [0] * 10_000)

    assert response.status_code == 413
    assert Enrolment.objects.count() == 0


def test_what_is_kept_of_a_body_tells_no_number_to_who_tries_them_all(event):
    post(event, key="k-1")

    body = json.dumps(event, sort_keys=True).encode()
    kept = IntakeRequest.objects.get().body_hash
    assert kept != hashlib.sha256(body).hexdigest()


def test_an_empty_list_gives_no_results(sender):
    assert post([]).json() == {"results": []}


def test_an_enrolment_is_read_as_it_was_answered(event):
    created = post(event)

    response = get(created.json()["id"])

    assert (response.status_code, response.content) == (200, created.content)


def test_an_answered_occasion_has_the_register_s_record_with_its_scores(event):
    enrolment = Enrolment.objects.get(pk=post(event).json()["id"])
    answer(enrolment)

    first, second = get(enrolment.pk).json()["occasions"]

    record = first["record"]
    held = enrolment.event.records.get(register__isnull=False, time_point="start")
    assert (first["status"], "record" in second) == ("answered", False)
    assert (record["id"], record["status"]) == (str(held.pk), "answered")
    scores = {score["scale"]: score for score in record["scores"]}
    assert list(scores) == ["profile", "lss", "lfs", "index", "vas"]
    assert scores["profile"]["value"] == "11213"
    assert scores["vas"] == {"scale": "vas", "value": 80.0, "se": None, "set": ""}
    assert scores["index"]["set"] == "5l-sweden-2020-vt"
    assert 0 < scores["index"]["value"] < 1


def test_a_read_is_logged(event):
    created = post(event)

    get(created.json()["id"])

    access = AccessEvent.objects.get(activity="read")
    assert (access.actor, access.activity, access.kind) == ("client", "read", "enrolment")
    assert access.register_name == Enrolment.objects.get().survey_version.survey.register.name
    assert access.patients.get().subject_id == Patient.objects.get().pk


def test_another_register_s_token_sees_nothing_there(event):
    created = post(event)
    make_sender(make_client().register, token="other")

    response = get(created.json()["id"], token="other")

    assert (response.status_code, response.headers["Content-Type"]) == (404, PROBLEM)
    assert response.json()["title"] == "Not found"
    assert not AccessEvent.objects.filter(activity="read").exists()


def test_an_unknown_enrolment_is_the_same_404(event):
    foreign = make_enrolment()

    answers = [get(pk).content for pk in (foreign.pk, uuid.uuid4())]

    assert answers[0] == answers[1]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(event, method):
    response = getattr(Client(), method)("/api/events/", headers=headers_of(TOKEN, ""))

    assert (response.status_code, response.headers["Content-Type"]) == (405, PROBLEM)


@pytest.mark.filterwarnings("default")
def test_the_description_is_valid_and_covers_every_endpoint(capsys):
    response = Client().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})

    schema = response.json()
    validate_schema(schema)
    assert set(schema["paths"]) == {"/api/events/", "/api/enrolments/{enrolment_id}/"}
    event = schema["components"]["schemas"]["Event"]
    assert set(event["required"]) == {"survey", "person_id", "unit", "event", "date"}
    assert {"201", "200", "400", "401", "409"} <= set(
        schema["paths"]["/api/events/"]["post"]["responses"]
    )
    assert "arning" not in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_posts_at_once_with_one_key_one_enrols_and_both_are_answered_alike():
    version = make_survey_version()
    make_sender(version.survey.register)

    for n in range(4):
        event = event_of(version, event_id=f"op-{n}", person_id=make_number(n))

        first, second = race(*[lambda event=event, n=n: post(event, key=f"k-{n}")] * 2)

        assert (first.status_code, first.content) == (201, second.content)
    assert Enrolment.objects.count() == 4


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_lists_at_once_of_the_same_people_in_another_order_are_both_taken():
    version = make_survey_version()
    make_sender(version.survey.register)
    people = [make_number(n) for n in range(10)]
    events = [event_of(version, event_id=f"op-{each}", person_id=each) for each in people]

    answers = race(
        lambda: post(events, key="there"), lambda: post(list(reversed(events)), key="back")
    )

    assert [answer.status_code for answer in answers] == [200, 200]
    assert Enrolment.objects.count() == 10


def test_a_token_revoked_later_reads_no_more(event, sender):
    created = post(event)
    sender.revoked_at = NOW + timedelta(days=1)
    sender.save()

    assert get(created.json()["id"]).status_code == 401


def test_what_an_event_changed_is_logged(event):
    post(event)

    logged = AccessEvent.objects.get()
    assert (logged.actor, logged.activity, logged.kind) == ("client", "write", "event")
    assert list(logged.patients.values_list("subject_id", flat=True)) == [Patient.objects.get().pk]
