import json

from notifications.simulator.configuration import FILE, Configuration

GIVEN = {
    "port": 8177,
    "logical_address": "SE-INBOX",
    "systems": {"SE-UTFALL": "http://127.0.0.1:8000/inbox?x=1"},
    "client_id": "utfall",
    "client_secret": "secret",
}


def test_the_folders_file_adds_to_what_the_command_gives(tmp_path):
    (tmp_path / FILE).write_text(json.dumps({"inactive": ["198001022386"], "people": ["a"]}))

    configuration = Configuration.in_folder(tmp_path, **GIVEN)

    assert configuration.inactive == {"198001022386"}
    assert configuration.people == ("a",)
    assert configuration.mode == "blind"


def test_a_configuration_goes_through_the_environment(tmp_path, monkeypatch):
    configuration = Configuration.in_folder(tmp_path, **GIVEN, mode="dedupe")
    for name, value in configuration.to_environment().items():
        monkeypatch.setenv(name, value)

    assert Configuration.from_environment() == configuration


def test_logins_return_to_where_the_systems_are(tmp_path):
    assert Configuration.in_folder(tmp_path, **GIVEN).origins == {"http://127.0.0.1:8000"}
