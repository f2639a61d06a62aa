"""Files that answer questions: sealed in parts, named by their content, let go when nothing names them any more.

A file is ``draft`` until a signed record names it, then ``waiting`` until the office has it whole, then ``sent``; one
that came from the office is ``fetched``. Only a draft's file that no draft names, and a fetched one whose record has
left this laptop, are ever let go.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from healthvisit.domain.attachment import named_within
from healthvisit.domain.errors import StoreError
from healthvisit.store.readmodel import TABLES
from healthvisit.store.unit_of_work import UnitOfWork
from healthvisit.vault.keys import FILE_PART
from healthvisit.vault.rows import DATA, PART_SIZE

DRAFT, WAITING, SENT, FETCHED = "draft", "waiting", "sent", "fetched"
FORGOTTEN_AFTER = timedelta(days=1)  # chosen, and the program ended before any draft named it

_FILE, _DRAFT, _NAMED = TABLES["file"], TABLES["draft"], TABLES["named_file"]


@dataclass(frozen=True, slots=True)
class Held:
    """A file on this laptop."""

    sha256: str
    size: int
    state: str


def put(work: UnitOfWork, data: bytes, *, state: str = DRAFT) -> str:
    """Seal a file; one that is held whole is not written twice. Returns its SHA-256 in hex."""
    sha256 = hashlib.sha256(data).hexdigest()
    held = find(work, sha256)
    if held is None or not _is_whole(work, sha256):
        for number, at in enumerate(range(0, len(data), PART_SIZE)):
            work.vault.put_part(_part(sha256, number), data[at : at + PART_SIZE])
    if held is None:
        _note(work, Held(sha256, len(data), state))
    return sha256


def find(work: UnitOfWork, sha256: str) -> Held | None:
    """What is held under a name; its parts are not opened."""
    row = work.db.execute(select(_FILE).where(_FILE.c.id == sha256)).one_or_none()
    return None if row is None else Held(row.id, row.size, row.state)


def read(work: UnitOfWork, sha256: str) -> bytes:
    """A file's content, as it was put.

    Raises:
        StoreError: ``file.absent``; ``file.damaged`` when a part is lost, altered or not the one that was put.
    """
    held = find(work, sha256)
    if held is None:
        raise StoreError("file.absent")
    parts = []
    for number in range(_count(held.size)):
        try:
            row = work.vault.get(FILE_PART, _part(sha256, number))
        except StoreError as error:
            raise StoreError("file.damaged") from error
        parts.append(b"" if row is None else row[DATA])
    data = b"".join(parts)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise StoreError("file.damaged")
    return data


def total(work: UnitOfWork, among: Collection[str] | None = None) -> int:
    """Bytes of all files held, or of those `among` them."""
    query = select(func.coalesce(func.sum(_FILE.c.size), 0))
    if among is not None:
        query = query.where(_FILE.c.id.in_(among))
    return int(work.db.execute(query).scalar_one())


def waiting_count(work: UnitOfWork) -> int:
    """How many files wait for the office."""
    return int(work.db.execute(select(func.count()).where(_FILE.c.state == WAITING)).scalar_one())


def in_state(work: UnitOfWork, state: str) -> list[Held]:
    """The files of a state, those kept first before later ones."""
    query = select(_FILE).where(_FILE.c.state == state).order_by(_FILE.c.at, _FILE.c.id)
    return [Held(row.id, row.size, row.state) for row in work.db.execute(query)]


def missing(work: UnitOfWork) -> list[str]:
    """Files that records name and that are not on this laptop, those of the newest records first."""
    query = (
        select(_NAMED.c.file)
        .join_from(_NAMED, _FILE, _FILE.c.id == _NAMED.c.file, isouter=True)
        .where(_FILE.c.id.is_(None))
        .group_by(_NAMED.c.file)
        .order_by(func.max(_NAMED.c.record).desc())
    )
    return list(work.db.execute(query).scalars())


def sign(work: UnitOfWork, named: Iterable[str]) -> None:
    """A signed record names these: they stay, and wait for the office."""
    _move(work, (held for sha256 in sorted(named) if (held := find(work, sha256)) and held.state == DRAFT), WAITING)


def note_sent(work: UnitOfWork, sha256: str) -> None:
    """The office has a file whole."""
    held = find(work, sha256)
    _move(work, [held] if held else [], SENT)


def forget_sent(work: UnitOfWork) -> None:
    """The office was put back from a copy: it is asked again for each file, and what it lacks is sent."""
    _move(work, in_state(work, SENT), WAITING)


def names_of_draft(work: UnitOfWork, draft_id: str) -> frozenset[str]:
    """Whatever a draft may name; nothing is read while no file waits for its visit to be signed."""
    if work.db.execute(select(_FILE.c.id).where(_FILE.c.state == DRAFT).limit(1)).first() is None:
        return frozenset()
    row = work.vault.get("draft", draft_id)
    return frozenset() if row is None else named_within(json.dumps(row["content"]))


def release(work: UnitOfWork, named: Collection[str]) -> None:
    """A draft does not name these any more: those that no draft names are let go, and so is what was forgotten."""
    query = select(_FILE.c.id, _FILE.c.at).where(_FILE.c.state == DRAFT)
    loose = {r.id for r in work.db.execute(query) if r.id in named or _is_forgotten(r.at, work.author.now)}
    if not loose:
        return
    for draft_id in list(work.db.execute(select(_DRAFT.c.id)).scalars()):
        loose -= names_of_draft(work, draft_id)
    for sha256 in loose:
        _let_go(work, sha256)


def release_fetched(work: UnitOfWork) -> None:
    """Let go what the office gave and no record here names any more: its family has left this laptop."""
    query = select(_FILE.c.id).where(_FILE.c.state == FETCHED, _FILE.c.id.not_in(select(_NAMED.c.file)))
    for sha256 in list(work.db.execute(query).scalars()):
        _let_go(work, sha256)


def _let_go(work: UnitOfWork, sha256: str) -> None:
    held = find(work, sha256)
    for number in range(_count(held.size if held else 0)):
        work.vault.end(FILE_PART, _part(sha256, number))
    work.end_row("file", sha256)


def _is_whole(work: UnitOfWork, sha256: str) -> bool:
    try:
        read(work, sha256)
    except StoreError:
        return False
    return True


def _is_forgotten(at: str, now: datetime) -> bool:
    return now - datetime.fromisoformat(at) > FORGOTTEN_AFTER


def _move(work: UnitOfWork, files: Iterable[Held], state: str) -> None:
    for held in list(files):
        if held.state != state:
            _note(work, Held(held.sha256, held.size, state))


def _note(work: UnitOfWork, held: Held) -> None:
    before: Any = (work.vault.get("file", held.sha256) or {}).get("row", {})
    row = {
        "id": held.sha256,
        "size": held.size,
        "state": held.state,
        "at": before.get("at", work.author.now.isoformat()),
    }
    work.put_row("file", held.sha256, {"row": row})


def _part(sha256: str, number: int) -> str:
    return f"{sha256}.{number}"


def _count(size: int) -> int:
    return -(-size // PART_SIZE)
