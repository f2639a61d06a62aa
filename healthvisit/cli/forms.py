"""`healthvisit form check FORM`, `show FORM`, `compile FORM -o OUT`, `test FORM SCRIPT`, `export FORM SCRIPT`."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from healthvisit.cli import form_scripts
from healthvisit.cli.form_words import error_line, line_of, unreadable, unwritable
from healthvisit.cli.own_forms import errors_in, files_wanted, findings
from healthvisit.cli.words import _, language, ngettext
from healthvisit.domain.errors import HealthvisitError
from healthvisit.forms.findings import Finding
from healthvisit.forms.whole import write_whole
from healthvisit.settings import Paths, resource

PUBLIC = 0o644  # a form holds no answers


def add(kinds: Any) -> None:
    """Add the words of this command to the parser's `kinds`."""
    deeds = kinds.add_parser("form", help=_("forms")).add_subparsers(dest="deed", required=True)
    deed = deeds.add_parser("check", help=_("name everything that is wrong with a form, each at its cell"))
    deed.add_argument("form", type=Path, help=_(".xlsx, .xls, Markdown, or XForm XML"))
    _add_function(deed)
    deed.set_defaults(run=_check)
    deed = deeds.add_parser("compile", help=_("compile a workbook to the XForm that the program opens"))
    deed.add_argument("form", type=Path, help=_(".xlsx, .xls or Markdown"))
    deed.add_argument("-o", "--output", type=Path, required=True, help=_("the file to write"))
    _add_function(deed)
    deed.set_defaults(run=_compile)
    deed = deeds.add_parser("test", help=_("run a scripted session and name every broken expectation"))
    deed.add_argument("form", type=Path, help=_("XForm XML, .xlsx, .xls or Markdown"))
    deed.add_argument("script", type=Path, help=_("JSON"))
    deed.set_defaults(run=form_scripts.test)
    deed = deeds.add_parser("export", help=_("write the record that a script fills in, as other systems take it"))
    deed.add_argument("form", type=Path, help=_("XForm XML, .xlsx, .xls or Markdown"))
    deed.add_argument("script", type=Path, help=_("JSON; its first script is run"))
    deed.add_argument("-o", "--output", type=Path, required=True, help=_("the file to write"))
    deed.add_argument("--fhir", metavar="ADDRESS", help=_("as FHIR QuestionnaireResponse to the form at this address"))
    deed.set_defaults(run=form_scripts.export)
    deed = deeds.add_parser("install", help=_("use a form of your own in visits, in place of the program's"))
    deed.add_argument("form", type=Path, help=_("XForm XML, .xlsx, .xls or Markdown"))
    _add_place(deed)
    deed.set_defaults(run=_install)
    deed = deeds.add_parser("remove", help=_("use the program's own form again"))
    _add_place(deed)
    deed.set_defaults(run=_remove)
    deed = deeds.add_parser("show", help=_("try a form out in a window; answers are kept nowhere"))
    deed.add_argument("form", type=Path, help=_(".xlsx, .xls, Markdown, or XForm XML"))
    deed.add_argument("--dark", action="store_true", help=_("light letters on a dark ground"))
    deed.add_argument("--text", type=int, choices=(100, 115, 130), default=100, help=_("size of the text in percent"))
    deed.set_defaults(run=_show)


def _add_function(deed: argparse.ArgumentParser) -> None:
    deed.add_argument(
        "--function", metavar="NAME", action="append", default=[], help=_("a function that the program hands in")
    )


def _add_place(deed: argparse.ArgumentParser) -> None:
    names = sorted(path.stem for path in resource("forms").glob("*.xml"))
    deed.add_argument("place", choices=names, help=_("which of the program's forms"))
    deed.add_argument("--practice", action="store_true", help=_("for practice only"))


