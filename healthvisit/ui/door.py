"""The door of the open house: left alone it is covered, the passphrase opens it; what is unsaved is sealed before."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from healthvisit.ui.desk import Desk
from healthvisit.ui.hands import Hands
from healthvisit.ui.i18n import _
from healthvisit.ui.main_window import Frame

VISIT_LOCK_MINUTES = 10
IN_THE_ROOM = ("visit", "check", "result", "ask")
"""Pages used while the family sits beside: nothing of another family can come on the screen."""
_ACTIVITY = {
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.MouseMove,
    QEvent.Type.TouchBegin,
}  # fmt: skip


class Door(QObject):
    """Counts idleness from `begin`, covers the frame and lets nobody by without the passphrase.

    Args:
        desk: Its preferences say after how many minutes.
        frame: What is covered.
        hands: Checks the passphrase; told when the window closes.
        seal: Seals what is unsaved on any page.
        failed: Told why a passphrase could not be checked.
        house: Its door goes with it.
    """

    def __init__(
        self,
        desk: Desk,
        frame: Frame,
        hands: Hands,
        *,
        seal: Callable[[], object],
        failed: Callable[[BaseException], object],
        house: QObject,
    ) -> None:
        super().__init__(house)
        self._desk, self._frame, self._hands, self._seal, self._failed = desk, frame, hands, seal, failed
        self.idle = QTimer(self, singleShot=True)
        self.idle.timeout.connect(self.lock)
        frame.cover.unlock_tried.connect(self._uncover)

    def begin(self) -> None:
        """The frame is about to be shown."""
        if (app := QApplication.instance()) is not None:
            app.installEventFilter(self)
        self.rest()

    def end(self) -> None:
        """The program closes: nobody is listened to, and nothing is covered any more."""
        if (app := QApplication.instance()) is not None:
            app.removeEventFilter(self)
        self.idle.stop()

    def rest(self) -> None:
        """Somebody is there: count from here. In a visit the talk goes on without a key."""
        minutes = self._desk.preferences.lock_minutes
        if self._frame.page() in IN_THE_ROOM:
            minutes = max(minutes, VISIT_LOCK_MINUTES)
        self.idle.start(minutes * 60_000)

    def lock(self) -> None:
        """Cover at once; what was typed is sealed first."""
        self._seal()
        self._frame.cover_now()

    def try_passphrase(self, passphrase: str, done: Callable[[bool], object]) -> None:
        """Tell `done` whether it is the right one."""

        def failed(error: BaseException) -> None:
            done(False)
            self._failed(error)

        self._desk.jobs.vault(self._hands.check_passphrase, passphrase, done=done, failed=failed, owner=self)

    def _uncover(self, passphrase: str) -> None:
        cover = self._frame.cover
        cover.set_busy(busy=True)

        def checked(right: bool) -> None:
            cover.set_busy(busy=False)
            if right:
                self._frame.uncover()
                self.rest()
            else:
                cover.show_wrong(_("That did not open it."))

        self.try_passphrase(passphrase, checked)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTIVITY and not self._frame.cover.isVisible():
            self.rest()
        elif event.type() is QEvent.Type.Close and watched is self._frame:
            self._seal()
            self._hands.closed()
        return super().eventFilter(watched, event)
