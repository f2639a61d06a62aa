"""Make a vault, open it, and know which day it is: what happens on the vault lane before the first screen."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from healthvisit.domain.change import hlc_milliseconds
from healthvisit.domain.ids import new_change_id, new_record_id
from healthvisit.store.unit_of_work import Store, UnitOfWork
from healthvisit.vault.keys import KdfCost, choose_cost
from healthvisit.vault.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who this laptop is: ids in hex, the worker id used as author, the short label on the unlock screen."""

    device: str
    worker: str
    label: str
    key: bytes = field(repr=False)


def create(
    folder: Path,
    anchor: Path,
    *,
    passphrase: str,
    label: str,
    now: datetime,
    device: str = "",
    cost: KdfCost | None = None,
) -> Store:
    """Make a new vault with its device identity and open it. Work is possible at once, without any office.

    Args:
        folder: Where the vault lies.
        anchor: Where its marker lies.
        passphrase: The first person's.
        label: Short label of that person, readable on the disk: a number, never a name.
        now: This moment.
        device: 32 hex digits for the device's id; fresh ones when left out.
        cost: Key derivation cost; None measures this machine and takes the dearest that stays under 0.8 s.
    """
    vault = Vault.create(folder, anchor, passphrase=passphrase, label=label, cost=cost or choose_cost())
    facts = {
        "device": device or new_change_id(), "inc": secrets.token_hex(8), "worker": new_record_id(now), "label": label,
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
    """What is known of the date: the offset a person confirmed, the days of the last signed work and last unlock."""

    offset: timedelta
    marked: bool
    last_work: date | None
    last_unlock: date | None


def clock_facts(work: UnitOfWork) -> ClockFacts:
    """What the computer's clock is compared with before anything is dated."""
    held = work.state("clock")
    last = work.chain.hlc
    last_work = datetime.fromtimestamp(hlc_milliseconds(last) / 1000, tz=UTC).astimezone().date() if last else None
    unlocked = datetime.fromisoformat(held["unlocked_at"]).astimezone().date() if "unlocked_at" in held else None
    return ClockFacts(
        offset=timedelta(seconds=held.get("offset_s", 0)),
        marked=bool(held.get("marked")),
        last_work=last_work,
        last_unlock=unlocked,
    )


def confirm_date(work: UnitOfWork, today: date, *, system_now: datetime) -> timedelta:
    """A person said which day it is: the program keeps its own offset, without administrator rights, and marks it."""
    offset = timedelta(days=(today - system_now.astimezone().date()).days)
    facts = {"offset_s": int(offset.total_seconds()), "marked": bool(offset)}
    work.put_state("clock", {**facts, "unlocked_at": (system_now + offset).isoformat()})
    return offset


def note_unlocked(work: UnitOfWork, *, now: datetime) -> None:
    """Remember when the vault was last opened with a date nobody doubted."""
    work.put_state("clock", {**work.state("clock"), "unlocked_at": now.isoformat()})
