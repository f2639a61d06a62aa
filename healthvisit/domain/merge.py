"""Two versions into one: the same pure function on laptop and server, so that both show the same."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from healthvisit.domain.change import Change, Op
from healthvisit.domain.record import Conflict, Merge, Record, sort_of

VOID_FIELD = "void"


class Outcome(StrEnum):
    """What became of a change. `quarantined` keeps it, named and shown; nothing is ever dropped."""

    OK = "ok"
    MERGED = "merged"
    CONFLICT = "conflict"
    ALREADY = "already"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Result of one merge: the record after it, and what happened. `code` names why a change was quarantined."""

    record: Record | None
    outcome: Outcome
    code: str | None = None


def merge(current: Record | None, change: Change, *, stamp: str | None = None) -> Merged:
    """Apply one change to the record as it stands.

    Args:
        current: The record, or None when this side has never seen it.
        change: One edit with the values its author saw.
        stamp: Replaces the change's own stamp where a laptop's clock runs ahead (the server's arrival time).

    Returns:
        The record after it with `rev` raised by one, or unchanged when there was nothing to do or a person must decide.
    """
    if change.op is Op.NEW:
        return _merge_new(current, change, stamp)
    if current is None:
        return Merged(record=None, outcome=Outcome.QUARANTINED, code="change.no_record")
    if current.kind != change.kind:
        return Merged(record=current, outcome=Outcome.QUARANTINED, code="change.other_kind")
    edit = _Edit(current, change, stamp or change.hlc)
    for name, (seen, new) in change.put.items():
        if name != VOID_FIELD:
            edit.put(name, seen, new)
    for name, ids in change.cut.items():
        edit.cut(name, ids)
    for name, elements in change.add.items():  # after the cuts: an element replaced under its own id is not lost
        edit.add(name, elements)
    if change.op is not Op.EDIT:
        edit.set_void(new=change.op is Op.VOID, seen=change.put.get(VOID_FIELD, [None, None])[0])
    elif current.void:
        edit.clash(VOID_FIELD, value=False)
    return edit.result()


def fold(version: Record | None, changes: list[Change]) -> Record | None:
    """The shown record: a pulled version with own changes on top that it does not contain yet, oldest first.

    Its `rev` stays that of the version: an edit made on top names what its author has seen of the office. Counted on by
    own changes, it would claim to have seen what others wrote meanwhile, and close conflicts nobody looked at.
    """
    seen = version.rev if version is not None else 0
    for change in changes:
        version = merge(version, change).record
    return version and replace(version, rev=seen)


def digest(body: Mapping[str, Any]) -> str:
    """What the author of a void saw: a short hash of the whole body, 16 hex digits."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def element_id(element: Any) -> str:
    """The id of a set's element: its member ``id``, or the text itself."""
    return str(element["id"]) if isinstance(element, Mapping) else str(element)


def _merge_new(current: Record | None, change: Change, stamp: str | None) -> Merged:
    assert change.body is not None
    if current is None:
        record = Record(
            kind=change.kind,
            id=change.record,
            subject=change.subject,
            rev=1,
            body=change.body,
            hlc={"": stamp or change.hlc},
        )
        return Merged(record=record, outcome=Outcome.OK)
    if current.kind == change.kind and current.body == change.body:
        return Merged(record=current, outcome=Outcome.ALREADY)
    if current.kind == change.kind and (edit := _joining(current, change)) is not None:
        return merge(current, edit, stamp=stamp)
    return Merged(record=current, outcome=Outcome.QUARANTINED, code="change.record_exists")


def _joining(current: Record, change: Change) -> Change | None:
    """The same record made on two laptops under one derived id, as an edit of the one that came first.

    Only where nothing clinical differs: a day agreed and tries in vain of one contact.
    """
    assert change.body is not None
    sort = sort_of(change.kind)
    put: dict[str, list[Any]] = {}
    add: dict[str, list[Any]] = {}
    for name, value in change.body.items():
        if sort.merge_of(name) is Merge.SET and isinstance(value, list):
            add[name] = value
        elif sort.merge_of(name) is Merge.CONTACT:
            put[name] = [None, value]
        elif current.body.get(name) != value:
            return None
    return replace(change, op=Op.EDIT, body=None, put=put, add=add) if add or put else None


