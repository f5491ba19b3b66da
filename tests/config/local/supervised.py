"""A small supervisor for tests: both servers and one process that will not end when asked."""

import json
import sys
from pathlib import Path

from config.local import environment, ports
from config.local.process import Process
from config.local.servers import Servers
from config.local.supervisor import Supervisor

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


def main(folder: Path) -> None:
    servers = Servers(folder, environment.fresh(web_port=ports.free()), durable=False)
    stubborn = Process("stubborn", [sys.executable, "-c", STUBBORN], servers.log("stubborn"))
    supervisor = Supervisor(say)

    def start() -> None:
        supervisor.add(servers.postgres.process, servers.valkey.process)
        servers.start_postgres()
        servers.valkey.start()
        supervisor.add(stubborn)
        stubborn.start()
        children = (servers.postgres.process, servers.valkey.process, stubborn)
        say(json.dumps({child.name: child.pid for child in children}))

    supervisor.run(start)


def say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
