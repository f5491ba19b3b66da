"""Tables of figures as CSV: one long table for a pipe, or a file each for a folder."""

import csv
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from proms.adaptive.recovery import KEYS, Cell, Tables


def write_long(out: TextIO, tables: Tables) -> None:
    """Write each figure on a row of its own: its table, method, place and name."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["table", "method", "at", "figure", "value"])
    for name, table in tables.items():
        for row in table:
            at = "..".join(_cell(row[key]) for key in KEYS[name])
            figures = [key for key in row if key != "method" and key not in KEYS[name]]
            writer.writerows([name, row["method"], at, key, _cell(row[key])] for key in figures)


def write_each(folder: Path, tables: Tables) -> None:
    """Write each table into a file of its own."""
    for name, table in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table[0])
            writer.writerows([_cell(value) for value in row.values()] for row in table)


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """Let a reader such as `head` go when it has seen enough."""
    try:
        yield
    except BrokenPipeError:
        # Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _cell(value: Cell) -> str:
    return f"{value:.9g}" if isinstance(value, float) else str(value)
