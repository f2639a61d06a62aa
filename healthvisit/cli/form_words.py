"""What the author's check says: a sentence for each kind of finding, and what to do about it."""

import re
from collections.abc import Mapping
from pathlib import Path

from healthvisit.cli.words import N_, _, why
from healthvisit.domain.errors import HealthvisitError
from healthvisit.forms.findings import Finding, Level

LEVELS = {Level.ERROR: N_("error"), Level.WARNING: N_("warning"), Level.NOTE: N_("note")}

_ADD_QUOTES = N_("Compare it with a value, as ${name} != ''.")
_SEE_GUIDE = N_("See docs/forms.md for the names that are known.")
_RENAME = N_("Give it another name.")

WANTED = {
    "JSON": N_("JSON in UTF-8"),
    "a date and time such as 2024-03-01T08:00:00Z": N_("a date and time such as 2024-03-01T08:00:00Z"),
    "a list": N_("a list, as [ … ]"),
    "a path": N_("the path of a question"),
    "a script": N_("a script"),
    "an object": N_("members with names, as { … }"),
    "text": N_("text"),
}
"""What the reader of scripts may want somewhere."""

SENTENCES: Mapping[str, tuple[str, str]] = {
    # -- the file
    "not_a_form": (N_("This is no form."), N_("Give an .xlsx, .xls or Markdown workbook, or an XForm in XML.")),
    "not_xml": (N_("This is not readable XML (line {row})."), ""),
    "forbidden_xml": (N_("The XML names a document type or entities; such files are never opened."), ""),
    "too_large": (N_("This is larger than {megabytes} MB and was not opened."), ""),
    "not_a_workbook": (
        N_("This is no workbook, and only workbooks are compiled."),
        N_("Give an .xlsx, .xls or Markdown file; an XForm in XML is opened as it is."),
    ),
    "broken_workbook": (
        N_("The workbook cannot be read: it is damaged, or it is another kind of file than its name says."),
        N_("Open it in a spreadsheet program and save it again as .xlsx."),
    ),
    "empty_file": (N_("The file is empty."), ""),
    "not_utf8": (N_("The Markdown file is not written in UTF-8."), N_("Save it again in UTF-8.")),
    "no_tables": (N_("There are no tables here."), N_("Write each sheet as | survey | and its rows below it.")),
    "locked_workbook": (
        N_("The workbook is protected by a password, or it is an older Excel file under a new name."),
        N_("Save it again as .xlsx, without a password."),
    ),
    "compiler_missing": (N_("The program that compiles forms is not installed."), N_("Install {name}.")),
    "does_not_compile": (N_("The form compiler refuses this: {reason}"), ""),
    "no_survey": (N_("There is no sheet named survey, or it is empty."), ""),
    # -- sheets, rows and names
    "missing_column": (N_("The column {name} is missing."), ""),
    "column_twice": (N_("Two columns are named {name}."), N_("Remove one of them.")),
    "unmatched_begin": (N_("The group {name} is opened here and never closed."), N_("Add its end row.")),
    "unmatched_end": (N_("A group is closed here that was never opened."), N_("Remove this row.")),
    "crossed_end": (N_("A group closes what row {other} opened as a repeat, or a repeat a group."), ""),
    "no_type": (N_("This question has no type."), ""),
    "no_name": (N_("This question has no name."), ""),
    "bad_name": (
        N_("{name} cannot be a name."),
        N_("Names begin with a letter and hold letters, digits, - _ and full stops."),
    ),
    "reserved_meta": (
        N_("The name meta is reserved: this workbook was written for another program."),
        N_("Compile it with that program and open its XForm here, or rename this row."),
    ),
    "duplicate_name": (N_("The name {name} stands in row {other} already."), _RENAME),
    "duplicate_bind": (N_("{path} is described twice."), ""),
    "asked_twice": (N_("{path} is asked twice."), ""),
    "unknown_type": (N_("There is no question type {name}."), ""),
    "bad_character": (
        N_("A character that no file can hold stands here (number {number})."),
        N_("Type the text again."),
    ),
    "or_other": (
        N_("or_other asks “Other” and “Specify other.” in English, whatever language is chosen."),
        N_("Write a choice and a question of your own instead."),
    ),
    "name_twin": (
        N_("The name {name} differs only in capitals from another one; some programs take them for one."),
        _RENAME,
    ),
    "bad_default": (
        N_("The default {text} is no answer of the type {type} and is left blank."),
        N_("Write numbers with a point, and dates as text: 2024-05-31."),
    ),
    "no_list": (N_("{name} names no list."), N_("Write the name of a list behind it, as in the sheet choices.")),
    "choice_without_label": (N_("This choice has no label."), N_("Write what is chosen.")),
    "no_calculation": (N_("A calculate without calculation."), ""),
    "no_label": (N_("{name} has no label."), N_("Write what is asked.")),
    "bad_reference": (N_("A reference is not closed."), N_("Write it as ${name}.")),
    "compiler": (N_("The form compiler refuses this: {reason}"), ""),
    "compiler_warning": (N_("The form compiler says: {reason}"), ""),
    "no_namespace": (
        N_("The columns bind::hv:… need a namespace."),
        N_('Write hv="{namespace}" in the column namespaces of the sheet settings.'),
    ),
    "no_form_id": (N_("The form has no form_id."), N_("Write one in the sheet settings; never change it later.")),
    "no_version": (N_("The form has no version."), N_("Write one in the sheet settings, and a new one each time.")),
    # -- expressions
    "syntax": (N_("The expression cannot be read at character {position}, near “{near}”."), ""),
    "unknown_function": (N_("There is no function {name}()."), _SEE_GUIDE),
    "arity": (N_("{name}() is given {given} values; it takes {takes}."), ""),
    "unknown_variable": (N_("There are no variables here: {name}."), N_("Write ${name} with braces.")),
    "unknown_axis": (N_("There is no path step {name}."), ""),
    "too_deep": (N_("The expression is nested too deeply."), N_("Divide it into several calculates.")),
    "bad_pattern": (N_("The pattern of regex() cannot be read."), ""),
    "not_nodes": (N_("A value stands where questions must be named."), ""),
    "unresolved": (N_("No question is at {names}."), N_("Correct the path, or write ${name}.")),
    "unknown_name": (N_("No question is named {name}."), N_("Did you mean {likely}?")),
    "ambiguous_name": (N_("Several questions are named {name}."), _RENAME),
    "cycle": (N_("These need each other and can never be worked out: {paths}."), ""),
    "unknown_event": (N_("An action waits for something unknown: {name}."), _SEE_GUIDE),
    # -- lists and files
    "empty_list": (N_("The list {list} has no rows."), N_("Write its choices in the sheet choices.")),
    "unused_list": (N_("No question uses the list {list}."), ""),
    "unknown_list": (N_("There is no list {name}."), ""),
    "no_such_column": (N_("The list {list} has no column {name}."), ""),
    "choice_without_name": (N_("A choice of the list {list} has no name."), ""),
    "duplicate_choice": (N_("The choice {name} stands in row {other} already (list {list})."), _RENAME),
    "blank_in_choice": (N_("The choice name {name} holds a blank."), N_("Use _ instead.")),
    "bad_script": (N_("The script cannot be used at {place}; wanted there: {wanted}."), ""),
    "unknown_member": (N_("{place} is not known and was passed over."), N_("Look at its spelling.")),
    "no_question": (N_("There is no such question."), ""),
    "no_repeat": (N_("There is no such repeat, or it takes no more and no fewer."), ""),
    "readonly": (N_("This question is only shown; it takes no answer."), ""),
    "unknown_zone": (N_("There is no time zone {name}."), ""),
    "lacks_fields": (
        N_("The program needs answers that this form does not ask for: {fields}."),
        N_("Take the questions with these fields over from the program's own form."),
    ),
    "unfinished": (N_("Answers that are missing or break a rule: {count}. Nothing was written."), ""),
    "bad_attachment": (N_("The file {name} cannot be read."), N_("Save it as CSV in UTF-8.")),
    "missing_file": (N_("The file {name} is not beside the form."), N_("Put it into the same folder.")),
    "left_behind": (
        N_("The list {name} is a file of its own, and files are not taken into visits."),
        N_("Write its rows in the sheet choices."),
    ),
    "missing_media": (N_("The file {name} is not beside the form."), N_("Put it into the same folder.")),
    "large_file": (N_("The file {name} is larger than {megabytes} MB."), ""),
    "empty_table": (N_("The file {name} has no rows."), N_("Write a row below its head for each choice.")),
    "broken_file": (N_("The file {name} cannot be read."), N_("Save it as CSV in UTF-8.")),
    # -- where answers go
    "unknown_entry": (N_("There is no entry {name}."), _SEE_GUIDE),
    "unknown_field": (N_("The entry {entry} has no field {name}."), _SEE_GUIDE),
    "unknown_unit": (N_("{name} is no unit of the field {field}."), _SEE_GUIDE),
    "field_without_entry": (
        N_("The field {name} belongs to no entry."),
        N_("Write bind::hv:entry on the group around it."),
    ),
    "unit_without_field": (N_("The unit {name} belongs to no field."), N_("Write bind::hv:field beside it.")),
    # -- advice
    "no_translation": (N_("Not translated into {language}."), ""),
    "no_translation_column": (N_("The column {what} is missing in {language}."), ""),
    "not_in_collect": (N_("{what} does not work in ODK Collect."), ""),
    "text_date": (
        N_("The text {text} is compared or counted as a date; ODK Collect does not do so."),
        N_("Write date('{text}')."),
    ),
    "blank_condition": (N_("A question alone as condition holds here even when it is blank."), _ADD_QUOTES),
    "sum_of_blanks": (
        N_("sum() over a blank answer gives no number."),
        N_("Write sum(${name}[. != '']) to pass over blanks."),
    ),
    "once_reads": (
        N_("once() keeps the first value, even one worked out before the answer it reads was given."),
        N_("Test for the answer first: if(${name} = '', '', once(…))."),
    ),
    "once_elsewhere": (N_("once() looks at its own question, so it belongs into a calculation."), ""),
    "not_answered_here": (
        N_("Questions of type {what} cannot be answered here; their data are kept and the screen says so."),
        "",
    ),
    "languages": (N_("The languages of the form: {languages} ({count})."), ""),
    "one_language": (
        N_("The form speaks one language without a name."),
        N_("Name the columns label::Türkmen (tk), label::Русский (ru)."),
    ),
}


