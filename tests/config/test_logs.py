import logging

from config.logs import WithoutTokens


def said(message, *arguments, error=None):
    failed = (type(error), error, None) if error else None
    record = logging.LogRecord("django", logging.WARNING, "", 1, message, arguments, failed)
    return WithoutTokens("%(levelname)s %(message)s").format(record)


def test_the_token_of_a_link_is_hidden():
    assert said("Not Found: %s", "/s/Ab-c_1/") == "WARNING Not Found: /s/[link]/"


def test_a_token_in_a_traceback_is_hidden_too():
    assert "Ab-c_1" not in said("Broken", error=ValueError("http://localhost/s/Ab-c_1/?x"))


def test_other_addresses_are_left_as_they_are():
    assert said("Not Found: %s", "/answers/1/") == "WARNING Not Found: /answers/1/"
