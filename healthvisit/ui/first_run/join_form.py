"""Joining an office: the enrolment code in groups that are checked while they are typed, and the office card."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLineEdit, QWidget

from healthvisit.domain.errors import HealthvisitError
from healthvisit.ui import theme
from healthvisit.ui.first_run.presenter import Join
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.messages import sentence
from healthvisit.ui.widgets.fields import Field
from healthvisit.ui.widgets.layout import button, label, vertical
from healthvisit.ui.widgets.notices import announce

GROUPS, LETTERS, ACROSS = 12, 5, 6
GROUP_PX = 84
MISTYPED, INCOMPLETE = "enrol.code_mistyped", "enrol.code_incomplete"


class _Group(QLineEdit):
    """Five letters of the code. Full, it hands the keyboard on; Backspace in an empty one goes back."""

    filled = Signal()
    pasted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(LETTERS)
        self.setFixedWidth(theme.px(GROUP_PX))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setInputMethodHints(Qt.InputMethodHint.ImhPreferUppercase | Qt.InputMethodHint.ImhNoPredictiveText)
        self.textEdited.connect(self._tidy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit(QGuiApplication.clipboard().text())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)

    def _tidy(self, typed: str) -> None:
        clean = typed.upper().strip()
        if clean != typed:
            self.setText(clean)
        if len(clean) == LETTERS:
            self.filled.emit()


class JoinForm(Retranslated, QWidget):
    """Code, and where the office is. `submit` reads both; what is wrong is said beside it.

    Args:
        check: Looks at the code so far and raises ``enrol.code_mistyped`` (naming the group) or
            ``enrol.code_incomplete``; the office's own rules stand in the protocol's room.
        joined: Given the code and the card's path or the office's address.
        choose_file: Opens the system's file dialog; returns a path or an empty text.
    """

    def __init__(
        self,
        check: Callable[[str], object],
        joined: Callable[[Join], object],
        *,
        choose_file: Callable[[], str] | None = None,
    ) -> None:
        super().__init__()
        self._check, self._joined = check, joined
        self._choose_file = choose_file or self._open_dialog
        self._path = ""
        self.intro = label()
        self.code_label, self.code_error = label(role="strong"), label(role="error")
        self.groups = [_Group() for _ in range(GROUPS)]
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(theme.px(8))
        for at, group in enumerate(self.groups):
            grid.addWidget(group, at // ACROSS, at % ACROSS)
            group.filled.connect(self._group_filled)
            group.pasted.connect(self._take_pasted)
        grid.setColumnStretch(ACROSS, 1)
        self.address = Field("")
        self.file = button("", self._pick_file)
        self.address.beside.addWidget(self.file)
        self.address.edited.connect(self._forget_file)
        self.code_error.hide()
        self.setLayout(vertical(self.intro, self.code_label, grid, self.code_error, self.address, spacing=12))
        self.setFocusProxy(self.groups[0])
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.intro.setText(_("The office gives you a code on paper, and an address or a file called the office card."))
        self.code_label.setText(_("Code: {n} letters or digits in each box").format(n=LETTERS))
        for at, group in enumerate(self.groups, start=1):
            group.setAccessibleName(_("Code, group {n} of {of}").format(n=at, of=GROUPS))
        self.address.set_label(_("Address of the office, or its card"))
        self.file.setText(_("Choose file …"))
        if isinstance(self.address.editor, QLineEdit):
            self.address.editor.setPlaceholderText("https://")

    def code(self) -> str:
        """The code as typed so far, groups apart."""
        return " ".join(group.text() for group in self.groups if group.text())

    def submit(self) -> bool:
        """Hand code and card over; False, with the mistake said and the keyboard there, while something is wrong."""
        try:
            self._check(self.code())
        except HealthvisitError as error:
            self._say(error)
            return False
        self._clear_error()
        card = self._path or self._url()
        if not card:
            self.address.set_error(_("Type the address, such as https://office.example, or choose the card's file."))
            self.address.editor.setFocus()
            return False
        self.address.set_error("")
        self._joined(Join(self.code(), card))
        return True

    def show_error(self, error: BaseException) -> None:
        """What the office said of the code."""
        self.code_error.setText(sentence(error))
        self.code_error.show()
        announce(self.code_error)
        self.groups[0].setFocus()

    def _url(self) -> str:
        typed = self.address.text().strip().rstrip("/")
        if not typed or " " in typed:
            return ""
        if "://" not in typed:
            typed = f"https://{typed}"
        return typed if typed.startswith("https://") and len(typed) > len("https://") else ""

    def _group_filled(self) -> None:
        at = next((i for i, group in enumerate(self.groups) if group is self.sender()), None)
        try:
            self._check(self.code())
        except HealthvisitError as error:
            if error.code == MISTYPED:
                self._say(error, focus=False)
            else:
                self._clear_error()
        else:
            self._clear_error()
        if at is not None and not self._is_wrong(at):
            (self.groups[at + 1] if at + 1 < GROUPS else self.address.editor).setFocus()

    def _is_wrong(self, at: int) -> bool:
        return bool(self.groups[at].property("wrong") == "true")

    def _say(self, error: HealthvisitError, *, focus: bool = True) -> None:
        self._clear_error()
        self.code_error.setText(sentence(error))
        self.code_error.show()
        announce(self.code_error)
        if error.code == MISTYPED:
            at = int(error.details.get("group", 1)) - 1
        else:
            at = next((i for i, group in enumerate(self.groups) if len(group.text()) < LETTERS), 0)
        if error.code == MISTYPED:
            theme.set_wrong(self.groups[at], wrong=True)
        if focus:
            self.groups[at].setFocus()
            self.groups[at].selectAll()

    def _clear_error(self) -> None:
        self.code_error.hide()
        for group in self.groups:
            theme.set_wrong(group, wrong=False)

    def _take_pasted(self, text: str) -> None:
        letters = "".join(text.split()).replace("-", "").upper()
        for at, group in enumerate(self.groups):
            group.setText(letters[at * LETTERS : (at + 1) * LETTERS])
        self._group_filled()

    def _pick_file(self) -> None:
        if path := self._choose_file():
            self._path = path
            self.address.set_text(path)
            self.address.set_error("")

    def _forget_file(self, _text: str) -> None:
        self._path = ""

    def _open_dialog(self) -> str:
        return QFileDialog.getOpenFileName(self, _("Office card"))[0]
