import uuid

import pytest
import time_machine
from django.urls import reverse

from surveys.answering import Session
from surveys.links import Level
from surveys.pages import sessions
from surveys.pages.sessions import Held
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("page", ["start", "review", "receipt"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_session_of_what_was_erased_leads_to_the_page_of_every_dead_link(client, page, method):
    gone = uuid.uuid4()
    held = Held(Session("s", gone, Level.STRONG, "sv"), NOW)
    client.cookies[sessions.KEPT] = held.to_cookie()

    response = getattr(client, method)(reverse(f"pages:{page}", args=[gone]))

    assert response.status_code == (405 if (page, method) == ("receipt", "post") else 404)
