import pytest


@pytest.mark.parametrize(
    ("asked", "told"),
    [("/", "/login/"), ("/api/", "/api/schema/"), ("/favicon.ico", "icon")],
)
def test_an_address_that_a_stranger_guesses_leads_somewhere(client, db, asked, told):
    response = client.get(asked)

    assert response.status_code == 302
    assert told in response.url


def test_robots_are_asked_to_stay_away(client, db):
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
