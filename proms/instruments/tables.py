"""Tables from and to CSV and Excel: bounded, without formulas, every fault by row and column."""

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from proms.instruments import incoming
from proms.instruments.incoming import InvalidFile

# What Excel itself keeps in one cell.
LONGEST_CELL = 32_767
MOST_ROWS, MOST_COLUMNS = 10_000, 200
# A file of 10 MB is read so that the cell which makes it so large can be named.
LARGEST_TABLE = 20_000_000
LARGEST_UNPACKED, MOST_PARTS, HIGHEST_RATIO = 50_000_000, 500, 200

# What spreadsheet programs run; our mark before it makes it text (OWASP: CSV injection).
_RUN = re.compile(r"'*[=+\-@\t\r]")
_MARKED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_FIELD = re.compile(r'(?:"[^"]*(?:""[^"]*)*"|[^,;\t\n]*)(?:[,;\t\n]|$)')
_UNSAFE_XML = (b"<!DOCTYPE", b"<!ENTITY")


@dataclass(frozen=True)
class Row:
    """One row by column name, and how its place is told."""

    cells: Mapping[str, str]
    places: Mapping[str, str]
    place: str

    def get(self, column: str) -> str:
        return self.cells.get(column, "")

    def refuse(self, column: str, problem: str, cure: str = "") -> InvalidFile:
        """Return the fault of one of the cells, for raising."""
        return InvalidFile(self.places.get(column, self.place), problem, cure)


def read(content: bytes) -> list[Row]:
    """Return the rows of a CSV or Excel file, told apart by content; blank ones are left out.

    :raises InvalidFile: naming line and column, or sheet and cell.
    """
    if content.startswith(b"PK\x03\x04"):
        return _rows(_excel(content))
    return _rows(_csv(content))


