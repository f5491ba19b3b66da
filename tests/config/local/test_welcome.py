"""What the demonstration says when it is ready."""

import json

import pytest

from config.local import welcome

VALUES = {"SITE_URL": "http://127.0.0.1:8000", "OIDC_ISSUER": "http://127.0.0.1:20001"}
ACCOUNT = {
    "role": "clinician",
    "username": "karin",
    "password": "pass-word",
    "totp_secret": "JBSWY3DPEHPK3PXP",
}


@pytest.fixture
def local(tmp_path):
    (tmp_path / "demo.json").write_text(json.dumps({"accounts": [ACCOUNT]}))
    return tmp_path


def test_addresses_and_logins_are_told(local):
    said = welcome.text(local, VALUES)

    assert "http://127.0.0.1:8000/overview/" in said
    assert "http://127.0.0.1:20001/" in said
    assert "karin / pass-word" in said


def test_one_time_codes_have_six_figures(local):
    username, code = welcome.codes(local).split()

    assert username == "karin"
    assert len(code) == 6
    assert code.isdigit()
