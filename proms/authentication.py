"""Whom a token of the REST API stands for."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from proms import access, tokens
from proms.models import ApiClient


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token ...`; only the token's SHA-256 is stored."""

    def authenticate(self, request: Request) -> tuple[ApiClient, str] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"token":
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Write the header as: Token <token>")
        client = (
            ApiClient.objects.active()
            .select_related("register")
            .filter(token_hash=tokens.digest(words[1]))
        )
        if not (found := client.first()):
            raise AuthenticationFailed("The token is not known, or was revoked.")
        access.act_as(access.client_actor(found))
        return found, ""

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """What the OpenAPI description says of the token."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return build_bearer_security_scheme_object("Authorization", "Token")
