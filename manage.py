#!/usr/bin/env python
"""Django's commands, each as the database role that it needs."""

import os
import sys

# What creates or empties tables is the owner's; every other command works as the worker.
OWNERS_COMMANDS = {"migrate", "flush", "dbshell", "sqlflush", "test", "inspectdb"}


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    role = "owner" if command in OWNERS_COMMANDS else "worker"
    os.environ.setdefault("DATABASE_ROLE", role)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
