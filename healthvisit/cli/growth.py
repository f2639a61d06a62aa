"""`healthvisit growth score IN.csv OUT.csv`: the z-scores of a table of children, and a report on its quality."""

import argparse
import errno
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from healthvisit.cli.growth_notes import note, refusal
from healthvisit.cli.words import _, ngettext, why
from healthvisit.growth.sheet import Dialect, Sheet, SheetError

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
BAR = 40
ROWS_A_STEP = 2000


def add(kinds: Any) -> None:
    """Add the words of this command to the parser's `kinds`."""
    deeds = kinds.add_parser("growth", help=_("z-scores by WHO's standards")).add_subparsers(dest="deed", required=True)
    deed = deeds.add_parser("score", help=_("score every child of a CSV file"))
    deed.add_argument("source", type=Path, metavar="IN.csv", help=_("a table of children"))
    deed.add_argument("target", type=Path, metavar="OUT.csv", help=_("the same table with z-scores and notes"))
    deed.add_argument("--report", type=Path, metavar="FILE.html", help=_("write figures and curves of the whole table"))
    deed.set_defaults(run=_score)


def _score(asked: argparse.Namespace) -> int:
    source, target, report = asked.source, asked.target, asked.report
    if _same(source, target) or (report is not None and (_same(source, report) or _same(target, report))):
        return _refuse(_("Input and output must be different files."))
    try:
        scored, noted = _run(source, target, report)
    except SheetError as error:
        return _refuse(refusal(error, source))
    except OSError as error:
        return _refuse(_not_written(error, target))
    except KeyboardInterrupt:
        return _refuse(_("Stopped; nothing was written."))
    print(
        ngettext("{count} child scored.", "{count} children scored.", scored).format(count=scored),
        ngettext("{count} row with a note.", "{count} rows with a note.", noted).format(count=noted),
    )
    return 0


def _run(source: Path, target: Path, report: Path | None) -> tuple[int, int]:
    """Score `source` into `target`; rows, and how many of them have a note."""
    from csv import writer

    from healthvisit.growth.batch import COLUMNS, RESULTS, Scorer

    today = datetime.now(UTC).date()
    counts = [0, 0]
    with ExitStack() as stack:
        try:
            file = stack.enter_context(source.open("rb", buffering=0))
        except OSError as exc:
            raise SheetError("sheet_unreadable", why=exc.strerror) from exc
        sheet = stack.enter_context(closing(Sheet(file, COLUMNS)))
        scorer = Scorer(sheet.header, today=today, decimal_comma=sheet.dialect.decimal_comma)
        survey = None
        if report is not None:
            from healthvisit.growth.survey import Survey

            survey = Survey()
        progress = stack.enter_context(_progress(os.fstat(file.fileno()).st_size))

        def answers() -> Iterator[list[str]]:
            width, mark = scorer.width, sheet.dialect.delimiter
            score = scorer.score
            for row in sheet.rows():
                scored = score(row)
                said = note(scored.problems) if scored.problems else ""
                counts[0] += 1
                counts[1] += said != ""
                if survey is not None:
                    survey.add(scored)
                if counts[0] % ROWS_A_STEP == 0:
                    progress(file.tell())
                cells = row if len(row) == width else _fitted(row, width, mark)
                yield [*cells, *scored.cells, said]

        out = stack.enter_context(_whole(target, sheet.dialect))
        page = stack.enter_context(_whole(report)) if report is not None else None
        table = writer(out, delimiter=sheet.dialect.delimiter, lineterminator=sheet.dialect.line_end)
        table.writerow([*sheet.header, *RESULTS, "note"])
        table.writerows(answers())
        if page is not None and survey is not None:
            from healthvisit.cli.growth_report import report_page

            page.write(report_page(survey, made_on=today))
    return counts[0], counts[1]


@contextmanager
def _whole(target: Path, dialect: Dialect | None = None) -> Iterator[TextIO]:
    """Open `target` for writing so that it appears whole or not at all; devices are written as they are."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    direct, named = target.exists() and not target.is_file(), str(target)
    target = target if direct else target.resolve()
    part = target if direct else target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with part.open("w" if direct else "x", encoding="utf-8", newline="") as out:
            if dialect is not None and dialect.mark:
                out.write(MARK)
            yield out
            if not direct:
                out.flush()
                os.fsync(out.fileno())
        if not direct:
            part.replace(target)
    except OSError as error:
        if error.filename is None or error.filename == str(part):
            error.filename = named
        raise
    finally:
        if not direct:
            part.unlink(missing_ok=True)


@contextmanager
def _progress(size: int) -> Iterator[Any]:
    """A bar on a terminal, told how many bytes were read; silent where nobody looks or nothing is known."""
    if not sys.stderr.isatty() or not size:
        yield lambda _read: None
        return

    def step(read: int) -> None:
        share = min(read / size, 1.0)
        full = round(BAR * share)
        print(f"\r[{'#' * full}{'.' * (BAR - full)}] {share:4.0%}", end="", file=sys.stderr, flush=True)

    try:
        yield step
    finally:
        print("\r" + " " * (BAR + 8) + "\r", end="", file=sys.stderr, flush=True)


def _fitted(row: list[str], width: int, mark: str) -> list[str]:
    """A row of exactly `width` cells; what is too many stays readable in the last one."""
    if len(row) < width:
        return row + [""] * (width - len(row))
    return [*row[: width - 1], mark.join(row[width - 1 :])]


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()


def _not_written(error: OSError, target: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("The disk is full; {file} was not written.").format(file=target)
    return _("{file} could not be written: {why}.").format(file=error.filename or target, why=why(error))


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2
