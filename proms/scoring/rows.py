"""CSV read row by row, each fault named by line and column, however broken the file."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

# No answer is longer; csv refuses longer cells by itself.
LONGEST_CELL = 131_072
LONGEST_LINE = 2_000_000


class BadRow(Exception):
    """A row that cannot be read or scored: its line, the column, and what is wrong."""

    def __init__(self, line: int, column: str, problem: str) -> None:
        place = f"line {line}, column {column}" if column else f"line {line}"
        super().__init__(f"{place}: {problem}")
        self.line = line
        self.column = column
        self.problem = problem


def read(stream: BinaryIO) -> Iterator[tuple[int, list[str] | BadRow]]:
    """Return each row that is not blank with the number of its first line.

    Commas or semicolons, as the first line has them; UTF-8, with or without a byte-order mark.
    """
    lines = _lines(stream)
    first = next(lines, "")
    delimiter = ";" if ";" in first and "," not in first else ","
    reader = csv.reader(_again(first, lines), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, BadRow(line, "", str(error))
            continue
        if row:
            yield line, row


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Return the lines as text; bytes that are not UTF-8 stay as surrogates, to be found."""
    encoding = "utf-8-sig"
    while line := stream.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            _skip_rest(stream)
            line = b"x" * (LONGEST_CELL + 1)
        yield line.decode(encoding, errors="surrogateescape")
        encoding = "utf-8"


def _skip_rest(stream: BinaryIO) -> None:
    while rest := stream.readline(LONGEST_LINE):
        if rest.endswith(b"\n"):
            return


def _again(first: str, lines: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from lines


def is_text(cell: str) -> bool:
    """Whether a cell was valid UTF-8; a NUL comes from a file in UTF-16."""
    return "\x00" not in cell and not any("\udc80" <= letter <= "\udcff" for letter in cell)
