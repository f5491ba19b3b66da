"""The login provider: an OIDC code flow as OIDC Sweden's profile has it."""

import base64
import hashlib
import hmac
import os
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from notifications.simulator.configuration import Configuration

ALGORITHM = "RS256"
LOA2 = "http://id.elegnamnden.se/loa/1.0/loa2"
LOA3 = "http://id.elegnamnden.se/loa/1.0/loa3"
SCOPES = ["openid", "https://id.oidc.se/scope/naturalPersonNumber"]
PERSONAL = "https://id.oidc.se/claim/personalIdentityNumber"
COORDINATION = "https://id.oidc.se/claim/coordinationNumber"
LIFE = timedelta(seconds=60)

_KEY_FILE = "provider-key.pem"
# A co-ordination number has 60 added to its day.
_FIRST_COORDINATION_DAY = 60


class BadRequest(Exception):
    """A request that names no client and no address that an error could be sent to."""


class Refused(Exception):
    """An error in the protocol's own words."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(code)
        self.code = code
        self.description = description


@dataclass(frozen=True)
class Login:
    """What a code stands for until it is fetched, once."""

    person_id: str
    redirect_uri: str
    challenge: str
    nonce: str
    acr: str
    at: datetime


class Provider:
    """One client, one key, codes in memory."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._key = _key(Path(configuration.folder) / _KEY_FILE)
        self._logins: dict[str, Login] = {}
        self._lock = threading.Lock()

    def metadata(self) -> dict[str, Any]:
        """Return the discovery document."""
        issuer = self._configuration.url
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": SCOPES,
            "acr_values_supported": [LOA3],
            "claims_supported": ["sub", "acr", "auth_time", PERSONAL, COORDINATION],
            "authorization_response_iss_parameter_supported": True,
        }

    def jwks(self) -> dict[str, Any]:
        return dict(KeySet([self._key]).as_dict(private=False))

    def check(self, query: Mapping[str, str]) -> None:
        """Check an authorisation request.

        :raises BadRequest: if client or return address are not known.
        :raises Refused: if something else is wrong, to be told at the return address.
        """
        address = urlsplit(query.get("redirect_uri", ""))
        is_known = f"{address.scheme}://{address.netloc}" in self._configuration.origins
        if query.get("client_id") != self._configuration.client_id or not is_known:
            raise BadRequest
        if query.get("response_type") != "code":
            raise Refused("unsupported_response_type", "only code")
        if "openid" not in query.get("scope", "").split():
            raise Refused("invalid_scope", "openid is missing")
        if not query.get("code_challenge") or query.get("code_challenge_method") != "S256":
            raise Refused("invalid_request", "PKCE with S256 is required")

    def log_in(
        self, query: Mapping[str, str], *, person_id: str, now: datetime, acr: str = LOA3
    ) -> str:
        """Return the address to go back to, with a code."""
        self.check(query)
        code = secrets.token_urlsafe(32)
        login = Login(
            person_id=person_id,
            redirect_uri=query["redirect_uri"],
            challenge=query["code_challenge"],
            nonce=query.get("nonce", ""),
            acr=acr,
            at=now,
        )
        with self._lock:
            self._logins = {c: kept for c, kept in self._logins.items() if now - kept.at < LIFE}
            self._logins[code] = login
        return self._back(query, code=code)

    def refusal(self, query: Mapping[str, str], refused: Refused) -> str:
        """Return the address to go back to, with an error."""
        return self._back(query, error=refused.code, error_description=refused.description)

    def token(
        self, form: Mapping[str, str], authorization: str, *, now: datetime
    ) -> dict[str, Any]:
        """Exchange a code for an ID token.

        :raises Refused: if the client, the code or its proof is not right.
        """
        self._check_client(form, authorization)
        if form.get("grant_type") != "authorization_code":
            raise Refused("unsupported_grant_type", "only authorization_code")
        with self._lock:
            login = self._logins.pop(form.get("code", ""), None)
        if login is None or now - login.at >= LIFE:
            raise Refused("invalid_grant", "the code is unknown, used or too old")
        if login.redirect_uri != form.get("redirect_uri"):
            raise Refused("invalid_grant", "another redirect_uri")
        if not hmac.compare_digest(_challenge(form.get("code_verifier", "")), login.challenge):
            raise Refused("invalid_grant", "the code_verifier does not fit")
        return {
            "access_token": secrets.token_urlsafe(32),
            "token_type": "Bearer",
            "expires_in": int(LIFE.total_seconds()),
            "id_token": self._id_token(login, now),
        }

    def _back(self, query: Mapping[str, str], **answer: str) -> str:
        state = {"state": query["state"]} if "state" in query else {}
        said = urlencode({**answer, **state, "iss": self._configuration.url})
        address = query["redirect_uri"]
        return f"{address}{'&' if urlsplit(address).query else '?'}{said}"

    def _check_client(self, form: Mapping[str, str], authorization: str) -> None:
        given = _basic(authorization) or (form.get("client_id", ""), form.get("client_secret", ""))
        wanted = self._configuration.client_id, self._configuration.client_secret
        pairs = zip(given, wanted, strict=True)
        if not all(hmac.compare_digest(one.encode(), other.encode()) for one, other in pairs):
            raise Refused("invalid_client", "client_id or client_secret is wrong")

    def _id_token(self, login: Login, now: datetime) -> str:
        subject = hashlib.sha256(f"{self._configuration.url} {login.person_id}".encode())
        claims = {
            "iss": self._configuration.url,
            "sub": subject.hexdigest()[:32],
            "aud": self._configuration.client_id,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFE).timestamp()),
            "auth_time": int(login.at.timestamp()),
            "acr": login.acr,
            _claim(login.person_id): login.person_id,
        }
        if login.nonce:
            claims["nonce"] = login.nonce
        header = {"alg": ALGORITHM, "kid": self._key.kid, "typ": "JWT"}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])


def _claim(person_id: str) -> str:
    is_coordination = int(person_id[6:8]) >= _FIRST_COORDINATION_DAY
    return COORDINATION if is_coordination else PERSONAL


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _basic(authorization: str) -> tuple[str, str] | None:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return None
    return name, secret


def _key(path: Path) -> RSAKey:
    """Return the signing key of this folder; the first start makes it."""
    if not path.exists():
        made = RSAKey.generate_key(2048, private=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(made.as_pem(private=True))
    key = RSAKey.import_key(path.read_bytes())
    key.ensure_kid()
    return key
