import uuid
from datetime import timedelta

import pytest

from proms import adopting, records
from proms.instruments.answers import InvalidAnswer
from proms.models import InstrumentVersion, Measurement, Record, Score
from proms.records import AlreadyEnded, Circumstances, Measured, Plan
from tests.factories import NOW, eq5d, make_event, make_record, make_register, make_unit
from tests.racing import race

pytestmark = pytest.mark.django_db
ANSWERS = eq5d("11213", vas=80)
LATER = NOW + timedelta(days=1)
CIRCUMSTANCES = Circumstances(
    mode="self", medium="web", language="sv", channel="inbox", identity_level="strong"
)


@pytest.fixture
def event():
    return make_event()


def plan_of(event, **fields):
    defaults = {
        "event": event,
        "holders": [event.unit.care_provider],
        "occasion_id": uuid.uuid4(),
        "survey": "hip",
        "survey_version": 2,
        "time_point": "year",
        "time_point_names": {"sv": "Ett år"},
        "opens_at": NOW,
        "closes_at": NOW + timedelta(days=30),
    }
    return Plan(**(defaults | fields))


def both(event, **fields):
    """One occasion's records: the care provider's and a register's."""
    care = make_record(event, status="expected", **fields)
    same = {"occasion_id": care.occasion_id, "status": "expected", **fields}
    return care, make_record(event, holder=make_register(), **same)


def measured(answers=ANSWERS, *, code="eq5d-5l", is_key=True):
    return Measured(
        instrument_version=adopting.adopt(code, language="sv"),
        answers=answers,
        items_asked=[*reversed(answers)],
        answered_at=NOW,
        is_key=is_key,
    )


def complete(record, *parts):
    return records.complete(
        record.occasion_id,
        measured=parts or [measured()],
        circumstances=CIRCUMSTANCES,
        now=LATER,
    )


def scores_of(record):
    columns = ("scale", "value", "state", "standard_error", "set_id", "missing_reason")
    return sorted(Score.objects.filter(measurement__record=record).values_list(*columns), key=str)


def test_a_plan_becomes_a_planned_record_of_each_holder(event):
    register = make_register()
    plan = plan_of(event, holders=[event.unit.care_provider, register])

    records.plan([plan])

    care, copy = Record.objects.order_by("care_provider")
    assert (care.care_provider, copy.register) == (event.unit.care_provider, register)
    for record in (care, copy):
        copied = {name: value for name, value in vars(plan).items() if name != "holders"}
        assert {name: getattr(record, name) for name in copied} == copied
        assert (record.status, record.patient, record.unit) == (
            "planned",
            event.patient,
            event.unit,
        )
        assert record.due_at == plan.opens_at


def test_what_opens_is_expected(event):
    opened, later = make_record(event), make_record(event)

    records.expect([opened.occasion_id])

    opened.refresh_from_db()
    later.refresh_from_db()
    assert (opened.status, later.status) == ("expected", "planned")


def test_only_records_that_wait_are_moved_in_time(event):
    care, copy = both(event)
    Record.objects.filter(pk=copy.pk).update(status="declined", ended_at=NOW)

    records.reschedule(care.occasion_id, opens_at=LATER, closes_at=LATER + timedelta(days=9))

    care.refresh_from_db()
    copy.refresh_from_db()
    assert (care.due_at, care.opens_at, care.closes_at) == (
        LATER,
        LATER,
        LATER + timedelta(days=9),
    )
    assert copy.opens_at == NOW


def test_only_records_that_wait_follow_to_another_unit(event):
    care, copy = both(event)
    ended = make_record(event, status="declined", ended_at=NOW)
    unit = make_unit()

    records.move(event, unit=unit)

    for record in (care, copy, ended):
        record.refresh_from_db()
    assert (care.unit, care.care_provider) == (unit, unit.care_provider)
    assert (copy.unit, copy.care_provider) == (unit, None)
    assert (ended.unit, ended.care_provider) == (event.unit, event.unit.care_provider)


def test_a_submission_completes_and_scores_both_holders_records(event):
    care, copy = both(event)

    assert complete(care) == Record.Status.ANSWERED

    for record in (care, copy):
        record.refresh_from_db()
        assert (record.status, record.ended_at) == ("answered", LATER)
        assert {name: getattr(record, name) for name in vars(CIRCUMSTANCES)} == vars(CIRCUMSTANCES)
        measurement = record.measurements.get()
        assert (measurement.answers, measurement.answered_at) == (ANSWERS, NOW)
        assert measurement.items_asked == [*reversed(ANSWERS)]
    scores = {
        scale: (value, state, set_id) for scale, value, state, _, set_id, _ in scores_of(care)
    }
    assert scores["profile"] == (None, "11213", "")
    assert scores["vas"] == (80.0, "", "")
    assert scores["index"][2] == "5l-sweden-2020-vt"


