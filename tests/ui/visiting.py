"""What the tests of the visit share: forms, a family with a history, a visit opened over a real store, keys counted."""

from datetime import UTC, date, datetime

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from healthvisit.domain.person import Sex
from healthvisit.forms.definition import FormDefinition
from healthvisit.settings import resource
from healthvisit.ui.main_window import Frame
from healthvisit.ui.visit.problems import problems_of
from healthvisit.ui.visit.view import VisitView
from tests.builders import a_child, register, visited

FORMS = {
    name: FormDefinition.load(resource(f"forms/{name}.xml").read_text(encoding="utf-8"))
    for name in ("family", "child", "mother", "danger")
}
LONG_AGO = datetime(2026, 8, 1, tzinfo=UTC)


def with_page(form, nodes, binds, page):
    """One of the program's forms with a page more before its meta: nodes of the record, binds and controls."""
    source = form.source.replace("<meta>", f"{nodes}<meta>", 1)
    source = source.replace('<bind nodeset="/data/meta/', binds + '<bind nodeset="/data/meta/', 1)
    return FormDefinition.load(source.replace("</h:body>", f"{page}</h:body>"))


def family(store, *, agreed=""):
    """Aýna, seen in October."""
    home = register(store, "Myradow", a_child(), now=LONG_AGO)
    grown = {"weight_g": "5300", "length_mm": "585", "posture": "l", "head_mm": "385"}
    visited(store, home, date(2026, 10, 9), {"Aýna": grown}, agreed=agreed)
    return home


def two_children(store):
    return register(store, "Orazow", a_child(), a_child("Kerim", date(2024, 5, 20), Sex.MALE, "Orazow"), now=LONG_AGO)


class Room:
    """A visit in the frame: keys go to whatever has the keyboard, as from a person's hands."""

    def __init__(self, qtbot, desk, go, forms=FORMS):
        self.qtbot, self.desk = qtbot, desk
        desk.forms = forms
        self.frame = Frame()
        qtbot.addWidget(self.frame)
        self.view = VisitView(desk, go)
        self.frame.add_page("visit", self.view, "Visit", "visit", 3)
        self.frame.set_visit_mode(on=True)
        self.frame.asked.connect(self.view.command)
        self.frame.resize(1366, 696)
        self.frame.show()
        qtbot.waitExposed(self.frame)
        self.frame.activateWindow()
        self.actions = 0

    def open(self, household, **facts):
        self.view.open_new(household, **facts)
        return self.wait()

    def wait(self):
        self.qtbot.waitUntil(lambda: self.view.presenter is not None)
        return self

    @property
    def presenter(self):
        return self.view.presenter

    @property
    def draft(self):
        return self.presenter.draft

    def focus(self):
        return QApplication.focusWidget() or self.frame

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier, *, counts=True):
        self.actions += counts
        QTest.keyClick(self.focus(), key, modifier)

    def go_on(self):
        self.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    def type(self, text):
        """Typing a value, and Enter to the next field, is no action."""
        QTest.keyClicks(self.focus(), text)
        self.key(Qt.Key.Key_Return, counts=False)

    def page(self):
        return self.presenter.step.key if self.presenter.step else "check"

    def path(self, name):
        return next(q.path for q in self.presenter.questions() if q.path.endswith("/" + name))

    def answer(self, **answers):
        for name, text in answers.items():
            self.presenter.answer(self.path(name), text)

    def to(self, key):
        self.presenter.pick(key)
        return self

    def answer_on(self, key, **answers):
        self.to(key).answer(**answers)

    def fill(self):
        """Everything a routine visit asks, without keys; ends at "check"."""
        return self.fill_until("check")

    def fill_until(self, end):
        """The same up to a section, which is shown and not answered."""
        self.answer(alone="no")
        self.presenter.go_on()
        while self.page() != end:
            name = self.page().partition("/")[2]
            if name == "danger":
                self.presenter.none_of_these()
            elif name == "concerns":
                self.answer(has_concern="none")
            elif name == "growth":
                self.answer(weight="5,85", length="62,0", posture="l", head="40,2", oedema="no")
            elif name == "agreement":
                self.answer(agreed="breast milk only")
            before = self.page()
            self.presenter.go_on()
            if self.page() == before:  # numbers that can hardly be right are asked about once
                self.presenter.go_on()
            assert self.page() != before, problems_of(self.draft, self.presenter.step)
        return self

    def sign(self):
        self.presenter.sign()
        self.qtbot.waitUntil(lambda: self.view.stack.currentIndex() == 3)
        return self.view.done.visit

    def read(self, deed):
        """What the vault holds, read on its own lane after everything asked of it."""
        held = []
        self.desk.read(deed, done=held.append, failed=held.append)
        self.qtbot.waitUntil(lambda: bool(held))
        return held[0]

    def write(self, deed):
        """The same for something to be written while the visit is open, as from another page."""
        held = []
        self.desk.save(deed, done=held.append, failed=held.append)
        self.qtbot.waitUntil(lambda: bool(held))
        return held[0]

    def settle(self):
        """Let everything that was put off to the next turn be done."""
        for _ in range(3):
            QApplication.processEvents()

    def saved(self):
        """Wait until everything asked of the vault lane is done."""
        self.read(lambda _work: True)
        return self
