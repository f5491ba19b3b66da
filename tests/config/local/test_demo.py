"""What the demonstration refuses, in one line, before it starts anything."""

import os

import pytest

from config import env
from config.local import demo, environment, ports
from config.local.process import CannotRun


@pytest.fixture(autouse=True)
def local(tmp_path, monkeypatch):
    """A clone where set-up has run, in a shell that gives no servers."""
    values = environment.fresh(web_port=8000)
    for name in (*values, "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(demo, "LOCAL", tmp_path)
    monkeypatch.setattr(env, "LOCAL", tmp_path / "env")
    environment.write(tmp_path / "env", values)
    return tmp_path


def test_the_port_is_8000_unless_another_is_given(monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda port: True)

    assert demo._port() == 8000


@pytest.mark.parametrize("given", ["http", "0", "65536", "-1", ""])
def test_a_port_that_is_none_is_refused(given, monkeypatch):
    monkeypatch.setenv("PORT", given)

    with pytest.raises(CannotRun, match="is no port"):
        demo._port()


def test_a_port_in_use_is_told_with_another_to_take(monkeypatch):
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setattr(ports, "is_free", lambda port: False)

    with pytest.raises(CannotRun, match=r"8123 is in use: `PORT=8124 make demo`"):
        demo._port()


def test_a_full_disk_is_told_before_anything_is_written(monkeypatch):
    monkeypatch.setattr(demo, "NEEDED_SPACE", 10**18)

    with pytest.raises(CannotRun, match="the disk is full"), demo._alone():
        pass


def test_a_second_demonstration_in_one_clone_is_refused():
    with demo._alone(), pytest.raises(CannotRun, match="runs already"), demo._alone():
        pass


def test_a_real_database_needs_the_address_of_every_role(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://web@db/utfall")

    with pytest.raises(CannotRun, match="set WORKER_DATABASE_URL, OWNER_DATABASE_URL too"):
        demo._settings(8000)


def test_what_the_environment_gives_is_left_to_it(monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://real")
    monkeypatch.setenv("SECRET_KEY_FILE", os.devnull)

    values = demo._settings(8000)

    assert {"REDIS_URL", "SECRET_KEY"}.isdisjoint(values)
    assert "LINK_KEY" in values


def test_a_server_whose_port_was_taken_moves_and_stays_there(local, monkeypatch):
    taken = environment.read(local / "env")["SIMULATOR_PORT"]
    monkeypatch.setattr(ports, "is_free", lambda port: str(port) != taken)

    first = demo._settings(8000)

    assert first["SIMULATOR_PORT"] != taken
    assert first["OIDC_ISSUER"].endswith(first["SIMULATOR_PORT"])
    assert demo._settings(8000) == first
