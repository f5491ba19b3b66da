"""The clone's own settings: fresh, private, and with ports that can move."""

import stat

from config.local import environment


def make_values(port=1000):
    return environment.fresh(web_port=8000, find_port=lambda: port)


def test_every_clone_has_secrets_of_its_own():
    one, other = make_values(), make_values()

    secret = {name for name in one if name.endswith(("_KEY", "_KEYS", "_SECRET", "_URL"))}
    shared = {name for name in secret if one[name] == other[name]}

    assert shared == {"SITE_URL", "INBOX_URL", "EMAIL_URL"}


def test_only_its_owner_reads_the_file(tmp_path):
    path = tmp_path / "local" / "env"

    environment.write(path, {"NAME": "value=with=signs"})

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert environment.read(path) == {"NAME": "value=with=signs"}


def test_a_moved_server_is_moved_wherever_it_is_named():
    values = make_values(port=5432)

    moved = environment.moved(values, "POSTGRES_PORT", 6000)

    assert moved["POSTGRES_PORT"] == "6000"
    assert all(":6000/utfall" in moved[name] for name in environment.URLS.values())
    assert environment.passwords(moved) == environment.passwords(values)


def test_a_port_is_not_mistaken_for_a_longer_one():
    values = make_values(port=543) | {"DATABASE_URL": "postgresql://web:x@127.0.0.1:5432/utfall"}

    assert environment.moved(values, "POSTGRES_PORT", 1)["DATABASE_URL"].endswith(":5432/utfall")


def test_cookie_names_and_addresses_follow_the_webs_port():
    values = environment.for_port(make_values(), 8123)

    assert (values["SITE_URL"], values["COOKIE_SUFFIX"]) == ("http://127.0.0.1:8123", "8123")
