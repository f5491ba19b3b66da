import pytest
from rest_framework.exceptions import ParseError
from rest_framework.test import APIRequestFactory

from proms.parsers import BoundedJSONParser, TooLarge


def parse(body):
    request = APIRequestFactory().post("/", body, content_type="application/json")
    return BoundedJSONParser().parse(request, "application/json", {"request": request})


def test_json_is_read():
    assert parse('{"a": [1]}') == {"a": [1]}


def test_a_byte_order_mark_is_passed_over():
    assert parse(b'\xef\xbb\xbf{"a": [1]}') == {"a": [1]}


def test_a_body_over_the_limit_is_refused_unread(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

    with pytest.raises(TooLarge):
        parse('{"a": "bbbbbbbbbbbb"}')


def test_a_body_nested_too_deeply_is_refused():
    with pytest.raises(ParseError):
        parse("[" * 100_000 + "]" * 100_000)
