"""A form's draft is sealed within half a second of each answer, and at once when a field or a page is left."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from healthvisit.forms.snapshot import Snapshot
from healthvisit.ui.dates import clock
from healthvisit.ui.form.view import FormView
from healthvisit.ui.i18n import _

SAVE_AFTER_MS = 400


class Save(Protocol):
    """Seals a draft off the main thread: `done` is told when it is on the disk."""

    def __call__(
        self, snapshot: Snapshot, *, done: Callable[[datetime], object], failed: Callable[[BaseException], object]
    ) -> None:
        """Begin to save."""
        ...


class SnapshotKeeper(QObject):
    """Keeps the draft of one `FormView`; `kept` carries the snapshot that is on the disk now."""

    kept = Signal(object)
    failed = Signal(object)

    def __init__(self, view: FormView, save: Save) -> None:
        super().__init__(view)
        self._view, self._save = view, save
        self.is_dirty = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SAVE_AFTER_MS)
        self._soon.timeout.connect(self.flush)
        view.touched_it.connect(self._touch)
        view.left.connect(self.flush)

    def flush(self) -> None:
        """Seal what is unsaved; it is on its way when this returns, and nobody waits for it."""
        presenter = self._view.presenter
        if self.is_dirty and presenter is not None:
            self.is_dirty = False
            snapshot = presenter.session.snapshot()
            self._save(snapshot, done=lambda at: self._told(snapshot, at), failed=self._not_saved)

    def _touch(self) -> None:
        self.is_dirty = True
        if not self._soon.isActive():  # not from the last key: who types on and on is kept too
            self._soon.start()

    def _told(self, snapshot: Snapshot, at: datetime) -> None:
        if not self.is_dirty:
            self._view.say_kept(_("Saved {clock}").format(clock=clock(at)))
        self.kept.emit(snapshot)

    def _not_saved(self, error: BaseException) -> None:
        self.is_dirty = True
        self._view.say_kept(_("Not saved"))
        self.failed.emit(error)
