"""A form in a real window for the tests: opened from Markdown, answered by keys and clicks."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.session import FormSession
from healthvisit.forms.xlsform import compile_markdown
from healthvisit.ui.form.kinds.base import Ground
from healthvisit.ui.form.view import FormView

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
EVERY_TYPE = Path(__file__).parents[1] / "data" / "forms" / "every_type.md"


class FormDesk:
    """One form, its view, and hands."""

    def __init__(self, qtbot, source, *, language="en", **ground):
        self.qtbot = qtbot
        xml = source if source.startswith("<") else compile_markdown(source)
        self.session = FormSession.open(FormDefinition.load(xml), language=language, now=NOW)
        self.view = FormView(Ground(marks=True, **ground))
        qtbot.addWidget(self.view)
        self.view.resize(1366, 696)
        self.view.show()
        qtbot.waitExposed(self.view)
        self.view.activateWindow()
        qtbot.waitUntil(self.view.isActiveWindow)
        self.view.open(self.session)
        self.settle()

    @property
    def presenter(self):
        return self.view.presenter

    def settle(self):
        """Until the page stands whole."""
        self.qtbot.waitUntil(lambda: self.view.sheet.is_whole)

    def page(self, name):
        """Go to the page of a group."""
        self.presenter.pick(next(p.path for p in self.presenter.pages if p.path.endswith(f"/{name}")))
        self.settle()

    def widget(self, path):
        """A question's widget, by the end of its path."""
        self.settle()
        return next(w for p, w in self.view.sheet.widgets.items() if p.endswith(f"/{path}"))

    def value(self, path):
        """What the record holds."""
        return self.session.value(path)

    def focus(self, path):
        """Put the keyboard on a question."""
        self.widget(path).stop().setFocus(Qt.FocusReason.TabFocusReason)

    def keys(self, text):
        """Type into what has the keyboard."""
        assert QApplication.focusWidget() is not None, "nothing has the keyboard"
        QTest.keyClicks(QApplication.focusWidget(), text)

    def key(self, which, modifiers=Qt.KeyboardModifier.NoModifier):
        """Press one key where the keyboard is."""
        assert QApplication.focusWidget() is not None, "nothing has the keyboard"
        QTest.keyClick(QApplication.focusWidget(), which, modifiers)
        self.settle()

    def words(self):
        """Every label that can be seen."""
        from PySide6.QtWidgets import QLabel

        return [made.text() for made in self.view.findChildren(QLabel) if made.isVisibleTo(self.view)]
