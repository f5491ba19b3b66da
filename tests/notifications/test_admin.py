import pytest
from django.contrib.admin.sites import site
from django.contrib.auth.models import Permission
from django.urls import reverse

from notifications.models import Delivery, Message, Peer
from tests.notifications.factories import CONTENT, NOW, PERSON, make_delivery, make_message

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


@pytest.mark.parametrize("name", ["message_changelist", "delivery_changelist", "peer_changelist"])
def test_the_lists_show_what_became_of_things_and_no_text(client, story, name):
    shown = page(client, name)

    assert not [text for text in TEXTS if text in shown]


def test_a_delivery_hides_address_and_text(client, story):
    shown = page(client, "delivery_change", story.deliveries.first().pk)

    assert not [text for text in TEXTS if text in shown]


def act(client, action, *rows):
    return client.post(
        reverse("admin:notifications_message_changelist"),
        {"action": action, "_selected_action": [row.pk for row in rows]},
        follow=True,
    )


@pytest.mark.parametrize(
    ("action", "status", "reason"),
    [
        ("retry", "queued", ""),
        ("settle_as_sent", "sent", "settled by operator"),
        ("settle_as_undeliverable", "undeliverable", "settled by operator"),
    ],
)
def test_an_operator_decides_on_a_quarantined_message(client, action, status, reason):
    message = make_message(status="quarantined", reason="VP007")

    act(client, action, message)

    message.refresh_from_db()
    assert (message.status, message.reason) == (status, reason)


def test_a_message_that_is_not_quarantined_is_left_alone(client):
    message = make_message()

    act(client, "settle_as_sent", message)

    message.refresh_from_db()
    assert message.status == Message.Status.QUEUED


def test_who_may_only_look_decides_nothing(django_user_model, verified):
    viewer = django_user_model.objects.create_user("viewer", password="x", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_message"))
    message = make_message(status="quarantined", reason="VP007")

    act(verified(viewer), "settle_as_sent", message)

    message.refresh_from_db()
    assert message.status == Message.Status.QUARANTINED


@pytest.mark.parametrize("model", [Message, Delivery, Peer])
def test_facts_are_read_only(model, rf):
    registered = site._registry[model]
    request = rf.get("/")

    assert not registered.has_add_permission(request)
    assert not registered.has_change_permission(request)
    assert not registered.has_delete_permission(request)
