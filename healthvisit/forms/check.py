"""The author's check: every problem of a form in one run, each at its cell in the workbook or its line in the XForm."""

import copy
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from healthvisit.forms.book import Book, Row, Sheet, asked, begins, ends
from healthvisit.forms.check_book import FROM_FILE, REFERENCE, SELECT, book_findings, is_words, is_xml_name
from healthvisit.forms.check_expression import faults_of
from healthvisit.forms.check_xform import CONDITIONS, check_xform, translations
from healthvisit.forms.definition import NAMESPACE
from healthvisit.forms.errors import FormError
from healthvisit.forms.findings import Finding, Level, Place
from healthvisit.forms.instance import MAX_BYTES, parse_xml
from healthvisit.forms.xlsform import WORKBOOKS, book_of, compile_source, read_source

MOST_REPAIRS = 60
MOST_MENDS = 3  # of one row
EXPRESSIONS = ("relevant", "required", "readonly", "constraint", "calculate", "count", "choice_filter", "default")
_PLAIN = frozenset(("yes", "no", "true", "false"))
_CHOICE_TEXT = re.compile(r"(?P<list>.+)-(?P<at>\d+)\Z")
_QUOTED = re.compile(r"'([^']+)'")
_OF_ONE_CELL = frozenset(("unknown_name", "ambiguous_name"))
_UNKNOWN_TYPE = re.compile(r"Unknown question type '([^']*)'")
_SAID = {
    "no_calculation": re.compile(r"Missing calculation"),
    "no_label": re.compile(r"element named '(?P<name>[^']*)' has no label"),
    "bad_reference": re.compile(r"Reference variables? (?:must start|lists must)"),
}
"""The compiler's commonest complaints, which have sentences of their own."""

_MISNAMED = frozenset(("duplicate_name", "reserved_meta", "bad_name", "no_name"))
_COVERED = ("Missing translations", "is missing the ")  # the compiler's warnings that are said here with their cell


def check(
    path: Path,
    *,
    vocabulary: Mapping[str, Collection[str]],
    functions: Collection[str] = (),
    given: Collection[str] = (),
) -> list[Finding]:
    """Find everything that is wrong with a form.

    Args:
        path: A workbook (xlsx, xls, Markdown) or an XForm (xml); its lists and pictures lie beside it.
        vocabulary: Entry → its fields, as `mapping` knows them.
        functions: Names of functions that the program hands in when it opens the form.
        given: Names of the lists that the program hands in.

    Raises:
        OSError: It cannot be read at all.
        FormError: It is no form: `form.not_a_form`, `form.not_xml`, `form.forbidden_xml`, `form.too_large`,
            `form.broken_workbook`, `form.compiler_missing`.
    """
    if path.suffix.lower() in WORKBOOKS:
        found = _check_workbook(path, vocabulary, functions, given)
    elif path.suffix.lower() in {".xml", ".xhtml"}:
        if path.stat().st_size > MAX_BYTES:
            raise FormError("form.too_large", limit=MAX_BYTES)
        root = parse_xml(path.read_bytes())
        faults = check_xform(root, folder=path.parent, vocabulary=vocabulary, functions=functions, given=given)
        found = [*faults, *translations(root)]
        found.sort(key=lambda finding: finding.place.line or 0)
    else:
        raise FormError("form.not_a_form")
    return list({finding.key(): finding for finding in found}.values())


def _check_workbook(
    path: Path, vocabulary: Mapping[str, Collection[str]], functions: Collection[str], given: Collection[str]
) -> list[Finding]:
    source = read_source(path)
    book = book_of(source)
    if not book.sheet("survey").rows:
        return [Finding(kind="no_survey", place=Place(sheet="survey"))]
    found = list(book_findings(book))
    places = _Places(book)
    xform, said = _Mender(source, places, found).compile()
    found += said
    if xform is None:
        found += _loose_expressions(book, functions)
    else:
        try:
            faults = check_xform(
                parse_xml(xform), folder=path.parent, vocabulary=vocabulary, functions=functions, given=given
            )
        except FormError as exc:  # the compiler copies some cells into the XForm as they are
            found.append(Finding(kind=exc.code.removeprefix("form."), details=exc.details))
        else:
            found += [moved for fault in faults if (moved := places.moved(fault)) is not None]
    sheets = list(book.sheets)
    return sorted(found, key=lambda f: (_rank(sheets, f.place.sheet), f.place.row or 0, f.place.column or 0))


