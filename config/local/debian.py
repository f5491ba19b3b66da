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
    quiet = {
        "stdout": subprocess.DEVNULL,
        "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    }
    subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)
    if subprocess.run(command, check=False, **quiet).returncode:
        raise SystemExit(f"Could not install {', '.join(missing)}: try `{' '.join(command)}`")


if __name__ == "__main__":
    main(sys.argv[1:])
