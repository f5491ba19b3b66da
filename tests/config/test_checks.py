import pytest
from django.core.checks import run_checks

from config import checks

SOUND = {
    "SITE_URL": "https://utfall.example.org",
    "ALLOW_DEMONSTRATION_WORDING": False,
    **dict.fromkeys(checks.PEERS, "set"),
}


def ids(found):
    return [each.id for each in found]


@pytest.fixture
def sound(settings):
    """Settings as a deployment must have them."""
    for name, value in SOUND.items():
        setattr(settings, name, value)
    return settings


def ours(databases=None):
    found = run_checks(include_deployment_checks=True, databases=databases)
    return sorted({each.id for each in found if each.id.startswith("config.")})


def test_sound_deployment_passes(sound):
    assert ours() == []


@pytest.mark.parametrize(
    "url", ["http://utfall.example.org", "https://127.0.0.1:8000", "https://localhost"]
)
def test_address_must_be_one_that_patients_reach_safely(sound, url):
    sound.SITE_URL = url

    assert ours() == ["config.E001"]


@pytest.mark.parametrize("name", checks.PEERS)
def test_each_peer_must_be_named(sound, name):
    setattr(sound, name, "")

    assert ours() == ["config.E002"]
    assert name in checks.peers()[0].msg


def test_demonstration_wording_has_no_place_in_a_deployment(sound):
    sound.ALLOW_DEMONSTRATION_WORDING = True

    assert ours() == ["config.E003"]


@pytest.mark.parametrize("key", [bytes(32), b"k" * 32])
def test_key_must_be_random(sound, key):
    sound.LINK_KEY = key

    assert ours() == ["config.E004"]


def test_one_key_cannot_serve_twice(sound):
    sound.LINK_KEY = sound.LOOKUP_KEY

    assert ours() == ["config.E004"]


def test_laptop_hears_nothing_of_this(settings):
    settings.SITE_URL = "http://127.0.0.1:8000"

    assert [each for each in run_checks() if each.id.startswith("config.")] == []


@pytest.mark.django_db
def test_database_that_may_lose_answers_is_refused(sound):
    found = checks.durability(databases=["default"])

    # The tests' own cluster is one: it forgets at a power cut, to be fast.
    assert ids(found) == ["config.E005"] * len(found)
    assert any("fsync" in each.msg for each in found)


@pytest.mark.django_db
def test_web_role_may_not_change_tables(sound):
    assert checks.role(databases=["default"]) == []


@pytest.mark.role("owner")
@pytest.mark.django_db(transaction=True)
def test_service_that_logs_in_as_owner_is_refused(sound):
    assert ids(checks.role(databases=["default"])) == ["config.E006"]
