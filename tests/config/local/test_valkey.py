"""The broker as our child."""

import pytest
import redis

pytestmark = pytest.mark.enable_socket


def test_the_broker_asks_for_its_password(broker):
    stranger = redis.from_url(broker.replace(broker.split("@")[0], "redis://").replace("//@", "//"))

    with pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_the_broker_forgets_nothing_for_lack_of_memory(broker):
    client = redis.from_url(broker)

    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert client.config_get("appendonly") == {"appendonly": "yes"}
