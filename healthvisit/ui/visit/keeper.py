"""A visit's draft is sealed soon after each answer, and at once when the page is left. Typing never waits for it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from healthvisit.services import visits
from healthvisit.services.visit_draft import DraftContent

SAVE_AFTER_MS = 400


class Run(Protocol):
    """As `Desk.save`, for one screen."""

    def __call__(
        self, deed: Callable[[Any], Any], *, done: Callable[[Any], object], failed: Callable[[BaseException], object]
    ) -> None:
        """Run a writing deed."""
        ...


class DraftKeeper:
    """Knows whether something is unsaved. `soon` starts the timer that calls `flush`."""

    def __init__(
        self,
        content: Callable[[], DraftContent],
        *,
        run: Run,
        soon: Callable[[], object],
        saved: Callable[[datetime], object],
        failed: Callable[[BaseException], object],
    ) -> None:
        self._content, self._run, self._soon, self._saved, self._failed = content, run, soon, saved, failed
        self.is_dirty = False
        self._ended = False

    def touch(self) -> None:
        """Something was answered."""
        if not self._ended:
            self.is_dirty = True
            self._soon()

    def flush(self) -> None:
        """Seal what is unsaved now; the save is on its way to the disk when this returns, and does not wait for it."""
        if self.is_dirty and not self._ended:
            self.is_dirty = False
            content = self._content()
            self._run(lambda work: visits.save_draft(work, content), done=self._saved, failed=self._not_saved)

    def save_again(self) -> None:
        """The last save failed and she asks for another."""
        self.is_dirty = True
        self.flush()

    def end(self) -> None:
        """The visit is being signed or was thrown away: its draft must not come back."""
        self._ended = True

    def go_on(self) -> None:
        """Signing failed: the draft is kept again."""
        self._ended = False
        self.touch()

    def _not_saved(self, error: BaseException) -> None:
        self.is_dirty = True
        self._failed(error)