def _rank(sheets: list[str], name: str | None) -> int:
    if name is None:
        return len(sheets) + 1
    return sheets.index(name.lower()) if name.lower() in sheets else len(sheets)


class _Mender:
    """The compiler stops at its first complaint: put right what it complains of, and ask again."""

    def __init__(self, source: dict[str, Any], places: "_Places", known: list[Finding]) -> None:
        self._source = copy.deepcopy(source)
        self._places = places
        errors = [f for f in known if f.level is Level.ERROR]
        self._told = {(f.place.sheet, f.place.row) for f in errors if f.kind not in _OF_ONE_CELL}
        self._is_crossed = any(f.kind == "crossed_end" for f in errors)
        self._told_cells = {f.place for f in errors}
        self._misnamed = {(f.place.sheet, f.place.row) for f in known if f.kind in _MISNAMED}
        self._mended: dict[int, int] = {}
        self._renamed: dict[int, str] = {}
        bad = {f.details["name"] for f in known if f.kind in _OF_ONE_CELL}
        types = [column.header for column in places.book.sheet("survey").of("type")]
        for finding in known:
            if finding.kind == "empty_list" and finding.place.row and types:
                self._source["survey"][finding.place.row - 2][types[0]] = "text"
        for key in ("survey", "choices", "settings", "entities"):
            for row in self._source.get(key) or ():
                for header, cell in row.items():
                    row[header] = _without(bad, "…" if is_words(header) else "''", str(cell))
        if any(f.kind == "no_namespace" for f in known):
            self._source["settings"] = self._source.get("settings") or [{}]
            self._source["settings"][0]["namespaces"] = f'hv="{NAMESPACE}"'

    def compile(self) -> tuple[str | None, list[Finding]]:
        """The XForm as far as it can be had, and what the compiler said on the way that is not known yet."""
        said: list[Finding] = []
        for _ in range(MOST_REPAIRS):
            try:
                xform, warnings = compile_source(self._source)
            except FormError as exc:
                place = self._places.of_complaint(exc)
                reason = str(exc.details["reason"])
                if unknown := _UNKNOWN_TYPE.match(reason):
                    said += self._unknown_type(unknown[1])
                    continue
                said += self._complaint(place, reason)
                if not self._mend(place):
                    return None, said
            else:
                self._places.rename(self._renamed)
                return xform, said + [
                    Finding(
                        kind="compiler_warning",
                        level=Level.WARNING,
                        place=self._places.of_words(words),
                        details={"reason": words},
                    )
                    for words in warnings
                    if not any(covered in words for covered in _COVERED)
                ]
        return None, said

    def _unknown_type(self, name: str) -> Iterator[Finding]:
        survey = self._places.book.sheet("survey")
        for column in survey.of("type"):
            for number, row in enumerate(self._source["survey"], 2):
                if row.get(column.header) == name:
                    row[column.header] = "text"
                    yield Finding(kind="unknown_type", place=survey.place(number, "type"), details={"name": name})

    def _complaint(self, place: Place, reason: str) -> Iterator[Finding]:
        is_told = (place.sheet, place.row) in self._told or place in self._told_cells
        is_told = is_told or (self._is_crossed and reason.partition("] ")[2].startswith("Unmatched"))
        kind, details = next(
            ((kind, found.groupdict()) for kind, words in _SAID.items() if (found := words.search(reason))),
            ("compiler", {"reason": reason}),
        )
        if not (is_told or (place.row is None and self._told)):
            yield Finding(kind=kind, place=place, details=details)

    def _mend(self, place: Place) -> bool:
        """Make the complained-of row harmless, keeping its name and its group; False when nothing is left to do."""
        key = (place.sheet or "").lower()
        rows = self._source.get(key) or ()
        if place.row is None or not 0 <= place.row - 2 < len(rows):
            return False
        row, sheet = rows[place.row - 2], self._places.book.sheet(key)
        header = next((c.header for c in sheet.columns if c.at == place.column and c.kind not in {"type", "name"}), "")
        if row.get(header, "…") not in {"", "…"}:
            row[header] = "…" if is_words(header) else ""
            return True
        self._told.add((place.sheet, place.row))
        if key != "survey":
            was_full = bool(row)
            row.clear()
            return was_full
        return self._as_plain_question(row, place.row, sheet)

    def _as_plain_question(self, row: dict[str, str], number: int, sheet: Sheet) -> bool:
        """First another name or type, then nothing but these, then nothing at all."""
        kinds = {column.kind: column.header for column in sheet.columns}
        if not {"type", "name"} <= kinds.keys():
            return False
        type_, name = str(row.get(kinds["type"], "")), str(row.get(kinds["name"], ""))
        label = next((column.header for column in sheet.of("label")), kinds["name"])
        times = self._mended[number] = self._mended.get(number, 0) + 1
        if times == 1 and not ends(type_):
            is_named = bool(is_xml_name(name)) and (sheet.name, number) not in self._misnamed
            if not is_named:
                row[kinds["name"]] = self._renamed[number] = f"row_{number}_"
            row[kinds["type"]] = type_ if begins(type_) or not is_named else "text"
            row.setdefault(label, "…")
        elif times <= MOST_MENDS and not ends(type_):
            kept = row.get(kinds["name"], "") if times < MOST_MENDS else f"row_{number}_"
            row.clear()
            row.update({label: "…", kinds["name"]: kept, kinds["type"]: type_ if begins(type_) else "text"})
        else:
            row.clear()
        return times <= MOST_MENDS + 1


