import base64
import hashlib
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.base import OAuth2Error
from django.conf import settings as project
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from notifications.simulator.configuration import Configuration
from notifications.simulator.provider import (
    COORDINATION,
    LOA2,
    LOA3,
    PERSONAL,
    BadRequest,
    Provider,
    Refused,
)
from tests.notifications.factories import NOW, PERSON

VERIFIER = "v" * 43
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
BACK = f"{project.SITE_URL}/login/back"
QUERY = {
    "client_id": "utfall",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "openid https://id.oidc.se/scope/naturalPersonNumber",
    "state": "a state",
    "nonce": "a nonce",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
FORM = {
    "grant_type": "authorization_code",
    "redirect_uri": BACK,
    "code_verifier": VERIFIER,
    "client_id": "utfall",
    "client_secret": "secret",
}


@pytest.fixture
def provider(tmp_path):
    return Provider(configuration(tmp_path))


def configuration(folder):
    return Configuration(
        port=1,
        folder=str(folder),
        logical_address="SE-INBOX",
        systems={"SE-UTFALL": f"{project.SITE_URL}/"},
        client_id="utfall",
        client_secret="secret",
    )


def code(provider, person_id=PERSON, **more):
    address = provider.log_in(QUERY, person_id=person_id, now=NOW, **more)
    return parse_qs(urlsplit(address).query)["code"][0]


def exchange(provider, given, now=NOW, authorization="", **wrong):
    return provider.token({**FORM, "code": given, **wrong}, authorization, now=now)


def claims(provider, token):
    keys = KeySet.import_key_set(provider.jwks())
    return jwt.decode(token["id_token"], keys, algorithms=["RS256"]).claims


def test_the_claims_are_those_of_the_swedish_profile(provider):
    told = claims(provider, exchange(provider, code(provider)))

    assert told[PERSONAL] == PERSON
    assert (told["acr"], told["nonce"]) == (LOA3, "a nonce")
    assert (told["iss"], told["aud"]) == ("http://127.0.0.1:1", "utfall")
    assert told["exp"] - told["iat"] == 60
    assert PERSON not in told["sub"]


def test_a_coordination_number_has_its_own_claim(provider):
    told = claims(provider, exchange(provider, code(provider, "195001912384")))

    assert told[COORDINATION] == "195001912384"
    assert PERSONAL not in told


def test_a_lower_level_is_said(provider):
    told = claims(provider, exchange(provider, code(provider, acr=LOA2)))

    assert told["acr"] == LOA2


def test_the_client_may_show_its_secret_in_the_header(provider):
    basic = "Basic " + base64.b64encode(b"utfall:secret").decode()

    assert exchange(provider, code(provider), authorization=basic, client_secret="")["id_token"]


def test_a_code_is_good_once(provider):
    given = code(provider)
    exchange(provider, given)

    with pytest.raises(Refused, match="invalid_grant"):
        exchange(provider, given)


def test_a_code_is_good_for_a_minute(provider):
    with pytest.raises(Refused, match="invalid_grant"):
        exchange(provider, code(provider), now=NOW + timedelta(seconds=60))


@pytest.mark.parametrize(
    ("error", "wrong"),
    [
        ("invalid_grant", {"code": "guessed"}),
        ("invalid_grant", {"code_verifier": "w" * 43}),
        ("invalid_grant", {"code_verifier": ""}),
        ("invalid_grant", {"redirect_uri": f"{BACK}/else"}),
        ("invalid_client", {"client_secret": "guessed"}),
        ("invalid_client", {"client_id": "other"}),
        ("invalid_client", {"authorization": "Basic !"}),
        ("invalid_client", {"authorization": "Basic dXRmYWxsOng="}),
        ("unsupported_grant_type", {"grant_type": "password"}),
    ],
)
def test_a_wrong_exchange_is_refused(provider, error, wrong):
    if wrong.get("authorization") == "Basic !":
        wrong = {**wrong, "client_secret": ""}

    with pytest.raises(Refused, match=error):
        exchange(provider, **{"given": code(provider), **wrong})


@pytest.mark.parametrize(
    "wrong",
    [{"client_id": "other"}, {"redirect_uri": "http://evil.example/"}, {"redirect_uri": ""}],
)
def test_an_unknown_client_or_address_is_not_sent_back(provider, wrong):
    with pytest.raises(BadRequest):
        provider.check({**QUERY, **wrong})


@pytest.mark.parametrize(
    "wrong",
    [
        {"response_type": "token"},
        {"scope": "email"},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
    ],
)
def test_a_wrong_request_is_told_at_the_address(provider, wrong):
    with pytest.raises(Refused) as refused:
        provider.check({**QUERY, **wrong})

    back = provider.refusal(QUERY, refused.value)
    assert back.startswith(f"{BACK}?error={refused.value.code}")
    assert "state=a+state" in back


def test_the_key_outlives_a_restart(provider, tmp_path):
    assert Provider(configuration(tmp_path)).jwks() == provider.jwks()


def test_no_private_key_is_published(provider):
    assert set(provider.jwks()["keys"][0]) == {"kty", "n", "e", "kid"}


@pytest.fixture
def login(simulator):
    """Go through a whole login with a client library that is not ours."""

    class Login:
        client = OAuth2Session(
            project.OIDC_CLIENT_ID,
            project.OIDC_CLIENT_SECRET,
            scope=QUERY["scope"],
            redirect_uri=BACK,
            code_challenge_method="S256",
        )

        def returned(self, person_id=PERSON):
            url, self.state = self.client.create_authorization_url(
                f"{simulator.url}/authorize", code_verifier=VERIFIER, nonce="a nonce"
            )
            page = simulator.call("GET", url.removeprefix(simulator.url)).data.decode()
            assert re.findall('data-action="([a-z]+)"', page) == ["login"]
            path = url.removeprefix(simulator.url)
            answer = simulator.call("POST", path, fields={"person_id": person_id})
            return answer.headers["Location"]

        def fetch(self, address, **wrong):
            given = {"code_verifier": VERIFIER, "state": self.state, **wrong}
            return self.client.fetch_token(
                f"{simulator.url}/token", authorization_response=address, **given
            )

        def read(self, id_token, **expected):
            keys = KeySet.import_key_set(simulator.call("GET", "/jwks").json())
            read = jwt.decode(id_token, keys, algorithms=["RS256"])
            wanted = {"iss": simulator.url, "aud": project.OIDC_CLIENT_ID, "nonce": "a nonce"}
            requests = {n: {"essential": True, "value": v} for n, v in (wanted | expected).items()}
            jwt.JWTClaimsRegistry(**requests).validate(read.claims)
            return read.claims

    return Login()


def test_authlib_logs_a_person_in(login):
    token = login.fetch(login.returned())

    assert login.read(token["id_token"])[PERSONAL] == PERSON


def test_a_return_with_another_state_is_refused(login):
    address = login.returned().replace(login.state, "forged")

    with pytest.raises((OAuthError, OAuth2Error), match="state"):
        login.fetch(address)


@pytest.mark.parametrize("code_of", [lambda code: "forged", lambda code: code[:-1]])
def test_a_return_with_a_forged_code_is_refused(login, code_of):
    address = login.returned()
    given = parse_qs(urlsplit(address).query)["code"][0]

    with pytest.raises((OAuthError, OAuth2Error), match="invalid_grant"):
        login.fetch(address.replace(given, code_of(given)))


def test_a_return_is_not_good_twice(login):
    address = login.returned()
    login.fetch(address)

    with pytest.raises((OAuthError, OAuth2Error), match="invalid_grant"):
        login.fetch(address)


def test_a_return_with_another_verifier_is_refused(login):
    with pytest.raises((OAuthError, OAuth2Error), match="invalid_grant"):
        login.fetch(login.returned(), code_verifier="w" * 43)


@pytest.mark.parametrize("name", ["iss", "aud", "nonce"])
def test_a_token_for_somebody_else_is_refused(login, name):
    token = login.fetch(login.returned())

    with pytest.raises(JoseError):
        login.read(token["id_token"], **{name: "other"})


def test_a_token_that_somebody_else_signed_is_refused(login):
    genuine = login.read(login.fetch(login.returned())["id_token"])
    forged = jwt.encode({"alg": "RS256"}, genuine, RSAKey.generate_key(2048))

    with pytest.raises(JoseError):
        login.read(forged)


def test_a_token_that_nobody_signed_is_refused(login):
    header, payload, _ = login.fetch(login.returned())["id_token"].split(".")
    nobody = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()

    with pytest.raises((JoseError, ValueError)):
        login.read(f"{nobody}.{payload}.")


def test_a_token_that_was_changed_is_refused(login):
    header, payload, signature = login.fetch(login.returned())["id_token"].split(".")
    changed = payload[:10] + ("A" if payload[10] != "A" else "B") + payload[11:]

    with pytest.raises((JoseError, ValueError)):
        login.read(f"{header}.{changed}.{signature}")


def test_an_error_returns_with_its_state(simulator):
    wrong = {**QUERY, "client_id": project.OIDC_CLIENT_ID, "scope": "email"}

    answer = simulator.call("GET", f"/authorize?{urlencode(wrong)}")

    assert answer.status == 302
    assert "error=invalid_scope" in answer.headers["Location"]
