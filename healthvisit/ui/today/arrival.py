"""Did a child that was sent on arrive? Whom to ask stands behind a button: others look on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.widgets.layout import button, horizontal, label, vertical


class Arrival(Retranslated, QWidget):
    """A button that opens the question; `told` says whether they arrived."""

    told = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.ask = button("", self._toggle)
        self.words = label(role="strong")
        self.arrived = button("", lambda: self.told.emit(True))
        self.not_yet = button("", lambda: self.told.emit(False))
        answers = horizontal(self.arrived, self.not_yet)
        answers.addStretch()
        self._inside = QWidget()
        inside = vertical(self.words, answers)
        inside.setContentsMargins(0, 0, 0, 0)
        self._inside.setLayout(inside)
        self.setLayout(vertical(self.ask, self._inside))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.close_it()
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.ask.setText(_("Ask: did they arrive?"))
        self.arrived.setText(_("Arrived"))
        self.not_yet.setText(_("Not yet"))

    def say(self, *, may_ring: bool) -> None:
        """Whom to ask: the family, or where it may not be rung, the hospital."""
        self.words.setText(_("Ring the family.") if may_ring else _("Do not ring the family: ask the hospital."))

    def close_it(self) -> None:
        """Nothing of it is in sight but the button."""
        self._inside.hide()

    def _toggle(self) -> None:
        self._inside.setVisible(self._inside.isHidden())
        if self._inside.isVisible():
            self.arrived.setFocus(Qt.FocusReason.OtherFocusReason)
