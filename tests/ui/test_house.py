"""Every page of the open house: named for a screen reader, reached by Tab, whole with longer words."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QTextDocument
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPushButton, QWidget

from healthvisit.ui import i18n
from healthvisit.ui.widgets.layout import ElidedLabel
from tests.desktop import make_work, sign_visit

LONGER = 1.4
STEPS = ("setting", "danger", "concerns", "growth", "agreement", "check")


@pytest.fixture
def whole(desktop, tmp_path):
    """The house over a family with a signed visit, and the ways to each page: name to a call."""
    home = make_work(tmp_path, "Myradow")[0]
    here = desktop(tmp_path).unlock()
    house = here.house
    visit = sign_visit(here, home)
    house.today()
    here.hands.settle()
    child, adult = here.child_of(home), here.adult_of(home)
    page = house.visit_page

    def alone():
        house.ask(adult)
        here.hands.until("questions", lambda: house.ask_page.presenter.draft is not None)
        house.ask_page.gate.asked.choose("yes")
        house.ask_page.gate.asked.changed.emit()

    def in_visit(step):
        def show():
            if house.frame.page() != "visit" or page.presenter is None or page.signed_id:
                here.visit(home)
            page.presenter.pick(next((s.key for s in page.presenter.steps if s.name == step), "check"))

        return show

    def danger():
        in_visit("growth")()
        page.turn_to_danger(next(p for p in page.presenter.draft.parts if p.person is not None))

    ways = {
        "today": house.today,
        "families": house.families,
        "nothing found": lambda: house.families("zzzz"),
        "family": lambda: house.family(home),
        "child": lambda: house.child(child),
        "development": lambda: house.child(child, "development"),
        "adult": lambda: house.adult(adult),
        "may we talk alone": lambda: house.ask(adult),
        "questions": alone,
        "result of a child": lambda: house.enter_result(child),
        "result of an adult": lambda: house.enter_result(adult),
        "new family": house.new_family,
        "add children": lambda: house.add_children(home),
        "signed": lambda: house.read_visit(visit),
        "paper": house.from_paper,
        "sync": house.sync,
        "join": lambda: (house.sync(), house.sync_page.show_join()),
        "settings": lambda: house.frame.show_page("settings"),
        "showing": lambda: house.show_to_family(child),
        **{f"visit {step}": in_visit(step) for step in STEPS},
        "danger now": danger,
    }  # fmt: skip
    return here, ways


def controls(window):
    """What Tab must reach on what is shown."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and widget.isVisible()
        and widget.isEnabled()
        and widget.window() is window
    ]


def place(widget):
    """Which control, for a failing test: its kinds up to the page."""
    kinds = []
    while widget is not None and not widget.isWindow():
        kinds.append(type(widget).__name__)
        widget = widget.parentWidget()
    return " < ".join(kinds[:5])


def test_every_control_of_every_page_has_a_name_to_be_read_aloud(whole):
    """A worker with weak eyes hears "button" without it."""
    here, ways = whole
    nameless = {}
    for name, show in ways.items():
        show()
        here.hands.settle()
        for widget in controls(here.house.frame):
            spoken = QAccessible.queryAccessibleInterface(widget)
            if spoken is None or not spoken.text(QAccessible.Text.Name).strip():
                nameless.setdefault(place(widget), name)
    assert nameless == {}


def test_tab_reaches_every_control_of_every_page_and_comes_round(whole):
    """No mouse, or one that is broken: what Tab does not reach is not there."""
    here, ways = whole
    missed = {}
    for name, show in ways.items():
        show()
        here.hands.settle()
        wanted = set(map(id, controls(here.house.frame)))
        reached = set()
        for _ in range(2 * len(wanted) + 5):
            here.hands.key(Qt.Key.Key_Tab)
            reached.add(id(QApplication.focusWidget()))
        left = [w for w in controls(here.house.frame) if id(w) in wanted - reached]
        for widget in left:
            if not in_group(widget, reached):
                missed.setdefault(place(widget), name)
    assert missed == {}


def in_group(widget, reached):
    """One of several answers, of which the keyboard holds another: arrows and digits lead to it."""
    return (
        isinstance(widget, QAbstractButton)
        and widget.isCheckable()
        and any(id(b) in reached for b in widget.parentWidget().findChildren(QAbstractButton))
    )


@pytest.fixture
def longer():
    """The program in words 40 % longer than English."""

    class Longer:
        def gettext(self, text):
            return stretched(text)

        def ngettext(self, one, many, count):
            return stretched(one if count == 1 else many)

        def pgettext(self, _context, text):
            return stretched(text)

    before = i18n._State.catalogue
    i18n._State.catalogue = Longer()
    yield
    i18n._State.catalogue = before


def stretched(text):
    """The same words with two fifths more letters, placeholders left alone."""
    return text + "" if "{" in text and len(text) < 6 else text + extra(text)


def extra(text):
    letters = int(len(text) * (LONGER - 1) + 0.5)
    words = "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor " * 8
    return (" " + words[: letters - 1]).rstrip() if letters > 3 else "x" * letters


def cut(widget):
    """Whether a label or a button shows less than its words."""
    if isinstance(widget, QLabel):
        if not widget.text() or not widget.pixmap().isNull():
            return False
        inner = widget.contentsRect()
        if widget.textFormat() == Qt.TextFormat.RichText or "</" in widget.text():
            made = QTextDocument()
            made.setDefaultFont(widget.font())
            made.setHtml(widget.text())
            made.setTextWidth(inner.width())
            return made.size().height() > inner.height() + 8
        needed = widget.fontMetrics().boundingRect(
            0, 0, inner.width() if widget.wordWrap() else 100_000, 100_000,
            int(Qt.TextFlag.TextWordWrap) if widget.wordWrap() else 0, widget.text(),
        )  # fmt: skip
        return needed.width() > inner.width() + 2 or needed.height() > inner.height() + 4
    return widget.text() and widget.width() + 2 < widget.minimumSizeHint().width()


def test_words_two_fifths_longer_are_cut_on_no_page(whole, longer):
    """Turkmen and Russian say in forty letters what English says in twenty-eight; a cut word is a riddle."""
    here, ways = whole
    here.house.frame.resize(1366, 696)
    QApplication.sendEvent(here.house.frame, QEvent(QEvent.Type.LanguageChange))
    broken, longer_words = {}, 0
    for name, show in ways.items():
        show()
        here.hands.settle()
        frame = here.house.frame
        longer_words += sum("lorem" in made.text() for made in frame.findChildren(QLabel) if made.isVisible())
        for widget in [*frame.findChildren(QLabel), *frame.findChildren(QPushButton)]:
            if widget.isVisible() and not isinstance(widget, ElidedLabel) and not of_a_field(widget) and cut(widget):
                broken.setdefault(f"{place(widget)}: {widget.text()[:50]!r}", name)
    assert broken == {}
    assert longer_words > 3 * len(ways)


def of_a_field(widget):
    """The hint inside a field, such as Ctrl+F, is no sentence."""
    return isinstance(widget.parentWidget(), QLineEdit)


def test_a_cut_word_is_seen(qtbot):
    """The measure of the test above must find one."""
    page = QWidget()
    qtbot.addWidget(page)
    narrow, low, button = QLabel("Weight", page), QLabel("Weight of the child", page), QPushButton("Save", page)
    low.setWordWrap(True)
    narrow.setFixedWidth(20)
    low.setFixedSize(60, 16)
    button.setFixedWidth(20)
    page.show()
    assert all(cut(widget) for widget in (narrow, low, button))
