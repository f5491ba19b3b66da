"""Values from the environment: given, mounted, local, nonsense."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


@pytest.fixture(autouse=True)
def local(tmp_path, monkeypatch):
    """An env file that is empty, in a shell without a database of its own."""
    for name in ("DATABASE_URL", "LINK_KEY", "SITE_URL", "COOKIE_SUFFIX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(env, "LOCAL", tmp_path / "env")
    env._read.cache_clear()
    yield tmp_path / "env"
    env._read.cache_clear()


def test_a_missing_value_is_named_with_its_cure():
    with pytest.raises(ImproperlyConfigured, match=r"LINK_KEY is not set: .*make setup"):
        env.text("LINK_KEY")


def test_the_environment_goes_before_the_local_file(local, monkeypatch):
    local.write_text("SITE_URL=http://local\n")
    monkeypatch.setenv("SITE_URL", "http://given")

    assert env.text("SITE_URL") == "http://given"


def test_the_local_file_gives_what_the_environment_lacks(local):
    local.write_text("# a comment\n\nCOOKIE_SUFFIX = 8000\n")

    assert env.text("COOKIE_SUFFIX") == "8000"


def test_the_local_file_is_not_read_beside_a_real_database(local, monkeypatch):
    local.write_text("LINK_KEY=local\n")
    monkeypatch.setenv("DATABASE_URL", "postgresql://web@db/utfall")

    with pytest.raises(ImproperlyConfigured, match="LINK_KEY"):
        env.text("LINK_KEY")


def test_a_mounted_secret_is_read_from_its_file(tmp_path, monkeypatch):
    (tmp_path / "secret").write_text("s3cret\n")
    monkeypatch.setenv("LINK_KEY_FILE", str(tmp_path / "secret"))

    assert env.text("LINK_KEY") == "s3cret"


def test_a_mounted_secret_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("LINK_KEY_FILE", "/nowhere/at/all")

    with pytest.raises(ImproperlyConfigured, match=r"LINK_KEY_FILE: cannot read /nowhere"):
        env.text("LINK_KEY")


@pytest.mark.parametrize(("written", "meant"), [("1", True), ("no", False), ("True", True)])
def test_a_flag_is_yes_or_no(written, meant, monkeypatch):
    monkeypatch.setenv("FLAG", written)

    assert env.flag("FLAG") is meant


def test_a_flag_that_is_neither_is_refused(monkeypatch):
    monkeypatch.setenv("FLAG", "perhaps")

    with pytest.raises(ImproperlyConfigured, match=r"FLAG='perhaps' is neither yes nor no"):
        env.flag("FLAG")


def test_a_default_stands_in_for_a_flag_and_a_number():
    assert env.flag("FLAG", False) is False
    assert env.number("NUMBER", 3) == 3


def test_a_number_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("NUMBER", "three")

    with pytest.raises(ImproperlyConfigured, match=r"NUMBER='three' is not a whole number"):
        env.number("NUMBER")


def test_words_are_parted_by_commas_and_spaces(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example, b.example c.example")

    assert env.words("ALLOWED_HOSTS") == ["a.example", "b.example", "c.example"]


def test_a_key_is_so_many_hexadecimal_digits(monkeypatch):
    monkeypatch.setenv("LINK_KEY", "0f" * 32)

    assert env.secret_bytes("LINK_KEY") == b"\x0f" * 32


@pytest.mark.parametrize("written", ["0f" * 31, "not hexadecimal", ""])
def test_a_key_that_is_none_is_refused_without_being_shown(written, monkeypatch):
    monkeypatch.setenv("LINK_KEY", written)

    with pytest.raises(ImproperlyConfigured) as refused:
        env.secret_bytes("LINK_KEY")
    assert str(refused.value).startswith("LINK_KEY must be 64 hexadecimal digits")
    assert not written or written not in str(refused.value)


def test_keys_have_ids_and_keep_their_order(monkeypatch):
    monkeypatch.setenv("SEALING_KEYS", f"new:{'01' * 32},old:{'02' * 32}")

    assert list(env.secret_keys("SEALING_KEYS").items()) == [
        ("new", b"\x01" * 32),
        ("old", b"\x02" * 32),
    ]


def test_no_keys_at_all_are_refused(monkeypatch):
    monkeypatch.setenv("SEALING_KEYS", "")

    with pytest.raises(ImproperlyConfigured, match="SEALING_KEYS is empty"):
        env.secret_keys("SEALING_KEYS")


def test_a_database_is_read_from_its_address(monkeypatch):
    monkeypatch.setenv("DB", "postgresql://web:p%40ss@db.example:5433/utfall?sslmode=require")

    assert env.database("DB") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "utfall",
        "USER": "web",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize("written", ["mysql://a/b", "postgresql://host", "utfall"])
def test_a_database_address_of_another_kind_is_refused(written, monkeypatch):
    monkeypatch.setenv("DB", written)

    with pytest.raises(ImproperlyConfigured, match="DB must look like postgresql://"):
        env.database("DB")