class _Edit:
    """The fields of one edit met one by one; `result` gives the record after all of them."""

    def __init__(self, current: Record, change: Change, stamp: str) -> None:
        self._current = current
        self._change = change
        self._stamp = stamp
        self._sort = sort_of(current.kind)
        self._body = dict(current.body)
        self._hlc = dict(current.hlc)
        self._void = current.void
        self._opened: list[Conflict] = []
        self._decided: set[str] = set()
        self._outcome = Outcome.OK

    def put(self, name: str, seen: Any, new: Any) -> None:
        now = self._body.get(name)
        if now == seen and now != new and self._overrules_unseen(name):
            self.clash(name, new)
        elif now == seen:
            self._take(name, new)
        elif now == new:
            self._outcome = max(self._outcome, Outcome.MERGED, key=_SEVERITY.index)
        elif self._sort.merge_of(name) is Merge.CONTACT:
            self._outcome = max(self._outcome, Outcome.MERGED, key=_SEVERITY.index)
            if self._stamp > self._hlc.get(name, self._hlc.get("", "")):
                self._take(name, new)
        else:
            self.clash(name, new)

    def _overrules_unseen(self, name: str) -> bool:
        """Whether somebody else has decided this field since the author looked: the same value, but a person's word."""
        rev, by = self._current.decided.get(name, (0, ""))
        return self._change.rev < rev and self._change.by != by

    def _take(self, name: str, new: Any) -> None:
        self._decided.add(name)
        self._hlc[name] = self._stamp
        if new is None:
            self._body.pop(name, None)
        else:
            self._body[name] = new

    def add(self, name: str, elements: list[Any]) -> None:
        held = list(self._body.get(name, ()))
        known = {element_id(e) for e in held}
        held += [e for e in elements if element_id(e) not in known]
        self._body[name] = held

    def cut(self, name: str, ids: list[str]) -> None:
        held = [e for e in self._body.get(name, ()) if element_id(e) not in ids]
        if held:
            self._body[name] = held
        else:
            self._body.pop(name, None)

    def set_void(self, *, new: bool, seen: Any) -> None:
        if seen == digest(self._current.body):  # also when it says again what stands: that decides an open conflict
            self._void = new
            self._decided.add(VOID_FIELD)
        elif self._void == new:
            self._outcome = max(self._outcome, Outcome.MERGED, key=_SEVERITY.index)
        else:
            self.clash(VOID_FIELD, value=new)

    def clash(self, name: str, value: Any) -> None:
        """Keep what stands, and keep the other value beside it until a person decides."""
        self._outcome = Outcome.CONFLICT
        change = self._change
        if any(c.chg == change.chg and c.name == name for c in self._current.conflicts):
            return  # the same change once more: its answer was lost on the way
        self._opened.append(
            Conflict(name=name, value=value, by=change.by, hlc=self._stamp, chg=change.chg, rev=self._current.rev + 1)
        )

    def _has_seen(self, conflict: Conflict) -> bool:
        change = self._change
        return change.rev >= conflict.rev or (change.by == conflict.by and change.hlc > conflict.hlc)

    def result(self) -> Merged:
        # Whoever sets a field after having seen the version in which its conflict stood has decided it; an own value
        # needs no version to be known.
        closed = [c for c in self._current.conflicts if c.name in self._decided and self._has_seen(c)]
        still_open = tuple(c for c in self._current.conflicts if c not in closed)
        decision = (self._current.rev + 1, self._change.by)
        record = replace(
            self._current,
            rev=self._current.rev + 1,
            body=self._body,
            hlc=self._hlc,
            void=self._void,
            conflicts=still_open + tuple(self._opened),
            decided={**self._current.decided, **{c.name: decision for c in closed}},
        )
        return Merged(record=record, outcome=self._outcome)


_SEVERITY = [Outcome.OK, Outcome.MERGED, Outcome.CONFLICT]
