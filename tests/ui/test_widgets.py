"""The common widgets: by keyboard, by ear, with long words, with mistakes."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QFontMetrics, QHelpEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import Shiboken

from healthvisit.ui import theme
from healthvisit.ui.theme import Theme
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.columns import ColumnsLayout
from healthvisit.ui.widgets.fields import (
    DateField,
    Field,
    NumberField,
    Paragraph,
    PassphraseField,
    PhoneField,
)
from healthvisit.ui.widgets.layout import ActionBar, Card, ElidedLabel, FlowLayout, KeyValue, button, label
from healthvisit.ui.widgets.notices import Banner, EmptyState, ErrorSummary
from healthvisit.ui.widgets.panes import Panes
from healthvisit.ui.widgets.rows import Heading, Row, RowList
from healthvisit.ui.widgets.sections import Section, SectionList

LONG = "Gurbangeldiýewa Oguljemal Hojamyradowna"
WORDS = "Çaga haçan lukmana görkezildi we şonda näme maslahat berildi, kim bilen gürleşildi?"
ANSWERS = (Choice("y", "yes"), Choice("n", "no"), Choice("x", "not checked"))


@pytest.fixture
def page(qtbot):
    """A page that takes widgets, shown with the keyboard."""
    kept = []

    def show(*widgets: QWidget, width: int = 660) -> QWidget:
        made = QWidget()
        kept.append(made)
        column = QVBoxLayout(made)
        for widget in widgets:
            column.addWidget(widget)
        qtbot.addWidget(made)
        made.resize(width, 600)
        made.show()
        made.activateWindow()
        qtbot.waitUntil(made.isActiveWindow)
        return made

    return show


def everything() -> list[QWidget]:
    """One of each, with long words."""
    rows = RowList("Families to visit")
    rows.show_rows([Heading("Now"), Row(key="a", title=LONG, second=WORDS, chip="14 days late")])
    sections = SectionList("Sections")
    sections.show_sections([Section("a", WORDS, "done"), Section("b", "Growth")])
    summary, banner, empty, bar = ErrorSummary(), Banner(), EmptyState(), ActionBar()
    weight = NumberField("&Weight", unit="kg", hint=WORDS)
    weight.set_error(WORDS)
    summary.show_problems([(WORDS, weight)])
    banner.say(WORDS, "warn", deed="Undo")
    empty.say(WORDS, [("Bring the register from the office", lambda: None)])
    bar.add_left(button("Back"))
    bar.set_primary("Continue", lambda: None)
    choices = ChoiceGroup(WORDS, [*ANSWERS, Choice("w", WORDS)], zero=True)
    below = ChoiceGroup(WORDS, [Choice("w", WORDS), Choice("v", LONG)], many=True, below=True)
    note = Field("Note", Paragraph(3))
    return [rows, sections, summary, banner, empty, weight, DateField("Born"), PhoneField("Phone"),
            PassphraseField("Passphrase"), choices, below, note, KeyValue([(LONG, WORDS)]), bar]  # fmt: skip


def test_everything_that_takes_the_keyboard_has_a_name(page):
    """Without one a screen reader says "button"."""
    whole = page(*everything())
    nameless = []
    for widget in whole.findChildren(QWidget):
        takes_keys = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(whole)
        name = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name) if takes_keys else "-"
        if not name.strip() or "&" in name:
            nameless.append(widget)
    assert nameless == []


def is_cut(widget: QWidget) -> bool:
    """Whether the words of a text or a button have less room than they need."""
    if isinstance(widget, QAbstractButton):
        below = widget.hasHeightForWidth() and widget.height() < widget.heightForWidth(widget.width())
        return bool(widget.text()) and (below or widget.width() < widget.minimumSizeHint().width())
    if not isinstance(widget, QLabel) or isinstance(widget, ElidedLabel) or not widget.text():
        return False
    wrap = int(Qt.TextFlag.TextWordWrap) if widget.wordWrap() else 0
    words = widget.accessibleName() or widget.text()
    room = widget.fontMetrics().boundingRect(QRect(0, 0, widget.width(), 9999), wrap, words)
    return room.width() > widget.width() + 1 or room.height() > widget.height() + 2


@pytest.mark.parametrize("percent", [100, 130])
@pytest.mark.parametrize("width", [420, 660])
def test_no_words_are_cut_in_long_languages(page, qapp, percent, width):
    """Turkmen and Russian take up to 40 % more room than English: they break into lines or grow the row."""
    theme.apply(qapp, Theme(text_percent=percent))
    whole = page(*everything(), width=width)
    whole.resize(width, whole.layout().heightForWidth(width) if whole.layout().hasHeightForWidth() else 2000)
    QApplication.processEvents()
    cut = [widget.text() for widget in whole.findChildren(QWidget) if widget.isVisibleTo(whole) and is_cut(widget)]
    assert cut == []


def test_rows_are_passed_and_opened_by_keyboard(qtbot, page):
    """Headings are no rows; Enter opens, Space puts into the round."""
    rows = RowList("Families")
    rows.show_rows(
        [Heading("Now"), Row(key="a", title="A"), Heading("Overdue"), Row(key="b", title="B"), Row(key="c", title="C")]
    )
    page(rows)
    rows.setFocus()
    seen = []
    rows.chosen.connect(lambda key: seen.append(("chosen", key)))
    rows.opened.connect(lambda key: seen.append(("opened", key)))
    rows.ticked.connect(lambda key: seen.append(("ticked", key)))
    assert rows.current_key() == "a"
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(rows, key)
    assert seen == [
        ("chosen", "b"),
        ("opened", "b"),
        ("chosen", "c"),
        ("ticked", "c"),
        ("chosen", "b"),
        ("chosen", "a"),
    ]


def test_chosen_row_stays_chosen_when_the_list_is_read_again(page):
    """A change elsewhere must not move her to another family."""
    rows = RowList("Families")
    rows.show_rows([Row(key="a", title="A"), Row(key="b", title="B")])
    page(rows)
    rows.choose("b")
    rows.show_rows([Row(key="c", title="C"), Heading("Late"), Row(key="b", title="B, late")])
    assert rows.current_key() == "b"
    rows.show_rows([])
    assert rows.current_key() is None


def test_row_is_read_aloud_as_one_sentence_and_hides_its_words_from_logs():
    """The list speaks name, reason and date; a row in a crash report must not."""
    row = Row(key="a", title="Myradow family", second="Aýna 4 m", chip="14 days late", aside="2 children")
    rows = RowList("Families")
    rows.show_rows([row])
    assert rows.model().index(0, 0).data() == "Myradow family, 14 days late, Aýna 4 m, 2 children"
    assert "Myradow" not in repr(row)
    rows.deleteLater()


def test_long_name_in_a_row_shows_whole_as_a_tooltip(qtbot, page):
    """Cut with "…" in the row, whole under the pointer."""
    rows = RowList("Families")
    rows.show_rows([Row(key="a", title=LONG * 3, second="Bagt 3")])
    page(rows, width=400)
    rows.grab()
    at = QPoint(40, 20)
    QApplication.sendEvent(rows.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, rows.viewport().mapToGlobal(at)))
    assert LONG in QToolTip.text()
    QToolTip.hideText()


def test_digits_choose_an_answer_and_none_is_preset(qtbot, page):
    """One key an answer; a preset answer would be a clinical answer nobody gave."""
    group = ChoiceGroup("Swelling of both feet", ANSWERS, zero=True)
    page(group)
    assert group.key() is None
    group.setFocus()
    zeroed = []
    group.zeroed.connect(lambda: zeroed.append(1))
    with qtbot.waitSignal(group.changed):
        qtbot.keyClick(QApplication.focusWidget(), "2")
    assert group.key() == "n"
    qtbot.keyClick(QApplication.focusWidget(), "9")
    qtbot.keyClick(QApplication.focusWidget(), "0")
    assert group.key() == "n"
    assert zeroed == [1]
    group.choose()
    assert group.key() is None


def test_several_answers_hold_at_once_where_asked(qtbot, page):
    """Who is present: the mother and the grandmother."""
    group = ChoiceGroup("Persons", ANSWERS, many=True)
    page(group)
    group.setFocus()
    for digit in "132":
        qtbot.keyClick(QApplication.focusWidget(), digit)
    assert group.keys() == ["y", "n", "x"]
    qtbot.keyClick(QApplication.focusWidget(), "1")
    assert group.keys() == ["n", "x"]
    group.set_choices([Choice("n", "no"), Choice("z", "other")])
    assert group.keys() == ["n"]


def test_whole_box_of_an_answer_can_be_pressed(qtbot, page):
    """Big targets: read at arm's length, pressed with a poor touchpad."""
    group = ChoiceGroup("Sex", ANSWERS, below=True)
    page(group)
    target = group.buttons["n"]
    assert target.height() >= 38
    qtbot.mouseClick(target, Qt.MouseButton.LeftButton, pos=QPoint(target.width() - 4, target.height() - 4))
    assert group.key() == "n"


