"""One edit: its line, whose bytes never change, and the hash chain that numbers a device's lines without a gap."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from healthvisit.domain.errors import HealthvisitError

_CHAIN_LABEL = b"hv1-chain"
_COUNTER_LIMIT = 0x10000
_PURGED = re.compile(rb'\{"chg":"[0-9a-f]{32}","gone":"([0-9a-f]{64})"\}')


class Op(StrEnum):
    """What a change does to its record."""

    NEW = "new"
    EDIT = "edit"
    VOID = "void"
    UNVOID = "unvoid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Who, when, which record, which fields: the value the author saw and the new one.

    `put` (the line's ``set``) maps field to ``[seen, new]``; `add` maps field to elements, `cut` to element ids;
    `body` holds every field of a new record. Values are JSON values (see `record.encode`).
    """

    chg: str
    record: str
    kind: str
    op: Op
    hlc: str
    by: str
    subject: str | None = None
    rev: int = 0
    form: str | None = None
    pack: str | None = None
    put: dict[str, list[Any]] = field(default_factory=dict, repr=False)
    add: dict[str, list[Any]] = field(default_factory=dict, repr=False)
    cut: dict[str, list[str]] = field(default_factory=dict, repr=False)
    body: dict[str, Any] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if (self.op is Op.NEW) != (self.body is not None):
            raise ValueError("a new record has a body, and only a new record")

    def line(self) -> bytes:
        """The change as one JSON line without its end: UTF-8, no spaces, absent members left out."""
        members = {
            "chg": self.chg,
            "r": self.record,
            "t": self.kind,
            "s": self.subject,
            "op": self.op.value,
            "rev": self.rev or None,
            "hlc": self.hlc,
            "by": self.by,
            "form": self.form,
            "pack": self.pack,
            "set": self.put or None,
            "add": self.add or None,
            "cut": self.cut or None,
            "body": self.body,
        }
        present = {name: value for name, value in members.items() if value is not None}
        return json.dumps(present, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def parse(cls, line: bytes) -> Self:
        """Read a line back.

        Raises:
            HealthvisitError: ``change.unreadable`` when the line is no change.
        """
        try:
            members = json.loads(line)
            return cls(
                chg=_text(members["chg"]),
                record=_text(members["r"]),
                kind=_text(members["t"]),
                subject=None if members.get("s") is None else _text(members["s"]),
                op=Op(members["op"]),
                rev=int(members.get("rev", 0)),
                hlc=_text(members["hlc"]),
                by=_text(members["by"]),
                form=members.get("form"),
                pack=members.get("pack"),
                put={name: [seen, new] for name, (seen, new) in members.get("set", {}).items()},
                add={name: list(elements) for name, elements in members.get("add", {}).items()},
                cut={name: [_text(i) for i in ids] for name, ids in members.get("cut", {}).items()},
                body=_body(members.get("body")),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
            raise HealthvisitError("change.unreadable") from exc


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value


def _body(value: Any) -> dict[str, Any] | None:
    if value is not None and not isinstance(value, dict):
        raise TypeError("body expected")
    return value


def chain_start(device: str, inc: str) -> bytes:
    """h_0 of an incarnation: 32 bytes. `device` is 32 hex digits, `inc` 16."""
    return hashlib.sha256(_CHAIN_LABEL + bytes.fromhex(device) + bytes.fromhex(inc)).digest()


def chain_next(previous: bytes, number: int, line_hash: bytes) -> bytes:
    """h_d from h_{d-1}, the number d (from 1) and SHA-256 of the line."""
    return hashlib.sha256(previous + number.to_bytes(8) + line_hash).digest()


def line_hash(line: bytes) -> bytes:
    """SHA-256 of a line; of a purged line (which holds nothing else), the hash that stands in its place."""
    purged = _PURGED.fullmatch(line)
    return bytes.fromhex(purged[1].decode()) if purged else hashlib.sha256(line).digest()


def next_hlc(last: str, now: datetime) -> str:
    """A stamp later than `last` (any stamp made or pulled so far, or ``""``): 12 hex digits of ms, 4 of counter."""
    stamp = f"{int(now.timestamp() * 1000):012x}0000"
    if stamp > last:
        return stamp
    number = int(last, 16) + 1
    return f"{number:016x}"


def hlc_milliseconds(hlc: str) -> int:
    """Milliseconds since 1970 that a stamp carries."""
    return int(hlc, 16) // _COUNTER_LIMIT
