import uuid
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from joserfc.jwk import OctKey, RSAKey

from surveys import identity
from tests.surveys.provider import LOA3, PERSONAL

OCCASION = uuid.uuid4()
COORDINATION = "https://id.oidc.se/claim/coordinationNumber"
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"}, private=True)


def finish(provider, **changed):
    """A whole login, its answer changed on the way back."""
    login = identity.begin(OCCASION)
    answer = {**provider.go(login.url), **changed.pop("answer", {})}
    answer = {name: value for name, value in answer.items() if value is not None}
    cookie = changed.pop("cookie", login.cookie)
    return identity.finish(answer, cookie=cookie, now=timezone.now(), **changed)


def test_a_login_gives_the_number_and_the_occasion_it_was_for(provider):
    identified = finish(provider)

    assert identified.person_id.number == "198001022386"
    assert identified.occasion_id == OCCASION


def test_a_coordination_number_is_taken_too(provider):
    provider.claims = {PERSONAL: None, COORDINATION: "198001622383"}

    assert finish(provider).person_id.number == "198001622383"


def test_the_request_asks_for_the_number_at_loa3_with_pkce(provider):
    login = identity.begin(OCCASION)

    provider.go(login.url)
    assert provider.request["scope"] == "openid https://id.oidc.se/scope/naturalPersonNumber"
    assert provider.request["acr_values"] == LOA3
    assert provider.request["code_challenge_method"] == "S256"
    assert provider.request["redirect_uri"].endswith("/1177/return/")
    assert str(OCCASION) not in login.url


def test_each_login_has_secrets_of_its_own(provider):
    requests = []
    for _ in range(2):
        provider.go(identity.begin(OCCASION).url)
        requests.append(provider.request)

    for name in ("state", "nonce", "code_challenge"):
        assert requests[0][name] != requests[1][name]


def test_the_cookie_tells_neither_nonce_nor_verifier(provider):
    login = identity.begin(OCCASION)
    provider.go(login.url)
    identity.finish(
        {"code": "c", "state": provider.request["state"], "iss": provider.url},
        cookie=login.cookie,
        now=timezone.now(),
    )

    kept = identity.signing.loads(login.cookie, salt="surveys.identity")
    verifier = provider.token_requests[0][0]["code_verifier"]
    assert set(kept) == {"state", "occasion"}
    assert verifier not in str(kept)


def test_the_client_proves_itself_to_the_provider(provider):
    finish(provider)

    assert provider.token_requests[0][1].startswith("Basic ")


def test_description_and_keys_are_read_once(provider):
    finish(provider)
    finish(provider)

    assert provider.jwks_reads == 1


def test_a_key_that_is_new_is_fetched(provider):
    finish(provider)
    provider.key = provider.sign_with = RSAKey.generate_key(2048, {"kid": "two"}, private=True)
    provider.header = {"alg": "RS256", "kid": "two"}

    assert finish(provider).person_id.number == "198001022386"


NOW = int(timezone.now().timestamp())
FORGED = {
    "no issuer": {"iss": None},
    "another issuer": {"iss": "https://login.example.org"},
    "no audience": {"aud": None},
    "another audience": {"aud": "another"},
    "meant for another client beside us": {"aud": ["utfall", "another"], "azp": "another"},
    "no end": {"exp": None},
    "run out": {"iat": NOW - 900, "exp": NOW - 600},
    "no beginning": {"iat": None},
    "from the future": {"iat": NOW + 7200, "exp": NOW + 7260},
    "not valid yet": {"nbf": NOW + 7200},
    "no nonce": {"nonce": None},
    "another login's nonce": {"nonce": "another"},
    "no level": {"acr": None},
    "too low a level": {"acr": "http://id.elegnamnden.se/loa/1.0/loa2"},
    "an uncertified level": {"acr": "http://id.swedenconnect.se/loa/1.0/uncertified-loa3"},
    "no number": {PERSONAL: None},
    "an empty number": {PERSONAL: ""},
    "no number of anyone": {PERSONAL: "198001022387"},
    "a list of numbers": {PERSONAL: ["198001022386"]},
}


@pytest.mark.parametrize("claims", FORGED.values(), ids=FORGED)
def test_a_token_that_says_anything_wrong_is_refused(provider, claims):
    provider.claims = claims

    with pytest.raises(identity.NotIdentified):
        finish(provider)


ANSWERS = {
    "no state": {"state": None},
    "another state": {"state": "another"},
    "a state beyond ASCII": {"state": "é"},
    "no code": {"code": None},
    "an error": {"code": None, "error": "access_denied"},
    "no issuer where ours always says it": {"iss": None},
    "another issuer": {"iss": "https://login.example.org"},
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_is_not_to_our_question_is_refused(provider, answer):
    with pytest.raises(identity.NotIdentified):
        finish(provider, answer=answer)


@pytest.mark.parametrize("cookie", ["", "forged", "eyJzdGF0ZSI6IngifQ:1abc:sig"])
def test_without_the_cookie_of_the_same_login_nothing_is_believed(provider, cookie):
    with pytest.raises(identity.NotIdentified):
        finish(provider, cookie=cookie)


def test_another_browsers_login_is_refused(provider):
    with pytest.raises(identity.NotIdentified):
        finish(provider, cookie=identity.begin(OCCASION).cookie)


SIGNATURES = {
    "none": ({"alg": "none"}, None),
    "another key under the same name": ({"alg": "RS256", "kid": "one"}, OTHER_KEY),
    "a key nobody knows": ({"alg": "RS256", "kid": "nobody"}, OTHER_KEY),
    "the client's secret": ({"alg": "HS256"}, OctKey.import_key("secret" * 6)),
    "an algorithm that is not pinned": ({"alg": "RS512", "kid": "one"}, None),
}


@pytest.mark.parametrize(("header", "key"), SIGNATURES.values(), ids=SIGNATURES)
def test_a_token_that_the_provider_did_not_sign_as_it_must_is_refused(provider, header, key):
    provider.header = header
    provider.sign_with = key or provider.key

    with pytest.raises(identity.NotIdentified):
        finish(provider)


def test_a_code_that_was_used_before_is_refused(provider):
    login = identity.begin(OCCASION)
    answer = provider.go(login.url)
    provider.request["code_challenge"] = "of another login"

    with pytest.raises(identity.NotIdentified):
        identity.finish(answer, cookie=login.cookie, now=timezone.now())


def test_a_login_that_took_too_long_is_refused(provider):
    login = identity.begin(OCCASION)
    answer = provider.go(login.url)
    late = timezone.now() + timedelta(minutes=11)

    with time_machine.travel(late), pytest.raises(identity.NotIdentified):
        identity.finish(answer, cookie=login.cookie, now=late)


def test_a_provider_that_is_down_is_told_apart(provider):
    provider.is_down = True

    with pytest.raises(identity.ProviderDown):
        identity.begin(OCCASION)


def test_a_provider_that_calls_itself_something_else_is_not_trusted(provider):
    provider.metadata = {"issuer": "https://login.example.org"}

    with pytest.raises(identity.ProviderDown):
        identity.begin(OCCASION)
