import json

from surveys.plan import Plan, PlannedInstrument, sha256
from surveys.schedule import TimePoint

PLAN = Plan(
    survey="hip",
    number=1,
    register="hips",
    role="both",
    event="surgery",
    names={"sv": "Höft", "en": "Hip"},
    attributes=("side",),
    languages=("sv", "en"),
    channels=("inbox", "email"),
    reminders=(7, 14),
    identity_level="link",
    instruments=(PlannedInstrument("eq5d-5l", "1.0", True),),
    time_points=(
        TimePoint("before", "event", -2, "weeks", 14),
        TimePoint("year", "event", 12, "months", 60, "08:00", {"sv": "Ett år"}),
    ),
)


def test_a_plan_survives_its_way_through_the_database():
    assert Plan.from_json(json.loads(json.dumps(PLAN.to_json()))) == PLAN


def test_a_plan_from_before_there_were_stop_rules_is_read():
    document = PLAN.to_json()
    del document["instruments"][0]["rule"]

    assert Plan.from_json(document) == PLAN


def test_the_hash_does_not_hang_on_the_order_of_keys():
    document = PLAN.to_json()

    assert sha256(dict(reversed(document.items()))) == sha256(document)
    assert sha256({**document, "number": 2}) != sha256(document)


def test_a_time_point_is_found_by_its_code():
    assert PLAN.time_point("year").offset == 12


def test_a_wish_for_a_language_without_texts_gives_the_first_one():
    assert [PLAN.language_for(wished) for wished in ("en", "so")] == ["en", "sv"]


def test_a_plan_knows_whether_it_asks_before_the_event():
    after = Plan(**{**vars(PLAN), "time_points": PLAN.time_points[1:]})

    assert (PLAN.asks_before_the_event, after.asks_before_the_event) == (True, False)
