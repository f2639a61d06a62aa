"""What the laptop knows of the office: outcomes of own changes, versions pulled, cursors. Every step commits alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, func, select

from healthvisit.domain.merge import Outcome
from healthvisit.domain.record import Kind
from healthvisit.store.projection import CONTAINED_WHEN_PULLED
from healthvisit.store.readmodel import TABLES
from healthvisit.store.unit_of_work import UnitOfWork

_OWN = TABLES["own_change"]
_HEAD = TABLES["head"]
_DRAFT, _MEMBERSHIP = TABLES["draft"], TABLES["membership"]

KEPT_BY_DRAFT = "draft"  # in place of a feed: what a draft still needs after the last feed has let it go


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One own line as it goes into a segment."""

    chg: str
    inc: str
    number: int
    chain: str
    unit: int
    line: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the office said of one change; `code` is there when it was quarantined."""

    chg: str
    outcome: str
    rev: int = 0
    code: str | None = None


def tops(work: UnitOfWork) -> dict[str, tuple[int, str]]:
    """For each incarnation with lines: its last number and chain hash. The current one is always there."""
    found = {work.chain.inc: (work.chain.number, work.chain.last)}
    top = select(_OWN.c.inc, func.max(_OWN.c.number).label("number")).group_by(_OWN.c.inc).subquery()
    query = select(_OWN.c.inc, _OWN.c.number, _OWN.c.chain).join(
        top, and_(top.c.inc == _OWN.c.inc, top.c.number == _OWN.c.number)
    )
    found.update({row.inc: (row.number, row.chain) for row in work.db.execute(query)})
    return found


def chain_hash(work: UnitOfWork, inc: str, number: int) -> str | None:
    """The chain hash beside a number; None when the line is not held."""
    query = select(_OWN.c.chain).where(_OWN.c.inc == inc, _OWN.c.number == number)
    return work.db.execute(query).scalar_one_or_none()


def first_unanswered(work: UnitOfWork, inc: str) -> int | None:
    """The lowest number of an incarnation without an outcome."""
    query = select(func.min(_OWN.c.number)).where(_OWN.c.inc == inc, _OWN.c.outcome.is_(None))
    return work.db.execute(query).scalar_one_or_none()


def lines_from(work: UnitOfWork, inc: str, start: int, *, limit: int) -> list[Line]:
    """Lines of an incarnation from `start` on, at most `limit` unless one save is longer: a save is never cut."""
    query = select(_OWN).where(_OWN.c.inc == inc, _OWN.c.number >= start).order_by(_OWN.c.number).limit(limit + 200)
    rows = list(work.db.execute(query))
    cut = len(rows)
    if cut > limit:
        cut = next((i for i in range(limit, 0, -1) if rows[i].unit != rows[i - 1].unit), 0)
        cut = cut or next((i for i in range(limit, len(rows)) if rows[i].unit != rows[i - 1].unit), len(rows))
    return [
        Line(chg=r.chg, inc=r.inc, number=r.number, chain=r.chain, unit=r.unit,
             line=str(work.vault.read(r.row_seq)["line"]).encode())
        for r in rows[:cut]
    ]  # fmt: skip


def unsent_count(work: UnitOfWork) -> int:
    """Own changes the office has not answered yet."""
    return int(work.db.execute(select(func.count()).where(_OWN.c.outcome.is_(None))).scalar_one())


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Counts of own changes without an answer (visits by their frames, new families) and of answered ones."""

    changes: int
    visits: int
    families: int
    answered: int
    oldest_hlc: str | None


def waiting(work: UnitOfWork) -> Waiting:
    """What still waits for the office."""
    query = select(_OWN.c.kind, _OWN.c.outcome.is_(None), func.count(), func.min(_OWN.c.hlc)).group_by(
        _OWN.c.kind, _OWN.c.outcome.is_(None)
    )
    rows = list(work.db.execute(query))
    unsent = {kind: (count, oldest) for kind, waits, count, oldest in rows if waits}
    return Waiting(
        changes=sum(count for count, _ in unsent.values()),
        visits=unsent.get(Kind.VISIT, (0, None))[0],
        families=unsent.get(Kind.HOUSEHOLD, (0, None))[0],
        answered=sum(count for _, waits, count, _ in rows if not waits),
        oldest_hlc=min((oldest for _, oldest in unsent.values()), default=None),
    )


def take_answers(work: UnitOfWork, answers: Iterable[Answer]) -> int:
    """Keep the office's answers beside their lines, whose bytes stay as they are. Returns how many were news."""
    news = 0
    for answer in answers:
        held = work.vault.get("change", answer.chg)
        # "already" says nothing new of what was answered before; any other outcome takes the place of an earlier one
        if held is None or (answer.outcome == Outcome.ALREADY and "outcome" in held):
            continue
        news += _keep(work, answer)
    return news


def forget_answers(work: UnitOfWork, inc: str, *, above: int) -> None:
    """The office lost what is above a number (put back from a backup): these lines count as unsent again."""
    query = select(_OWN.c.chg).where(_OWN.c.inc == inc, _OWN.c.number > above, _OWN.c.outcome.is_not(None))
    for chg in list(work.db.execute(query).scalars()):
        held = work.vault.get("change", chg) or {}
        work.put_row("change", chg, {name: held[name] for name in ("inc", "d", "h", "unit", "line")})


