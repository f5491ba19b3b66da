import hashlib

import pytest
from django.db import connection
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from proms.authentication import TokenAuthentication
from tests.factories import NOW, make_client

pytestmark = pytest.mark.django_db
TOKEN = "secret-of-the-sender"


@pytest.fixture
def client():
    return make_client(token_hash=hashlib.sha256(TOKEN.encode()).hexdigest())


def authenticate(header):
    request = Request(APIRequestFactory().get("/", headers={"Authorization": header}))
    return TokenAuthentication().authenticate(request)


def actor():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('utfall.actor', true)")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("word", ["Token", "token"])
def test_a_token_stands_for_its_client_who_becomes_the_actor(client, word):
    found, _ = authenticate(f"{word} {TOKEN}")

    assert (found, actor()) == (client, f"client:{client.pk}")


@pytest.mark.parametrize("header", ["", f"Basic {TOKEN}", TOKEN])
def test_another_header_is_left_to_others(client, header):
    assert authenticate(header) is None


@pytest.mark.parametrize("header", ["Token", f"Token {TOKEN} more", "Token unknown", "Token é"])
def test_a_token_that_is_not_known_is_refused(client, header):
    with pytest.raises(AuthenticationFailed):
        authenticate(header)
    assert actor() != f"client:{client.pk}"


def test_a_revoked_token_is_refused(client):
    client.revoked_at = NOW
    client.save()

    with pytest.raises(AuthenticationFailed):
        authenticate(f"Token {TOKEN}")


def test_a_client_without_a_token_is_never_meant():
    make_client(token_hash=None)

    with pytest.raises(AuthenticationFailed):
        authenticate("Token None")
