"""The first window: who opens, the passphrase, what is wrong with it; and the question for the date.

It stands before anything of the work is imported, so it is handed plain functions.
"""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from healthvisit.ui import theme
from healthvisit.ui.i18n import Retranslated, _, ngettext
from healthvisit.ui.messages import sentence
from healthvisit.ui.unlock.date_view import DateView, centred, right
from healthvisit.ui.unlock.language import LanguageSwitch
from healthvisit.ui.unlock.presenter import DateQuestion, UnlockPresenter
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.fields import PassphraseField
from healthvisit.ui.widgets.layout import Card, button, horizontal, label, rule, scrolled
from healthvisit.ui.widgets.notices import announce


class CapsLock(QObject):
    """Knows whether Caps Lock is on from the letters typed: Qt cannot be asked for the light."""

    def __init__(self, watched: QObject) -> None:
        super().__init__(watched)
        self.is_on: bool | None = None
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            letter = event.text()
            if event.key() == Qt.Key.Key_CapsLock and self.is_on is not None:
                self.is_on = not self.is_on
            elif len(letter) == 1 and letter.lower() != letter.upper():
                self.is_on = letter.isupper() != bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        return False


class UnlockView(Retranslated, QWidget):
    """Asks for the passphrase; then perhaps for the date.

    Args:
        labels: The short labels of the slots, never names.
        try_passphrase: Called with what was typed and the slot's number. Answer with `failed(error)`, or with
            `opened()` and another page.
        practice: Says on the page that nothing is real.
        recoverable: Whether two officers could really open it; else the page says that nobody can.
        language_changed: Told the code when she switches.
        wrong: Wrong tries kept from the last start.
        counted: Told each new number of wrong tries.
        chosen: The slot to begin with.
    """

    def __init__(
        self,
        labels: Sequence[str],
        try_passphrase: Callable[[str, int], object],
        *,
        practice: bool = False,
        recoverable: bool = False,
        language_changed: Callable[[str], object] = lambda _code: None,
        wrong: int = 0,
        counted: Callable[[int], object] = lambda _wrong: None,
        chosen: int = 0,
    ) -> None:
        super().__init__()
        theme.set_kind(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._recoverable = recoverable
        self.practice_phrase = ""
        self._again: Callable[[], object] | None = None
        self._error: BaseException | None = None
        self.languages = LanguageSwitch(language_changed)
        self.band = label(wrap=False)
        theme.set_kind(self.band, "practice")
        self.band.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.band.setFixedHeight(theme.px(24))
        self.timer = QTimer(self)
        self.timer.setInterval(1000)
        self._build(labels, chosen)
        self.band.setVisible(practice)
        self._presenter = UnlockPresenter(try_passphrase, wrong=wrong, counted=counted)
        self._presenter.attach(self)
        self.timer.timeout.connect(self._presenter.second_passed)
        self.retranslate()
        self.setFocusProxy(self.passphrase.editor)
        if self._presenter.left_s:
            self._begin_waiting(self._presenter.left_s)

    def _build(self, labels: Sequence[str], chosen: int) -> None:
        self.heading = label(role="title")
        self.slots = ChoiceGroup("", [Choice(str(at), text) for at, text in enumerate(labels)])
        self.slots.choose(str(min(chosen, len(labels) - 1)))
        self.worker = label(labels[0] if len(labels) == 1 else "", "muted")
        self.passphrase = PassphraseField("")
        self.caps = CapsLock(self.passphrase.editor)
        self.wait = label(role="warn")
        self.wait.hide()
        self.forgotten = label(role="small")
        self.unlock = button("", self._try, "primary")
        self.passphrase.entered.connect(self._try)
        self.passphrase.edited.connect(self._typed)
        self.ask = Card()
        for part in (self.slots, self.worker, self.passphrase, self.wait):
            self.ask.body.addWidget(part)
        self.ask.body.addLayout(right(self.unlock))
        self.ask.body.addWidget(rule())
        self.ask.body.addWidget(self.forgotten)
        self.ask.body.setSpacing(theme.px(14))
        self.trouble = Card()
        self.trouble_text = label()
        self.again = button("", self._try_again, "primary")
        self.trouble.body.addWidget(self.trouble_text)
        self.trouble.body.addLayout(right(self.again))
        self.pages = QStackedWidget()
        for card in (self.ask, self.trouble):
            page = QWidget()
            page.setLayout(centred(self.heading, card) if card is self.ask else centred(card))
            self.pages.addWidget(page)
        head = horizontal(margins=12)
        head.addStretch()
        head.addWidget(self.languages)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.band)
        column.addLayout(head)
        column.addWidget(scrolled(self.pages), 1)
        self.slots.setVisible(len(labels) > 1)  # only now: a part shown before it has its place is a window
        self.worker.setVisible(len(labels) == 1)

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.band.setText(_("PRACTICE: invented families, nothing is real"))
        self.heading.setText("healthvisit")
        self.slots.label.setText(_("Who opens?"))
        self.slots.label.show()
        self.slots.setAccessibleName(_("Who opens?"))
        self.passphrase.set_label(_("Passphrase"))
        if self.practice_phrase:
            self.passphrase.set_lasting_hint(_("Practice passphrase: {words}").format(words=self.practice_phrase))
        self.unlock.setText(_("Unlock"))
        self.again.setText(_("Try again"))
        self.trouble.set_heading(_("It cannot be opened now"))
        self.forgotten.setText(
            _("Forgotten? Your supervisor can help without loss.")
            if self._recoverable
            else _("Without the passphrase nobody can open this work.")
        )
        if self._error is not None:
            self.trouble_text.setText(sentence(self._error))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.pages.currentIndex() == 0:
            self.passphrase.editor.setFocus()  # else the first button, a language, would have the keyboard

    # told by whoever opens the vault

    def opened(self) -> None:
        """It was right; another page takes over."""
        self._presenter.opened()
        self.passphrase.clear()

    def failed(self, error: BaseException, *, again: Callable[[], object] | None = None) -> None:
        """It was wrong, or the file is in trouble; `again` is what "Try again" does (asking once more if left out)."""
        self._again = again
        self._presenter.failed(error)

    def show_progress(self, done: int, of: int) -> None:
        """How far opening has come, for work that takes more than a second."""
        self.wait.setText(_("Opening your work … {done} of {of}").format(done=done, of=of))
        theme.set_role(self.wait, "muted")
        self.wait.show()

    def ask_date(self, question: DateQuestion, done: Callable[[date], object]) -> "DateView":
        """Ask for the date in place of the passphrase; `done` gets the confirmed day."""
        view = DateView(question, done)
        self.pages.addWidget(view)
        self.pages.setCurrentWidget(view)
        view.give_focus()
        return view

    # told by the presenter

    def show_busy(self) -> None:
        """The key is being made."""
        self._set_open(is_open=False)
        self.passphrase.set_error("")
        self.unlock.setText(_("Opening …"))

    def show_empty(self) -> None:
        """Nothing was typed."""
        self.passphrase.set_error(_("Type your passphrase."))
        self._back_to_field()

    def show_wrong(self, wait_s: int) -> None:
        """It did not open: say it with what the keyboard does, and wait where she must."""
        self._set_open(is_open=True)
        said = [_("That did not open it.")]
        if name := QGuiApplication.inputMethod().locale().nativeLanguageName():
            said.append(_("Layout: {layout}.").format(layout=name[:1].upper() + name[1:]))
        if self.caps.is_on is not None:
            said.append(_("Caps Lock is on.") if self.caps.is_on else _("Caps Lock is off."))
        self.passphrase.set_error(" ".join(said))
        announce(self.passphrase.error)
        self._back_to_field()
        if wait_s:
            self._begin_waiting(wait_s)

    def show_wait(self, left_s: int) -> None:
        """So many seconds are left."""
        if left_s:
            theme.set_role(self.wait, "warn")
            words = ngettext("Wait {n} second, then try again.", "Wait {n} seconds, then try again.", left_s)
            self.wait.setText(words.format(n=left_s))
        else:
            self.timer.stop()
            self.unlock.setEnabled(True)
        self.wait.setVisible(bool(left_s))

    def show_trouble(self, error: BaseException) -> None:
        """Something other than the passphrase: say it in place, with what to do."""
        self._error = error
        self._set_open(is_open=True)
        self.trouble_text.setText(sentence(error))
        self.pages.setCurrentIndex(1)
        self.again.setFocus()
        announce(self.trouble)

    def _begin_waiting(self, seconds: int) -> None:
        self.unlock.setEnabled(False)  # the field stays open: she may type meanwhile
        self.show_wait(seconds)
        self.timer.start()

    def _set_open(self, *, is_open: bool) -> None:
        for part in (self.passphrase, self.unlock, self.slots):
            part.setEnabled(is_open)
        self.unlock.setText(_("Unlock"))
        self.wait.hide()

    def _back_to_field(self) -> None:
        self.passphrase.editor.setFocus()
        if hasattr(self.passphrase.editor, "selectAll"):
            self.passphrase.editor.selectAll()

    def _typed(self, _text: str) -> None:
        self.passphrase.set_error("")

    def _try(self, _typed: str = "") -> None:
        self._presenter.enter(self.passphrase.text(), int(self.slots.key() or 0))

    def _try_again(self) -> None:
        self.pages.setCurrentIndex(0)
        self._error = None
        self._back_to_field()
        if self._again is not None:
            self._again()
