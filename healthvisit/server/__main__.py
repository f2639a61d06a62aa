"""The office's command: make an office, serve it, hand out codes, read registers, end devices."""

import argparse
import logging
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from healthvisit.domain.errors import HealthvisitError, InputError
from healthvisit.server import admin
from healthvisit.server.folder import Office, make


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it was done, 1 when it was refused (the code and its details on standard error)."""
    # The system's own encoding may not hold a Turkmen name.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # text files both
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    asked = _parser().parse_args(arguments)
    try:
        asked.command(asked)
    except HealthvisitError as error:
        details = "".join(f" {name}={value}" for name, value in error.details.items())
        print(f"refused: {error.code}{details}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="healthvisit-server", description="The office of healthvisit.")
    commands = parser.add_subparsers(required=True)

    init = _command(commands, "init", "make an office in a folder", _init)
    init.add_argument("--host", action="append", default=[], help="a name or address it will be reached at")

    serve = _command(commands, "serve", "serve an office", _serve)
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serve.add_argument("--port", type=int, default=8443, help="0 for a free one")
    serve.add_argument("--with-parent", action="store_true", help="end when standard input ends")

    code = _command(commands, "enrol-code", "make a code for one worker and one laptop", _enrol_code)
    code.add_argument("--worker", required=True, help="the worker's name")
    code.add_argument("--caseload", required=True, help="the caseload's name")
    code.add_argument("--url", help="the office's address, put on the card")

    device = commands.add_parser("device", help="laptops").add_subparsers(required=True)
    _command(device, "list", "every device with what it sent", _device_list)
    revoke = _command(device, "revoke", "end a device", _device_revoke)
    revoke.add_argument("device", help="its id")

    books = commands.add_parser("register", help="a health house's register").add_subparsers(required=True)
    bring = _command(books, "import", "bring a CSV file into a caseload", _register_import)
    bring.add_argument("file", type=Path)
    bring.add_argument("--caseload", required=True, help="the caseload's name")
    bring.add_argument("--dry-run", action="store_true", help="only list what is doubtful")
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, says: str, deed: object
) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=says, description=says)
    made.add_argument("--dir", type=Path, required=True, help="the office's folder")
    made.add_argument("--db", metavar="URL", help="sqlite:///path; office.db in the folder when absent")
    made.set_defaults(command=deed)
    return made


def _init(asked: argparse.Namespace) -> None:
    make(asked.dir, now=admin.utc_now(), hosts=asked.host, database=asked.db)
    print(f"card {asked.dir / 'card.json'}")


def _serve(asked: argparse.Namespace) -> None:
    from healthvisit.server.app import serve

    make(asked.dir, now=admin.utc_now(), hosts=[asked.host], database=asked.db)
    with Office.open(asked.dir, asked.db) as office:
        serve(office, host=asked.host, port=asked.port, with_parent=asked.with_parent)


def _enrol_code(asked: argparse.Namespace) -> None:
    from healthvisit.server.enrolment import issue_code

    make(asked.dir, now=admin.utc_now(), url=asked.url, database=asked.db)
    with Office.open(asked.dir, asked.db) as office:
        issued = issue_code(office, worker=asked.worker, caseload=asked.caseload, now=admin.utc_now())
    print(f"code {issued.text}")
    print(f"card {asked.dir / 'card.json'}")
    print(f"worker {issued.worker}")
    print(f"caseload {issued.feed}")


def _device_list(asked: argparse.Namespace) -> None:
    with Office.open(asked.dir, asked.db) as office:
        for device in admin.list_devices(office):
            print(" ".join(f"{name}={value}" for name, value in device.items()))


def _device_revoke(asked: argparse.Namespace) -> None:
    with Office.open(asked.dir, asked.db) as office:
        admin.revoke(office, asked.device)


def _register_import(asked: argparse.Namespace) -> None:
    from healthvisit.server.importing import import_register

    try:
        data = asked.file.read_bytes()
    except OSError as exc:
        raise InputError("register.no_file") from exc
    with Office.open(asked.dir, asked.db) as office:
        # The calendar day of this machine: the office is where its families are.
        today = date.today()  # noqa: DTZ011
        done = import_register(
            office, data, caseload=asked.caseload, now=admin.utc_now(), today=today, dry_run=asked.dry_run
        )
    for doubt in done.register.doubts:
        print(f"row {doubt.row}: {doubt.code}{' (' + doubt.detail + ')' if doubt.detail else ''}")
    said = "would bring" if asked.dry_run else "brought"
    print(f"{said} {done.families} families, {done.people} people; doubts: {len(done.register.doubts)}")


if __name__ == "__main__":
    sys.exit(main())
