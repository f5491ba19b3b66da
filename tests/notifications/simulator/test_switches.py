import pytest

from notifications.simulator.switches import ADD, ASK, BadSwitch, Switch, Switchboard
from tests.notifications.factories import PERSON


def board(*switches, seed=1):
    made = Switchboard(seed)
    for switch in switches:
        made.turn_on(switch)
    return made


def fired(switchboard, person=PERSON, operation=ADD):
    return [switch.kind for switch in switchboard.fire(person, operation)]


def test_a_switch_without_a_person_is_everyones():
    switchboard = board(Switch("500"), Switch("429", person_id="other"))

    assert fired(switchboard) == ["500"]


def test_a_persons_own_switch_comes_first():
    switchboard = board(Switch("500"), Switch("429", person_id=PERSON))

    assert fired(switchboard) == ["429", "500"]


def test_a_switch_concerns_its_own_call():
    switchboard = board(Switch("500"), Switch("429", operation="*"))

    assert fired(switchboard, operation=ASK) == ["429"]


def test_a_counted_switch_ends():
    switchboard = board(Switch("500", times=2))

    assert [fired(switchboard) for _ in range(3)] == [["500"], ["500"], []]


def test_a_share_of_the_calls_is_repeatable_by_its_seed():
    runs = [
        [bool(fired(switchboard)) for _ in range(1000)]
        for switchboard in (board(Switch("500", share=0.05), seed=7) for _ in range(2))
    ]

    assert runs[0] == runs[1]
    assert 30 < sum(runs[0]) < 70


def test_a_state_lasts_until_it_is_turned_off():
    switch = Switch("inactive", person_id=PERSON, times=1)
    switchboard = board(switch)
    fired(switchboard)

    assert switchboard.is_on("inactive", PERSON)
    assert switchboard.turn_off(switch.id)
    assert not switchboard.is_on("inactive", PERSON)


def test_all_are_cleared():
    switchboard = board(Switch("500"))

    switchboard.clear()

    assert fired(switchboard) == []


def test_a_switch_survives_json():
    switch = Switch("fault", person_id=PERSON, code="VP007", times=3)

    assert Switch.from_json(switch.to_json()) == switch


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"kind": "explode"},
        {"kind": "500", "unknown": 1},
        {"kind": "500", "times": "x"},
        {"kind": "500", "times": -1},
        {"kind": "500", "seconds": None},
        {"kind": "500", "operation": "Else"},
    ],
)
def test_what_is_no_switch_is_refused(value):
    with pytest.raises(BadSwitch):
        Switch.from_json(value)
