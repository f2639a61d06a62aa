"""Commands for authors and offices. They need no passphrase and open no family's data."""

import argparse
import io
import os
import sys
from collections.abc import Sequence

from healthvisit.cli import forms, growth, packs, words
from healthvisit.cli.parser import Parser
from healthvisit.cli.words import _

WORDS = ("pack", "form", "growth")
"""First words that make the program a command instead of a desktop."""


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 when all is well, 1 when something was found, 2 for a wrong call."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console or a pipe that lacks Turkmen letters still gets the rest
    words.speak(None)
    early = Parser(prog="healthvisit")
    early.add_argument("--language")
    early.add_argument("rest", nargs=argparse.REMAINDER)
    words.speak(early.parse_known_args([each for each in arguments if each not in {"-h", "--help"}])[0].language)
    parser = Parser(prog="healthvisit", description=_("For authors and offices; no passphrase is needed."))
    parser.add_argument("--language", choices=words.LANGUAGES, help=_("speak this language"))
    kinds = parser.add_subparsers(dest="kind", required=True)
    for part in (packs, forms, growth):
        part.add(kinds)
    asked = parser.parse_args(list(arguments))
    words.speak(asked.language)
    try:
        done: int = asked.run(asked)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return done
