import re

import pytest

from proms import tokens
from proms.models import ApiClient
from tests.factories import make_client, make_register, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(verified):
    return verified(make_staff(is_superuser=True))


def test_new_client_shows_its_token_once_and_only_its_hash_is_stored(administrator):
    fields = {"register": make_register().pk, "name": "Journal"}

    response = administrator.post("/admin/proms/apiclient/add/", fields)

    token = re.search(r'id="token" class="secret">([^<]+)<', response.text)[1]
    client = ApiClient.objects.get()
    assert client.token_hash == tokens.digest(token.encode())
    assert token not in administrator.get(f"/admin/proms/apiclient/{client.pk}/change/").text


def test_client_that_is_changed_keeps_its_token(administrator):
    client = make_client()
    tokens.issue(client)
    fields = {"register": client.register_id, "name": "Nytt namn"}

    administrator.post(f"/admin/proms/apiclient/{client.pk}/change/", fields)

    changed = ApiClient.objects.get()
    assert (changed.name, changed.token_hash) == ("Nytt namn", client.token_hash)


def test_revoking_lets_the_chosen_clients_in_no_more(administrator):
    kept, revoked = make_client(), make_client()
    chosen = {"action": "revoke", "_selected_action": [revoked.pk]}

    response = administrator.post("/admin/proms/apiclient/", chosen, follow=True)

    assert list(ApiClient.objects.active()) == [kept]
    assert "1 nyckel återkallad." in response.text
