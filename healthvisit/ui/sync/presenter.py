"""The Sync page: how the exchange goes, what needs a decision, and the deeds that belong to both."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from healthvisit.services import attention
from healthvisit.services.attention import AttentionCard
from healthvisit.ui.desk import Desk, Go, SyncState

BUSY = "office.busy"
SOON_S = 2  # before, a rate is a guess


class SyncScreen(Protocol):
    """What the presenter asks of the page."""

    def show_state(self, state: SyncState, left_s: int | None, until: datetime | None) -> None: ...
    def show_cards(self, cards: list[AttentionCard]) -> None: ...
    def show_error(self, error: BaseException) -> None: ...
    def show_decided(self) -> None: ...


class SyncPresenter:
    """Follows the state it is given; reads the cards again whenever they may have changed."""

    def __init__(self, desk: Desk, go: Go) -> None:
        self._desk, self._go = desk, go
        self._state = desk.sync
        self._began_at: datetime | None = None
        self._until: datetime | None = None
        self._screen: SyncScreen

    def attach(self, screen: SyncScreen) -> None:
        self._screen = screen
        self._owner: Any = screen  # once it is destroyed its reports are dropped

    def state(self, state: SyncState) -> None:
        """A new state: progress, an end, something that waits."""
        before, self._state = self._state, state
        self._desk.sync = state
        now = self._desk.now()
        if state.running is None:
            self._began_at = None
        elif before.running is None or self._began_at is None:
            self._began_at = now
        if state.trouble != BUSY:
            self._until = None
        elif self._until is None or before.running is not None:
            wait_s = int((state.trouble_details or {}).get("retry_after_s", 0))
            self._until = now + timedelta(seconds=wait_s) if wait_s else None
        self._screen.show_state(state, self._left_s(state, now), self._until)
        if state.attention != before.attention:
            self.read()

    def read(self) -> None:
        """Read what needs a decision."""
        self._desk.read(
            attention.attention, done=self._screen.show_cards, failed=self._screen.show_error, owner=self._owner
        )

    def decide(self, card: AttentionCard, name: str, choice: str) -> None:
        """Keep one value, or both; on the disk before the card goes."""
        deed = partial(attention.decide, record_id=card.record, name=name, choice=choice)
        self._desk.save(deed, done=self._decided, failed=self._refused, owner=self._owner)

    def open(self, card: AttentionCard) -> None:
        """Where the entry can be corrected: the visit itself, or the family it concerns."""
        if card.visit is not None:
            self._go.amend_visit(card.visit)
        elif card.household is not None:
            self._go.family(card.household)

    def send(self) -> None:
        """Begin an exchange."""
        self._go.send_now()

    def _decided(self, _result: object) -> None:
        self._screen.show_decided()
        self.read()

    def _refused(self, error: BaseException) -> None:
        self._screen.show_error(error)
        self.read()

    def _left_s(self, state: SyncState, now: datetime) -> int | None:
        if state.running is None or self._began_at is None:
            return None
        sent, of = state.running
        passed_s = (now - self._began_at).total_seconds()
        if not sent or passed_s < SOON_S:
            return None
        return max(1, round(passed_s / sent * (of - sent)))
