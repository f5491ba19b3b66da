"""The experiments in short, and with a bug that they must find."""

import pytest

from tests.faults import campaign
from tests.faults.experiments import EXPERIMENTS, Size

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]
KILLING = EXPERIMENTS["F1"]


def test_twenty_killed_workers_and_an_emptied_broker_lose_no_invitation():
    size = Size(people=500, within=10, times=20)

    verdict = campaign.run(KILLING, mode="prefer-complete", seed=1, size=size)

    assert verdict.broken == {}
    assert verdict.sent == 500
    # Else no kill met a message on its way, and nothing was proved.
    assert verdict.ambiguous > 0


@pytest.mark.parametrize(
    ("bug", "figure"), [("sent before the call", "lost"), ("a new thread each time", "doubled")]
)
def test_a_seeded_bug_is_found(bug, figure):
    size = Size(people=100, within=2, times=5)

    verdict = campaign.run(KILLING, mode="dedupe", seed=1, size=size, bug=bug)

    assert getattr(verdict, figure) > 0
    assert verdict.broken
