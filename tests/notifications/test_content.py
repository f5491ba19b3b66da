import json

from notifications.content import Content
from tests.notifications.factories import CONTENT


def test_content_is_the_same_after_json():
    assert Content.from_json(json.loads(json.dumps(CONTENT.to_json()))) == CONTENT
