"""The page turned towards the family: this child only, large; the passphrase leaves it. Hide (F12) comes here too."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QWidget

from healthvisit.services.caseload import ChildView
from healthvisit.ui import theme, words
from healthvisit.ui.child.growth_data import chart_data, span_for
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.growth_chart import GrowthChart
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.showing.presenter import ShowingPresenter
from healthvisit.ui.widgets.fields import PassphraseField
from healthvisit.ui.widgets.layout import Card, button, horizontal, label, scrolled, vertical

Leave = Callable[[str, Callable[[bool], None]], object]
NAME_PX, LARGE_PX = 34, 21


class ShowingView(Retranslated, theme.Restyled, QWidget):
    """Fills the window; the frame shows it instead of itself, with no rail and no head.

    Args:
        desk: Reads the child.
        go: Not used while it is shown: there is no way on from here.
        leave: Called with the typed passphrase and a function to be told whether it was right. When it was, the
            program shows the page that was there before.
    """

    def __init__(self, desk: Desk, go: Go, leave: Leave) -> None:
        super().__init__()
        del go
        theme.set_kind(self, "page")
        self._desk, self._leave = desk, leave
        self.presenter = ShowingPresenter(desk, self, self)
        self.name, self.age = label(), label()
        self.chart = GrowthChart()
        self.chart.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.words = vertical(spacing=6)
        self.agreed_card, self.next_card = Card(), Card()
        self.agreed, self.next = label(), label()
        self.agreed_card.body.addWidget(self.agreed)
        self.next_card.body.addWidget(self.next)
        self._lines: list[QLabel] = []
        inside = QWidget()
        right = vertical(self.words, self.agreed_card, self.next_card, spacing=10)
        right.setContentsMargins(0, 0, 0, 0)
        right.addStretch()
        inside.setLayout(right)
        middle = horizontal(self.chart, scrolled(inside), spacing=24)
        middle.setStretch(0, 6)
        middle.setStretch(1, 5)
        self.back = button("", self.ask)
        self.passphrase = PassphraseField("")
        self.passphrase.entered.connect(self._try)
        self.enter = button("", lambda: self._try(self.passphrase.text()), "primary")
        self.cancel = button("", self._hide_asking)
        self._asking = QWidget()
        deeds = horizontal(self.passphrase, self.enter, self.cancel, spacing=12)
        deeds.setStretch(0, 1)
        self._asking.setLayout(deeds)
        self._asking.setMaximumWidth(theme.px(720))
        bottom = horizontal(self._asking, self.back)
        bottom.insertStretch(0)
        column = vertical(self.name, self.age, middle, bottom, spacing=6)
        column.setContentsMargins(theme.px(24), 0, theme.px(24), theme.px(8))
        column.setStretch(2, 1)
        self.setLayout(column)
        self._asking.hide()
        self.restyle()
        self.retranslate()

    def restyle(self) -> None:
        """Follow the text size: everything here is read from across a table."""
        large = [(text, theme.font(LARGE_PX)) for text in (self.age, self.agreed, self.next, *self._lines)]
        for text, font in ((self.name, theme.font(NAME_PX, 600)), *large):  # a style sheet of its own: it wins
            text.setStyleSheet(f"font-size: {font.pixelSize()}px; font-weight: {font.weight()};")
        self.chart.setFont(theme.font(16))

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.back.setText(_("Back to work"))
        self.passphrase.set_label(_("Passphrase"))
        self.enter.setText(_("Back to work"))
        self.cancel.setText(_("Stay here"))
        self.agreed_card.set_heading(_("We agreed"))
        self.next_card.set_heading(_("Next visit"))
        self.show_read(self.presenter.view)

    def show_child(self, person: str) -> None:
        """Show one child. The page can be shown at once: it is empty until the child is read."""
        self._hide_asking()
        self.presenter.open(person)

    def close_child(self) -> None:
        """Forget the child when the page is left."""
        self._hide_asking()
        self.presenter.close()

    def show_read(self, view: ChildView | None) -> None:
        """Draw the child, or nothing."""
        for old in self._lines:
            self.words.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._lines = []
        self.name.setText(words.person_name(view.person) if view else "")
        self.age.setText(words.age(view.person, self._desk.today()) if view and not view.person.died_on else "")
        agreed, ahead = (self.presenter.agreed(view), self.presenter.next_day(view)) if view else ("", "")
        self.agreed.setText(agreed)
        self.next.setText(ahead)
        self.agreed_card.setVisible(bool(agreed))
        self.next_card.setVisible(bool(ahead))
        self._show_chart(view)
        for line in self.presenter.three_words(view) if view else []:
            made = label(line)
            self.words.addWidget(made)
            self._lines.append(made)
        self.restyle()

    def _show_chart(self, view: ChildView | None) -> None:
        data = None
        if view is not None and view.person.born_on is not None:
            span = span_for((self._desk.today() - view.person.born_on).days)
            data = chart_data(view, "weight_for_age", span)
        self.chart.setVisible(data is not None)
        if data is not None:
            self.chart.show_data(data)

    # leaving

    def ask(self) -> None:
        """Ask for the passphrase."""
        self.back.hide()
        self.passphrase.clear()
        self.passphrase.set_error("")
        self._asking.show()
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hide_asking(self) -> None:
        self.passphrase.clear()
        self._asking.hide()
        self.back.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _try(self, typed: str) -> None:
        if not typed:
            return
        self.enter.setEnabled(False)
        self._leave(typed, self._told)

    def _told(self, right: bool) -> None:
        self.enter.setEnabled(True)
        if right:
            self.close_child()
        else:
            self.passphrase.set_error(_("That did not open it."))
            self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._asking.isVisible():
            self.ask()
        else:
            super().keyPressEvent(event)
