"""Settings: words, look, lists, lock, passphrase; about the program; the log for support."""

from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QPlainTextEdit, QSpinBox, QVBoxLayout, QWidget

from healthvisit.domain.errors import HealthvisitError
from healthvisit.settings import LOCK_MINUTES, TEXT_PERCENTS, Preferences
from healthvisit.ui import i18n, theme
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.i18n import Retranslated, _, pgettext
from healthvisit.ui.messages import sentence
from healthvisit.ui.settings.apply import apply_preferences
from healthvisit.ui.settings.presenter import OWN_LENGTH, Fault, SettingsDeeds, SettingsPresenter
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.fields import Field, PassphraseField
from healthvisit.ui.widgets.layout import Card, KeyValue, button, horizontal, label, scrolled, vertical
from healthvisit.ui.widgets.notices import Banner, announce

COLUMNS_FROM_PX, COLUMN_PX, LOG_LINES = 980, 640, 10


class SettingsView(Retranslated, theme.Restyled, QWidget):
    """Every choice holds at once; there is no button to save."""

    def __init__(self, desk: Desk, go: Go, deeds: SettingsDeeds) -> None:
        super().__init__()
        theme.set_kind(self, "page")
        self._desk, self._go, self._deeds = desk, go, deeds
        self._presenter = SettingsPresenter(desk.preferences, deeds)
        self._presenter.attach(self)
        self.banner = Banner()
        self._build_choices()
        self._build_passphrase()
        self._build_about()
        left = vertical(self.words_card, self.lists_card, self.lock_card, spacing=16)
        right = vertical(self.passphrase_card, self.about_card, self.log_card, spacing=16)
        for stack in (left, right):
            stack.addStretch()
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._across.addLayout(left, 1)
        self._across.addLayout(right, 1)
        self._inside = vertical(self.banner, self._across, spacing=16)
        self._inside.addStretch()
        content = QWidget()
        content.setLayout(self._inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(content))
        self.restyle()
        self.retranslate()
        self.setFocusProxy(self.language)

    def _build_choices(self) -> None:
        own_names = [Choice(code, name) for code, name in i18n.LANGUAGES.items()]
        self.words_card, self.lists_card, self.lock_card = Card(), Card(), Card()
        self.language = ChoiceGroup(" ", own_names)
        self.text = ChoiceGroup(" ", [Choice(str(percent), f"{percent} %") for percent in TEXT_PERCENTS])
        self.theme = ChoiceGroup(" ")
        self.names = ChoiceGroup("", many=True)
        self.print_language = ChoiceGroup(" ", own_names)
        self.minutes = QSpinBox()
        self.minutes.setRange(LOCK_MINUTES.start, LOCK_MINUTES.stop - 1)
        self.minutes.setKeyboardTracking(False)
        self.minutes.setFixedWidth(theme.px(96))
        self.lock = Field("", self.minutes, unit=" ")
        self.lock.beside.addStretch()
        for card, parts in (
            (self.words_card, (self.language, self.text, self.theme)),
            (self.lists_card, (self.names, self.print_language)),
            (self.lock_card, (self.lock,)),
        ):
            card.body.setSpacing(theme.px(16))
            for part in parts:
                card.body.addWidget(part)
        self._fill(self._presenter.preferences)
        choose = self._presenter.choose
        self.language.changed.connect(lambda: choose(language=self.language.key()))
        self.text.changed.connect(lambda: choose(text_percent=int(self.text.key() or 100)))
        self.theme.changed.connect(lambda: choose(theme=self.theme.key()))
        self.names.changed.connect(lambda: choose(show_child_names=bool(self.names.keys())))
        self.print_language.changed.connect(lambda: choose(print_language=self.print_language.key()))
        self.minutes.valueChanged.connect(lambda minutes: choose(lock_minutes=minutes))

    def _build_passphrase(self) -> None:
        self.passphrase_card = Card()
        self.old, self.new, self.again = PassphraseField(""), PassphraseField(""), PassphraseField("")
        self.change = button("", self._change_passphrase)
        for field in (self.old, self.new, self.again):
            self.passphrase_card.body.addWidget(field)
        self.passphrase_card.body.addLayout(_at_left(self.change))

    def _build_about(self) -> None:
        self.about_card, self.log_card = Card(), Card()
        self.about = KeyValue()
        self.about_card.body.addWidget(self.about)
        self.log_note = label(role="muted")
        self.show_log = button("", self._show_log)
        self.copy_log = button("", self._copy_log)
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setTabChangesFocus(True)
        self.log.setMinimumHeight(LOG_LINES * self.log.fontMetrics().lineSpacing())
        for part in (self.log, self.copy_log):
            part.hide()
        self.log_card.body.addWidget(self.log_note)
        self.log_card.body.addWidget(self.log)
        self.log_card.body.addLayout(_at_left(self.show_log, self.copy_log))

    def restyle(self) -> None:
        """Follow the text size: what stands here begins under the page's title."""
        self._inside.setContentsMargins(theme.px(24), theme.px(8), theme.px(24), theme.px(24))
        self._across.setSpacing(theme.px(16))

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        for card, text in (
            (self.words_card, _("Words and look")),
            (self.lists_card, _("Lists and papers")),
            (self.lock_card, pgettext("heading", "Lock")),
            (self.passphrase_card, _("Change the passphrase")),
            (self.about_card, _("About")),
            (self.log_card, _("Log for support")),
        ):
            card.set_heading(text)
        for group, text in (
            (self.language, _("Language")),
            (self.text, _("Size of text")),
            (self.theme, _("Light or dark")),
            (self.print_language, _("Language of what is printed")),
        ):
            group.label.setText(text)
            group.setAccessibleName(text)
            for made in group.buttons.values():
                made.setAccessibleDescription(text)
        self.theme.set_choices(
            [
                Choice("light", _("Light")),
                Choice("dark", _("Dark")),
                Choice("system", _("As the computer")),
            ]
        )
        self.names.set_choices([Choice("show", _("Show children's names in lists"))])
        self.names.set_hint(_("Off in a room that others share: lists then show the family name only."))
        self._fill(self._presenter.preferences)
        self.lock.set_label(_("Cover the screen when nobody types for"))
        self.lock.unit.setText(_("minutes"))
        self.minutes.lineEdit().setAccessibleName(_("Cover the screen when nobody types for"))
        self.old.set_label(_("Passphrase now"))
        self.new.set_label(_("New passphrase"))
        self.again.set_label(_("New passphrase once again"))
        self.change.setText(_("Change it"))
        self.about.set_rows(
            [
                (_("Program"), f"healthvisit {self._deeds.version}"),
                (_("Licence"), "Apache-2.0"),
                (_("Typeface"), "Inter, SIL Open Font License 1.1"),
                (_("Icons"), "Lucide, ISC"),
                (_("Growth tables"), "WHO Child Growth Standards 2006, WHO Reference 2007"),
            ]
        )
        self.log_note.setText(
            _("Times, numbers and error codes; no name, no answer. You see all of it before you give it away.")
        )
        self.show_log.setText(_("Show the log"))
        self.copy_log.setText(_("Copy"))
        self.log.setAccessibleName(_("Log for support"))

    def showEvent(self, event: QShowEvent) -> None:
        """What holds now is shown, wherever it was chosen."""
        super().showEvent(event)
        self._presenter.preferences = self._desk.preferences
        self._fill(self._desk.preferences)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= theme.px(COLUMNS_FROM_PX)
        self._across.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    # told by the presenter

    def show_applied(self, preferences: Preferences) -> None:
        """Look and language change at once."""
        self._desk.preferences = preferences
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_preferences(app, preferences)

    def show_fault(self, fault: Fault) -> None:
        """Say what is wrong beside its field."""
        field, said = {
            Fault.NO_OLD: (self.old, _("Type your passphrase.")),
            Fault.TOO_SHORT: (self.new, _("At least {n} letters are needed.").format(n=OWN_LENGTH)),
            Fault.NOT_THE_SAME: (self.again, _("This is not the same phrase. Look at both and type it again.")),
        }[fault]
        self._wrong(field, said)

    def run_change(self, old: str, new: str) -> None:
        """Ask the vault, which takes its time."""
        self.change.setEnabled(False)
        self._desk.jobs.vault(
            self._deeds.change_passphrase, old, new, done=self._changed, failed=self._not_changed, owner=self
        )

    def _changed(self, _result: object) -> None:
        self.change.setEnabled(True)
        for field in (self.old, self.new, self.again):
            field.clear()
        self.banner.say(_("The passphrase is changed. The old one no longer opens this work."), "ok")

    def _not_changed(self, error: BaseException) -> None:
        self.change.setEnabled(True)
        if isinstance(error, HealthvisitError) and error.code == "vault.wrong_passphrase":
            self._wrong(self.old, sentence(error))
        else:
            self.banner.say(sentence(error), "danger")

    def _change_passphrase(self) -> None:
        for field in (self.old, self.new, self.again):
            field.set_error("")
        self._presenter.change_passphrase(self.old.text(), self.new.text(), self.again.text())

    def _wrong(self, field: Field, said: str) -> None:
        field.set_error(said)
        announce(field.error)
        field.editor.setFocus()

    def _fill(self, preferences: Preferences) -> None:
        self.language.choose(preferences.language)
        self.text.choose(str(preferences.text_percent))
        self.theme.choose(preferences.theme)
        self.names.choose(*(["show"] if preferences.show_child_names else []))
        self.print_language.choose(preferences.print_language)
        self.minutes.setValue(preferences.lock_minutes)

    def _show_log(self) -> None:
        self._desk.jobs.vault(self._deeds.log_text, done=self._log_read, failed=self._log_failed, owner=self)

    def _log_read(self, text: str) -> None:
        self.log.setPlainText(text or _("The log is empty."))
        for part in (self.log, self.copy_log):
            part.show()
        self.log.setFocus()

    def _log_failed(self, error: BaseException) -> None:
        self.banner.say(sentence(error), "danger")

    def _copy_log(self) -> None:
        QApplication.clipboard().setText(self.log.toPlainText())
        self.banner.say(_("Copied. Paste it into a letter to the person on your help sheet."), "ok")


def _at_left(*buttons: QWidget) -> QBoxLayout:
    row = horizontal(*buttons)
    row.addStretch()
    return row
