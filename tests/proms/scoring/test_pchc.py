import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proms.scoring import pchc
from proms.scoring.pchc import Class

PROFILES = st.lists(st.tuples(*[st.integers(1, 5)] * 5), min_size=1, max_size=30)


def levels(*profiles):
    return np.array([[int(level) for level in profile] for profile in profiles], dtype=np.int8)


BEFORE = levels("11111", "21111", "21111", "21111", "21112", "33333")
AFTER = levels("11111", "21111", "11111", "31111", "11113", "11111")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("11111", "11111", Class.NO_PROBLEMS),
        ("21111", "21111", Class.NO_CHANGE),
        ("21111", "11111", Class.IMPROVE),
        ("55555", "55554", Class.IMPROVE),
        ("11111", "11112", Class.WORSEN),
        ("21111", "12111", Class.MIXED),
    ],
)
def test_a_pair_of_profiles_has_its_paretian_class(before, after, expected):
    assert pchc.class_of(before, after) == expected


def test_shares_keep_those_without_problems_apart():
    found = pchc.shares(BEFORE, AFTER)

    assert found.n == 6
    assert found.counts == {
        Class.NO_PROBLEMS: 1,
        Class.NO_CHANGE: 1,
        Class.IMPROVE: 2,
        Class.WORSEN: 1,
        Class.MIXED: 1,
    }


def test_shares_with_problems_leave_the_healthy_out_of_the_denominator():
    found = pchc.shares_with_problems(BEFORE, AFTER)

    assert found.share(Class.IMPROVE) == 2 / 5
    assert found.counts[Class.NO_PROBLEMS] == 0


def test_a_dimension_is_never_mixed():
    by_dimension = pchc.by_dimension(BEFORE, AFTER)

    assert by_dimension["MO"].counts[Class.IMPROVE] == 3
    assert by_dimension["AD"].counts[Class.WORSEN] == 1
    assert all(shares.counts[Class.MIXED] == 0 for shares in by_dimension.values())


def test_without_pairs_there_is_no_share():
    nobody = np.empty((0, 5), dtype=np.int8)

    assert pchc.shares(nobody, nobody).share(Class.IMPROVE) is None
    assert pchc.probability_of_superiority(nobody, nobody)["MO"] is None


def test_superiority_counts_half_of_those_who_stayed_the_same():
    # MO: three improved, two the same, one worsened, of six.
    assert pchc.probability_of_superiority(BEFORE, AFTER)["MO"] == pytest.approx(4 / 6)


def test_changed_dimensions_are_told_with_both_levels():
    assert pchc.changed_dimensions("44422", "55522") == {"MO": (4, 5), "SC": (4, 5), "UA": (4, 5)}


@given(PROFILES, st.randoms(use_true_random=False))
def test_every_pair_has_one_class_in_any_order(profiles, random):
    before = np.array(profiles)
    after = before[random.sample(range(len(before)), len(before))]
    order = random.sample(range(len(before)), len(before))

    found = pchc.shares(before, after)

    assert sum(found.counts.values()) == len(profiles)
    assert pchc.shares(before[order], after[order]) == found


@given(PROFILES)
def test_going_back_turns_better_into_worse(profiles):
    before, after = np.array(profiles), np.array(profiles[::-1])

    there, back = pchc.shares(before, after).counts, pchc.shares(after, before).counts

    assert there[Class.IMPROVE] == back[Class.WORSEN]
    assert there[Class.MIXED] == back[Class.MIXED]