def test_number_keeps_what_was_typed(qtbot, page):
    """5,850 on the scales is not 5.85 in the register: what was typed is kept beside the value."""
    weight = NumberField("&Weight", unit="kg")
    page(weight)
    qtbot.keyClicks(weight.editor, "5,850")
    assert weight.read() == Decimal("5.850")
    assert weight.text() == "5,850"
    assert weight.editor.accessibleName() == "Weight"
    assert "kg" in weight.editor.accessibleDescription()
    weight.set_text("5,8,5")
    with pytest.raises(ValueError, match="number"):
        weight.read()
    weight.set_text(" ")
    assert weight.read() is None


def test_mistake_is_said_beside_the_field_and_aloud(page):
    """Colour alone says nothing to who cannot see it."""
    weight = NumberField("Weight", unit="kg")
    page(weight)
    weight.set_error("Please weigh again.")
    assert weight.error.isVisible()
    assert weight.editor.accessibleDescription() == "Please weigh again., kg"
    weight.set_error("")
    assert not weight.error.isVisible()


def test_enter_in_a_field_goes_on_to_the_next(qtbot, page):
    """It never signs."""
    first, second, pressed = NumberField("Weight"), NumberField("Length"), []
    bar = ActionBar()
    bar.set_primary("Sign", lambda: pressed.append(1))
    page(first, second, bar)
    first.setFocus()
    qtbot.keyClick(first.editor, Qt.Key.Key_Return)
    qtbot.waitUntil(second.editor.hasFocus)
    assert pressed == []
    qtbot.keyClick(second.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pressed == [1]


def test_leaving_a_field_is_told(qtbot, page):
    """A draft is saved when the keyboard leaves, not only after a pause."""
    first, second = Field("Note", Paragraph()), NumberField("Weight")
    page(first, second)
    first.setFocus()
    with qtbot.waitSignals([first.edited, first.left]):
        qtbot.keyClicks(first.editor, "Sag")
        second.setFocus()
    assert first.text() == "Sag"


def test_day_is_typed_or_taken_from_the_calendar(qtbot, page):
    """Some know the date, some look for the weekday."""
    born = DateField("Born", latest=date(2026, 11, 23))
    page(born)
    qtbot.keyClicks(born.editor, "18/7/26")
    assert born.read() == date(2026, 7, 18)
    qtbot.keyClick(born.editor, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    calendar = born._calendar
    assert calendar.selectedDate().toPython() == date(2026, 7, 18)
    with qtbot.waitSignal(born.edited):
        qtbot.keyClick(calendar.focusWidget() or calendar, Qt.Key.Key_Right)
        qtbot.keyClick(calendar.focusWidget() or calendar, Qt.Key.Key_Return)
    assert born.text() == "19.07.2026"
    born.set_day(None)
    assert born.read() is None


def test_telephone_takes_digits_only(qtbot, page):
    """A word in a telephone field is a number nobody can ring."""
    phone = PhoneField("Phone")
    page(phone)
    qtbot.keyClicks(phone.editor, "+993 65 ring 12-34-56")
    assert phone.digits() == "+99365123456"


def test_passphrase_can_be_shown_and_says_caps_lock(qtbot, page):
    """Most wrong passphrases are a wrong layout or Caps Lock."""
    secret = PassphraseField("Passphrase")
    page(secret)
    qtbot.keyClicks(secret.editor, "ABC")
    assert secret.editor.echoMode() == QLineEdit.EchoMode.Password
    assert "Caps Lock" in secret.hint.text()
    secret.show_it.click()
    assert secret.editor.echoMode() == QLineEdit.EchoMode.Normal
    with qtbot.waitSignal(secret.entered) as told:
        qtbot.keyClick(secret.editor, Qt.Key.Key_Return)
    assert told.args == ["ABC"]
    secret.clear()
    assert secret.editor.echoMode() == QLineEdit.EchoMode.Password


def test_summary_takes_the_keyboard_and_leads_to_each_field(qtbot, page):
    """The same words as beside the field, and the way there by keyboard; what was typed is never read as HTML."""
    summary, weight = ErrorSummary(), NumberField("Weight")
    page(summary, weight)
    summary.show_problems([("Weight <b>is</b> missing", weight)])
    qtbot.waitUntil(summary.hasFocus)
    assert "&lt;b&gt;" in summary.links[0].text()
    qtbot.keyClick(summary, Qt.Key.Key_Tab)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(weight.editor.hasFocus)
    summary.setFocus()
    qtbot.keyClick(summary, Qt.Key.Key_Return)
    qtbot.waitUntil(weight.editor.hasFocus)
    summary.show_problems([])
    assert not summary.isVisible()


def test_message_stays_until_it_is_closed(qtbot, page):
    """A toast that vanishes before a slow reader has read it was never said."""
    banner, undone = Banner(), []
    page(banner)
    banner.say("Moved to Thursday.", "ok", deed="Undo", on_deed=lambda: undone.append(1))
    assert banner.isVisible()
    banner.deed.click()
    assert undone == [1]
    with qtbot.waitSignal(banner.closed):
        banner.shut.click()
    assert not banner.isVisible()
    assert banner.text() == ""


def test_an_empty_page_begins_where_its_title_does(qapp):
    """Its words stood 32 px to the right of everything else."""
    assert EmptyState().layout().contentsMargins().left() == 0


def test_a_tab_has_room_for_its_words_in_bold(qtbot):
    """The tab "Berdiýew maşgalasy" was cut, and arrows stood beside it, as soon as it was chosen."""
    panes = Panes(QWidget(), QWidget())
    qtbot.addWidget(panes)
    panes.name("Maşgalalar", "Gurbangeldiýew maşgalasy")
    panes.resize(700, 300)
    panes.show()
    assert panes.is_narrow
    for at in (0, 1):
        panes.tabs.setCurrentIndex(at)
        wanted = QFontMetrics(theme.font(15, 600)).horizontalAdvance(panes.tabs.tabText(at))
        assert panes.tabs.tabRect(at).width() >= wanted + theme.px(20)
    assert not panes.tabs.usesScrollButtons()


def test_what_stands_over_the_left_pane_stands_beside_the_tabs_where_it_is_narrow(qtbot):
    """Each line taken from a small window is a family less in sight."""
    over, left = QLabel("46 families"), QWidget()
    panes = Panes(left, QWidget())
    panes.beside(over)
    qtbot.addWidget(panes)
    panes.resize(1200, 300)
    panes.show()
    assert over.geometry().bottom() < left.geometry().top()
    panes.resize(900, 300)
    qtbot.waitUntil(lambda: over.geometry().center().y() < panes.tabs.geometry().bottom())
    panes.show_right()
    assert not over.isVisible()


def test_empty_page_says_what_next(qtbot, page):
    """Nothing there is an answer too; the first way on is the main one."""
    empty, done = EmptyState(), []
    page(empty)
    empty.say("No visits due today.", [("Show week", lambda: done.append("week")), ("New visit", lambda: None)])
    assert [made.property("kind") for made in empty.buttons] == ["primary", "secondary"]
    empty.buttons[0].click()
    empty.say("Nothing here.")
    assert (done, empty.buttons) == (["week"], [])


def test_sections_say_their_state_in_a_word(qtbot, page):
    """Done, started, to do, not today: never by colour alone."""
    sections = SectionList("Sections")
    sections.show_sections([Section("a", "Setting", "done"), Section("b", "Growth", "started")], "b")
    page(sections)
    assert sections.model().index(1, 0).data() == "Growth, started"
    assert sections.current_key() == "b"
    with qtbot.waitSignal(sections.picked) as told:
        qtbot.keyClick(sections, Qt.Key.Key_Up)
        qtbot.keyClick(sections, Qt.Key.Key_Return)
    assert told.args == ["a"]


def test_cut_label_shows_the_whole_as_a_tooltip(page):
    """A long name is cut in the head, never lost."""
    name = ElidedLabel(LONG * 2, "title")
    page(name, width=300)
    assert name.toolTip() == LONG * 2
    name.setText("Aýna")
    assert name.toolTip() == ""


def test_text_is_never_read_as_html(page):
    """A name with a sign in it must not change the page."""
    assert label("<b>Aýna</b>").textFormat() == Qt.TextFormat.PlainText
    assert ElidedLabel("<b>Aýna</b>").textFormat() == Qt.TextFormat.PlainText


def test_flow_goes_on_below_and_squeezes_none(page):
    """Buttons at +40 % need a second line, not smaller words."""
    holder = QWidget()
    flow = FlowLayout(holder)
    buttons = [button(LONG) for _ in range(3)]
    for made in buttons:
        flow.addWidget(made)
    page(holder, width=500)
    assert len({made.y() for made in buttons}) == 3
    assert all(made.width() >= made.sizeHint().width() for made in buttons)


def test_card_and_facts_are_filled_again(qtbot, page):
    """A page shows the next family in the same boxes."""
    card, facts = Card("Myradow family"), KeyValue([("Why now", "4-month visit")])
    card.body.addWidget(facts)
    page(card)
    facts.set_rows([("Bring", "scales"), ("Last time", "9 Oct")])
    shown = ["Bring", "scales", "Last time", "9 Oct"]
    qtbot.waitUntil(lambda: [made.text() for made in facts.findChildren(QLabel) if made.isVisible()] == shown)
    card.set_heading("")
    assert not card.heading.isVisible()


def test_what_a_layout_holds_lives_as_long_as_its_list(qtbot):
    """An item that Qt deletes behind the list leaves a shell, which is met again as another item: a crash."""
    for flow in (FlowLayout(), ColumnsLayout(2)):
        page = QWidget()
        qtbot.addWidget(page)
        page.setLayout(flow)
        for text in ("a", "b", "c"):
            flow.addWidget(QPushButton(text))
        assert all(Shiboken.ownedByPython(flow.itemAt(at)) for at in range(3))
        assert [flow.itemAt(at).widget().parentWidget() for at in range(3)] == [page] * 3
        gone = flow.itemAt(1).widget()
        flow.removeWidget(gone)
        gone.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert [flow.itemAt(at).widget().text() for at in range(flow.count())] == ["a", "c"]
        assert flow.minimumSize().isValid()


def test_sizes_that_are_kept_follow_the_words_and_the_text_size(qtbot, qapp):
    """A choice reworded in another language, or at 130 %, is not drawn in the room of the old one."""
    group = ChoiceGroup("Feet", ANSWERS)
    qtbot.addWidget(group)
    group.resize(300, 400)
    group.show()
    made = group.buttons["y"]
    wide, high, least = made.sizeHint().width(), made.heightForWidth(150), made.minimumSizeHint().width()
    needed = group.heightForWidth(300)
    made.setText(LONG)
    assert made.sizeHint().width() > wide
    assert made.heightForWidth(150) > high
    assert made.minimumSizeHint().width() > least
    qtbot.waitUntil(lambda: group.heightForWidth(300) > needed)
    qtbot.waitUntil(lambda: made.height() >= made.heightForWidth(made.width()))
    before = made.heightForWidth(150)
    try:
        theme.apply(qapp, Theme(text_percent=130))
        assert made.heightForWidth(150) > before
    finally:
        theme.apply(qapp, Theme())
