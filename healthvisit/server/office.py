"""What a supervisor's desk may ask for: figures and lists of ids and dates. Who looked is written down."""

import hmac
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Header, Query
from sqlalchemy import Connection, func, select

from healthvisit.domain.errors import OfficeError
from healthvisit.domain.record import Kind
from healthvisit.server.database import audit
from healthvisit.server.folder import Office
from healthvisit.server.tables import TABLES

_RECORDS, _DEVICES, _INCS, _CHANGES, _QUARANTINE = (
    TABLES[n] for n in ("record", "device", "incarnation", "change", "quarantine")
)
_PAGE = 200
_VISIT_FIELDS = ("household", "worker", "on", "signed_at", "amends")


def router(office: Office) -> APIRouter:
    """The JSON calls under ``/office``, for who holds the token file of the office's folder."""
    made = APIRouter(prefix="/office")

    def require(authorization: str) -> None:
        if not hmac.compare_digest(authorization.removeprefix("Bearer ").encode(), office.token.encode()):
            raise OfficeError("auth.token")

    @made.get("/summary")
    def get_summary(authorization: Annotated[str, Header()] = "") -> dict[str, Any]:
        require(authorization)
        office.db.write(lambda db: audit(db, "office.summary"))
        with office.db.read() as db:
            return summary(db)

    @made.get("/visits")
    def get_visits(
        authorization: Annotated[str, Header()] = "",
        limit: Annotated[int, Query(ge=1, le=1000)] = _PAGE,
        offset: Annotated[int, Query(ge=0, le=1 << 40)] = 0,
    ) -> dict[str, Any]:
        require(authorization)
        office.db.write(lambda db: audit(db, "office.visits", detail=f"{offset}+{limit}"))
        with office.db.read() as db:
            return {"visits": visits(db, limit=limit, offset=offset)}

    return made


def summary(db: Connection) -> dict[str, Any]:
    """Counts of live records, and each device with its own."""
    live = dict(_pairs(db, select(_RECORDS.c.kind, func.count()).where(~_RECORDS.c.void).group_by(_RECORDS.c.kind)))
    open_quarantine = _QUARANTINE.c.settled_at.is_(None)
    return {
        "visits": live.get(Kind.VISIT, 0),
        "households": live.get(Kind.HOUSEHOLD, 0),
        "persons": live.get(Kind.PERSON, 0),
        "conflicts": db.execute(select(func.coalesce(func.sum(_RECORDS.c.conflicts), 0))).scalar_one(),
        "quarantined": db.execute(select(func.count()).select_from(_QUARANTINE).where(open_quarantine)).scalar_one(),
        "devices": devices(db),
    }


def devices(db: Connection) -> list[dict[str, Any]]:
    """Every device but the office's own: status, last seen, what it sent and what of it waits for a person."""
    sent = _per_device(
        db,
        select(_INCS.c.device, func.count())
        .join_from(_INCS, _CHANGES, _CHANGES.c.inc_id == _INCS.c.id)
        .where(_CHANGES.c.first)
        .group_by(_INCS.c.device),
    )
    kept = _per_device(
        db,
        select(_QUARANTINE.c.device, func.count())
        .where(_QUARANTINE.c.settled_at.is_(None))
        .group_by(_QUARANTINE.c.device),
    )
    columns = (_DEVICES.c[n] for n in ("id", "status", "enrolled_at", "seen_at", "unsent", "clock_off_s", "forks"))
    rows = db.execute(select(*columns).where(_DEVICES.c.status != "office").order_by(_DEVICES.c.id))
    return [
        {**row._mapping, "changes": sent.get(row.id, 0), "quarantined": kept.get(row.id, 0)}  # noqa: SLF001 -- SQLAlchemy's name for it
        for row in rows
    ]


def visits(db: Connection, *, limit: int, offset: int) -> list[dict[str, Any]]:
    """Signed visits, the newest id first: ids, day and worker, nothing of what was found."""
    query = select(_RECORDS.c.id, _RECORDS.c.void, _RECORDS.c.version).where(_RECORDS.c.kind == Kind.VISIT)
    rows = db.execute(query.order_by(_RECORDS.c.id.desc()).limit(limit).offset(offset))
    listed = []
    for row in rows:
        body = msgspec.json.decode(row.version)["body"]
        listed.append({"id": row.id, "void": row.void, **{n: body[n] for n in _VISIT_FIELDS if n in body}})
    return listed


def _per_device(db: Connection, query: Any) -> dict[str, int]:
    return dict(_pairs(db, query))


def _pairs(db: Connection, query: Any) -> list[tuple[str, int]]:
    return [(name, count) for name, count in db.execute(query)]
