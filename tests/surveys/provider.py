"""A login provider that answers as a test tells it to."""

import base64
import hashlib
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

PERSONAL = "https://id.oidc.se/claim/personalIdentityNumber"
LOA3 = "http://id.elegnamnden.se/loa/1.0/loa3"
KEY = RSAKey.generate_key(2048, {"kid": "one"}, private=True)


class Provider:
    """One provider; what it says can be changed between a login's steps."""

    def __init__(self):
        self.key = KEY
        self.claims = {}
        self.header = {"alg": "RS256", "kid": "one"}
        self.sign_with = self.key
        self.metadata = {}
        self.is_down = False
        self.token_requests = []
        self.jwks_reads = 0
        self.url = ""

    def go(self, url):
        """Log in at the authorisation request; return what comes back, and the request."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.request = query
        return {"code": "a-code", "state": query["state"], "iss": self.url}

    def discovery(self):
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }

    def token(self, form, authorization):
        self.token_requests.append((form, authorization))
        challenge = base64.urlsafe_b64encode(
            hashlib.sha256(form["code_verifier"].encode()).digest()
        )
        if challenge.decode().rstrip("=") != self.request["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": "someone",
            "aud": "utfall",
            "iat": now,
            "exp": now + 60,
            "acr": LOA3,
            "nonce": self.request["nonce"],
            PERSONAL: "198001022386",
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.sign(claims)}

    def sign(self, claims):
        if self.header["alg"] == "none":
            parts = [json.dumps(part).encode() for part in (self.header, claims)]
            return (
                ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
                + "."
            )
        return jwt.encode(
            self.header, claims, self.sign_with, algorithms=["RS256", "RS512", "HS256"]
        )

    def jwks(self):
        self.jwks_reads += 1
        return dict(KeySet([self.key]).as_dict(private=False))


@contextmanager
def running():
    """Serve a provider on a free port."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            pages = {
                "/.well-known/openid-configuration": provider.discovery,
                "/jwks": provider.jwks,
            }
            self._say(503 if provider.is_down else 200, pages[self.path]())

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(*provider.token(form, self.headers.get("Authorization", "")))

        def _say(self, status, document):
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
