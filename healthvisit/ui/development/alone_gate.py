"""What stands before the first private question: whether the two can talk alone, and who will not see the answers."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from healthvisit.ui import theme
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.layout import column, label, vertical

YES, NO = "yes", "no"


class AloneGate(QWidget):
    """Asked each time the page is opened or comes back from behind the lock; never preset. `passed` follows a yes."""

    passed = Signal()
    refused = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.later = ChoiceGroup("", below=True), label(role="strong")
        self.about = label(role="muted")
        theme.set_role(self.asked.label, "strong")
        inside = QWidget()
        inside.setLayout(vertical(self.asked, self.later, self.about, spacing=14))
        whole = vertical(column(inside))
        whole.addStretch()
        self.setLayout(whole)
        self.setFocusProxy(self.asked)
        self.asked.changed.connect(self._heed)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.asked.label.setText(_("Can you two talk alone now?"))
        self.asked.label.show()
        self.asked.setAccessibleName(self.asked.label.text())
        self.asked.set_hint(_("Alone: no other adult and no child over two can hear."))
        self.asked.set_choices([Choice(YES, _("Yes, we are alone")), Choice(NO, _("No"))])
        self.later.setText(_("Then nothing is asked now. Plan a moment when you are alone."))
        self.about.setText(
            _("Nothing of the answers is on the family's paper, on a list or on the page you show to the family.")
        )

    def close_again(self) -> None:
        """Ask anew."""
        self.asked.choose()
        self.later.hide()

    def _heed(self) -> None:
        self.later.setVisible(self.asked.key() == NO)
        if self.asked.key() == YES:
            self.passed.emit()
        else:
            self.refused.emit()
