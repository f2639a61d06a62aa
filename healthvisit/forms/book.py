"""A workbook as rows with their cells' places, so that a fault in a form can be shown where its author wrote it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from healthvisit.forms.findings import Place

_BEGIN = re.compile(r"begin[ _](?:lgroup|looped group|repeat|loop|group)\b", re.IGNORECASE)
_END = re.compile(r"end[ _](?:lgroup|looped group|repeat|loop|group)\b", re.IGNORECASE)
_REPEAT = re.compile(r"(?:lgroup|looped group|repeat)", re.IGNORECASE)

HEADERS: Mapping[str, frozenset[str]] = {
    name: frozenset((name, *others))
    for name, *others in (
        ("type", "command"),
        ("name", "tag", "value"),
        ("label", "caption"),
        ("list_name", "list name"),
        ("relevant", "relevance", "bind::relevant"),
        ("required", "bind::required"),
        ("readonly", "read_only", "bind::readonly"),
        ("constraint", "bind::constraint"),
        ("calculate", "calculation", "bind::calculate"),
        ("count", "repeat_count", "jr:count", "control::jr:count"),
        ("constraint_message", "constraining_message", "bind::jr:constraintmsg"),
        ("required_message", "requiredmsg", "bind::jr:requiredmsg"),
        ("appearance", "control::appearance"),
        ("form_id", "id_string", "set_form_id"),
        ("entry", "bind::hv:entry"),
        ("field", "bind::hv:field"),
        ("unit", "bind::hv:unit"),
    )
}
"""One name for the headers that mean the same column; a header not named here is its own name."""


class Column(NamedTuple):
    """One column: `kind` is its name in HEADERS, `language` what stands after `::`."""

    at: int
    header: str
    kind: str
    language: str


def column_of(at: int, header: str) -> Column:
    """Take a header apart: `label::Русский (ru)`, `bind::hv:field`, `relevance`."""
    plain = header.strip()
    known = next((kind for kind, names in HEADERS.items() if plain.lower() in names), None)
    if known or plain.lower().startswith(("bind::", "control::", "instance::", "body::")):
        return Column(at, header, known or plain.lower(), "")
    base, _, language = plain.removeprefix("media::").partition("::" if "::" in plain else ":")
    base = base.strip().lower()
    kind = next((kind for kind, names in HEADERS.items() if base in names), base)
    return Column(at, header, kind, language.strip())


class Row(NamedTuple):
    """One row: `number` as the spreadsheet shows it, `cells` by header."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `name` as the author wrote it; `rows` are those below the header, empty ones included."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def of(self, kind: str) -> list[Column]:
        """The columns of one kind: one, or one a language."""
        return [column for column in self.columns if column.kind == kind]

    def text(self, row: Row, kind: str) -> str:
        """The first cell of a kind that is not blank."""
        return next((cell for column in self.of(kind) if (cell := row.cells.get(column.header, "").strip())), "")

    def place(self, row: int | None = None, kind: str | None = None, language: str | None = None) -> Place:
        """Where the cell of a kind stands; where the sheet lacks that column, its row."""
        columns = [c for c in self.of(kind) if language in {None, c.language}] if kind else []
        return Place(sheet=self.name, row=row, column=columns[0].at if columns else None)


@dataclass(frozen=True, slots=True)
class Book:
    """A whole workbook, sheets by their names in small letters."""

    sheets: Mapping[str, Sheet]

    def sheet(self, name: str) -> Sheet:
        """A sheet; an empty one where the workbook has none."""
        return self.sheets.get(name) or Sheet(name, (), ())


class Asked(NamedTuple):
    """A row of the survey with its place in the form: `path` without the root, as `/group/question`."""

    row: Row
    path: str
    type: str
    name: str


def begins(type_: str) -> bool:
    """Whether a row opens a group or a repeat."""
    return bool(_BEGIN.match(type_))


def ends(type_: str) -> bool:
    """Whether a row closes one."""
    return bool(_END.match(type_))


def is_repeat(type_: str) -> bool:
    """Whether a row opens or closes a repeat."""
    return bool(_REPEAT.search(type_))


def asked(book: Book, renamed: Mapping[int, str] | None = None) -> Iterator[Asked]:
    """Every row of the survey that says something, with its path; `renamed` gives rows other names."""
    survey = book.sheet("survey")
    above: list[str] = []
    for row in survey.rows:
        type_, name = survey.text(row, "type"), (renamed or {}).get(row.number) or survey.text(row, "name")
        if not type_ and not name and not row.cells:
            continue
        if ends(type_):
            del above[-1:]
            continue
        yield Asked(row, "/".join(("", *above, name)), type_, name)
        if begins(type_):
            above.append(name)
