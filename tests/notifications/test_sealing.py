import pytest
from django.db import connection
from django.db.models import F, Value

from notifications import sealing
from notifications.models import Delivery, Message
from notifications.sealing import CannotOpen, Sealed
from tests.notifications.factories import CONTENT, PERSON, make_delivery, make_message

OLD, NEW = b"o" * 32, b"n" * 32
PLACE = "table.column.1"


def stored(delivery, column="address"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM notifications_delivery WHERE id = %s", [delivery.pk])
        return cursor.fetchone()[0]


def test_what_is_sealed_opens_in_its_own_place():
    sealed = sealing.seal("åäö", place=PLACE)

    assert sealing.unseal(sealed, place=PLACE) == "åäö"


def test_the_same_value_is_never_sealed_alike():
    assert sealing.seal("x", place=PLACE) != sealing.seal("x", place=PLACE)


def test_a_value_from_another_place_does_not_open():
    sealed = sealing.seal("x", place=PLACE)

    with pytest.raises(CannotOpen, match="another place"):
        sealing.unseal(sealed, place="table.column.2")


@pytest.mark.parametrize("damaged", ["", "plain text", "test:!!", "test:AAAA"])
def test_what_is_no_sealed_value_does_not_open(settings, damaged):
    settings.SEALING_KEYS = {"test": NEW}

    with pytest.raises(CannotOpen):
        sealing.unseal(damaged, place=PLACE)


def test_an_older_key_still_opens_while_the_first_one_seals(settings):
    settings.SEALING_KEYS = {"old": OLD}
    sealed = sealing.seal("x", place=PLACE)
    settings.SEALING_KEYS = {"new": NEW, "old": OLD}

    assert sealing.unseal(sealed, place=PLACE) == "x"
    assert sealing.seal("x", place=PLACE).startswith("new:")


def test_a_key_that_is_no_longer_held_is_named(settings):
    settings.SEALING_KEYS = {"old": OLD}
    sealed = sealing.seal("x", place=PLACE)
    settings.SEALING_KEYS = {"new": NEW}

    with pytest.raises(CannotOpen, match="no key 'old'"):
        sealing.unseal(sealed, place=PLACE)


def test_a_sealed_value_does_not_show_itself():
    assert repr(Sealed("key:c2VjcmV0")) == "<sealed with key>"


def test_the_lookup_hash_depends_on_value_purpose_and_key(settings):
    settings.LOOKUP_KEY = OLD
    hashed = sealing.lookup_hash("a", purpose="patient")

    assert hashed == sealing.lookup_hash("a", purpose="patient")
    assert hashed != sealing.lookup_hash("b", purpose="patient")
    assert hashed != sealing.lookup_hash("a", purpose="staff")
    settings.LOOKUP_KEY = NEW
    assert hashed != sealing.lookup_hash("a", purpose="patient")


@pytest.mark.django_db
def test_the_database_never_holds_the_plain_value():
    delivery = make_delivery(address=PERSON)

    assert PERSON not in stored(delivery)
    assert CONTENT.subject not in stored(delivery, "content")


@pytest.mark.django_db
def test_a_row_read_back_has_its_plain_values():
    delivery = make_delivery(address=PERSON, content=CONTENT.to_json())

    found = Delivery.objects.get(pk=delivery.pk)
    assert found.address == PERSON
    assert found.content == CONTENT.to_json()


@pytest.mark.django_db
def test_a_deferred_column_opens_when_it_is_asked_for():
    delivery = make_delivery(address=PERSON)

    assert Delivery.objects.defer("address").get(pk=delivery.pk).address == PERSON


@pytest.mark.django_db
def test_saving_again_seals_with_the_active_key(settings):
    settings.SEALING_KEYS = {"old": OLD}
    delivery = make_delivery(address=PERSON)
    settings.SEALING_KEYS = {"new": NEW, "old": OLD}

    Delivery.objects.get(pk=delivery.pk).save()

    assert stored(delivery).startswith("new:")
    assert Delivery.objects.get(pk=delivery.pk).address == PERSON


@pytest.mark.django_db
def test_rows_written_in_bulk_are_sealed():
    message = make_message()
    deliveries = [
        Delivery(
            message=message,
            ordinal=n,
            channel="inbox",
            channel_reason="r",
            address=PERSON,
            content={},
            created_at=message.due_at,
            outcome="sent",
            outcome_at=message.due_at,
        )
        for n in (1, 2)
    ]

    Delivery.objects.bulk_create(deliveries)

    assert [d.address for d in Delivery.objects.all()] == [PERSON, PERSON]
    assert PERSON not in stored(deliveries[0])


@pytest.mark.django_db
def test_a_value_moved_to_another_row_does_not_open():
    first, second = make_delivery(address=PERSON), make_delivery(address="other")
    Delivery.objects.filter(pk=second.pk).update(address=Sealed(stored(first)))

    with pytest.raises(CannotOpen):
        Delivery.objects.get(pk=second.pk).address  # noqa: B018


@pytest.mark.django_db
@pytest.mark.parametrize("value", [PERSON, Value(PERSON), F("peer")])
def test_update_refuses_a_plain_value(value):
    delivery = make_delivery()

    with pytest.raises(TypeError, match="is sealed"):
        Delivery.objects.filter(pk=delivery.pk).update(address=value)


@pytest.mark.django_db
def test_bulk_update_is_refused():
    delivery = make_delivery()
    delivery.address = "other"

    with pytest.raises(TypeError, match="is sealed"):
        Delivery.objects.bulk_update([delivery], ["address"])


@pytest.mark.django_db
@pytest.mark.parametrize("lookup", ["address", "address__contains", "content__subject"])
def test_a_filter_on_a_sealed_column_is_refused(lookup):
    with pytest.raises(TypeError, match="is sealed"):
        Delivery.objects.filter(**{lookup: PERSON}).exists()


@pytest.mark.django_db
def test_only_null_is_asked_and_written_in_the_open():
    Delivery.objects.filter(pk=make_delivery().pk).update(address=None, content=None)

    assert Delivery.objects.filter(address__isnull=True).count() == 1
    assert Delivery.objects.get().address is None


@pytest.mark.django_db
def test_a_json_null_is_not_the_same_as_nothing():
    message = make_message(parcel={"channel": "email", "n": [1, None]})

    assert Message.objects.get(pk=message.pk).parcel == {"channel": "email", "n": [1, None]}
