"""What has reached the office and what waits, from stored state only: so the status line is always true."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from healthvisit.domain.change import hlc_milliseconds
from healthvisit.store import exchange, files, office
from healthvisit.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The delivery note of one laptop. Counts are changes; visits, families and files are counted as such."""

    joined: bool
    waiting: int
    waiting_visits: int
    waiting_families: int
    waiting_files: int
    oldest_waiting: datetime | None
    at_office: int
    in_copy: int
    last_sent_at: datetime | None
    attention: int
    history: tuple[Mapping[str, Any], ...] = field(repr=False)


def delivery(work: UnitOfWork) -> Delivery:
    """How the office and this laptop stand."""
    counts = office.waiting(work)
    history = exchange.exchanges(work)
    last = next((e["at"] for e in history if e.get("code") is None), None)
    return Delivery(
        joined=exchange.is_joined(work),
        waiting=counts.changes,
        waiting_visits=counts.visits,
        waiting_families=counts.families,
        waiting_files=files.waiting_count(work),
        oldest_waiting=_moment(counts.oldest_hlc),
        at_office=counts.answered,
        in_copy=exchange.safe_count(work),
        last_sent_at=datetime.fromisoformat(last) if last else None,
        attention=len(office.attention(work)),
        history=tuple(history),
    )


def _moment(hlc: str | None) -> datetime | None:
    return None if hlc is None else datetime.fromtimestamp(hlc_milliseconds(hlc) / 1000, tz=UTC)
