"""One exchange with the office: hello, push until nothing is unsent, send files, pull until no more, have files.

Every step commits alone.

The opening call is the safety mechanism: each side says what it holds, and the laptop sends again whatever the office
no longer has. Killed anywhere, the next hello repairs it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar

import msgspec

from healthvisit.domain.change import chain_start
from healthvisit.domain.errors import OfficeError, OfficeUnreachableError
from healthvisit.store import exchange, office
from healthvisit.store import files as store_files
from healthvisit.store.unit_of_work import UnitOfWork
from healthvisit.sync import files
from healthvisit.wire import messages, segment
from healthvisit.wire.identity import SigningKey

T = TypeVar("T")
ROWS_A_DEED = 200  # so a save on the vault lane never waits long
START_LINES, MOST_LINES = 50, 500
QUICK_S = 5.0


class Stop(Protocol):
    """Looked at between steps; a `threading.Event` is one."""

    def is_set(self) -> bool: ...


class AtStore(Protocol):
    """Runs one short deed in a writing unit of work on the vault lane and waits for its result."""

    def __call__(self, deed: Callable[[UnitOfWork], T]) -> T: ...


class Line(Protocol):
    """The calls a round makes; `sync.client.Office` is one."""

    def hello(self, ask: messages.Hello) -> tuple[messages.Statement, messages.HelloNotes]: ...
    def push(self, segment: bytes) -> tuple[messages.PushAnswer, list[messages.ChangeAnswer]]: ...
    def pull(self, ask: messages.Pull) -> tuple[list[messages.Row], messages.PullEnd]: ...
    def put_file(self, sha256: str, data: bytes, *, offset: int, size: int) -> int: ...
    def get_file(self, sha256: str, *, offset: int) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one exchange did."""

    sent: int
    received: int
    stopped: bool = False
    backoff_s: float = 0
    revoked: bool = False


@dataclass(slots=True)
class _Round:
    line: Line
    at_store: AtStore
    key: SigningKey = field(repr=False)
    device: str
    stop: Stop
    progress: Callable[[int, int], object]
    size: int = START_LINES
    sent: int = 0
    files: int = 0
    received: int = 0
    backoff_s: float = 0
    was_reset: bool = False


def run(
    line: Line,
    at_store: AtStore,
    *,
    key: SigningKey,
    device: str,
    now: Callable[[], datetime],
    stop: Stop,
    progress: Callable[[int, int], object],
) -> Result:
    """One exchange. Unsent work stays where it is whatever happens here.

    Args:
        line: The office.
        at_store: Runs a deed at the store.
        key: The device's key.
        device: 32 hex digits.
        now: The clock.
        stop: Looked at between steps.
        progress: Told (sent, of) after each segment and file: changes and files together.

    Raises:
        OfficeError: ``sync.old_epoch``, ``sync.old_statement``, and what the line raises.
    """
    this = _Round(line, at_store, key, device, stop, progress)
    ask = at_store(lambda work: exchange.hello_facts(work, now=now()))
    statement, notes = line.hello(ask)
    this.backoff_s = notes.backoff_s
    at_store(lambda work: exchange.take_statement(work, ask, statement, notes))
    this.size = min(START_LINES, at_store(exchange.segment_size) or START_LINES)
    expected = ask.unsent + at_store(store_files.waiting_count)
    _push_all(this, {held.inc: held.through for held in statement.incs}, expected)
    if statement.status == "revoked":
        return Result(sent=this.sent, received=0, stopped=stop.is_set(), revoked=True)
    travel = files.Travel(line, at_store, stop.is_set, moved=partial(_file_moved, this, expected))
    travel.send()
    complete = _pull_all(this)
    if complete and not this.was_reset:
        through = at_store(exchange.known_through)
        at_store(lambda work: office.settle(work, through))
        at_store(lambda work: exchange.keep_segment_size(work, None))
        travel.fetch()
    return Result(sent=this.sent, received=this.received, stopped=not complete, backoff_s=this.backoff_s)


def _file_moved(this: _Round, expected: int) -> None:
    this.files += 1
    done = this.sent + this.files
    this.progress(done, max(expected, done))


def _push_all(this: _Round, through: dict[str, int], unsent: int) -> None:
    """Send every incarnation's lines from the lower of the office's view and ours; a fork makes one more of them."""
    done: set[str] = set()
    while left := [inc for inc in this.at_store(_incarnations) if inc not in done]:
        for inc in left:
            done.add(inc)
            reached: int | None = through.get(inc, 0)
            while reached is not None and not this.stop.is_set():
                reached = _push_some(this, inc, reached, unsent)


