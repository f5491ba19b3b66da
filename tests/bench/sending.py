"""Invitations through the simulator: how many a second with two workers, and beside what."""

from collections.abc import Iterator
from datetime import datetime
from statistics import median

from celery import Celery

from config.local.process import wait_until
from tests.bench import pairs
from tests.bench.rows import Row, compared
from tests.stack import Stack, new_folder, wait_for_worker

INVITATIONS = 2000
WORKERS = 2
SECONDS = 6
PATIENCE = 240


def measure() -> Iterator[Row]:
    """Send a crowd's invitations, with the bare calls measured before and after."""
    stack = Stack(new_folder("bench"))
    try:
        stack.start_servers()
        stack.start_peers()
        stack.run("crowd", "tests.crowd", str(INVITATIONS), "0")
        before = _bare(stack)
        sent = _sent(stack)
        bare = median([before, _bare(stack)])
    finally:
        stack.stop()
    yield compared(
        "invitations", sent, "1/s", to="bare pairs of calls, two senders", reference=bare
    )


def _bare(stack: Stack) -> float:
    """Return the bare pairs a second of as many senders as there are workers."""
    command = ["tests.bench.pairs", str(SECONDS)]
    senders = [stack.servers.process(f"pairs-{n}", *command) for n in range(WORKERS)]
    for sender in senders:
        sender.start()
    wait_until(lambda: not any(sender.is_running() for sender in senders), PATIENCE)
    return sum(float(sender.last_words()) for sender in senders)


def _sent(stack: Stack) -> float:
    """Return the invitations a second, amid the run, by the peer's own journal."""
    for number in range(WORKERS):
        wait_for_worker(stack.start_worker(f"worker-{number + 1}"))
    with Celery(broker=stack.servers.values["REDIS_URL"]) as doorbell:
        doorbell.send_task("surveys.tasks.open_due", ignore_result=True)
    stack.start_beat()
    wait_until(lambda: len(_times(stack)) >= INVITATIONS, PATIENCE)
    times = _times(stack)
    stack.stop_service()
    amid = times[len(times) // 10 : len(times) * 9 // 10]
    return (len(amid) - 1) / (amid[-1] - amid[0]).total_seconds()


def _times(stack: Stack) -> list[datetime]:
    letters = [each for each in stack.letters() if each["query_string"] != pairs.LINK]
    return [datetime.fromisoformat(letter["received_at"]) for letter in letters]
