"""Own changes: made from two values of a record, numbered without a gap, chained, and sealed by the vault."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from healthvisit.domain.change import Change, Op, chain_next, chain_start, line_hash, next_hlc
from healthvisit.domain.ids import new_change_id
from healthvisit.domain.merge import VOID_FIELD, digest, element_id
from healthvisit.domain.record import Merge, Record, sort_of


@dataclass(slots=True)
class Chain:
    """Where this device's numbering stands: incarnation, last number, its hash (hex), and the last stamp."""

    device: str
    inc: str
    number: int = 0
    last: str = ""
    hlc: str = ""

    def __post_init__(self) -> None:
        if not self.last:
            self.last = chain_start(self.device, self.inc).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who writes, when, and under which pack."""

    worker: str
    now: datetime
    pack: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a change will say, before it has a number."""

    kind: str
    record: str
    subject: str | None
    op: Op
    rev: int = 0
    form: str | None = None
    put: dict[str, list[Any]] = field(default_factory=dict, repr=False)
    add: dict[str, list[Any]] = field(default_factory=dict, repr=False)
    cut: dict[str, list[str]] = field(default_factory=dict, repr=False)
    body: dict[str, Any] | None = field(default=None, repr=False)


def difference(
    kind: str,
    record: str,
    before: Record | None,
    after: Mapping[str, Any],
    *,
    subject: str | None,
    form: str | None,
    known: Collection[str],
) -> Edit | None:
    """The edit that leads from what is shown to `after` (a body); None when nothing differs.

    Fields that are not `known` were written by a newer program or by the office: absent from `after`, they stay.
    """
    if before is None:
        return Edit(kind=kind, record=record, subject=subject, op=Op.NEW, form=form, body=dict(after))
    sort = sort_of(kind)
    put: dict[str, list[Any]] = {}
    add: dict[str, list[Any]] = {}
    cut: dict[str, list[str]] = {}
    for name in sorted({*after, *(name for name in before.body if name in known)}):
        seen, new = before.body.get(name), after.get(name)
        if seen == new:
            continue
        if sort.merge_of(name) is Merge.SET:
            held = {element_id(e): e for e in seen or ()}
            wanted = {element_id(e): e for e in new or ()}
            if extra := [_over(held.get(i), e) for i, e in wanted.items() if _differs(held.get(i), e)]:
                add[name] = extra
            if gone := sorted(i for i, e in held.items() if i not in wanted or _differs(e, wanted[i])):
                cut[name] = gone
        else:
            put[name] = [seen, new]
    if not (put or add or cut):
        return None
    edit = {"put": put, "add": add, "cut": cut}
    return Edit(kind=kind, record=record, subject=before.subject, op=Op.EDIT, rev=before.rev, form=form, **edit)


def _differs(held: Any, wanted: Any) -> bool:
    if isinstance(held, Mapping) and isinstance(wanted, Mapping):
        return any(held.get(name) != value for name, value in wanted.items())
    return bool(held != wanted)


def _over(held: Any, wanted: Any) -> Any:
    """An element changed under its own id keeps the members that this program does not know."""
    return {**held, **wanted} if isinstance(held, Mapping) and isinstance(wanted, Mapping) else wanted


def voiding(before: Record, *, replaced_by: str | None = None) -> Edit:
    """The edit that voids a record as it is shown, naming what stands in its place."""
    put: dict[str, list[Any]] = {VOID_FIELD: [digest(before.body), True]}
    if replaced_by is not None:
        put["replaced_by"] = [before.body.get("replaced_by"), replaced_by]
    return Edit(kind=before.kind, record=before.id, subject=before.subject, op=Op.VOID, rev=before.rev, put=put)


def number_edits(chain: Chain, edits: list[Edit], author: Author) -> tuple[list[tuple[str, dict[str, Any]]], Chain]:
    """Give the edits of one save their numbers, hashes and stamps.

    Returns:
        (change id, payload of its sealed row) for each, and the chain after them.
    """
    rows = []
    unit = chain.number + 1
    for edit in edits:
        stamp = next_hlc(chain.hlc, author.now)
        change = Change(
            chg=new_change_id(),
            record=edit.record,
            kind=edit.kind,
            subject=edit.subject,
            op=edit.op,
            rev=edit.rev,
            hlc=stamp,
            by=author.worker,
            form=edit.form,
            pack=author.pack,
            put=edit.put,
            add=edit.add,
            cut=edit.cut,
            body=edit.body,
        )
        row, chain = link(chain, change.line(), unit=unit, stamp=stamp)
        rows.append((change.chg, row))
    return rows, chain


def link(chain: Chain, line: bytes, *, unit: int, stamp: str) -> tuple[dict[str, Any], Chain]:
    """One more line on the chain: the payload of its sealed row, and the chain after it."""
    number = chain.number + 1
    last = chain_next(bytes.fromhex(chain.last), number, line_hash(line)).hex()
    row = {"inc": chain.inc, "d": number, "h": last, "unit": unit, "line": line.decode()}
    return row, Chain(device=chain.device, inc=chain.inc, number=number, last=last, hlc=max(stamp, chain.hlc))
