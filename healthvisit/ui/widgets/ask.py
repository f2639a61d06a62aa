"""A small window that asks for a few facts and does one deed; a mistake is said beside its field."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QDialog, QWidget

from healthvisit.domain.errors import HealthvisitError
from healthvisit.ui import theme
from healthvisit.ui.i18n import _
from healthvisit.ui.messages import sentence
from healthvisit.ui.shortcuts import sequence
from healthvisit.ui.widgets.choices import ChoiceGroup
from healthvisit.ui.widgets.fields import Field
from healthvisit.ui.widgets.layout import button, horizontal, label, scrolled, vertical

Asked = Field | ChoiceGroup


class Ask(QDialog):
    """Open it with `open()`; it closes itself when the deed is done.

    Args:
        parent: The page that asks.
        heading: What is asked, in words.
        fields: Name to field, in the order they are asked.
        deed: The word on the main button.
        do: Called when it is pressed. It ends with `accept()` or `say`.
        belongs: Start of an error's code to the field it is about.
        note: What happens then, above the fields.
    """

    def __init__(
        self,
        parent: QWidget,
        heading: str,
        fields: Mapping[str, Asked],
        *,
        deed: str,
        do: Callable[["Ask"], object],
        belongs: Mapping[str, str] | None = None,
        note: str = "",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("healthvisit")  # never a name: titles stand in lists of windows
        self.setAccessibleName(heading)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fields, self._do, self._belongs = dict(fields), do, dict(belongs or {})
        self.error = label(role="error")
        self.error.hide()
        self.primary = button(deed, self._run, "primary")
        cancel = button(_("Cancel"), self.reject)
        inside = QWidget()
        inside.setLayout(vertical(*self.fields.values(), spacing=16))
        room = scrolled(inside)
        deeds = horizontal(cancel, self.primary)
        deeds.insertStretch(0)
        words = [label(heading, "heading"), label(note, "muted")]
        self.setLayout(vertical(*words, room, self.error, deeds, margins=24, spacing=12))
        words[1].setVisible(bool(note))
        room.setVisible(bool(self.fields))
        self.setMinimumWidth(theme.px(480))
        self.setMaximumHeight(theme.px(520))
        if self.fields:
            wanted = inside.sizeHint().height() + theme.px(8)
            room.setMinimumHeight(min(wanted, theme.px(320)))
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(sequence(key), self, self._run)

    def open(self) -> None:
        """Show it; the keyboard stands in the first field."""
        super().open()
        first = next(iter(self.fields.values()), self.primary)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def value(self, name: str) -> str:
        """What stands in a field, or which answer is chosen."""
        asked = self.fields[name]
        return asked.text().strip() if isinstance(asked, Field) else (asked.key() or "")

    def say(self, error: BaseException) -> None:
        """Show why it did not go, beside the field it is about."""
        self.primary.setEnabled(True)
        code = error.code if isinstance(error, HealthvisitError) else ""
        found = next((name for start, name in self._belongs.items() if code.startswith(start)), None)
        if found is not None:
            self.fields[found].set_error(sentence(error))
            self.fields[found].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.error.setText(sentence(error))
            self.error.show()

    def _run(self) -> None:
        for asked in self.fields.values():
            asked.set_error("")
        self.error.hide()
        self._do(self)
