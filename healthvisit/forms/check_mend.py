"""Compiling a workbook in spite of its faults, so that all of them are found in one run."""

import copy
import re
from collections.abc import Collection, Iterator
from typing import Any

from healthvisit.forms.book import Sheet, begins, ends
from healthvisit.forms.check_book import REFERENCE, UNWRITABLE, is_words, is_xml_name
from healthvisit.forms.check_places import Places
from healthvisit.forms.definition import NAMESPACE
from healthvisit.forms.errors import FormError
from healthvisit.forms.findings import Finding, Level, Place
from healthvisit.forms.xlsform import compile_source

MOST_REPAIRS = 60
MOST_MENDS = 3  # of one row
_OF_ONE_CELL = frozenset(("unknown_name", "ambiguous_name"))
_UNKNOWN_TYPE = re.compile(r"Unknown question type '([^']*)'")
_SAID = {
    "no_calculation": re.compile(r"Missing calculation"),
    "no_label": re.compile(r"element named '(?P<name>[^']*)' has no label"),
    "bad_reference": re.compile(r"Reference variables? (?:must start|lists must)"),
}
"""The compiler's commonest complaints, which have sentences of their own."""
_MISNAMED = frozenset(("duplicate_name", "reserved_meta", "bad_name", "no_name"))
_COVERED = ("Missing translations", "is missing the ", "max-pixels")  # warnings said with their cell, or needless
_OR_OTHER = "uses or_other and translations"
_HAS_OTHER = re.compile(r"\s(?:or_other|or other|or specify other)\s*\Z", re.IGNORECASE)
_WORDLESS = "Choices should have a label"
_SELECT = re.compile(r"(?:select[_ ](?:one|multiple)|rank)\Z", re.IGNORECASE)
_PLACED = re.compile(r"\[row ?: ?\d+\] (?:On the '\w+' sheet, )?")
_TWIN = re.compile(r"the 'name' value '([^']*)' is problematic\. The name is a case-insensitive match")


class Mender:
    """The compiler stops at its first complaint: put right what it complains of, and ask again."""

    def __init__(self, source: dict[str, Any], places: Places, known: list[Finding]) -> None:
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
                    row[header] = _without(bad, "…" if is_words(header) else "''", UNWRITABLE.sub("", str(cell)))
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
                return xform, said + [each for words in warnings for each in self._warned(words)]
        return None, said

    def _warned(self, words: str) -> Iterator[Finding]:
        """A warning of the compiler in words of our own, where it is a common one."""
        survey = self._places.book.sheet("survey")
        if any(covered in words for covered in _COVERED):
            return
        place = self._places.of_words(words)
        if _OR_OTHER in words:
            for row in survey.rows:
                if _HAS_OTHER.search(survey.text(row, "type")):
                    yield Finding(kind="or_other", level=Level.WARNING, place=survey.place(row.number, "type"))
        elif twin := _TWIN.search(words):
            place = survey.place(place.row, "name") if place.row else place
            yield Finding(kind="name_twin", level=Level.WARNING, place=place, details={"name": twin[1]})
        elif _WORDLESS in words:
            choices = self._places.book.sheet("choices")
            yield Finding(kind="choice_without_label", level=Level.WARNING, place=choices.place(place.row, "label"))
        else:
            details = {"reason": _unplaced(words)}
            yield Finding(kind="compiler_warning", level=Level.WARNING, place=place, details=details)

    def _unknown_type(self, name: str) -> Iterator[Finding]:
        survey = self._places.book.sheet("survey")
        for column in survey.of("type"):
            for number, row in enumerate(self._source["survey"], 2):
                if row.get(column.header) == name:
                    row[column.header] = "text"
                    kind = "no_list" if _SELECT.match(name) else "unknown_type"
                    yield Finding(kind=kind, place=survey.place(number, "type"), details={"name": name})

    def _complaint(self, place: Place, reason: str) -> Iterator[Finding]:
        is_told = (place.sheet, place.row) in self._told or place in self._told_cells
        is_told = is_told or (self._is_crossed and reason.partition("] ")[2].startswith("Unmatched"))
        kind, details = next(
            ((kind, found.groupdict()) for kind, words in _SAID.items() if (found := words.search(reason))),
            ("compiler", {"reason": _unplaced(reason)}),
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


def _unplaced(words: str) -> str:
    """What the compiler says, without the row and sheet that the finding names already."""
    return _PLACED.sub("", words)


def _without(bad: Collection[str], instead: str, cell: str) -> str:
    return REFERENCE.sub(lambda found: instead if found[1] in bad else found[0], cell)
