"""`healthvisit pack check FOLDER`, `healthvisit pack install FOLDER`."""

import argparse
import re
from pathlib import Path
from typing import Any

from healthvisit.cli.words import N_, _, ngettext
from healthvisit.packs.library import INSTALLABLE
from healthvisit.packs.loader import check, install, kind_of
from healthvisit.packs.reader import Problem
from healthvisit.settings import Paths

PACK = "pack.json"
SENTENCES = {
    "pack.missing": N_("{where}: this file is missing."),
    "pack.damaged": N_("{where}: this file is damaged, or it does not hold what it should."),
}
WRONG = N_("{where}: this value is not right.")


def add(kinds: Any) -> None:
    """Add the words of this command to the parser's `kinds`."""
    deeds = kinds.add_parser("pack", help=_("content packs")).add_subparsers(dest="deed", required=True)
    deed = deeds.add_parser("check", help=_("name everything that is wrong with a pack"))
    deed.add_argument("folder", type=Path, help=_("the folder of the pack"))
    deed.set_defaults(run=_check)
    deed = deeds.add_parser("install", help=_("put a pack of instruments or a D-score key where the program reads it"))
    deed.add_argument("folder", type=Path, help=_("the folder of the pack"))
    deed.add_argument("--into", type=Path, help=_("another folder of packs than this account's own"))
    deed.add_argument("--practice", action="store_true", help=_("for practice only"))
    deed.set_defaults(run=_install)


def _check(asked: argparse.Namespace) -> int:
    return _said(check(_folder(asked))) or _done(_("The pack is in order."))


def _install(asked: argparse.Namespace) -> int:
    """Whole or not at all: with a fault, whatever was installed before stays."""
    folder = _folder(asked)
    if (found := _said(check(folder))) != 0:
        print(_("Nothing was installed; what was there before stays."))
        return found
    if kind_of(folder) not in INSTALLABLE:
        print(_("Only instruments and D-score keys can be installed; other packs come with the program."))
        return 1
    into = asked.into or Paths.standard(practice=asked.practice).packs
    try:
        into.mkdir(parents=True, exist_ok=True)
        made = install(folder, into)
    except OSError:
        print(_("The pack could not be written to {folder}. Look at the disk and its permissions.").format(folder=into))
        return 1
    said = _("The pack is installed: {folder}. Close the program and open it again to use it.")
    return _done(said.format(folder=made))


def _folder(asked: argparse.Namespace) -> Path:
    """The pack's folder; one of its files may be named in its place."""
    given: Path = asked.folder
    return given.parent if given.is_file() else given


def _said(problems: list[Problem]) -> int:
    """Print what is wrong, a line each and their count; 1 when there is something."""
    whole = {problem.file for problem in problems if problem.code in SENTENCES and not problem.entry}
    if PACK in whole or any((each.file, each.member or each.entry) == (PACK, "kind") for each in problems):
        problems = [problem for problem in problems if problem.file == PACK]  # nothing is known of the others
    problems = [problem for problem in problems if problem.file not in whole or problem.code in SENTENCES]
    for problem in problems:
        print(_line(problem))
    if problems:
        print(ngettext("{count} problem", "{count} problems", len(problems)).format(count=len(problems)))
    return 1 if problems else 0


def _line(problem: Problem) -> str:
    entry = problem.entry
    if number := re.fullmatch(r"line (\d+)", entry):
        entry = _("line {row}").format(row=number[1])
    where = ", ".join(part for part in (problem.file, entry, problem.member) if part)
    return _(SENTENCES.get(problem.code, WRONG)).format(where=where)


def _done(sentence: str) -> int:
    print(sentence)
    return 0
