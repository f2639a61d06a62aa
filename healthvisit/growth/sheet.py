"""A table of children as a text file: which delimiter it has, its header, and its rows, however long or torn it is.

UTF-8 with or without its mark; comma, semicolon or tab between the cells; quotes as in CSV. It is read row by row: a
register of any length takes no more room than one row.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from healthvisit.domain.errors import HealthvisitError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

DELIMITERS = (",", ";", "\t")
SAMPLE_BYTES = 1 << 16
_MARK = b"\xef\xbb\xbf"
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")
_COMMA_NUMBER = re.compile(r"(?:^|[;\t])\s*\"?\d+,\d+\"?\s*(?=[;\t\r\n]|$)", re.MULTILINE)


class SheetError(HealthvisitError):
    """The file is no table of children.

    Codes: ``sheet_empty``, ``sheet_not_utf8``, ``sheet_not_csv``, ``sheet_unreadable`` (`why`),
    ``columns_missing`` (`columns`: any of these would do), ``column_twice`` (`column`).
    """


class Dialect(NamedTuple):
    """How a file is written, so that its answer is written alike."""

    delimiter: str
    decimal_comma: bool
    mark: bool  # begins with the UTF-8 mark, as spreadsheets like it
    line_end: str


class Sheet:
    """A table open for reading; `close` closes its file. `header` are the names as they stand in the file.

    Args:
        file: The file, open for reading bytes; it need not be able to seek.
        known: Names, in lower case, by which the delimiter is told.

    Raises:
        SheetError: See there; `rows` raises it as well.
    """

    def __init__(self, file: BinaryIO, known: Collection[str]) -> None:
        self._file = io.BufferedReader(file, SAMPLE_BYTES)  # type: ignore[type-var]  # a raw file, or anything like it
        try:
            sample = self._file.peek()
        except OSError as exc:
            raise _unreadable(exc) from exc
        self.dialect = _dialect(sample, known)
        self._kept: list[str] = []
        self._text = io.TextIOWrapper(self._file, encoding="utf-8-sig", newline="")
        self._lines = _keeping(self._text, self._kept)
        self._rows = self._all()
        header = next(self._rows, None)
        if header is None:
            raise SheetError("sheet_empty")
        self.header = header
        self._width = len(header)

    def rows(self) -> Iterator[list[str]]:
        """The rows below the header, without empty lines. A row may have more or fewer cells than the header.

        A quote that is never closed would swallow the rows after it; such a stretch is read line by line instead.
        """
        return self._rows

    def close(self) -> None:
        """Close the file."""
        self._text.close()

    def _all(self) -> Iterator[list[str]]:
        delimiter, kept = self.dialect.delimiter, self._kept
        self._width = 0
        reader = csv.reader(self._lines, delimiter=delimiter)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as exc:
                if len(kept) < 2:  # noqa: PLR2004
                    raise SheetError("sheet_not_csv") from exc
                row, reader = [], csv.reader(self._lines, delimiter=delimiter)
            except UnicodeDecodeError as exc:
                raise SheetError("sheet_not_utf8") from exc
            except OSError as exc:
                raise _unreadable(exc) from exc
            if len(kept) > 1 and len(row) != self._width:
                torn = [line.rstrip("\r\n") for line in kept]
                kept.clear()
                yield from (_cells(line, delimiter) for line in torn if line)
                continue
            kept.clear()
            if row:
                yield row


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except csv.Error as exc:
        raise SheetError("sheet_not_csv") from exc


def _keeping(lines: io.TextIOWrapper, kept: list[str]) -> Iterator[str]:
    for line in lines:
        kept.append(line)
        yield line


def _dialect(sample: bytes, known: Collection[str]) -> Dialect:
    if not sample.strip(_MARK).strip():
        raise SheetError("sheet_empty")
    if sample.startswith(_OTHER_ENCODINGS):
        raise SheetError("sheet_not_utf8")
    if b"\0" in sample:
        raise SheetError("sheet_not_csv")
    text = sample.decode("utf-8-sig", errors="ignore")
    line = text.lstrip("\r\n").partition("\n")[0]
    names = {mark: {cell.strip(' "\r').lower() for cell in line.split(mark)} for mark in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda mark: len(names[mark].intersection(known)))
    return Dialect(
        delimiter=delimiter,
        decimal_comma=delimiter != "," and _COMMA_NUMBER.search(text) is not None,
        mark=sample.startswith(_MARK),
        line_end="\r\n" if line.endswith("\r") else "\n",
    )


def _unreadable(error: OSError) -> SheetError:
    return SheetError("sheet_unreadable", why=error.strerror)
