import pytest

from notifications import parcels, tasks


@pytest.mark.django_db
def test_the_task_sends_what_is_due(monkeypatch):
    called = []
    monkeypatch.setattr(parcels, "send_due", lambda *, clock: called.append(clock()))

    tasks.send_due()

    assert called[0].tzinfo is not None
