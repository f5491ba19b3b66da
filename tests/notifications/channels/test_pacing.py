from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError

from notifications.channels import pacing
from notifications.channels.base import Pace
from notifications.models import Peer
from tests.notifications.factories import NOW

pytestmark = pytest.mark.django_db
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
PACE = Pace(apart=SECOND, ahead=timedelta(), batch=1000, pause=5 * MINUTE)


def make_channel(pace=None, peer="SE-PEER"):
    return SimpleNamespace(name="inbox", peer=peer, pace=pace)


def turn(channel, now=NOW):
    return pacing.take_turn(channel, now=now)


def fail(channel, times, now=NOW):
    for _ in range(times):
        turn(channel, now).failed(now=now)


def calls(channel, seconds, every=1):
    """Return at which of the seconds a call was allowed."""
    times = [NOW + n * SECOND for n in range(0, seconds, every)]
    return [now for now in times if turn(channel, now).wait_until is None]


def test_a_peer_without_a_pace_is_called_at_once_and_needs_no_row():
    assert turn(make_channel()).wait_until is None
    assert not Peer.objects.exists()


def test_a_peer_that_fails_now_and_then_is_called_on():
    channel = make_channel()
    fail(channel, pacing.FAILURES - 1)
    turn(channel).answered()
    fail(channel, pacing.FAILURES - 1)

    assert turn(channel).wait_until is None


def test_a_peer_that_failed_five_times_in_a_row_is_left_in_peace(caplog):
    channel = make_channel()

    fail(channel, pacing.FAILURES)

    assert turn(channel).wait_until == NOW + 10 * SECOND
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_after_the_pause_one_call_tries_and_the_others_wait():
    channel = make_channel()
    fail(channel, pacing.FAILURES)
    later = NOW + 10 * SECOND

    trial, other = turn(channel, later), turn(channel, later)

    assert trial.wait_until is None
    assert other.wait_until == later + 10 * SECOND


def test_a_trial_that_is_answered_opens_the_way():
    channel = make_channel()
    fail(channel, pacing.FAILURES)

    turn(channel, NOW + 10 * SECOND).answered()

    assert turn(channel, NOW + 10 * SECOND).wait_until is None


def test_trials_that_fail_come_less_often_but_never_end():
    channel, now, waits = make_channel(), NOW, []
    fail(channel, pacing.FAILURES)

    for _ in range(40):
        until = turn(channel, now).wait_until
        waits.append((until - now).total_seconds())
        now = until
        fail(channel, 1, now)

    assert waits[:6] == [10, 20, 40, 80, 120, 120]
    assert waits[-1] == 120


def test_one_peer_s_trouble_is_not_another_s():
    fail(make_channel(peer="SE-ONE"), pacing.FAILURES)

    assert turn(make_channel(peer="SE-TWO")).wait_until is None


def test_calls_are_a_second_apart():
    channel = make_channel(PACE)

    assert turn(channel).wait_until is None
    assert turn(channel).wait_until == NOW + 2 * SECOND
    assert turn(channel).wait_until == NOW + 3 * SECOND
    assert turn(channel, NOW + SECOND).wait_until is None


def test_a_sweep_every_five_seconds_keeps_the_rate():
    channel = make_channel(Pace(SECOND, ahead=5 * SECOND, batch=1000, pause=5 * MINUTE))

    allowed = [
        sum(turn(channel, NOW + n * SECOND).wait_until is None for _ in range(20))
        for n in range(0, 60, 5)
    ]

    assert allowed == [6] + [5] * 11


def test_the_1001st_message_waits_five_minutes():
    channel = make_channel(PACE)

    allowed = calls(channel, 1400)

    assert allowed[:1000] == [NOW + n * SECOND for n in range(1000)]
    assert allowed[1000] == allowed[999] + 5 * MINUTE


def test_a_rest_of_five_minutes_begins_a_new_batch():
    channel = make_channel(PACE)
    calls(channel, 600)
    Peer.objects.update(free_at=NOW - 5 * MINUTE)

    turn(channel)

    assert Peer.objects.get().in_batch == 1


def test_a_peer_is_known_once():
    Peer.objects.create(channel="inbox", name="a")

    with pytest.raises(IntegrityError, match="notifications_peer_once"):
        Peer.objects.create(channel="inbox", name="a")


def test_only_a_peer_that_failed_is_closed():
    with pytest.raises(IntegrityError, match="notifications_peer_closed_after_failures"):
        Peer.objects.create(channel="inbox", name="a", closed_until=NOW)


def test_a_peer_s_name_says_whose_it_is():
    assert str(Peer(channel="inbox", name="SE-PEER")) == "inbox: SE-PEER"
