"""Where the experiments happen: the real processes, a crowd to invite, and ways to do harm."""

import random
import time
from dataclasses import dataclass
from pathlib import Path

from celery import Celery

from config.local.process import CannotRun, Process, wait_until
from tests.faults import oracle
from tests.faults.oracle import Verdict
from tests.stack import Stack, wait_for_worker

WORKERS = 2
# Short, so that what a killed worker held is free again soon; longer than any call here.
LEASE_SECONDS = 5
# How long each call takes at the peer: a kill is to find messages on their way.
CALL_SECONDS = 0.1
# How many sweeps are asked for before a kill, so that it interrupts several sendings.
RINGS = 6
_SENDING = """
    SELECT 1 FROM notifications_delivery
    WHERE created_at > clock_timestamp() - interval '0.2 s' LIMIT 1
"""
_UNENDED = """
    SELECT count(*) FROM surveys_occasion o
    LEFT JOIN surveys_invitation i ON i.occasion_id = o.id AND i.step = 'invitation'
    LEFT JOIN notifications_message m ON m.id = i.message_id
    WHERE m.id IS NULL OR m.status = 'queued'
"""


@dataclass(frozen=True)
class Mode:
    """What our side promises, and what the peer does with a second copy."""

    promise: str
    peer: str


MODES = {
    "dedupe": Mode("dedupe", "dedupe"),
    "lookup": Mode("lookup", "lookup"),
    "prefer-complete": Mode("prefer-complete", "blind"),
    "prefer-once": Mode("prefer-once", "blind"),
}


class Stage:
    """One run's service, with everything that is random drawn from one seed."""

    def __init__(self, folder: Path, *, mode: str, seed: int, bug: str = "") -> None:
        self.mode = mode
        self.chance = random.Random(seed)
        self._app = "tests.faults.bugs" if bug else "config"
        self.stack = Stack(
            folder,
            simulator=["--mode", MODES[mode].peer, "--seed", str(seed)],
            settings={
                "INBOX_PROMISE": MODES[mode].promise,
                "DELIVERY_LEASE_SECONDS": str(LEASE_SECONDS),
                "BUG": bug,
            },
        )

    def begin(self, people: int, *, within: float) -> None:
        """Start everything, with people whose invitations fall due over `within` seconds."""
        self.stack.start_servers()
        self.stack.start_peers()
        slow = {"kind": "slow", "seconds": CALL_SECONDS, "operation": "*"}
        self.stack.ask_simulator("POST", "switches", slow)
        for number in range(WORKERS):
            self.stack.start_worker(f"worker-{number + 1}", app=self._app)
        for worker in self.stack.workers:
            wait_for_worker(worker)
        self.stack.run("crowd", "tests.crowd", str(people), str(within))
        self.stack.start_beat()

    def kill_a_worker(self) -> None:
        """Kill a worker amid sending, as a crash would, and start it again at once."""
        wait_until(lambda: any(map(_takes_tasks, self.stack.workers)), patience=30)
        self.ring()
        self._wait_for_a_sending(patience=5)
        self.pause(0, 0.2)
        victims = [worker for worker in self.stack.workers if _takes_tasks(worker)]
        if not victims:
            raise CannotRun("no worker takes tasks any more")
        victim = self.chance.choice(victims)
        victim.kill()
        victim.start()

    def ring(self) -> None:
        """Ask for sweeps, as beat and every request do; a superfluous one does nothing."""
        with Celery(broker=self.stack.servers.values["REDIS_URL"]) as doorbell:
            for task in ("surveys.tasks.open_due", *["surveys.tasks.send_due"] * RINGS):
                doorbell.send_task(task, ignore_result=True)

    def _wait_for_a_sending(self, patience: float) -> None:
        with self.stack.database() as database:
            wait_until(lambda: bool(database.execute(_SENDING).fetchone()), patience)

    def flush_broker(self) -> None:
        with self.stack.broker() as broker:
            broker.flushall()

    def pause(self, least: float, most: float) -> None:
        time.sleep(self.chance.uniform(least, most))

    def settle(self, patience: float) -> None:
        """Wait until every invitation has ended, or patience (seconds) has."""
        with self.stack.database() as database:

            def has_ended() -> bool:
                time.sleep(0.3)
                (unended,) = database.execute(_UNENDED).fetchone() or (1,)
                return not unended

            wait_until(has_ended, patience)

    def verdict(self) -> Verdict:
        asked, letters = oracle.read(self.stack)
        return oracle.judge(asked, letters, mode=self.mode)

    def end(self) -> None:
        self.stack.stop()


def _takes_tasks(worker: Process) -> bool:
    return worker.is_running() and " ready." in worker.words()
