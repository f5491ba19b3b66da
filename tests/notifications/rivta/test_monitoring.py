from datetime import UTC, datetime

from notifications.rivta import monitoring
from notifications.rivta.contracts import ADD_MESSAGE


def test_a_ping_says_whom_it_asks():
    assert monitoring.read_ping(monitoring.write_ping(ADD_MESSAGE, "SE1")) == "SE1"


def test_a_pong_has_swedish_time_without_a_zone():
    now = datetime(2027, 7, 1, 12, 0, 5, tzinfo=UTC)

    pong = monitoring.read_pong(monitoring.write_pong("1.0", {"mode": "blind"}, now))

    assert pong == monitoring.Pong("1.0", "20270701140005", {"mode": "blind"})