def _without(bad: Collection[str], instead: str, cell: str) -> str:
    return REFERENCE.sub(lambda found: instead if found[1] in bad else found[0], cell)


def _loose_expressions(book: Book, functions: Collection[str]) -> Iterator[Finding]:
    """The expressions of a workbook that cannot be compiled at all, each by itself."""
    survey = book.sheet("survey")
    for row in survey.rows:
        for column in survey.columns:
            cell = row.cells.get(column.header, "").strip()
            if column.kind not in EXPRESSIONS or not cell or cell.lower() in _PLAIN:
                continue
            if column.kind == "default" and "(" not in cell:
                continue
            place = Place(sheet=survey.name, row=row.number, column=column.at)
            for fault in faults_of(
                as_xpath(cell),
                repeats=(),
                functions=functions,
                is_condition=column.kind in CONDITIONS,
                is_calculate=column.kind == "calculate",
            ):
                details = _in_the_authors_words(fault.kind, fault.details, cell)
                yield Finding(kind=fault.kind, level=fault.level, place=place, details=details)


def as_xpath(cell: str) -> str:
    """An author's expression with `${name}` as a path of the same length, so that positions stay true."""
    return re.sub(r"\$\{[^}]*\}", lambda found: "/" + "a" * (len(found[0]) - 1), cell)


def _in_the_authors_words(kind: str, details: Mapping[str, Any], cell: str) -> dict[str, Any]:
    """A syntax fault shown in the cell as written, not as compiled."""
    if kind != "syntax":
        return dict(details)
    fault = next((f for f in faults_of(as_xpath(cell), repeats=(), functions=()) if f.kind == "syntax"), None)
    if fault is None:
        return dict(details)
    at = fault.details["position"] - 1
    return {**details, "position": at + 1, "near": cell[at : at + 20].strip() or cell[-20:].strip()}


class _Places:
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
        place, cell = self._cell(finding.place.path, aspect, spoken)
        if place is None:
            return replace(finding, place=Place(sheet="survey", path=finding.place.path), details=details)
        return replace(finding, place=place, details=_in_the_authors_words(finding.kind, details, cell))

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
