"""One push: merge and number, in one transaction. Nothing well-framed is ever dropped.

`lines.prepare` needs no database and may run beside others; `apply` runs on the writer's thread. What cannot be merged
is quarantined with a code, stored, and told to its device; it blocks nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from healthvisit.domain.change import Change, chain_start, hlc_milliseconds
from healthvisit.domain.merge import Outcome, merge
from healthvisit.domain.record import Record
from healthvisit.server import files, placing
from healthvisit.server.auth import Sender, sender
from healthvisit.server.database import audit, moment, put_rows, upsert
from healthvisit.server.feeds import Numbering, epoch_of, version_bytes
from healthvisit.server.lines import Item, Prepared
from healthvisit.server.tables import TABLES
from healthvisit.wire.messages import ChangeAnswer, PushAnswer

_INCS, _CHANGES, _RECORDS, _QUARANTINE = (TABLES[n] for n in ("incarnation", "change", "record", "quarantine"))
_SEGMENTS, _DEVICES = TABLES["segment"], TABLES["device"]
_AHEAD_MS = 5 * 60 * 1000
WAITS = "change.no_record"  # an edit that came before its record: merged when the record comes


@dataclass(slots=True)
class _Held:
    """One record while a push is merged. `raw` are a new record's body bytes, until a second change touches it."""

    record: Record
    known: bool
    touched: bool = False
    raw: bytes | None = None

    def version(self) -> bytes:
        """The bytes to store: a record only just made keeps its author's bytes as they came."""
        if self.raw is None:
            return version_bytes(self.record)
        outer = version_bytes(Record(**{f: getattr(self.record, f) for f in _OUTER}, body={}))
        return outer.replace(b'"body":{}', b'"body":' + self.raw, 1)


_OUTER = ("kind", "id", "subject", "rev", "hlc")


def apply(
    db: Connection, prepared: Prepared, device: str, now: datetime, *, home: str | None = None
) -> tuple[PushAnswer, list[ChangeAnswer]]:
    """Take a prepared segment in, inside the caller's transaction.

    Args:
        db: The writer's connection.
        prepared: From `lines.prepare`.
        device: Who sent it, by its token.
        now: UTC, of arrival.
        home: Caseload for what is in none; the device's own when absent.
    """
    header = prepared.header
    who = sender(db, device, now)
    inc = db.execute(select(_INCS).where(_INCS.c.device == device, _INCS.c.inc == header.inc)).one_or_none()
    through = inc.through if inc else 0
    last = inc.last_hash if inc else chain_start(device, header.inc)
    answer = PushAnswer(epoch=epoch_of(db), inc=header.inc, through=through, time=moment(now))
    if header.first > through + 1:
        answer.state = "gap"
        return answer, []
    held = _held_numbers(db, inc.id, header.first, min(header.to, through)) if inc else {}
    overlap = prepared.items[: len(held)]
    same = header.prev == last if not overlap else overlap[-1].hash == held[overlap[-1].n].hash
    if not same:
        db.execute(update(_DEVICES).where(_DEVICES.c.id == device).values(forks=_DEVICES.c.forks + 1))
        audit(db, "push.fork", device=device, detail=f"{header.inc} {header.first}-{header.to}")
        answer.state = "fork"
        return answer, []
    answers = [_again(item, held[item.n]) for item in overlap]
    fresh = prepared.items[len(overlap) :]
    if fresh:
        inc_id = _extend(db, inc.id if inc else None, prepared, fresh, moment(now))
        answers += _Push(db, who, inc_id, now, home or who.home).take(fresh)
        answer.through = header.to
    return answer, answers


def _held_numbers(db: Connection, inc_id: int, first: int, last: int) -> dict[int, Any]:
    query = select(_CHANGES).where(_CHANGES.c.inc_id == inc_id, _CHANGES.c.dseq.between(first, last))
    return {row.dseq: row for row in db.execute(query)}


def _again(item: Item, row: Any) -> ChangeAnswer:
    """The answer to what is known: `already`, but a quarantined change is still quarantined."""
    is_kept = row.outcome == Outcome.QUARANTINED
    outcome = Outcome.QUARANTINED if is_kept else Outcome.ALREADY
    return ChangeAnswer(n=item.n, chg=item.chg, outcome=outcome.value, rev=row.rev, code=row.code)


def _extend(db: Connection, inc_id: int | None, prepared: Prepared, fresh: list[Item], at: str) -> int:
    header = prepared.header
    values = {"through": header.to, "last_hash": header.last}
    if inc_id is None:
        made = db.execute(insert(_INCS).values(device=header.device, inc=header.inc, **values).returning(_INCS.c.id))
        inc_id = made.scalar_one()
    else:
        db.execute(update(_INCS).where(_INCS.c.id == inc_id).values(values))
    row = {"inc_id": inc_id, "first": header.first, "last": header.to, "prev_hash": header.prev, "sig": header.sig}
    db.execute(insert(_SEGMENTS).values(**row, at=at))
    assert fresh
    return inc_id