def _check(asked: argparse.Namespace) -> int:
    from healthvisit.forms.findings import Level

    try:
        found = findings(asked.form, asked.function)
    except (HealthvisitError, OSError) as error:
        print(_refusal(error, asked.form), file=sys.stderr)
        return 2
    for finding in found:
        print(line_of(finding, asked.form.name))
    errors, warnings = (sum(f.level is level for f in found) for level in (Level.ERROR, Level.WARNING))
    counts = [
        ngettext("{count} error", "{count} errors", errors).format(count=errors),
        ngettext("{count} warning", "{count} warnings", warnings).format(count=warnings),
    ]
    print(", ".join(counts))
    return 1 if errors else 0


def _compile(asked: argparse.Namespace) -> int:
    """A form with errors is not written; its lists may still be on their way, so a missing one is only said."""
    from healthvisit.forms.definition import FormDefinition
    from healthvisit.forms.findings import Level
    from healthvisit.forms.xlsform import WORKBOOKS, compile_file

    try:
        if asked.form.suffix.lower() not in WORKBOOKS:
            asked.form.open("rb").close()
            print(line_of(Finding(kind="not_a_workbook"), asked.form.name), file=sys.stderr)
            return 1
        found = errors_in(asked.form, asked.function)
        xml = compile_file(asked.form) if all(each.kind == "missing_file" for each in found) else ""
        if xml:
            FormDefinition.load(xml, functions=asked.function)
    except OSError as error:
        print(_refusal(error, asked.form), file=sys.stderr)
        return 2
    except HealthvisitError as error:
        print(_refusal(error, asked.form), file=sys.stderr)
        return 1
    for each in found:
        said = replace(each, level=Level.WARNING) if xml else each
        print(line_of(said, asked.form.name), file=sys.stderr)
    if not xml:
        return 1
    try:
        write_whole(asked.output, xml.encode(), mode=PUBLIC)
    except OSError as error:
        print(unwritable(error, asked.output), file=sys.stderr)
        return 2
    return 0


def _refusal(error: HealthvisitError | OSError, path: Path) -> str:
    return unreadable(error, path) if isinstance(error, OSError) else error_line(error, path.name)


def _install(asked: argparse.Namespace) -> int:
    """Checked as `form check` does, compiled, and taken whole or not at all; what was there before stays else."""
    from healthvisit.forms.definition import FormDefinition
    from healthvisit.forms.installed import install
    from healthvisit.forms.trace import form_text

    own = FormDefinition.load(resource(f"forms/{asked.place}.xml").read_text(encoding="utf-8"))
    target = _place(asked)
    try:
        wrong = errors_in(asked.form)
        if not wrong:
            xml = form_text(asked.form)
            names = sorted(files_wanted(FormDefinition.load(xml)))
            wrong = [Finding(kind="left_behind", details={"name": name}) for name in names]
        if not wrong:
            install(xml, own, target)
    except (HealthvisitError, OSError) as error:
        print(_refusal(error, asked.form), file=sys.stderr)
        print(_("Nothing was installed; the form used until now stays in use."), file=sys.stderr)
        return 1
    for each in wrong:
        print(line_of(each, asked.form.name), file=sys.stderr)
    if wrong:
        print(_("Nothing was installed; the form used until now stays in use."), file=sys.stderr)
        return 1
    print(_("The form is installed. Close the program and open it again to use it; visits already begun keep theirs."))
    return 0


def _remove(asked: argparse.Namespace) -> int:
    try:
        _place(asked).unlink(missing_ok=True)
    except OSError as error:
        print(unwritable(error, _place(asked)), file=sys.stderr)
        return 2
    print(_("The program's own form is used from its next start."))
    return 0


def _place(asked: argparse.Namespace) -> Path:
    return Paths.standard(practice=asked.practice).forms / f"{asked.place}.xml"


def _show(asked: argparse.Namespace) -> int:
    from healthvisit.ui.form.preview import show

    return show(asked.form, language=language(), dark=asked.dark, text_percent=asked.text)