def settle(work: UnitOfWork, through: Mapping[str, int]) -> None:
    """After a complete pull: lines the office has are contained in what was pulled, or their record has left us."""
    on_top = {int(seq) for own in work.db.execute(select(_HEAD.c.own)).scalars() for seq in own.split(",") if seq}
    if not on_top:
        return
    query = select(_OWN.c.chg, _OWN.c.inc, _OWN.c.number, _OWN.c.outcome).where(_OWN.c.row_seq.in_(on_top))
    for row in work.db.execute(query).all():
        if row.number <= through.get(row.inc, 0) and row.outcome != Outcome.QUARANTINED:
            _keep(work, Answer(chg=row.chg, outcome=row.outcome or Outcome.OK, rev=CONTAINED_WHEN_PULLED))


def _keep(work: UnitOfWork, answer: Answer) -> bool:
    held = work.vault.get("change", answer.chg) or {}
    said = {"outcome": answer.outcome, "rev": answer.rev, "code": answer.code}
    if all(held.get(name) == value for name, value in said.items()):
        return False
    kept = {name: held[name] for name in ("inc", "d", "h", "unit", "line")}
    work.put_row("change", answer.chg, kept | {k: v for k, v in said.items() if v is not None})
    return True


def take_version(work: UnitOfWork, feed: str, record: Mapping[str, Any], *, in_reset: bool = False) -> None:
    """Keep one pulled version; an older one is not taken unless its feed is being reset, and then all are written."""
    held = work.vault.get("version", record["record"])
    feeds = sorted({*(held["feeds"] if held else ()), feed})
    if held is not None and held["rev"] >= record["rev"] and not in_reset:
        record = {name: held[name] for name in held if name not in ("t", "id", "v", "feeds")}
        if feeds == held["feeds"]:
            return
    work.put_row("version", record["record"], {**record, "feeds": feeds})


def take_leave(work: UnitOfWork, feed: str, record_id: str) -> None:
    """A record left a feed: hidden when no feed holds it and nothing of ours waits; never erased by absence.

    A family with a visit begun and not signed stays until that is signed or dropped.
    """
    held = work.vault.get("version", record_id)
    if held is None or feed not in held["feeds"]:
        return
    feeds = [f for f in held["feeds"] if f != feed]
    if feed != KEPT_BY_DRAFT and not feeds and _has_draft(work, held.get("subject") or record_id):
        feeds = [KEPT_BY_DRAFT]
    kept = {name: held[name] for name in held if name not in ("t", "id", "v")}
    work.put_row("version", record_id, kept | {"feeds": feeds})


def release_drafts(work: UnitOfWork) -> None:
    """After a draft has ended: what only a draft still held is let go."""
    for record in held_in(work, KEPT_BY_DRAFT):
        subject = work.db.execute(select(_HEAD.c.subject).where(_HEAD.c.record == record)).scalar_one()
        if not _has_draft(work, subject or record):
            take_leave(work, KEPT_BY_DRAFT, record)


def _has_draft(work: UnitOfWork, subject: str) -> bool:
    """Whether a draft is of this household, or of one to which this person belongs."""
    households = set(work.db.execute(select(_DRAFT.c.household)).scalars())
    if not households:
        return False
    homes = select(_MEMBERSHIP.c.household).where(_MEMBERSHIP.c.person == subject)
    return subject in households or not households.isdisjoint(work.db.execute(homes).scalars())


def last_version_row(work: UnitOfWork) -> int:
    """The newest sealed row that holds a pulled version."""
    return int(work.db.execute(select(func.coalesce(func.max(_HEAD.c.version_seq), 0))).scalar_one())


def held_in(work: UnitOfWork, feed: str, *, until_row: int | None = None) -> set[str]:
    """Ids of the records whose version a feed holds; with `until_row`, of those not written since that row."""
    query = select(_HEAD.c.record, _HEAD.c.feeds).where(_HEAD.c.feeds.contains(feed))
    if until_row is not None:
        query = query.where(_HEAD.c.version_seq <= until_row)
    return {row.record for row in work.db.execute(query) if feed in row.feeds.split(",")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """One thing a person must decide: a conflict of a field, or a change the office did not accept."""

    record: str
    kind: str
    code: str
    chg: str | None = None
    fields: tuple[str, ...] = ()


def attention(work: UnitOfWork) -> list[Attention]:
    """Open conflicts and quarantined own changes."""
    out = []
    query = select(_HEAD.c.record, _HEAD.c.kind).where(_HEAD.c.conflicts > 0)
    for row in work.db.execute(query).all():
        record = work.record(row.record)
        names = tuple(sorted({c.name for c in record.conflicts})) if record else ()
        out.append(Attention(record=row.record, kind=row.kind, code="conflict", fields=names))
    refused = select(_OWN.c.record, _OWN.c.kind, _OWN.c.code, _OWN.c.chg).where(
        _OWN.c.outcome == Outcome.QUARANTINED.value
    )
    out += [
        Attention(record=r.record, kind=r.kind, code=r.code or "change.refused", chg=r.chg)
        for r in work.db.execute(refused)
    ]
    return out
