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
