import pytest
from django.contrib.admin.sites import site
from django.urls import reverse

from notifications.models import Delivery, Message
from tests.notifications.factories import CONTENT, NOW, PERSON, make_delivery

pytestmark = pytest.mark.django_db
TEXTS = (CONTENT.text, CONTENT.subject, PERSON)


@pytest.fixture
def client(django_user_model, verified):
    return verified(django_user_model.objects.create_superuser("operator", password="x"))


@pytest.fixture
def story():
    """A message that was refused by one channel and taken by the next."""
    first = make_delivery(outcome="refused", reason="no account", outcome_at=NOW)
    return make_delivery(first.message, channel="email", outcome="sent", outcome_at=NOW).message


def page(client, name, *args):
    answer = client.get(reverse(f"admin:notifications_{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_message_tells_its_story_without_its_text(client, story):
    shown = page(client, "message_change", story.pk)

    assert "no account" in shown
    assert shown.index("no account") < shown.index("field-outcome", shown.index("no account"))
    assert not [text for text in TEXTS if text in shown]


@pytest.mark.parametrize("name", ["message_changelist", "delivery_changelist"])
def test_the_lists_show_what_became_of_things_and_no_text(client, story, name):
    shown = page(client, name)

    assert not [text for text in TEXTS if text in shown]


def test_a_delivery_hides_address_and_text(client, story):
    shown = page(client, "delivery_change", story.deliveries.first().pk)

    assert not [text for text in TEXTS if text in shown]


@pytest.mark.parametrize("model", [Message, Delivery])
def test_facts_are_read_only(model, rf):
    registered = site._registry[model]
    request = rf.get("/")

    assert not registered.has_add_permission(request)
    assert not registered.has_change_permission(request)
    assert not registered.has_delete_permission(request)
