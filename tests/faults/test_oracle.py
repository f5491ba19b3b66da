"""The oracle sees each way in which a promise can be broken."""

import pytest

from tests.faults.oracle import Asked, Letter, judge

SENT = Asked("one", "sent", "thread", ambiguous=0)
LETTER = Letter("?occasion=one", "thread", "text")


def asked(**changed):
    return Asked(**{**vars(SENT), **changed})


def letter(**changed):
    return Letter(**{**vars(LETTER), **changed})


def test_one_letter_each_is_as_promised():
    verdict = judge([SENT], [LETTER], mode="dedupe")

    assert (verdict.sent, verdict.lost, verdict.doubled, verdict.broken) == (1, 0, 0, {})


def test_three_in_a_hundred_may_be_lost_when_none_of_a_hundred_was():
    people = [asked(occasion=str(n)) for n in range(100)]
    letters = [letter(link=f"?occasion={n}") for n in range(100)]

    assert judge(people, letters, mode="dedupe").upper_95 == pytest.approx(0.03, abs=0.001)


def test_what_never_arrived_is_lost_whatever_the_row_says():
    verdict = judge([asked(status="sent"), asked(occasion="two", status=None)], [], mode="dedupe")

    assert verdict.lost == 2
    assert verdict.stuck == 1


def test_an_end_with_a_name_is_no_loss():
    people = [asked(occasion=end, status=end) for end in ("suppressed", "undeliverable", "unknown")]

    assert judge(people, [], mode="prefer-once").broken == {}


@pytest.mark.parametrize("mode", ["dedupe", "lookup", "prefer-once"])
def test_a_copy_breaks_the_promise_of_sending_once(mode):
    verdict = judge([asked(ambiguous=1)], [LETTER, LETTER], mode=mode)

    assert verdict.doubled == 1
    assert "I2, 2 at the peer" in verdict.broken["one"][0]


def test_a_copy_may_follow_an_attempt_marked_as_possibly_sent():
    verdict = judge([asked(ambiguous=1)], [LETTER, LETTER], mode="prefer-complete")

    assert (verdict.doubled, verdict.broken) == (1, {})


def test_a_copy_without_such_a_mark_breaks_the_promise():
    assert judge([SENT], [LETTER, LETTER], mode="prefer-complete").broken


@pytest.mark.parametrize("changed", [{"thread": "other"}, {"text": "other"}])
def test_a_copy_that_differs_breaks_the_promise(changed):
    copies = [LETTER, letter(**changed)]

    assert judge([asked(ambiguous=1)], copies, mode="prefer-complete").broken


def test_a_letter_to_nobody_we_know_breaks_the_promise():
    assert judge([], [LETTER], mode="dedupe").broken == {"one": ["I2, sent to nobody we know"]}


@pytest.mark.parametrize("status", ["queued", "quarantined"])
def test_what_has_not_ended_breaks_the_promise(status):
    assert judge([asked(status=status)], [LETTER], mode="dedupe").broken


def test_a_ledger_that_denies_what_arrived_breaks_the_promise():
    assert judge([asked(status="suppressed")], [LETTER], mode="dedupe").broken
