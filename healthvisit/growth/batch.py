"""One row of a table of children in, its z-scores and flags out, named as WHO's program "anthro" names them.

Cells are text as typed: decimal point or comma, blanks around them. What cannot be used is named by column and code;
the other indicators of that row are computed all the same. Columns may stand in any order.

Source: column names and rules of WHO's program "anthro"; children from 60.0 months by WHO reference 2007.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar, cast

from healthvisit.growth.lms import Age, Number, Posture, Reason, Sex, usable
from healthvisit.growth.sheet import SheetError
from healthvisit.growth.units import Measure, likely_unit
from healthvisit.growth.zscores import STANDS_FROM, Assessment, Indicator, Measures, assess

if TYPE_CHECKING:
    from collections.abc import Sequence

MEASURES = ("weight_kg", "lenhei_cm", "headc_cm", "armc_cm", "triskin_mm", "subskin_mm")
COLUMNS = ("id", "sex", "age_days", "birth_date", "date", "measure", "oedema", *MEASURES)
INDICATORS: dict[str, Indicator] = {
    "len": "length_for_age",
    "wei": "weight_for_age",
    "wfl": "weight_for_length",
    "bmi": "bmi_for_age",
    "hc": "head_for_age",
    "ac": "muac_for_age",
    "ts": "triceps_for_age",
    "ss": "subscapular_for_age",
}
RESULTS = ("clenhei", "cmeasure", "cbmi", *(f"{part}{name}" for name in INDICATORS for part in "zf"))
CLOCK_SLACK = timedelta(days=1)

Code = (
    Reason
    | Literal[
        "not_a_number",  # text, NaN, two separators
        "not_positive",
        "too_large",
        "not_a_date",
        "not_understood",  # neither of the words that may stand there
        "before_birth",
        "future",
        "too_many_cells",
        "too_few_cells",
        "standing_too_young",  # under 9 months: posture not believed, length not corrected
        "perhaps_g",  # flagged, and plausible in this unit; the same for the next four
        "perhaps_lb",
        "perhaps_mm",
        "perhaps_in",
        "perhaps_m",
    ]
)


class Problem(NamedTuple):
    """Why something of a row was not used or is doubtful; `column` is empty where the row itself is meant."""

    column: str
    code: Code


class Scored(NamedTuple):
    """What one row gives: the texts of `RESULTS`, what was wrong, and what was computed from."""

    cells: list[str]
    problems: tuple[Problem, ...]
    measures: Measures | None = None  # None: nothing of this row may be used
    assessment: Assessment | None = None

    def __repr__(self) -> str:
        return f"Scored({len(self.problems)} problems)"


_NUMBER = re.compile(r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_LONGEST_NUMBER = 25  # digits a Decimal keeps exactly
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_MISSING = frozenset({"", "na"})  # NA as WHO's program writes it
_SEX: dict[str, Sex] = {  # 1.0 is what statistics programs make of 1 in a column with gaps
    "m": "m", "1": "m", "1.0": "m", "male": "m", "boy": "m", "f": "f", "2": "f", "2.0": "f", "female": "f", "girl": "f"
}  # fmt: skip
_POSTURE: dict[str, Posture] = {
    "l": "lying", "length": "lying", "lying": "lying", "recumbent": "lying",
    "h": "standing", "height": "standing", "standing": "standing",
}  # fmt: skip
_OEDEMA = {"y": True, "1": True, "1.0": True, "yes": True, "n": False, "2": False, "2.0": False, "no": False}
_FACTORS = {"weight_kg": 1000, "lenhei_cm": 10, "headc_cm": 10, "armc_cm": 10, "triskin_mm": 1, "subskin_mm": 1}
_UNIT_OF: dict[str, tuple[str, Measure, int]] = {  # result: column, measure, its place in `Measures`
    "wei": ("weight_kg", "weight", 2),
    "len": ("lenhei_cm", "length", 3),
    "hc": ("headc_cm", "head", 5),
    "ac": ("armc_cm", "muac", 6),
}
_NO_CELLS = [""] * len(RESULTS)
_SAID_ELSEWHERE = frozenset({"bad_measure", "sex_unknown", "age_unknown"})  # once a row, by its own column
_BLANK = ("", "")
_CACHED = 1 << 15
_T = TypeVar("_T")


class Scorer:
    """Scores the rows of one table.

    Args:
        header: Names of the columns, in any order and case.
        today: A visit later than tomorrow is refused.
        decimal_comma: Write decimals with a comma.

    Raises:
        SheetError: ``columns_missing`` without sex, age (or both dates) or any measure; ``column_twice``.
    """

    def __init__(self, header: Sequence[str], *, today: date, decimal_comma: bool = False) -> None:
        names = [name.strip().lower() for name in header]
        for name in COLUMNS:
            if names.count(name) > 1:
                raise SheetError("column_twice", column=name)
        self._at = {name: names.index(name) for name in COLUMNS if name in names}
        self._require("sex")
        if "age_days" not in self._at:
            self._require("birth_date", said="age_days")
            self._require("date")
        if not any(name in self._at for name in MEASURES):
            raise SheetError("columns_missing", columns=MEASURES)
        self.width = len(names)
        self._latest = today + CLOCK_SLACK
        self._measures = [(self._at.get(name), name, _Quantities(_FACTORS[name])) for name in MEASURES]
        self._mark = "," if decimal_comma else "."

    def _require(self, name: str, said: str = "") -> None:
        if name not in self._at:
            raise SheetError("columns_missing", columns=(said or name,))

    def score(self, row: Sequence[str]) -> Scored:
        """Score one row of cells."""
        if len(row) != self.width:
            return _refused("", "too_many_cells" if len(row) > self.width else "too_few_cells")
        at = self._at
        problems: list[Problem] = []
        age = self._age(row, problems)
        if problems and problems[-1].code in ("before_birth", "future"):
            return Scored(_NO_CELLS, tuple(problems))
        sex = _word(row[at["sex"]], _SEX)
        if sex is None or sex == "not_understood":
            problems.append(Problem("sex", sex or "sex_unknown"))
            sex = None
        posture = self._word("measure", row, _POSTURE, problems)
        oedema = self._word("oedema", row, _OEDEMA, problems)
        values: list[Number | None] = []
        for place, name, known in self._measures:
            value = None if place is None else known[row[place]]
            if isinstance(value, str):
                problems.append(Problem(name, value))
                value = None
            values.append(value)
        weight, length, head, muac, triceps, subscapular = values
        measures = Measures(sex, age, weight, length, posture, head, muac, triceps, subscapular, oedema is True)
        found = assess(measures)
        return Scored(self._cells(measures, found, problems), tuple(problems), measures, found)

    def _word(self, name: str, row: Sequence[str], words: dict[str, _T], problems: list[Problem]) -> _T | None:
        place = self._at.get(name)
        if place is None:
            return None
        word = _word(row[place], words)
        if word == "not_understood":
            problems.append(Problem(name, "not_understood"))
            return None
        return word

    def _age(self, row: Sequence[str], problems: list[Problem]) -> Age | None:
        """Age in days, or None and the reason why; the days as given go before the dates."""
        at = self._at
        if "age_days" in at:
            age = _days(row[at["age_days"]])
            if isinstance(age, str):
                problems.append(Problem("age_days", age))
                return None
            if age is not None:
                return age
        if "birth_date" not in at or "date" not in at:
            problems.append(Problem("age_days", "age_unknown"))
            return None
        born, on = _day(row[at["birth_date"]]), _day(row[at["date"]])
        for name, day in (("birth_date", born), ("date", on)):
            if not isinstance(day, date):
                problems.append(Problem(name, "not_a_date" if day else "age_unknown"))
        if isinstance(on, date) and on > self._latest:
            problems.append(Problem("date", "future"))
        if not isinstance(born, date) or not isinstance(on, date):
            return None
        if on < born:
            problems.append(Problem("date", "before_birth"))
        return (on - born).days

    def _cells(self, measures: Measures, found: Assessment, problems: list[Problem]) -> list[str]:
        stature, bmi, scores = found.stature, found.bmi, found.scores
        posture = measures.posture
        if posture == "standing" and measures.age_days is not None and measures.age_days < STANDS_FROM:
            posture = None
            problems.append(Problem("measure", "standing_too_young"))
        if stature is None and measures.length_mm is not None:  # nothing is left after the correction
            problems.append(Problem("lenhei_cm", "not_positive"))
        cells = [
            "" if stature is None else _length(stature.mm),
            "" if posture is None else "l" if posture == "lying" else "h",
            "" if bmi is None else _two(bmi),
        ]
        for name, indicator in INDICATORS.items():
            score = scores.get(indicator)
            if score is None:
                cells += _BLANK
                continue
            z, flagged, reason = score
            if z is None:
                cells += _BLANK
                if reason is not None and reason not in _SAID_ELSEWHERE:
                    problems.append(Problem(f"z{name}", reason))
            else:
                cells += (_two(z), "1" if flagged else "0")
                if flagged:
                    _suggest(name, measures, problems)
        return cells if self._mark == "." else [cell.replace(".", ",") for cell in cells]


def _suggest(name: str, measures: Measures, problems: list[Problem]) -> None:
    """Name the unit in which a flagged measure would be plausible."""
    if name not in _UNIT_OF:
        return
    column, measure, place = _UNIT_OF[name]
    value = cast("Number", measures[place])
    likely = likely_unit(measure, value, age_days=measures.age_days, sex=measures.sex, posture=measures.posture)
    if likely is not None:
        problems.append(Problem(column, cast("Code", f"perhaps_{likely.unit}")))


def _refused(column: str, code: Code) -> Scored:
    return Scored(_NO_CELLS, (Problem(column, code),))


def _word(text: str, words: dict[str, _T]) -> _T | Literal["not_understood"] | None:
    known = words.get(text)
    if known is not None:
        return known
    text = text.strip().lower()
    return None if text in _MISSING else words.get(text, "not_understood")


class _Quantities(dict[str, "Number | Code | None"]):
    """Cells of one measure to what they mean, times `factor`: a register repeats the same few thousand texts.

    Whole where it can be; None where the cell is blank, a code where it is no measure.
    """

    def __init__(self, factor: int) -> None:
        super().__init__()
        self._factor = factor

    def __missing__(self, text: str) -> Number | Code | None:
        if len(self) >= _CACHED:
            self.clear()
        value = self[text] = _quantity(text, self._factor)
        return value


def _quantity(text: str, factor: int) -> Number | Code | None:
    value = _number(text)
    if not isinstance(value, Decimal):
        return value
    if value <= 0:
        return "not_positive"
    value *= factor
    if not usable(value):
        return "too_large" if value > 1 else "not_positive"
    whole = int(value)
    return whole if whole == value else value


@lru_cache(_CACHED)
def _days(text: str) -> Age | Code | None:
    value = _number(text)
    if not isinstance(value, Decimal):
        return value
    if value < 0:
        return "before_birth"
    whole = int(value)
    return whole if whole == value else value


def _number(text: str) -> Decimal | Literal["not_a_number"] | None:
    text = text.strip()
    if text.lower() in _MISSING:
        return None
    if _NUMBER.fullmatch(text) is None or len(text) > _LONGEST_NUMBER:
        return "not_a_number"
    return Decimal(text.replace(",", "."))


@lru_cache(_CACHED)
def _day(text: str) -> date | Literal["not_a_date"] | None:
    """A day written 2024-05-31 or 31.05.2024; a month or a year alone is no day, and none is guessed."""
    text = text.strip()
    if text.lower() in _MISSING:
        return None
    try:
        if match := _ISO.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _DOTTED.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:  # the 31st of April
        pass
    return "not_a_date"


@lru_cache(_CACHED)
def _two(number: float) -> str:
    return f"{number:.2f}"


@lru_cache(_CACHED)
def _length(mm: Number) -> str:
    """Centimetres with two decimals, and with more where the measure was finer."""
    cm = Decimal(mm) / 10
    return f"{cm:.2f}" if cm == round(cm, 2) else f"{cm:f}"
