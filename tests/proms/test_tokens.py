import pytest

from proms import tokens
from proms.models import ApiClient
from tests.factories import NOW, make_client

pytestmark = pytest.mark.django_db


def test_token_is_found_by_its_hash_alone():
    client = make_client()

    token = tokens.issue(client)

    assert ApiClient.objects.get(token_hash=tokens.digest(token.encode())) == client
    assert token not in str(vars(ApiClient.objects.get()))


def test_new_token_ends_the_old_one():
    client = make_client()
    old = tokens.issue(client)

    tokens.issue(client)

    assert not ApiClient.objects.filter(token_hash=tokens.digest(old.encode())).exists()


def test_revoked_client_keeps_the_time_of_the_first_revocation():
    client = make_client()
    tokens.revoke(client, now=NOW)

    tokens.revoke(client, now=NOW.replace(year=2027))

    client.refresh_from_db()
    assert client.revoked_at == NOW
    assert not ApiClient.objects.active().exists()
