"""`healthvisit pack check FOLDER`."""

import argparse
from pathlib import Path
from typing import Any

from healthvisit.cli.words import _, ngettext
from healthvisit.packs.loader import check


def add(kinds: Any) -> None:
    """Add the words of this command to the parser's `kinds`."""
    deeds = kinds.add_parser("pack", help="content packs").add_subparsers(dest="deed", required=True)
    deed = deeds.add_parser("check", help="name everything that is wrong with a pack")
    deed.add_argument("folder", type=Path)
    deed.set_defaults(run=_check)


def _check(asked: argparse.Namespace) -> int:
    problems = check(asked.folder)
    for problem in problems:
        print(problem)
    count = len(problems)
    print(
        ngettext("{count} problem", "{count} problems", count).format(count=count)
        if problems
        else _("The pack is in order.")
    )
    return 1 if problems else 0