def line_of(finding: Finding, form: str) -> str:
    """One line: place, level, what is wrong, what to do, and the finding's stable name."""
    place = str(finding.place) if finding.place.sheet else f"{form}:{finding.place}" if str(finding.place) else form
    return f"{place}: {_(LEVELS[finding.level])}: {sentence(finding.kind, finding.details)} [{finding.kind}]"


def sentence(kind: str, details: Mapping[str, object]) -> str:
    """What is wrong and what to do; the advice is left out where it names what is not known."""
    if kind == "empty_list" and details.get("name", details.get("list")) != details.get("list"):
        kind = "empty_table"  # the list is a file's
    what, advice = SENTENCES[kind] if kind in SENTENCES else (N_("Something is wrong here: {kind}."), "")
    known = {**details, "kind": kind, "takes": _takes(details), **_plainer(details)}
    said = [_filled(_(what), known)]
    if advice and ("{likely}" not in advice or "likely" in known):
        said.append(_filled(_(advice), known))
    return " ".join(said)


def error_line(error: HealthvisitError, form: str) -> str:
    """The line of a file that is no form."""
    kind, reason = error.code.removeprefix("form."), error.details.get("reason")
    if kind == "broken_workbook" and reason in SENTENCES:
        kind = str(reason)
    said = sentence(kind, error.details)
    return f"{form}: {_(LEVELS[Level.ERROR])}: {said} [{error.code}]"


