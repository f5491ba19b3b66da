"""The patient's pages as a browser meets them."""

import pytest
import time_machine

from surveys.models import Occasion
from tests.factories import NOW, make_link

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def url(token):
    return f"/s/{token}/"


def test_a_whole_survey_from_the_link_to_the_receipt(client):
    token = make_link()
    response = client.get(url(token))
    assert response.status_code == 200, response.content
    response = client.post(url(token))
    path = response["Location"]
    for value in ("1", "2", "3", "4", "5", "70"):
        page = client.get(path)
        assert page.status_code == 200
        path = client.post(path, {"answer": value, "revision": "0"})["Location"]
    assert path.partition("?")[0].endswith("/review/")
    page = client.get(path)
    assert page.status_code == 200
    path = client.post(path.partition("?")[0])["Location"]
    page = client.get(path)
    assert b'data-state="submitted"' in page.content
    assert Occasion.objects.filter(status="answered").count() == 1
