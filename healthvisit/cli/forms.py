"""`healthvisit form compile FORM -o OUT.xml`."""

import argparse
import sys
from pathlib import Path
from typing import Any

from healthvisit.domain.errors import HealthvisitError


def add(kinds: Any) -> None:
    """Add the words of this command to the parser's `kinds`."""
    deeds = kinds.add_parser("form", help="forms").add_subparsers(dest="deed", required=True)
    deed = deeds.add_parser("compile", help="compile an XLSForm written as Markdown")
    deed.add_argument("form", type=Path)
    deed.add_argument("-o", "--output", type=Path, required=True)
    deed.set_defaults(run=_compile)
    deed = deeds.add_parser("test", help="run a scripted session and name every broken expectation")
    deed.add_argument("form", type=Path, help="XForm XML, .xlsx, .xls or Markdown")
    deed.add_argument("script", type=Path, help="JSON")
    deed.set_defaults(run=_test)


def _compile(asked: argparse.Namespace) -> int:
    from healthvisit.forms.definition import FormDefinition
    from healthvisit.forms.xlsform import compile_markdown

    try:
        xml = compile_markdown(asked.form.read_text(encoding="utf-8"))
        FormDefinition.load(xml)
    except HealthvisitError as error:
        said = ", ".join(f"{name} {value}" for name, value in error.details.items())
        print(f"{error.code}: {said}", file=sys.stderr)
        return 1
    except OSError as error:
        print(error.strerror, file=sys.stderr)
        return 2
    asked.output.write_text(xml, encoding="utf-8")
    return 0


def _test(asked: argparse.Namespace) -> int:
    from healthvisit.forms.definition import FormDefinition
    from healthvisit.forms.trace import form_text, read_attachments, read_plan, report, run_plan

    try:
        plan = read_plan(asked.script.read_text(encoding="utf-8-sig"))
        definition = FormDefinition.load(form_text(asked.form))
        outcome = run_plan(definition, plan, read_attachments(plan, (asked.script.parent, asked.form.parent)))
    except HealthvisitError as error:
        said = ", ".join(f"{name} {value}" for name, value in error.details.items())
        print(f"{error.code}: {said}", file=sys.stderr)
        return 1
    except (OSError, UnicodeDecodeError) as error:
        print(getattr(error, "strerror", None) or error, file=sys.stderr)
        return 2
    for line in report(outcome):
        print(line)
    return 1 if outcome.broken else 0
