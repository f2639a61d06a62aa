"""The reader of the command line, which helps and refuses in the language asked for."""

import argparse
import re
import sys
from typing import Any, NoReturn

from healthvisit.cli.words import N_, _

_CHOICES = ("kind", "deed")  # names of the words that choose a command; nobody types them
_SLIPS = (
    (re.compile(r"the following arguments are required: (?P<what>.*)"), N_("Missing: {what}.")),
    (re.compile(r"unrecognized arguments: (?P<what>.*)"), N_("Not understood: {what}.")),
    (
        re.compile(r"argument .*: invalid choice: (?P<given>.*) \(choose from (?P<what>.*)\)"),
        N_("Not possible here: {given}. Choose from {what}."),
    ),
    (re.compile(r"argument .*: invalid \w+ value: (?P<what>.*)"), N_("Not understood: {what}.")),
    (re.compile(r"argument (?P<what>.*): expected .*argument.*"), N_("Something is missing after {what}.")),
)
"""What the library says in English about a slip, and how it is said here."""


class Formatter(argparse.HelpFormatter):
    """The library's own, with its first word in the language in use."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """As the library does."""
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser of commands; speak a language before it is made. Its subparsers are of the same kind."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"formatter_class": Formatter, **settings, "add_help": False})
        self._positionals.title = _("to be given")
        self._optionals.title = _("options")
        self.add_argument("-h", "--help", action="help", help=_("say this and end"))

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call and end with 2; a command without its next word shows what there is."""
        for pattern, said in _SLIPS:
            if found := pattern.fullmatch(message):
                if found["what"] in _CHOICES:
                    self.print_help(sys.stderr)
                    self.exit(2)
                message = _(said).format(**found.groupdict())
                break
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {message}\n")
