from datetime import timedelta

import pytest

from surveys import links
from surveys.models import Occasion
from tests.factories import NOW, make_link, make_open_occasion

pytestmark = pytest.mark.django_db


def test_a_resend_carries_the_same_link_and_a_new_generation_another():
    first = links.token_for("key", 0)

    assert links.token_for("key", 0) == first
    assert links.token_for("key", 1) != first
    assert links.token_for("other", 0) != first


def test_a_token_holds_256_bits_in_characters_that_an_address_may_hold():
    token = links.token_for("key", 0)

    assert len(token) == 43
    assert token.isascii()
    assert token.replace("-", "").replace("_", "").isalnum()


def test_links_begin_at_our_own_address(settings):
    settings.SITE_URL = "https://utfall.example.org"

    assert links.email_url("abc") == "https://utfall.example.org/s/abc/"


def test_the_inbox_is_given_no_scheme_and_no_host():
    occasion = make_open_occasion()

    assert links.inbox_query(occasion.pk) == f"?occasion={occasion.pk}"


def test_a_token_leads_to_its_open_occasion_at_the_weakest_level():
    occasion = make_open_occasion()

    found = links.occasion_by_token(make_link(occasion), NOW)

    assert found == (occasion, "link")


def test_an_unknown_token_is_dead():
    with pytest.raises(links.DeadLink):
        links.occasion_by_token(links.token_for("unknown", 0), NOW)


def test_a_revoked_token_is_dead():
    occasion = make_open_occasion()
    token = make_link(occasion)
    Occasion.objects.filter(pk=occasion.pk).update(link_generation=1)

    with pytest.raises(links.DeadLink):
        links.occasion_by_token(token, NOW)


@pytest.mark.parametrize("days", [-1, 400])
def test_a_token_is_dead_outside_of_its_occasions_window(days):
    token = make_link()

    with pytest.raises(links.DeadLink):
        links.occasion_by_token(token, NOW + timedelta(days=days))


@pytest.mark.parametrize("status", ["answered", "partial", "unanswered", "declined", "withdrawn"])
def test_a_token_is_dead_once_its_occasion_has_ended(status):
    occasion = make_open_occasion()
    token = make_link(occasion)
    ended = Occasion.objects.filter(pk=occasion.pk)
    ended.update(status=status, ended_at=NOW, reason="stopped")

    with pytest.raises(links.DeadLink):
        links.occasion_by_token(token, NOW)


@pytest.mark.parametrize(
    ("level", "wanted", "enough"),
    [
        ("link", "link", True),
        ("link", "code", False),
        ("code", "link", True),
        ("code", "strong", False),
        ("strong", "strong", True),
    ],
)
def test_a_level_is_enough_for_itself_and_for_weaker_ones(level, wanted, enough):
    assert links.is_enough(level, wanted=wanted) is enough
