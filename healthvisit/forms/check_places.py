"""From a fault in the XForm, or the compiler's words, back to the cell where its author wrote it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from healthvisit.forms.book import Book, Row, asked
from healthvisit.forms.check_book import FROM_FILE, SELECT
from healthvisit.forms.check_expression import faults_of
from healthvisit.forms.errors import FormError
from healthvisit.forms.findings import Finding, Place

_CHOICE_TEXT = re.compile(r"(?P<list>[^/]+)-(?P<at>\d+)\Z")
_QUOTED = re.compile(r"'([^']+)'")


class Places:
    """From the XForm, or the compiler's words, back to the cell."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._asked = list(asked(book))
        self._rows: dict[str, Row] = {}
        self.rename({})

    def rename(self, renamed: Mapping[int, str]) -> None:
        """Expect the questions of these rows under other names."""
        self._rows = {}
        for each in asked(self.book, renamed):
            self._rows.setdefault(each.path, each.row)

    def moved(self, finding: Finding) -> Finding | None:
        """A finding about the XForm as one about the workbook; None for what the sheets' own check says better."""
        details = dict(finding.details)
        aspect, spoken = details.pop("aspect", None), details.pop("spoken", None)
        if finding.kind in {"no_form_id", "no_version"}:
            return None
        if finding.place.path is None:
            return replace(finding, place=self._of_list(details.get("list", "")), details=details)
        if choice := _CHOICE_TEXT.match(finding.place.path):
            return replace(finding, place=self._of_choice(choice, aspect, spoken), details=details)
        place, cell = self._cell(finding.place.path, aspect, spoken)
        if place is None:
            return replace(finding, place=Place(sheet="survey", path=finding.place.path), details=details)
        return replace(finding, place=place, details=in_the_authors_words(finding.kind, details, cell))

    def _of_choice(self, text: re.Match[str], aspect: str | None, spoken: str | None) -> Place:
        choices = self.book.sheet("choices")
        rows = [row for row in choices.rows if choices.text(row, "list_name") == text["list"]]
        row = rows[int(text["at"])] if int(text["at"]) < len(rows) else None
        named = [c for c in choices.of(aspect or "") if not spoken or c.language in {"", spoken}]
        return Place(sheet=choices.name, row=row.number if row else None, column=named[0].at if named else None)

    def _cell(self, path: str, aspect: str | None, spoken: str | None) -> tuple[Place | None, str]:
        survey = self.book.sheet("survey")
        inner = "/" + path.strip("/").partition("/")[2]
        row = self._rows.get(inner)
        if row is None and inner.endswith("_count") and (row := self._rows.get(inner.removesuffix("_count"))):
            aspect = "count"
        if row is None and inner.endswith("_other"):
            row = self._rows.get(inner.removesuffix("_other"))
        if row is None:
            return None, ""
        columns = [c for c in survey.of(aspect or "") if not spoken or c.language in {"", spoken}]
        filled = next((c for c in columns if row.cells.get(c.header)), columns[0] if columns else None)
        if filled is None:
            filled = next((c for c in survey.of("type")), None)
        place = Place(sheet=survey.name, row=row.number, column=filled.at if filled else None)
        return place, row.cells.get(filled.header, "") if filled else ""

    def _of_list(self, name: str) -> Place:
        """Where a list is used that has no rows or no file."""
        survey = self.book.sheet("survey")
        for each in self._asked:
            is_own = each.name == name and each.type.lower().endswith("-external")
            chosen = FROM_FILE.match(each.type) and each.type.split()[-1].rpartition(".")[0] == name
            if is_own or chosen or ((found := SELECT.match(each.type)) and found["list"] == name):
                return survey.place(each.row.number, "type")
            for column in survey.columns:
                cell = each.row.cells.get(column.header, "")
                if re.search(rf"(?:pulldata|instance)\(\s*['\"]{re.escape(name)}['\"]", cell):
                    return Place(sheet=survey.name, row=each.row.number, column=column.at)
        return Place(sheet=survey.name)

    # -- the compiler's complaints

    def of_complaint(self, error: FormError) -> Place:
        """The cell a complaint names; where it names none, the row with the name it quotes."""
        row, sheet, column = (error.details.get(key) for key in ("row", "sheet", "column"))
        if isinstance(row, int):
            return self._at(str(sheet or "survey"), row, str(column) if column else None)
        return self.of_words(str(error.details.get("reason", "")), str(sheet) if sheet else None)

    def of_words(self, words: str, sheet: str | None = None) -> Place:
        """The place that a sentence of the compiler means."""
        if row := re.search(r"\[row ?: ?(\d+)\]", words):
            named = re.search(r"the '(\w+)' sheet", words)
            return self._at(named[1] if named else "survey", int(row[1]), None)
        quoted = set(_QUOTED.findall(words)) | set(re.findall(r"\[([^\]]+)\]", words))
        survey = self.book.sheet("survey")
        for each in self._asked:
            if each.name in quoted or each.type in quoted:
                return survey.place(each.row.number, "name" if each.name in quoted else "type")
        choices = self.book.sheet("choices")
        for row_ in choices.rows:
            if choices.text(row_, "name") in quoted:
                return choices.place(row_.number, "name")
        return Place(sheet=self.book.sheet(sheet.lower()).name if sheet else None)

    def _at(self, sheet: str, row: int, column: str | None) -> Place:
        found = self.book.sheet(sheet.lower())
        at = next((c.at for c in found.columns if column in {c.header, c.header.partition("::")[0], c.kind}), None)
        return Place(sheet=found.name, row=row, column=at)


def as_xpath(cell: str) -> str:
    """An author's expression with `${name}` as a path of the same length, so that positions stay true."""
    return re.sub(r"\$\{[^}]*\}", lambda found: "/" + "a" * (len(found[0]) - 1), cell)


def in_the_authors_words(kind: str, details: Mapping[str, Any], cell: str) -> dict[str, Any]:
    """A syntax fault shown in the cell as written, not as compiled."""
    if kind != "syntax":
        return dict(details)
    fault = next((f for f in faults_of(as_xpath(cell), repeats=(), functions=()) if f.kind == "syntax"), None)
    if fault is None:
        return dict(details)
    at = fault.details["position"] - 1
    return {**details, "position": at + 1, "near": cell[at : at + 20].strip() or cell[-20:].strip()}