def test_the_register_s_record_is_a_disclosure_with_rows_of_its_own(event):
    care, copy = both(event)
    complete(care)

    copy.refresh_from_db()
    care.refresh_from_db()

    assert (copy.disclosed_from, care.disclosed_from) == (care, None)
    assert scores_of(copy) == scores_of(care)
    Record.objects.filter(pk=care.pk).delete()
    assert copy.measurements.get().answers == ANSWERS
    assert Score.objects.filter(measurement__record=copy).count() == len(scores_of(copy)) > 0


def test_a_register_alone_is_measured_itself(event):
    record = make_record(event, holder=make_register(), status="expected")

    complete(record)

    record.refresh_from_db()
    assert (record.status, record.disclosed_from) == ("answered", None)
    assert record.measurements.count() == 1


def test_another_occasion_is_left_alone(event):
    care, _ = both(event)
    other = make_record(event, status="expected")

    complete(care)

    other.refresh_from_db()
    assert (other.status, other.measurements.count()) == ("expected", 0)


def test_the_second_submission_is_refused_and_leaves_nothing_behind(event):
    care, _ = both(event)
    complete(care)
    rows = Measurement.objects.count(), Score.objects.count()

    with pytest.raises(AlreadyEnded):
        complete(care)
    assert (Measurement.objects.count(), Score.objects.count()) == rows


def test_what_was_declined_is_not_completed(event):
    care, _ = both(event)
    records.end([care.occasion_id], status=Record.Status.DECLINED, now=NOW)

    with pytest.raises(AlreadyEnded):
        complete(care)


def test_a_record_is_partial_when_the_key_instrument_cannot_be_scored(event):
    care, copy = both(event)
    answers = {code: answer for code, answer in ANSWERS.items() if code != "UA"}

    status = complete(care, measured(answers))

    copy.refresh_from_db()
    assert (status, copy.status) == (Record.Status.PARTIAL, "partial")
    missing = {scale: reason for scale, *_, reason in scores_of(copy)}
    assert missing["profile"] == missing["index"] == "missing"
    assert missing["vas"] == ""


def test_an_instrument_beside_the_key_does_not_make_it_partial(event):
    care, _ = both(event)

    status = complete(care, measured(), measured({}, code="gad-7", is_key=False))

    assert status == Record.Status.ANSWERED
    instruments = care.measurements.order_by("position").values_list(
        "instrument_version__instrument__code", flat=True
    )
    assert list(instruments) == ["eq5d-5l", "gad-7"]


def test_an_instrument_beside_the_key_does_not_make_it_whole(event):
    care, _ = both(event)

    status = complete(care, measured({}), measured({"GAD1": "0"}, code="gad-7", is_key=False))

    assert status == Record.Status.PARTIAL


def test_answers_that_cannot_be_leave_nothing_behind(event):
    care, _ = both(event)

    with pytest.raises(InvalidAnswer):
        complete(care, measured(ANSWERS | {"MO": "9"}))
    care.refresh_from_db()
    assert (care.status, Measurement.objects.count()) == ("expected", 0)


def test_the_first_submission_marks_the_instrument_as_used(event):
    complete(both(event)[0])

    assert InstrumentVersion.objects.get().used_at == NOW


def test_occasions_end_with_their_reason_once(event):
    care, _ = both(event)
    withdrawn, declined = Record.Status.WITHDRAWN, Record.Status.DECLINED
    records.end([care.occasion_id], status=withdrawn, now=NOW, reason="dead")

    records.end([care.occasion_id], status=declined, now=LATER)

    told = Record.objects.values_list("status", "reason", "ended_at")
    assert set(told) == {("withdrawn", "dead", NOW)}


def test_only_what_was_withdrawn_is_revived(event):
    care, copy = both(event)
    records.end([care.occasion_id], status=Record.Status.WITHDRAWN, now=NOW, reason="late")
    declined = make_record(event, status="declined", ended_at=NOW)

    records.revive([care.occasion_id, declined.occasion_id])

    for record in (care, copy, declined):
        record.refresh_from_db()
    assert [each.status for each in (care, copy, declined)] == ["planned", "planned", "declined"]
    assert (care.reason, care.ended_at) == ("", None)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_submissions_at_once_one_counts():
    event = make_event()
    adopting.adopt("eq5d-5l", language="sv")

    for _ in range(8):
        care, copy = both(event)

        results = race(*[lambda care=care: complete(care)] * 2)

        assert sorted(map(type, results), key=str) == [AlreadyEnded, Record.Status]
        assert Measurement.objects.filter(record__in=[care, copy]).count() == 2
