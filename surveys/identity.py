"""The patient's strong login: an OIDC code flow, and the checked number that comes back."""

import base64
import hashlib
import hmac
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.core import signing
from django.urls import reverse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, KeySet

from proms import person_ids
from proms.person_ids import PersonId
from surveys.schedule import stockholm_date

SCOPE = "openid https://id.oidc.se/scope/naturalPersonNumber"
NUMBERS = (
    "https://id.oidc.se/claim/personalIdentityNumber",
    "https://id.oidc.se/claim/coordinationNumber",
)
# loa3, or the stronger loa4: the level that a login to one's own health data takes.
LEVELS = ("http://id.elegnamnden.se/loa/1.0/loa3", "http://id.elegnamnden.se/loa/1.0/loa4")
ALGORITHMS = ["RS256", "PS256", "ES256"]
TIMEOUT = (3.05, 10)
# How long a provider's description and keys are kept, and how long a login may take.
KEPT_SECONDS = 3600
LOGIN_SECONDS = 600
LEEWAY_SECONDS = 30
_SALT = "surveys.identity"
_kept: dict[str, tuple[float, Any]] = {}


class NotIdentified(Exception):
    """The login did not end with a number we may trust."""


class ProviderDown(Exception):
    """The login provider does not answer as it should."""


@dataclass(frozen=True)
class Login:
    """A login under way: where to send the browser, and what its cookie keeps till it returns."""

    url: str
    cookie: str


@dataclass(frozen=True)
class Identified:
    """Who logged in, and the occasion that they came for."""

    person_id: PersonId
    occasion_id: uuid.UUID


def begin(occasion_id: uuid.UUID) -> Login:
    """Begin a login for one occasion.

    :raises ProviderDown: if the provider cannot be read.
    """
    state = secrets.token_urlsafe(32)
    with _client() as client:
        url, _ = client.create_authorization_url(
            _discovered()["authorization_endpoint"],
            state=state,
            nonce=_derived("nonce", state),
            code_verifier=_derived("verifier", state),
            acr_values=LEVELS[0],
        )
    cookie = signing.dumps({"state": state, "occasion": str(occasion_id)}, salt=_SALT)
    return Login(url, cookie)


def occasion_of(cookie: str) -> uuid.UUID:
    """Return the occasion that a login under way is for.

    :raises NotIdentified: if the cookie is not ours, or too old.
    """
    return uuid.UUID(_kept_in(cookie)["occasion"])


def finish(answer: Mapping[str, str], *, cookie: str, now: datetime) -> Identified:
    """Return who logged in, from the provider's answer and the cookie of the same login.

    :raises NotIdentified: if anything about the answer is not as it must be.
    :raises ProviderDown: if the provider cannot be read.
    """
    kept = _kept_in(cookie)
    state = kept["state"]
    # As bytes: of text it compares ASCII alone, and what came back may be anything.
    if not hmac.compare_digest(answer.get("state", "").encode(), state.encode()):
        raise NotIdentified("state")
    _check_issuer(answer)
    if "code" not in answer:
        raise NotIdentified(answer.get("error", "no code"))
    claims = _claims(_id_token(answer["code"], state), nonce=_derived("nonce", state), now=now)
    return Identified(_person_id(claims, now), uuid.UUID(kept["occasion"]))


def forget_provider() -> None:
    """Read the provider's description and keys anew at the next login."""
    _kept.clear()


def _check_issuer(answer: Mapping[str, str]) -> None:
    """Refuse an answer of another provider, or of nobody where ours says who it is (RFC 9207)."""
    says_so = _discovered().get("authorization_response_iss_parameter_supported", False)
    if answer.get("iss", "" if says_so else settings.OIDC_ISSUER) != settings.OIDC_ISSUER:
        raise NotIdentified("issuer")


def _kept_in(cookie: str) -> dict[str, str]:
    try:
        kept: dict[str, str] = signing.loads(cookie, salt=_SALT, max_age=LOGIN_SECONDS)
    except signing.BadSignature:
        raise NotIdentified("cookie") from None
    return kept


def _derived(what: str, state: str) -> str:
    """Return the nonce or PKCE verifier of a login: only we can derive it from the state."""
    text = f"{_SALT}|{what}|{state}".encode()
    digest = hmac.digest(settings.LINK_KEY, text, hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _client() -> OAuth2Session:
    return OAuth2Session(
        settings.OIDC_CLIENT_ID,
        settings.OIDC_CLIENT_SECRET,
        scope=SCOPE,
        redirect_uri=settings.SITE_URL + reverse("pages:returned"),
        code_challenge_method="S256",
        default_timeout=TIMEOUT,
    )


def _id_token(code: str, state: str) -> str:
    try:
        with _client() as client:
            token = client.fetch_token(
                _discovered()["token_endpoint"],
                code=code,
                code_verifier=_derived("verifier", state),
                timeout=TIMEOUT,
            )
    except OAuthError as error:
        raise NotIdentified(error.error) from None
    except (requests.RequestException, ValueError) as error:
        raise ProviderDown from error
    if not isinstance(token.get("id_token"), str):
        raise NotIdentified("no id token")
    return str(token["id_token"])


def _claims(id_token: str, *, nonce: str, now: datetime) -> dict[str, Any]:
    """Return the claims of a token that the provider signed for us, for this login, just now."""
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": settings.OIDC_ISSUER},
        aud={"essential": True, "value": settings.OIDC_CLIENT_ID},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
        acr={"essential": True, "values": list(LEVELS)},
    )
    try:
        token = jwt.decode(id_token, _keys, algorithms=ALGORITHMS)
        registry.validate(token.claims)
    except (JoseError, ValueError) as error:
        raise NotIdentified(str(error)) from None
    if token.claims.get("azp", settings.OIDC_CLIENT_ID) != settings.OIDC_CLIENT_ID:
        raise NotIdentified("azp")
    return token.claims


def _keys(token: GuestProtocol) -> KeySet:
    """Return the provider's keys, read anew where the token names one we have not seen."""
    address = _discovered()["jwks_uri"]
    keys = KeySet.import_key_set(_read(address))
    named = token.headers().get("kid")
    if named and named not in {key.kid for key in keys.keys}:
        _kept.pop(address)
        keys = KeySet.import_key_set(_read(address))
    return keys


def _discovered() -> dict[str, Any]:
    found: dict[str, Any] = _read(f"{settings.OIDC_ISSUER}/.well-known/openid-configuration")
    if found.get("issuer") != settings.OIDC_ISSUER:
        raise ProviderDown("the issuer is another than the one we asked")
    return found


def _read(address: str) -> Any:
    """Return a JSON document of the provider, kept for an hour."""
    read_at, document = _kept.get(address, (0.0, None))
    if document is None or time.monotonic() - read_at > KEPT_SECONDS:
        try:
            response = requests.get(address, timeout=TIMEOUT)
            response.raise_for_status()
            document = response.json()
        except (requests.RequestException, ValueError) as error:
            raise ProviderDown from error
        _kept[address] = time.monotonic(), document
    return document


def _person_id(claims: Mapping[str, Any], now: datetime) -> PersonId:
    number = next((claims[name] for name in NUMBERS if claims.get(name)), "")
    try:
        return person_ids.parse(str(number), today=stockholm_date(now))
    except person_ids.NotAPersonId:
        raise NotIdentified("no number") from None
