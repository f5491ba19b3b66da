import pytest
from django.db import IntegrityError

from proms.models import ApiClient
from tests.factories import NOW, make_client

pytestmark = pytest.mark.django_db


def test_a_register_names_each_of_its_clients_once():
    client = make_client(name="journal")

    with pytest.raises(IntegrityError, match="proms_apiclient_one_name_per_register"):
        make_client(name="journal", register=client.register)


def test_a_revoked_client_is_not_recognised():
    client = make_client(revoked_at=NOW)

    assert (client.is_authenticated, ApiClient.objects.active().exists()) == (False, False)


def test_a_client_has_no_permissions_of_staff():
    assert not make_client().has_perm("proms.view_patient")
