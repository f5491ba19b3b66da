import pytest
from django.conf import settings as configured


@pytest.fixture
def site(settings, live_server):
    """The address of a server with the built style sheets and scripts."""
    settings.STATICFILES_DIRS = [configured.BASE_DIR / "build" / "static"]
    return live_server.url
