import pytest

from surveys import identity
from tests.surveys import provider as providers


@pytest.fixture
def provider(settings, socket_enabled):
    """A login provider on this machine, and the settings that lead to it."""
    with providers.running() as provider:
        settings.OIDC_ISSUER = provider.url
        settings.OIDC_CLIENT_ID = "utfall"
        settings.OIDC_CLIENT_SECRET = "secret" * 6
        yield provider
    identity.forget_provider()