def _push_some(this: _Round, inc: str, reached: int, unsent: int) -> int | None:
    """One segment. Returns how far the office has this incarnation now; None when nothing is left to send."""
    lines, prev = this.at_store(partial(_next_lines, inc=inc, reached=reached, size=this.size))
    if not lines:
        return None
    began = time.monotonic()
    try:
        body = segment.cut(
            [line.line for line in lines], device=this.device, inc=inc, first=lines[0].number, prev=prev,
            sign=this.key.sign,
        )  # fmt: skip
        answer, outcomes = this.line.push(body)
    except OfficeUnreachableError:
        this.at_store(partial(exchange.keep_segment_size, size=max(1, min(this.size, START_LINES) // 2)))
        raise
    except OfficeError as error:
        if error.code != "wire.too_big" or lines[0].unit == lines[-1].unit:
            raise
        this.size = max(1, len(lines) // 2)
        return reached
    this.at_store(partial(exchange.require_epoch, epoch=answer.epoch))
    if answer.state == "fork":
        this.at_store(partial(exchange.leave_fork, inc=inc, through=answer.through))
        return None
    if answer.state == "gap":
        if answer.through + 1 >= lines[0].number:
            raise OfficeError("sync.gap")
        return answer.through
    if len(outcomes) != len(lines):
        raise OfficeError("wire.unreadable")
    this.backoff_s = answer.backoff_s
    this.at_store(partial(_take, lines=lines, outcomes=outcomes, answer=answer))
    this.sent += len(lines)
    this.progress(this.sent, max(unsent, this.sent))
    if time.monotonic() - began < QUICK_S:
        this.size = min(MOST_LINES, this.size * 2)
    return answer.through


def _incarnations(work: UnitOfWork) -> list[str]:
    return list(office.tops(work))


def _next_lines(work: UnitOfWork, *, inc: str, reached: int, size: int) -> tuple[list[office.Line], bytes]:
    first = office.first_unanswered(work, inc)
    return ([], b"") if first is None else _lines(work, inc, min(first, reached + 1), size)


def _lines(work: UnitOfWork, inc: str, start: int, size: int) -> tuple[list[office.Line], bytes]:
    before = office.chain_hash(work, inc, start - 1)
    prev = bytes.fromhex(before) if before else chain_start(work.chain.device, inc)
    return office.lines_from(work, inc, start, limit=size), prev


def _take(
    work: UnitOfWork, *, lines: list[office.Line], outcomes: list[messages.ChangeAnswer], answer: messages.PushAnswer
) -> None:
    # in the order of the lines: one that the office cannot read is answered under another name, and must not be sent
    # for ever
    office.take_answers(
        work,
        (replace(_answer(said), chg=line.chg) for line, said in zip(lines, outcomes, strict=True)),
    )
    exchange.note_through(work, answer.inc, answer.through)


def _answer(said: messages.ChangeAnswer) -> office.Answer:
    return office.Answer(chg=said.chg, outcome=said.outcome, rev=said.rev, code=said.code)


def _pull_all(this: _Round) -> bool:
    """Pull until no feed has more; True when that was reached."""
    while not this.stop.is_set():
        feeds = this.at_store(exchange.cursors)
        if not feeds:
            return True
        rows, end = this.line.pull(messages.Pull(feeds=feeds, rows=ROWS_A_DEED))
        this.at_store(partial(_take_rows, rows=rows, end=end))
        this.received += len(rows)
        this.was_reset |= any(feed.state == "reset" for feed in end.feeds)
        if not any(feed.more or feed.state == "reset" for feed in end.feeds):
            return True
    return False


def _take_rows(work: UnitOfWork, *, rows: list[messages.Row], end: messages.PullEnd) -> None:
    """Rows and cursors in one transaction."""
    exchange.require_epoch(work, end.epoch)
    outcomes: list[office.Answer] = []
    in_reset = exchange.feeds_in_reset(work)
    for row in rows:
        if row.kind == "ver":
            exchange.take_row(work, row.feed, _body(row), bytes(row.body), in_reset=row.feed in in_reset)
        elif row.kind == "leave":
            office.take_leave(work, row.feed, row.record)
        elif row.kind == "outcome":
            outcomes.append(_answer(msgspec.json.decode(row.body, type=messages.ChangeAnswer)))
    office.take_answers(work, outcomes)
    exchange.take_ends(work, end.feeds)


def _body(row: messages.Row) -> dict[str, Any]:
    value: dict[str, Any] = msgspec.json.decode(row.body)
    return value
