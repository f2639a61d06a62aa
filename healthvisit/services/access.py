"""Make a vault, open it, and know which day it is: what happens on the vault lane before the first screen."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from healthvisit.domain.change import hlc_milliseconds
from healthvisit.domain.ids import new_change_id, new_record_id
from healthvisit.store.unit_of_work import Store, UnitOfWork
from healthvisit.vault.keys import KdfCost, choose_cost
from healthvisit.vault.vault import Vault

EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)  # no laptop with this program has worked before
LONG_AWAY = timedelta(days=30)
_CLOCK_SLACK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who this laptop is: ids in hex, the worker id used as author, the short label on the unlock screen."""

    device: str
    worker: str
    label: str
    key: bytes = field(repr=False)


def create(
    folder: Path, anchor: Path, *, passphrase: str, label: str, now: datetime, cost: KdfCost | None = None
) -> Store:
    """Make a new vault with its device identity and open it. Work is possible at once, without any office.

    Args:
        folder: Where the vault lies.
        anchor: Where its marker lies.
        passphrase: The first person's.
        label: Short label of that person, readable on the disk: a number, never a name.
        now: This moment.
        cost: Key derivation cost; None measures this machine and takes the dearest that stays under 0.8 s.
    """
    vault = Vault.create(folder, anchor, passphrase=passphrase, label=label, cost=cost or choose_cost())
    facts = {
        "device": new_change_id(), "inc": secrets.token_hex(8), "worker": new_record_id(now), "label": label,
        "key": secrets.token_hex(32), "serial": 0,
    }  # fmt: skip
    with vault.transaction():
        vault.put("state", "device", facts)
    return Store.open(vault)


def open_store(folder: Path, anchor: Path, *, passphrase: str, sid: bytes | None = None) -> Store:
    """Open the vault and its read model.

    Raises:
        StoreError: What `Vault.open` refuses: wrong passphrase, in use, newer, damaged …
    """
    vault = Vault.open(folder, anchor, passphrase=passphrase, sid=sid)
    try:
        return Store.open(vault)
    except BaseException:
        vault.close()
        raise


def identity(work: UnitOfWork) -> Identity:
    """Who this laptop is; the office's worker id once it has joined."""
    facts = work.state("device")
    worker = work.state("office").get("worker") or facts["worker"]
    return Identity(device=facts["device"], worker=worker, label=facts["label"], key=bytes.fromhex(facts["key"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFacts:
    """What is known of the date: the offset a person confirmed, and whether today must be asked."""

    offset: timedelta
    marked: bool
    doubtful: bool


def clock_facts(work: UnitOfWork, *, system_now: datetime) -> ClockFacts:
    """Judge the computer's clock: behind signed work, long after the last unlock, or out of all reason."""
    held = work.state("clock")
    offset = timedelta(seconds=held.get("offset_s", 0))
    now = system_now + offset
    last = work.chain.hlc
    last_work = datetime.fromtimestamp(hlc_milliseconds(last) / 1000, tz=UTC) if last else EARLIEST
    unlocked = datetime.fromisoformat(held["unlocked_at"]) if "unlocked_at" in held else now
    doubtful = now < max(EARLIEST, last_work - _CLOCK_SLACK) or abs(now - unlocked) > LONG_AWAY
    return ClockFacts(offset=offset, marked=bool(held.get("marked")), doubtful=doubtful)


def confirm_date(work: UnitOfWork, today: date, *, system_now: datetime, local_now: datetime) -> ClockFacts:
    """A person said which day it is: the program keeps its own offset, without administrator rights, and marks it."""
    offset = timedelta(days=(today - local_now.date()).days)
    held: dict[str, Any] = {
        "offset_s": int(offset.total_seconds()),
        "marked": bool(offset),
        "unlocked_at": (system_now + offset).isoformat(),
    }
    work.put_state("clock", held)
    return ClockFacts(offset=offset, marked=bool(offset), doubtful=False)


def note_unlocked(work: UnitOfWork, *, now: datetime) -> None:
    """Remember when the vault was last opened with a date nobody doubted."""
    work.put_state("clock", {**work.state("clock"), "unlocked_at": now.isoformat()})