def unreadable(error: OSError, path: Path) -> str:
    """The line of a file that the system does not open."""
    return _of_system(_("This cannot be read: {why}."), error, path)


def unwritable(error: OSError, path: Path) -> str:
    """The line of an output that the system does not take."""
    return _of_system(_("This cannot be written: {why}."), error, path)


def _of_system(said: str, error: OSError, path: Path) -> str:
    return f"{path.name}: {_(LEVELS[Level.ERROR])}: {said.format(why=why(error))}"


def _plainer(details: Mapping[str, object]) -> dict[str, object]:
    """Sizes as people say them, and the few English words that `trace` puts into its details."""
    found: dict[str, object] = {}
    if isinstance(limit := details.get("limit"), int):
        found["megabytes"] = limit // 1_000_000
    if isinstance(paths := details.get("paths"), (list, tuple)):
        found["paths"] = " → ".join(map(str, paths))
    if isinstance(wanted := details.get("wanted"), str):
        found["wanted"] = _(WANTED[wanted]) if wanted in WANTED else wanted
    if isinstance(place := details.get("place"), str):
        line = re.fullmatch(r"line (\d+)", place)
        found["place"] = (
            _("line {row}").format(row=line[1]) if line else _("the beginning") if place == "script" else place
        )
    return found


def _filled(text: str, known: Mapping[str, object]) -> str:
    """`${name}` is the author's own notation and stays."""
    for name, value in known.items():
        text = text.replace("${", "\0").replace(f"{{{name}}}", str(value)).replace("\0", "${")
    return text


def _takes(details: Mapping[str, object]) -> str:
    least, most = details.get("least"), details.get("most")
    if least == most:
        return str(least)
    return _("{least} or more").format(least=least) if most == "" else f"{least}–{most}"
