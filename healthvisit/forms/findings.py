"""What the author's check finds: the kind of fault, how bad it is, and the cell or line where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """An error stops the form from working, a warning may surprise, a note is only worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where: in a workbook `sheet`, `row` from 1, `column` from 0; in an XForm `line` and the question's `path`."""

    sheet: str | None = None
    row: int | None = None
    column: int | None = None
    line: int | None = None
    path: str | None = None

    def __str__(self) -> str:
        """`survey!D14`, `survey!14` (a whole row), `survey`, or `37 /data/age` (a line of an XForm)."""
        if self.sheet is None:
            return " ".join(str(part) for part in (self.line, self.path) if part)
        if self.row is None:
            return self.sheet
        return f"{self.sheet}!{'' if self.column is None else letters(self.column)}{self.row}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem. `kind` is stable; `details` are the words its sentence names."""

    kind: str
    level: Level = Level.ERROR
    place: Place = Place()
    details: Mapping[str, Any] = field(default_factory=dict)

    def key(self) -> tuple[Any, ...]:
        """Two findings with one key say the same."""
        return self.kind, self.place, tuple(sorted((name, str(value)) for name, value in self.details.items()))


def letters(column: int) -> str:
    """The name of a column as spreadsheets write it: 0 is A, 26 is AA."""
    name, left = "", column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        name = chr(ord("A") + digit) + name
    return name
