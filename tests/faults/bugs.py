"""Workers with a bug seeded on purpose: an oracle that cannot fail proves nothing.

`celery -A tests.faults.bugs` is the service's own worker, with the bug that BUG names.
"""

import os
from collections.abc import Callable
from uuid import uuid4

from celery.signals import celeryd_after_setup

from config import celery_app as app

__all__ = ["app"]


def sent_before_the_call() -> None:
    """Write down the success first, and call the peer then: a kill in between loses it."""
    from notifications import channels, delivery

    rightly = channels.get

    def get(name):
        channel = rightly(name)
        send = channel.send

        def hastily(row):
            delivery.settle(
                row,
                delivery.Outcome.SENT,
                then={"status": "sent", "ended_at": row.created_at},
                now=row.created_at,
            )
            return send(row)

        channel.send = hastily  # type: ignore[method-assign]
        return channel

    channels.get = get


def a_new_thread_each_time() -> None:
    """Name every attempt anew: the peer cannot know a second copy by its thread."""
    from notifications.channels import inbox

    rightly = inbox._request

    def request(subject_id, row):
        row.message.thread_id = uuid4()
        return rightly(subject_id, row)

    inbox._request = request


BUGS: dict[str, Callable[[], None]] = {
    "sent before the call": sent_before_the_call,
    "a new thread each time": a_new_thread_each_time,
}


@celeryd_after_setup.connect
def _seed(**_: object) -> None:
    BUGS[os.environ["BUG"]]()
