"""Timers that ring once: a save soon after the last key, a search soon after the last letter."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def single_shot(owner: QObject, milliseconds: int, deed: Callable[[], object]) -> QTimer:
    """A timer that calls `deed` once, so long after its last `start`."""
    made = QTimer(owner)
    made.setSingleShot(True)
    made.setInterval(milliseconds)
    made.timeout.connect(deed)
    return made
