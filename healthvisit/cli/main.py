"""Commands for authors and offices. They need no passphrase and open no family's data."""

import argparse
from collections.abc import Sequence

from healthvisit.cli import forms, growth, packs, words
from healthvisit.cli.parser import Parser
from healthvisit.cli.words import _

WORDS = ("pack", "form", "growth")
"""First words that make the program a command instead of a desktop."""


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 when all is well, 1 when something was found, 2 for a wrong call."""
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
    done: int = asked.run(asked)
    return done
