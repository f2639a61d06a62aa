"""Hands at the keyboard for the tour: keys go to whatever has the keyboard and are counted; no step waits by time."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from healthvisit.app import Program

PATIENCE_S = 30.0
_SPIN_MS = 50
QUICK = 80
"""Of a picture: a quarter less time than Qt's own choice for a tenth more on the disk; nothing of it is lost."""
CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


class TourError(Exception):
    """A step of the tour did not happen; the words name the step and no person."""


class Hands:
    """One person at one laptop. `actions` counts clicks, keys and chords; typing a value is none."""

    def __init__(self, app: QApplication, program: Program, *, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self.app = app
        self.program = program
        self.actions = 0

    @property
    def house(self) -> Any:
        """The open house."""
        return self.program.house

    def until(self, what: str, happened: Callable[[], object]) -> None:
        """Let the program work until something has happened.

        Raises:
            TourError: It has not within the patience of a person.
        """
        end = time.monotonic() + self._patience_s
        while not happened():
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _SPIN_MS)
            if time.monotonic() > end:
                raise TourError(what)

    def settle(self) -> None:
        """Let everything asked of the vault lane be done and drawn."""
        done: list[object] = []
        self.program.jobs.vault(lambda: None, done=done.append, failed=done.append)
        self.until("the vault lane", lambda: done)
        again: list[object] = []
        self.program.jobs.vault(lambda: None, done=again.append, failed=again.append)
        self.until("the vault lane again", lambda: again)
        self.app.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def at_store(self, deed: Callable[[Any], Any], *, write: bool = False) -> Any:
        """Run a deed at this laptop's own store and wait for its result."""
        got: list[Any] = []
        failed: list[BaseException] = []
        run = self.house.desk.save if write else self.house.desk.read
        run(deed, done=got.append, failed=failed.append)
        self.until("the store", lambda: got or failed)
        if failed:
            raise failed[0]
        return got[0]

    def focus(self) -> QWidget:
        """What has the keyboard."""
        return QApplication.focusWidget() or self.house.frame

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE, *, counts: bool = True) -> None:
        """Press one key or chord."""
        self.actions += counts
        QTest.keyClick(self.focus(), key, modifier)
        self.app.processEvents()

    def digit(self, number: int) -> None:
        """Choose by a digit."""
        self.key(Qt.Key(Qt.Key.Key_0.value + number))

    def go_on(self) -> None:
        """Ctrl+Enter."""
        self.key(Qt.Key.Key_Return, CONTROL)

    def type(self, text: str, *, enter: bool = True) -> None:
        """Type a value; Enter goes on to the next field and is no action."""
        self._letters(self.focus(), text)
        if enter:
            self.key(Qt.Key.Key_Return, counts=False)

    def _letters(self, widget: QWidget, text: str) -> None:
        for letter in text:  # QTest's own typing knows ASCII only, and ends the program at ş
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(widget, QKeyEvent(kind, 0, NONE, letter))
        self.app.processEvents()

    def unlock(self, passphrase: str) -> None:
        """Type the passphrase on the unlock page and wait for Today."""
        field = self.program.unlock.passphrase
        field.editor.setFocus()
        field.clear()
        self._letters(field.editor, passphrase)
        QTest.keyClick(field.editor, Qt.Key.Key_Return)
        self.wait_for_today()

    def wait_for_today(self) -> None:
        """Until the house stands and its first page is read."""
        self.until("unlocking", lambda: self.program.house is not None)
        self.house.frame.activateWindow()
        self.until("Today is filled", lambda: self.house.today_page.presenter.view is not None)
        self.settle()

    def picture(self, widget: QWidget, path: Path) -> None:
        """What stands on the screen, as PNG."""
        self.app.processEvents()
        path.parent.mkdir(parents=True, exist_ok=True)
        if not widget.grab().save(str(path), "PNG", QUICK):
            raise TourError(f"picture {path.name}")
