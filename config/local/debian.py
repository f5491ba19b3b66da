"""Install Debian's packages that tests need, or say in one line how to get them."""

import os
import shutil
import subprocess
import sys


def main(programs: list[str]) -> None:
    missing = [name for name in programs if not shutil.which(name)]
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SystemExit(f"Missing here: {', '.join(missing)}. On Debian: sudo {' '.join(command)}")
    sys.stdout.write(f"Installing {', '.join(missing)}\n")
    if not (_run(["apt-get", "update"]) and _run(command)):
        raise SystemExit(f"Could not install {', '.join(missing)}: try `{' '.join(command)}`")


def _run(command: list[str]) -> bool:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, stdout=subprocess.DEVNULL, env=quiet, check=False)
    return done.returncode == 0


if __name__ == "__main__":
    main(sys.argv[1:])