def write_csv(header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return a CSV that Excel opens as UTF-8; text that it would run is marked with '."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(_safe(row.get(name, "")) for name in header)
    return out.getvalue().encode("utf-8-sig")


def write_excel(title: str, header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return a workbook of one sheet, every cell typed as text or number."""
    # Half a second to import, which scoring must not pay.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title, sheet.freeze_panes = title, "B2"
    for line, row in enumerate([dict(zip(header, header, strict=True)), *rows], start=1):
        for column, name in enumerate(header, start=1):
            cell = sheet.cell(line, column)
            cell.value = row.get(name, "") or None
            cell.data_type = "s" if cell.value else "n"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=line == 1)
    for column in sheet.columns:
        longest = max(len(part) for cell in column for part in str(cell.value or "").split("\n"))
        sheet.column_dimensions[column[0].column_letter].width = min(60, longest + 2)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if _RUN.match(cell) and not _NUMBER.fullmatch(cell) else cell


def _plain(cell: str) -> str:
    return cell[1:] if _MARKED.match(cell) else cell


Cell = tuple[str, str]
Grid = Iterator[tuple[str, list[Cell]]]


def _rows(grid: Grid) -> list[Row]:
    """Return rows under the first one's names; a name that stands twice is refused."""
    _, first = next(grid, ("", []))
    if not any(text for _, text in first):
        raise InvalidFile("file", "there is no table", "Put column names in the first row")
    names = [text.strip().lower() for _, text in first]
    for place, (where, name) in enumerate(zip([where for where, _ in first], names, strict=True)):
        if name and name in names[:place]:
            raise InvalidFile(where, f"the column {name} stands twice", "Keep one")
    return [_row(names, place, cells) for place, cells in grid if any(text for _, text in cells)]


def _row(names: Sequence[str], place: str, cells: list[Cell]) -> Row:
    for where, text in cells[len(names) :]:
        if text:
            raise InvalidFile(where, "a cell outside the columns", "Give its column a name")
    for (where, text), name in zip(cells, names, strict=False):
        if text and not name:
            raise InvalidFile(where, "a cell in a column without a name", "Name the column")
    return Row(
        {name: text for (_, text), name in zip(cells, names, strict=False) if name},
        {name: where for (where, _), name in zip(cells, names, strict=False) if name},
        place,
    )


def _csv(content: bytes) -> Grid:
    written = incoming.text(content, largest=LARGEST_TABLE)
    if "\x00" in written:
        raise InvalidFile(_line_of(written, written.index("\x00")), "a NUL is not text", "Mend it")
    first = written.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter, strict=True)
    for count in itertools.count():
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _broken(written, line, str(error)) from None
        yield f"line {line}", [_csv_cell(line, n, cell) for n, cell in enumerate(row, start=1)]
        if count > MOST_ROWS or len(row) > MOST_COLUMNS:
            raise InvalidFile(f"line {line}", "the table is too large", "Split it")


def _csv_cell(line: int, column: int, cell: str) -> Cell:
    place = f"line {line}, column {column}"
    if cell.startswith("="):
        raise InvalidFile(place, "a formula", "Write its value")
    return place, _sound(place, _plain(cell))


def _broken(written: str, line: int, problem: str) -> InvalidFile:
    """Return a fault of the CSV itself, with the column of a cell that is too long."""
    if "field larger" not in problem:
        return InvalidFile(f"line {line}", problem, "Check the quotes")
    start = 0
    for _ in range(line - 1):
        start = written.index("\n", start) + 1
    column = 1
    while (field := _FIELD.match(written, start)) and len(field[0]) <= LONGEST_CELL:
        start, column = field.end(), column + 1
    return _too_long(f"line {line}, column {column}")


def _too_long(place: str) -> InvalidFile:
    return InvalidFile(place, f"a cell of over {LONGEST_CELL:,} characters", "Shorten it")


def _line_of(written: str, position: int) -> str:
    return f"line {written.count(chr(10), 0, position) + 1}"


def _sound(place: str, cell: str) -> str:
    if len(cell) > LONGEST_CELL:
        raise _too_long(place)
    # Line ends as we write them; Excel has its own.
    return cell.replace("\r\n", "\n").strip()


def _excel(content: bytes) -> Grid:
    _check_package(content)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS + 1)
        for line, row in enumerate(rows, start=1):
            if line > MOST_ROWS or len(row) > MOST_COLUMNS:
                raise InvalidFile(f"{sheet.title}!{line}", "the sheet is too large", "Split it")
            cells = [_excel_cell(sheet.title, line, n, cell) for n, cell in enumerate(row, start=1)]
            while cells and not cells[-1][1]:
                cells.pop()
            yield f"{sheet.title}!{line}", cells
    except InvalidFile:
        raise
    except Exception as error:
        what = f"the workbook cannot be read: {type(error).__name__}"
        raise InvalidFile("file", what, "Save it anew from Excel as .xlsx") from error


def _excel_cell(sheet: str, line: int, column: int, cell: Any) -> Cell:
    from openpyxl.utils import get_column_letter

    place = f"{sheet}!{get_column_letter(column)}{line}"
    if cell.data_type == "f":
        raise InvalidFile(place, "a formula", "Paste its value instead")
    if cell.data_type == "e":
        raise InvalidFile(place, f"the error {cell.value}", "Mend the cell")
    return place, _sound(place, _written(cell.value))


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.time().min else value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _check_package(content: bytes) -> None:
    """Refuse a workbook that unpacks to more than any table needs, or that defines entities."""
    if len(content) > incoming.LARGEST:
        raise InvalidFile("file", f"over {incoming.LARGEST} bytes", "Split it")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            unpacked = sum(part.file_size for part in parts)
            ratio = unpacked / max(1, len(content))
            if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or ratio > HIGHEST_RATIO:
                raise InvalidFile("file", f"unpacks to {unpacked} bytes in {len(parts)} parts")
            for part in parts:
                _check_part(part.filename, package.read(part))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise InvalidFile("file", f"not a sound workbook: {error}", "Save it anew") from None


def _check_part(name: str, part: bytes) -> None:
    unsafe = part[:2] in (b"\xff\xfe", b"\xfe\xff") or any(mark in part for mark in _UNSAFE_XML)
    if name.endswith((".xml", ".rels")) and unsafe:
        raise InvalidFile(name, "XML with a document type", "Save the workbook anew from Excel")
    if name.endswith("vbaProject.bin"):
        raise InvalidFile(name, "the workbook has macros", "Save it as .xlsx")
