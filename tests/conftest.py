"""A database server for the test run, and connections to it as each role."""

import os
import shutil
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from config.local import environment, ports, roles
from config.local.servers import ROOT, Servers
from tests.journeys import browser
from tests.postgres import base

# Programs of their own, which want what their harness gives them.
collect_ignore = ["bench"]
FOLDER = ROOT / ".local" / "test"


@pytest.fixture(scope="session")
def servers():
    """This run's own PostgreSQL and Valkey; each is started when it is first needed."""
    for folder in FOLDER.glob("run-*"):
        if not Path(f"/proc/{folder.name.partition('-')[2]}").exists():
            shutil.rmtree(folder, ignore_errors=True)
    servers = Servers(
        FOLDER / f"run-{os.getpid()}", environment.fresh(web_port=ports.free()), durable=False
    )
    yield servers
    servers.remove()


@pytest.fixture(scope="session")
def database(request):
    """A new, empty database, by the addresses at which each role finds it."""
    name = f"test_{os.getpid()}"
    if settings.SERVERS_ARE_GIVEN:
        given = {role: os.environ[variable] for role, variable in environment.URLS.items()}
    else:
        servers = request.getfixturevalue("servers")
        servers.start_postgres(tests=True)
        given = {role: servers.values[variable] for role, variable in environment.URLS.items()}
    addresses = {role: f"{url.rpartition('/')[0]}/{name}" for role, url in given.items()}
    with psycopg.connect(given[roles.OWNER], autocommit=True) as owner:
        roles.create_database(owner, name)
        with psycopg.connect(addresses[roles.OWNER], autocommit=True) as inside:
            roles.grant(inside)
        yield addresses
        if settings.SERVERS_ARE_GIVEN:  # else it goes with the whole cluster
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def django_db_setup(database, django_db_blocker):
    """Migrate as owner; tests connect as web, or as the role that their mark names."""
    base.addresses.update(database)
    with django_db_blocker.unblock(), base.connected_as(roles.OWNER):
        call_command("migrate", verbosity=0, interactive=False)
    yield
    # A connection left open would keep the database from being dropped.
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    mark = item.get_closest_marker("role")
    if mark is None:
        return (yield)
    with base.connected_as(mark.args[0]):
        return (yield)


@pytest.fixture
def worker_connection(django_db_setup, database):
    """A connection of its own to the database, as the worker; needs committed rows."""
    with psycopg.connect(database[roles.WORKER], autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def broker(request):
    """The address of a real broker."""
    if "REDIS_URL" in os.environ and settings.SERVERS_ARE_GIVEN:
        return os.environ["REDIS_URL"]
    servers = request.getfixturevalue("servers")
    servers.valkey.start()
    return servers.valkey.url


@pytest.fixture
def free_port():
    return ports.free()


@pytest.fixture
def verified():
    """Make a client of a staff member who has shown both factors."""

    def make(staff, **session_values):
        client = Client()
        client.force_login(staff)
        device = TOTPDevice.objects.create(user=staff, name="app")
        session = client.session
        session.update({DEVICE_ID_SESSION_KEY: device.persistent_id, **session_values})
        session.save()
        return client

    return make


@pytest.fixture
def enter(verified):
    """Make a client whose session acts under a commission."""
    return lambda commission: verified(commission.staff, commission=commission.pk)


@pytest.fixture(scope="session")
def chromium():
    """The run's one Chromium: Playwright cannot be started twice in a thread."""
    # It keeps an event loop in this thread, and Django takes us for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with browser.chromium() as chromium:
            yield chromium
    except browser.NoChromium as error:
        pytest.fail(str(error))
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
