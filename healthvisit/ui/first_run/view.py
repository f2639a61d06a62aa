"""First run: five pages, offline, before anything of the work is imported."""

import secrets
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from healthvisit.ui import i18n, theme
from healthvisit.ui.first_run.help_sheet import advice, facts, help_sheet
from healthvisit.ui.first_run.join_form import JoinForm
from healthvisit.ui.first_run.presenter import (
    LABEL_LENGTH,
    OWN_LENGTH,
    Fault,
    FirstRunPresenter,
    FirstRunResult,
    Page,
)
from healthvisit.ui.first_run.words import words as words_of
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.messages import sentence
from healthvisit.ui.printing import Letter
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.fields import Field, PassphraseField
from healthvisit.ui.widgets.layout import (
    ActionBar,
    Card,
    KeyValue,
    button,
    column,
    horizontal,
    label,
    scrolled,
    vertical,
)
from healthvisit.ui.widgets.notices import Banner, announce

RING_PX = 4  # what the focus ring of a choice at the edge needs


class FirstRunView(Retranslated, QWidget):
    """Language, purpose, passphrase, help sheet, office.

    Args:
        done: Given the result; answer with another page, or with `failed(error)`.
        same: Whether two passphrases open the same lock (the vault's folding).
        number: The number of this computer for the help sheet.
        check_code: See `JoinForm`.
        print_letter: Prints the help sheet; without it the page says to copy it by hand.
        choose_file: See `JoinForm`.
        words: The word list of a language.
        draw: Takes one word of a list by chance.
    """

    def __init__(
        self,
        done: Callable[[FirstRunResult], object],
        *,
        same: Callable[[str, str], bool],
        number: str,
        check_code: Callable[[str], object],
        print_letter: Callable[[Letter], object] | None = None,
        choose_file: Callable[[], str] | None = None,
        words: Callable[[str], Sequence[str]] = words_of,
        draw: Callable[[Sequence[str]], str] = secrets.choice,
    ) -> None:
        super().__init__()
        theme.set_kind(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._number, self._print = number, print_letter
        self._presenter = FirstRunPresenter(words=words, same=same, done=done, draw=draw)
        self._presenter.attach(self)
        self._presenter.choose_language(i18n.language())
        self.step, self.title = label(role="muted"), label(role="title")
        self.banner = Banner()
        self.pages = QStackedWidget()
        self.join = JoinForm(check_code, self._presenter.finish, choose_file=choose_file)
        self._made = {
            Page.LANGUAGE: self._language_page(),
            Page.PURPOSE: self._purpose_page(),
            Page.PASSPHRASE: self._passphrase_page(),
            Page.HELP: self._help_page(),
            Page.JOIN: self._join_page(),
        }
        for page in self._made.values():
            inside = vertical(column(page), margins=RING_PX)
            inside.addStretch()
            holder = QWidget()
            holder.setLayout(inside)
            self.pages.addWidget(scrolled(holder))
        self.bar = ActionBar()
        self.back = button("", self._presenter.back)
        self.later = button("", self._join_later)
        self.bar.add_left(self.back)
        self.bar.add(self.later)
        self.next = self.bar.set_primary("", self._next)
        whole = vertical(horizontal(self.step), self.title, self.banner, margins=24, spacing=8)
        whole.addWidget(self.pages, 1)
        whole.setContentsMargins(theme.px(32 - RING_PX), theme.px(24), theme.px(32), 0)
        for above in (self.step, self.title, self.banner):
            above.setContentsMargins(theme.px(RING_PX), 0, 0, 0)
        frame = QVBoxLayout(self)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.setSpacing(0)
        frame.addLayout(whole, 1)
        frame.addWidget(self.bar)
        self.retranslate()
        self.show_page(Page.LANGUAGE)

    # pages

    def _language_page(self) -> QWidget:
        choices = [Choice(code, name) for code, name in i18n.LANGUAGES.items()]
        self.language = ChoiceGroup("", choices, below=True)
        self.language.choose(i18n.language())
        self.language.changed.connect(self._language_chosen)
        return self.language

    def _purpose_page(self) -> QWidget:
        self.purpose = ChoiceGroup("", below=True)
        self.purpose.changed.connect(self._purpose_chosen)
        return self.purpose

    def _passphrase_page(self) -> QWidget:
        self.phrase_intro = label()
        self.words_card = Card()
        self.words = label(role="title")
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.draw = button("", self._presenter.draw_words)
        self.use_own = button("", self._switch_own, "quiet")
        deeds = horizontal(self.draw, self.use_own)
        deeds.addStretch()
        self.words_card.body.setSpacing(theme.px(12))
        self.words_card.body.addWidget(self.words)
        self.words_card.body.addLayout(deeds)
        self.own = PassphraseField("")
        self.again = PassphraseField("")
        self.label = Field("")
        if isinstance(self.label.editor, QLineEdit):
            self.label.editor.setMaxLength(LABEL_LENGTH)
            self.label.editor.setFixedWidth(theme.px(160))
        self.label.beside.addStretch()
        self.use_drawn = button("", self._switch_own, "quiet")
        back = horizontal(self.use_drawn)
        back.addStretch()
        page = QWidget()
        parts = vertical(self.phrase_intro, self.words_card, self.own, self.again, self.label, back, spacing=14)
        page.setLayout(parts)
        return page

    def _help_page(self) -> QWidget:
        self.help_intro = label()
        self.sheet_card = Card()
        self.sheet = KeyValue()
        self.sheet_advice = label(role="small")
        self.sheet_card.body.addWidget(self.sheet)
        self.sheet_card.body.addWidget(self.sheet_advice)
        self.print = button("", self._print_sheet)
        row = horizontal(self.print)
        row.addStretch()
        page = QWidget()
        page.setLayout(vertical(self.help_intro, self.sheet_card, row, spacing=14))
        self.print.setVisible(self._print is not None)
        return page

    def _join_page(self) -> QWidget:
        self.join_intro = label()
        page = QWidget()
        page.setLayout(vertical(self.join_intro, self.join, spacing=14))
        return page

    # words

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.purpose.set_choices(
            [
                Choice("work", _("Work: real families")),
                Choice("practice", _("Practice: invented families, nothing is real")),
            ]
        )
        self._say_page()
        self._say_passphrase_page()
        self._say_help_page()

    def _say_page(self) -> None:
        page = self._presenter.page
        titles = {
            Page.LANGUAGE: _("Language"),
            Page.PURPOSE: _("What is this computer for?"),
            Page.PASSPHRASE: _("Your passphrase"),
            Page.HELP: _("Help sheet"),
            Page.JOIN: _("Join the office"),
        }
        order = self._presenter.pages
        self.title.setText(titles[page])
        self.step.setText(_("Step {n} of {of}").format(n=order.index(page) + 1, of=len(order)))
        self.back.setText(_("Back"))
        self.later.setText(_("Later"))
        self.join_intro.setText(
            _("You can work at once without joining, and join later on the page Sync: choose Later.")
        )
        last = page is order[-1]
        self.next.setText(_("Join") if page is Page.JOIN else _("Start practice") if last else _("Continue"))
        self.back.setVisible(page is not Page.LANGUAGE)
        self.later.setVisible(page is Page.JOIN)
        self.language.setAccessibleName(titles[Page.LANGUAGE])
        self.purpose.setAccessibleName(titles[Page.PURPOSE])

    def _say_help_page(self) -> None:
        self.help_intro.setText(
            _("Print this sheet, or copy it by hand, and keep it beside the computer. There is no secret on it.")
            if self._print is not None
            else _("Copy this by hand and keep it beside the computer. There is no secret on it.")
        )
        self.sheet_card.set_heading(_("Help sheet"))
        self.sheet.set_rows(facts(self._number))
        self.sheet_advice.setText("\n".join(f"· {line}" for line in advice()))
        self.print.setText(_("Print"))

    def _say_passphrase_page(self) -> None:
        own = self._presenter.is_own
        self.phrase_intro.setText(
            _("At least {n} letters, several words, nothing others know of you.").format(n=OWN_LENGTH)
            if own
            else _("These words open your work. Learn them, or write them down and keep the paper at home.")
        )
        self.draw.setText(_("Draw other words"))
        self.use_own.setText(_("Use a phrase of my own"))
        self.use_drawn.setText(_("Draw words for me"))
        self.own.set_label(_("Your phrase"))
        self.again.set_label(_("Type it once again"))
        self.label.set_label(_("Short label for the unlock page"))
        self.label.set_hint(_("Initials or a number. It stands readable on this computer, so no full name."))
        self.words_card.setVisible(not own)
        self.own.setVisible(own)
        self.use_drawn.setVisible(own)

    # told by the presenter

    def show_page(self, page: Page) -> None:
        """Show one page and put the keyboard on it."""
        self.pages.setCurrentIndex(list(Page).index(page))
        self._say_page()
        self._say_passphrase_page()
        focus = {
            Page.LANGUAGE: self.language.buttons[i18n.language()],
            Page.PURPOSE: self.purpose,
            Page.PASSPHRASE: self.own.editor if self._presenter.is_own else self.again.editor,
            Page.HELP: self.next,
            Page.JOIN: self.join,
        }[page]
        self.setFocusProxy(focus)
        focus.setFocus()
        announce(self.title)

    def show_words(self, phrase: str) -> None:
        """The five words drawn."""
        self.words.setText(phrase)
        self.words.setAccessibleName(phrase)
        self.again.clear()
        self.again.set_error("")

    def show_fault(self, fault: Fault) -> None:
        """Say what is missing beside its field."""
        for field in (self.own, self.again, self.label):
            field.set_error("")
        if fault is Fault.NO_PURPOSE:
            self.purpose.set_error(_("Choose one of the two."))
            self.purpose.setFocus()
            return
        field, said = {
            Fault.TOO_SHORT: (self.own, _("At least {n} letters are needed.").format(n=OWN_LENGTH)),
            Fault.NOT_THE_SAME: (self.again, _("This is not the same phrase. Look at both and type it again.")),
            Fault.NO_LABEL: (self.label, _("Type initials or a number.")),
        }[fault]
        field.set_error(said)
        announce(field.error)
        field.editor.setFocus()
        page = self.pages.currentWidget()
        if isinstance(page, QScrollArea):
            page.ensureWidgetVisible(field)

    # told by whoever makes the vault

    def show_busy(self) -> None:
        """The work's file is being made."""
        for part in (self.back, self.later, self.next):
            part.setEnabled(False)
        self.banner.say(_("Making a sealed place for your work …"), closable=False)

    def failed(self, error: BaseException) -> None:
        """It could not be made: say why, and let her try again."""
        for part in (self.back, self.later, self.next):
            part.setEnabled(True)
        self.banner.say(sentence(error), "danger")

    # deeds

    def _language_chosen(self) -> None:
        code = self.language.key() or i18n.language()
        i18n.set_language(code)
        self._presenter.choose_language(code)

    def _purpose_chosen(self) -> None:
        self.purpose.set_error("")
        self._presenter.choose_purpose(practice=self.purpose.key() == "practice")
        self._say_page()

    def _switch_own(self) -> None:
        for field in (self.own, self.again):
            field.clear()
            field.set_error("")
        if self._presenter.is_own:
            self._presenter.draw_words()
        else:
            self._presenter.use_own()
        self.show_page(Page.PASSPHRASE)

    def _next(self) -> None:
        if self._presenter.page is Page.JOIN:
            self.join.submit()
            return
        self._presenter.next(phrase=self.own.text(), again=self.again.text(), label=self.label.text())

    def _join_later(self) -> None:
        self._presenter.finish(None)

    def _print_sheet(self) -> None:
        if self._print is not None:
            self._print(help_sheet(self._number))
