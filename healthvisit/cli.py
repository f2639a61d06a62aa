"""Commands for authors of packs and forms. They need no passphrase and open no family's data."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from healthvisit.domain.errors import HealthvisitError
from healthvisit.packs.loader import check

WORDS = ("pack", "form")
"""First words that make the program a command instead of a desktop."""


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 when all is well, 1 when something was found, 2 for a wrong call."""
    parser = argparse.ArgumentParser(prog="healthvisit")
    kinds = parser.add_subparsers(dest="kind", required=True)
    pack = kinds.add_parser("pack", help="content packs").add_subparsers(dest="deed", required=True)
    pack_check = pack.add_parser("check", help="name everything that is wrong with a pack")
    pack_check.add_argument("folder", type=Path)
    form = kinds.add_parser("form", help="forms").add_subparsers(dest="deed", required=True)
    form_compile = form.add_parser("compile", help="compile an XLSForm written as Markdown")
    form_compile.add_argument("form", type=Path)
    form_compile.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args(list(arguments))
    return _check_pack(asked.folder) if asked.kind == "pack" else _compile_form(asked.form, asked.output)


def _check_pack(folder: Path) -> int:
    problems = check(folder)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "The pack is in order.")
    return 1 if problems else 0


def _compile_form(source: Path, output: Path) -> int:
    from healthvisit.forms.definition import FormDefinition
    from healthvisit.forms.xlsform import compile_markdown

    try:
        xml = compile_markdown(source.read_text(encoding="utf-8"))
        FormDefinition.load(xml)
    except HealthvisitError as error:
        said = ", ".join(f"{name} {value}" for name, value in error.details.items())
        print(f"{error.code}: {said}", file=sys.stderr)
        return 1
    except OSError as error:
        print(error.strerror, file=sys.stderr)
        return 2
    output.write_text(xml, encoding="utf-8")
    return 0
