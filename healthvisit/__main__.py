"""`healthvisit`: the first word decides whether this is the desktop program or a command."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the desktop, practice mode, the tour, the self-test, or a command.

    Args:
        arguments: Words after the program's name; the command line's when left out.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    from healthvisit.cli.main import WORDS
    from healthvisit.cli.main import main as command

    if words and (words[0] in WORDS or words[0] == "--language"):
        return command(words)
    parser = argparse.ArgumentParser(
        prog="healthvisit",
        description="Home visits to families with young children.",
        epilog="Commands for authors and offices: healthvisit [--language tk|ru|en] form, growth or pack, with --help.",
    )
    parser.add_argument("--demo", action="store_true", help="practice with invented families and an office of its own")
    parser.add_argument("--tour", type=Path, metavar="DIR", help="one scripted day without a screen, with pictures")
    parser.add_argument("--self-test", action="store_true", help="open a vault, draw the pages, write a PDF, and end")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--second", nargs="+", help=argparse.SUPPRESS)  # the tour's second laptop
    asked = parser.parse_args(words)
    if asked.tour is not None:
        from healthvisit.practice.tour import main as tour

        return tour(asked.tour)
    if asked.second is not None:
        from healthvisit.practice.second import main as second

        return second(asked.second)
    if asked.self_test:
        from healthvisit.practice.self_test import main as self_test

        return self_test()
    if asked.demo:
        from healthvisit.practice.demo import main as demo

        return demo(asked.folder)
    from healthvisit.app import main as desktop
    from healthvisit.settings import Paths
    from healthvisit.vault.hardening import harden_process

    harden_process()  # before anything is opened
    return desktop(Paths.under(asked.folder) if asked.folder else Paths.standard(), choose_practice=_start_practice)


def _start_practice() -> None:
    """Practice is a program of its own, with folders of its own."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "healthvisit"]
    subprocess.Popen([*program, "--demo"], start_new_session=True)  # noqa: S603 -- ourselves


if __name__ == "__main__":
    sys.exit(main())
