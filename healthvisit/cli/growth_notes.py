"""What the growth command says of a row and of a file."""

from functools import lru_cache
from pathlib import Path

from healthvisit.cli.words import N_, _, why
from healthvisit.growth.batch import Problem
from healthvisit.growth.sheet import SheetError

REASONS: dict[str, str] = {
    "sex_unknown": N_("sex needed"),
    "age_unknown": N_("age not known"),
    "bad_measure": N_("no measure"),
    "too_young": N_("no reference before 91 days"),
    "out_of_table": N_("length outside the table"),
    "oedema": N_("no z with oedema, counts as severe"),
    "no_reference": N_("no reference at this age"),
    "below_zero_corrected": N_("no z before term"),
    "not_a_number": N_("not a number"),
    "not_positive": N_("must be above zero"),
    "too_large": N_("too large"),
    "not_a_date": N_("not a full date (write 2024-05-31 or 31.05.2024)"),
    "not_understood": N_("not understood"),
    "before_birth": N_("the visit is before the birth"),
    "future": N_("the visit is in the future"),
    "too_many_cells": N_("the row has more cells than the header"),
    "too_few_cells": N_("the row has fewer cells than the header"),
    "standing_too_young": N_("standing under 9 months is doubtful, length not corrected"),
    "perhaps_g": N_("check: perhaps in grams"),
    "perhaps_lb": N_("check: perhaps in pounds"),
    "perhaps_mm": N_("check: perhaps in millimetres"),
    "perhaps_in": N_("check: perhaps in inches"),
    "perhaps_m": N_("check: perhaps in metres"),
}
UNDERSTOOD = {"sex": "m, f", "measure": "l, h", "oedema": "y, n"}
REFUSALS: dict[str, str] = {
    "sheet_empty": N_("{file} is empty."),
    "sheet_not_utf8": N_("{file} is not written in UTF-8. Save it as CSV UTF-8 and try again."),
    "sheet_not_csv": N_("{file} is not a CSV file. Save it as CSV UTF-8 and try again."),
    "sheet_unreadable": N_("{file} could not be read: {why}."),
    "columns_missing": N_("{file} has none of these columns: {columns}."),
    "column_twice": N_("{file} has the column {column} twice."),
}


@lru_cache(4096)
def note(problems: tuple[Problem, ...]) -> str:
    """The note of a row: columns with the same reason are named together."""
    columns: dict[str, list[str]] = {}
    for column, code in problems:
        columns.setdefault(code, []).append(column)
    said = []
    for same, names in columns.items():
        reason = _(REASONS[same])
        if same == "not_understood":
            said += [f"{name}: {reason} ({UNDERSTOOD[name]})" for name in names]
        else:
            said.append(f"{', '.join(names)}: {reason}" if names != [""] else reason)
    return "; ".join(said)


def refusal(error: SheetError, file: Path) -> str:
    """One sentence for a file that cannot be scored."""
    details = dict(error.details)
    if isinstance(error.__cause__, OSError):
        details["why"] = why(error.__cause__)
    if error.code != "columns_missing":
        return _(REFUSALS[error.code]).format(file=file, **details)
    columns = details.pop("columns")
    said = [_(REFUSALS[error.code]).format(file=file, columns=", ".join(columns))]
    if "age_days" in columns:
        said.append(_("birth_date and date together serve as well."))
    return " ".join((*said, _("The first row names the columns, with commas, semicolons or tabs between them.")))
