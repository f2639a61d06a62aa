"""Exchanges with the office in the background: when the next try comes, what is going on, what the last one said."""

import random
from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer

from healthvisit.domain.errors import HealthvisitError
from healthvisit.services.delivery import Delivery
from healthvisit.ui.desk import Desk, SyncState

FIRST_TRY_S, EVERY_S, AFTER_SAVE_S = 5, 600, 20
BACKOFF_LEAST_S, BACKOFF_MOST_S = 2, 600
PROGRESS = frozenset({"progress"})


class Stop(Protocol):
    """Looked at between the steps of an exchange."""

    def is_set(self) -> bool:
        """Whether to stop."""
        ...


class _Either:
    """Set when the program closes or the person pressed Stop."""

    def __init__(self, *events: Event) -> None:
        self._events = events

    def is_set(self) -> bool:
        return any(event.is_set() for event in self._events)


class Sender(QObject):
    """One exchange at a time; a try that failed is repeated later and later, with full jitter.

    Args:
        desk: Its `sync` is kept up to date.
        delivery: Counts what waits. Vault lane.
        exchange: One exchange. Network lane.
        join: Joins an office. Network lane.
        show: Told each new state.
        failed: Told what is our own bug.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        delivery: Callable[[], Delivery],
        exchange: Callable[[Stop, Callable[[int, int], object]], Any],
        join: Callable[[Event, str, str], None],
        show: Callable[[SyncState], object],
        failed: Callable[[BaseException], object],
    ) -> None:
        super().__init__()
        self._desk, self._show, self._failed = desk, show, failed
        self._delivery, self._exchange, self._join = delivery, exchange, join
        self._failures = 0
        self._stop: Event | None = None
        self._sending = (0, 0)
        self._next_try = QTimer(self, singleShot=True)
        self._next_try.timeout.connect(self.send_now)

    def begin(self) -> None:
        """Count what waits, and plan the first try."""
        self._desk.jobs.changed.connect(self._changed)
        self.read_delivery()
        self._plan(FIRST_TRY_S)

    def send_now(self) -> None:
        """Start an exchange; a second one while it runs is the same one."""
        self._next_try.stop()
        if self._desk.sync.running is not None or not self._desk.sync.joined:
            return
        self._set(replace(self._desk.sync, running=(0, self._desk.sync.waiting), trouble=None))
        stop = self._stop = Event()
        self._desk.jobs.network(
            lambda closing: self._exchange(_Either(closing, stop), self._progress),
            done=self._exchanged,
            failed=self._not_exchanged,
            owner=self,
        )

    def stop(self) -> None:
        """End a running exchange after its step."""
        if self._stop is not None:
            self._stop.set()

    def end(self) -> None:
        """No further try."""
        self._next_try.stop()

    def join(
        self, code: str, place: str, done: Callable[[], object], failed: Callable[[BaseException], object]
    ) -> None:
        """Join an office, then send what waits."""

        def joined(_nothing: object) -> None:
            done()
            self.read_delivery()
            self._set(replace(self._desk.sync, joined=True))
            self.send_now()

        self._desk.jobs.network(self._join, code, place, done=joined, failed=failed, owner=self)

    def read_delivery(self) -> None:
        """Count again what waits."""
        if self._desk.jobs.is_closed:
            return
        self._desk.jobs.vault(self._delivery, done=self._took_delivery, failed=self._failed, owner=self)

    def _changed(self, kinds: frozenset[str]) -> None:
        if kinds == PROGRESS:
            if self._desk.sync.running is not None:
                self._set(replace(self._desk.sync, running=self._sending))
            return
        self.read_delivery()
        if self._desk.sync.running is None and not self._next_try.isActive():
            self._plan(AFTER_SAVE_S)

    def _took_delivery(self, note: Delivery) -> None:
        self._set(
            replace(
                self._desk.sync, joined=note.joined, waiting=note.waiting, waiting_visits=note.waiting_visits,
                waiting_families=note.waiting_families, waiting_files=note.waiting_files,
                oldest_waiting=note.oldest_waiting,
                at_office=note.at_office, in_copy=note.in_copy, last_sent_at=note.last_sent_at,
                attention=note.attention, history=note.history,
            )
        )  # fmt: skip

    def _set(self, state: SyncState) -> None:
        self._desk.sync = state
        self._show(state)

    def _progress(self, sent: int, of: int) -> None:  # network lane
        self._sending = (sent, of)
        self._desk.jobs.report_changed(PROGRESS)

    def _exchanged(self, result: Any) -> None:
        self._failures = 0
        left = {"sent": result.sent, "waiting": max(0, self._desk.sync.waiting - result.sent)}
        trouble = "office.revoked" if result.revoked else "sync.stopped" if result.stopped else None
        self._set(replace(self._desk.sync, running=None, trouble=trouble, trouble_details=left))
        self.read_delivery()
        self._plan(max(EVERY_S, result.backoff_s))

    def _not_exchanged(self, error: BaseException) -> None:
        self._failures += 1
        known = isinstance(error, HealthvisitError)
        code = error.code if isinstance(error, HealthvisitError) else "program.failed"
        details = error.details if isinstance(error, HealthvisitError) else {}
        self._set(replace(self._desk.sync, running=None, trouble=code, trouble_details=details))
        self.read_delivery()
        most = min(BACKOFF_MOST_S, BACKOFF_LEAST_S * 2**self._failures)
        floor = float(details.get("retry_after_s", 0))
        self._plan(max(floor, BACKOFF_LEAST_S, random.uniform(0, most)))  # noqa: S311 -- spreads tries, no secret
        if not known:
            self._failed(error)

    def _plan(self, seconds: float) -> None:
        self._next_try.start(int(seconds * 1000))