class _Push:
    """The fresh lines of one segment, judged in order, then written together."""

    def __init__(self, db: Connection, who: Sender, inc_id: int, now: datetime, home: str) -> None:
        self._db = db
        self._who = who
        self._inc_id = inc_id
        self._now = now
        self._now_ms = int(now.timestamp() * 1000)
        self._home = home
        self._held: dict[str, _Held] = {}
        self._known: dict[str, Any] = {}
        self._rows: list[dict[str, Any]] = []
        self._numbering = Numbering()
        self._ahead_ms = 0

    def take(self, items: list[Item]) -> list[ChangeAnswer]:
        """Judge, merge, store, place and number; the answers in order."""
        self._load(items)
        answers = [self._judge(item) for item in items]
        put_rows(self._db, _CHANGES, self._rows)
        self._keep_quarantined(answers)
        self._merge_waiting()
        self._store_records()
        touched = {name: held.record for name, held in self._held.items() if held.touched}
        known = {name for name, held in self._held.items() if held.known}
        placing.place(self._db, touched, known, self._home, self._numbering)
        self._numbering.write(self._db)
        if self._ahead_ms:
            self._flag_clock()
        return answers

    def _load(self, items: list[Item]) -> None:
        chgs = [item.chg for item in items]
        query = select(_CHANGES).where(_CHANGES.c.first, _CHANGES.c.chg.in_(chgs))
        self._known = {row.chg: row for row in self._db.execute(query)}
        changes = [item.change for item in items if item.change is not None]
        self._held = _load_records(self._db, {c.record for c in changes})
        subjects = {placing.subject_of(c.kind, c.record, c.subject) for c in changes}
        self._scope = placing.Scope(self._db, subjects, self._held_subjects(), self._now - timedelta(days=90))

    def _held_subjects(self) -> dict[str, str | None]:
        records = (held.record for held in self._held.values())
        return {record.id: placing.subject_of(record.kind, record.id, record.subject) for record in records}

    def _judge(self, item: Item) -> ChangeAnswer:
        known = self._known.get(item.chg)
        record = item.change.record if item.change else ""
        if known is not None and known.line_hash == item.line_hash:
            answer = _again(item, known)
        elif known is not None:
            answer = ChangeAnswer(n=item.n, chg=item.chg, outcome=Outcome.QUARANTINED.value, code="chg.clash")
        elif item.code == "change.gone":
            answer = ChangeAnswer(n=item.n, chg=item.chg, outcome=Outcome.ALREADY.value, code=item.code)
        else:
            answer = self._merged(item)
        answer.record = record or None
        is_first = known is None
        row = {
            "inc_id": self._inc_id, "dseq": item.n, "chg": item.chg, "first": is_first, "record": record,
            "line": item.line if is_first or answer.code == "chg.clash" else None, "line_hash": item.line_hash,
            "hash": item.hash, "outcome": answer.outcome, "code": answer.code, "rev": answer.rev,
        }  # fmt: skip
        self._rows.append(row)
        if is_first:
            self._known[item.chg] = _Known(item.line_hash, answer.outcome, answer.code, answer.rev)
        return answer

    def _merged(self, item: Item) -> ChangeAnswer:
        code = item.code or self._refusal(item.change)
        if code is not None or item.change is None:
            return ChangeAnswer(n=item.n, chg=item.chg, outcome=Outcome.QUARANTINED.value, code=code)
        stamp = self._stamp(item.change, item.n)
        if stamp is not None:
            self._ahead_ms = max(self._ahead_ms, hlc_milliseconds(item.change.hlc) - self._now_ms)
        outcome, code, rev = self._merge(item.change, item.body, stamp)
        return ChangeAnswer(n=item.n, chg=item.chg, outcome=outcome.value, rev=rev, code=code)

    def _refusal(self, change: Change | None) -> str | None:
        if self._who.status == "revoked":
            return "device.revoked"
        if change is None or self._who.is_office:
            return None
        if change.by not in self._who.workers:
            return "change.by"
        subject = placing.subject_of(change.kind, change.record, change.subject)
        return None if self._scope.allows(self._who, change.record, subject) else "scope.not_yours"

    def _stamp(self, change: Change, n: int) -> str | None:
        """The time of arrival in place of a stamp from the future, in the order of the lines."""
        if hlc_milliseconds(change.hlc) - self._now_ms <= _AHEAD_MS:
            return None
        return f"{self._now_ms:012x}{n & 0xFFFF:04x}"

    def _merge(self, change: Change, body: bytes, stamp: str | None) -> tuple[Outcome, str | None, int]:
        held = self._held.get(change.record)
        try:
            merged = merge(held.record if held else None, change, stamp=stamp)
            if merged.record is not None and held is not None and merged.record is not held.record:
                version_bytes(merged.record)  # what cannot be written must not take the batch down with it
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
            return Outcome.QUARANTINED, "change.not_mergeable", 0
        if merged.record is None or merged.outcome is Outcome.QUARANTINED:
            return Outcome.QUARANTINED, merged.code, 0
        if held is None:
            self._held[change.record] = _Held(merged.record, known=False, touched=True, raw=body)
        elif merged.record is not held.record:
            held.record, held.touched, held.raw = merged.record, True, None
        return merged.outcome, merged.code, merged.record.rev

    def _keep_quarantined(self, answers: list[ChangeAnswer]) -> None:
        kept = []
        for answer, row in zip(answers, self._rows, strict=True):
            if answer.outcome == Outcome.QUARANTINED and (row["first"] or row["code"] == "chg.clash"):
                kept.append(
                    {
                        "inc_id": self._inc_id,
                        "dseq": answer.n,
                        "device": self._who.device,
                        "chg": answer.chg,
                        "record": row["record"],
                        "code": answer.code,
                        "at": moment(self._now),
                    }
                )
            if answer.outcome not in (Outcome.OK, Outcome.ALREADY):
                self._numbering.outcome(self._who.device, answer)
        if kept:
            self._db.execute(insert(_QUARANTINE), kept)

    def _merge_waiting(self) -> None:
        """Edits that came before their record are merged now that it is here, and their authors told."""
        made = [name for name, held in self._held.items() if held.touched and not held.known]
        if not made:
            return
        query = (
            select(_QUARANTINE, _CHANGES.c.line)
            .join_from(
                _QUARANTINE,
                _CHANGES,
                (_CHANGES.c.inc_id == _QUARANTINE.c.inc_id) & (_CHANGES.c.dseq == _QUARANTINE.c.dseq),
            )
            .where(_QUARANTINE.c.record.in_(made), _QUARANTINE.c.code == WAITS, _QUARANTINE.c.settled_at.is_(None))
            .order_by(_QUARANTINE.c.id)
        )
        for row in self._db.execute(query).all():
            change = Change.parse(row.line)
            outcome, code, rev = self._merge(change, b"", self._stamp(change, row.dseq))
            values = {"outcome": outcome.value, "code": code, "rev": rev}
            where = (_CHANGES.c.inc_id == row.inc_id, _CHANGES.c.dseq == row.dseq)
            self._db.execute(update(_CHANGES).where(*where).values(values))
            settled = {"code": code} if outcome is Outcome.QUARANTINED else {"settled_at": moment(self._now)}
            self._db.execute(update(_QUARANTINE).where(_QUARANTINE.c.id == row.id).values(settled))
            answer = ChangeAnswer(n=row.dseq, chg=row.chg, record=row.record, outcome=outcome.value, code=code, rev=rev)
            self._numbering.outcome(row.device, answer)

    def _store_records(self) -> None:
        values = [
            {
                "id": held.record.id,
                "kind": held.record.kind,
                "subject": placing.subject_of(held.record.kind, held.record.id, held.record.subject),
                "rev": held.record.rev,
                "version": held.version(),
                "void": held.record.void,
                "conflicts": len(held.record.conflicts),
            }
            for held in self._held.values()
            if held.touched
        ]
        upsert(self._db, _RECORDS, ["id"], values)
        files.note_names(self._db, (h.record for h in self._held.values() if h.touched), self._who.device)

    def _flag_clock(self) -> None:
        ahead_s = self._ahead_ms // 1000
        self._db.execute(update(_DEVICES).where(_DEVICES.c.id == self._who.device).values(clock_off_s=ahead_s))
        audit(self._db, "device.clock_ahead", device=self._who.device, detail=f"{ahead_s} s")


@dataclass(frozen=True, slots=True)
class _Known:
    line_hash: bytes
    outcome: str
    code: str | None
    rev: int


def _load_records(db: Connection, ids: Iterable[str]) -> dict[str, _Held]:
    query = select(_RECORDS.c.id, _RECORDS.c.version).where(_RECORDS.c.id.in_(list(ids)))
    decoded = ((row.id, msgspec.json.decode(row.version)) for row in db.execute(query))
    return {name: _Held(Record.from_json(version), known=True) for name, version in decoded}
