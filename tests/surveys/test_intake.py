import pytest

from surveys import intake
from surveys.intake import Answer
from surveys.models import IntakeRequest
from tests.factories import NOW, make_client
from tests.racing import race

pytestmark = pytest.mark.django_db


class Work:
    """Counts how often it was done."""

    def __init__(self):
        self.done = 0

    def __call__(self):
        self.done += 1
        return Answer(201, f'{{"time_point": 1, "id": {self.done}}}')


def once(client, do, *, key="key", body_hash="body"):
    return intake.once(client, key=key, body_hash=body_hash, now=NOW, do=do)


def test_a_repeat_gets_the_first_answer_to_the_letter():
    client, work = make_client(), Work()
    first = once(client, work)

    again = once(client, work)

    assert (again, work.done) == (first, 1)


def test_the_same_key_with_another_body_is_refused():
    client, work = make_client(), Work()
    once(client, work)

    with pytest.raises(intake.OtherBody):
        once(client, work, body_hash="other")
    assert work.done == 1


def test_a_key_belongs_to_its_client():
    work = Work()
    once(make_client(), work)

    once(make_client(), work)

    assert work.done == 2


def test_without_a_key_nothing_is_kept():
    client, work = make_client(), Work()

    once(client, work, key="")
    once(client, work, key="")

    assert (work.done, IntakeRequest.objects.count()) == (2, 0)


def test_what_failed_may_be_sent_again_under_its_key():
    client, work = make_client(), Work()

    with pytest.raises(ZeroDivisionError):
        once(client, lambda: 1 / 0)
    assert once(client, work).status_code == 201


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_one_is_done_and_both_are_answered():
    client = make_client()

    for n in range(8):
        work = Work()

        answers = race(*[lambda work=work, n=n: once(client, work, key=f"key-{n}")] * 3)

        assert (work.done, len(set(answers))) == (1, 1)
