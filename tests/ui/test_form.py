"""Any page of any form: what the engine says is drawn, what is typed stays as typed, the keyboard goes through."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.session import FormSession
from healthvisit.ui.form.page import FormPage
from healthvisit.ui.form.questions import DateQuestion, sentence
from healthvisit.ui.widgets.layout import scrolled

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
XFORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:hv="urn:healthvisit:form" xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model>
<instance><data id="t"><p><one/><many/><number/><why/><on/><text/><long/></p></data></instance>
<bind nodeset="/data/p/one" type="string" required="true()"/>
<bind nodeset="/data/p/many" type="string"/>
<bind nodeset="/data/p/number" type="decimal" constraint=". &gt; 1" hv:field="weight_g" hv:unit="kg"/>
<bind nodeset="/data/p/why" type="string" relevant="/data/p/number = ''" hv:field="weight_g_why"/>
<bind nodeset="/data/p/on" type="date"/><bind nodeset="/data/p/text" type="string"/>
<bind nodeset="/data/p/long" type="string" relevant="/data/p/one = 'b'"/></model></h:head><h:body>
<group ref="/data/p" appearance="field-list"><label>Page</label>
<select1 ref="/data/p/one"><label>One?</label><item><label>A</label><value>a</value></item>
<item><label>B</label><value>b</value></item></select1>
<select ref="/data/p/many"><label>Many?</label><item><label>X</label><value>x</value></item>
<item><label>Y</label><value>y</value></item></select>
<input ref="/data/p/number"><label>Weight (kg)</label></input>
<select1 ref="/data/p/why" appearance="minimal"><label>Why not?</label>
<item><label>Asleep</label><value>s</value></item></select1>
<input ref="/data/p/on"><label>When?</label></input>
<input ref="/data/p/text"><label>Words</label></input>
<input ref="/data/p/long" appearance="multiline"><label>More</label></input></group></h:body></h:html>"""


class Sheet:
    """A form of every kind of question on one page."""

    def __init__(self, qtbot):
        self.session = FormSession.open(FormDefinition.load(XFORM), language="en", now=NOW)
        self.page = FormPage()
        self.page.answered.connect(self.answer)
        self.top = QWidget()
        self.area = scrolled(self.page)
        qtbot.addWidget(self.area)
        self.area.resize(700, 700)
        self.draw()
        self.area.show()
        qtbot.waitExposed(self.area)
        self.area.activateWindow()

    def answer(self, path, text):
        self.session.answer(path, text)
        self.draw()

    def draw(self):
        self.page.show_page("p", self.session.pages()[0].questions)

    def widget(self, name):
        return self.page.widgets[f"/data/p/{name}"]

    def value(self, name):
        return self.session.value(f"/data/p/{name}")


@pytest.fixture
def sheet(qtbot):
    return Sheet(qtbot)


def key(which):
    QTest.keyClick(QApplication.focusWidget(), which)


def test_the_keyboard_goes_through_the_page_with_digits_and_enter(sheet):
    """One hand holds the child."""
    sheet.page.focus_open()
    key(Qt.Key.Key_2)
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_1)
    key(Qt.Key.Key_2)
    key(Qt.Key.Key_Return)
    QTest.keyClicks(QApplication.focusWidget(), "3,40")
    key(Qt.Key.Key_Return)
    QTest.keyClicks(QApplication.focusWidget(), "18.07.2026")
    assert [sheet.value(n) for n in ("one", "many", "number", "on")] == ["b", "x y", "3.4", "2026-07-18"]


def test_questions_come_and_go_without_taking_the_keyboard_away(sheet):
    """An answer that opens another question does not interrupt the typing."""
    sheet.widget("number").editor.setFocus()
    assert sheet.widget("number").why is not None
    QTest.keyClicks(QApplication.focusWidget(), "3,4")
    assert sheet.widget("number").why is None
    assert sheet.widget("number").editor.hasFocus()
    assert sheet.widget("number").editor.text() == "3,4"
    assert "/data/p/long" not in sheet.page.widgets
    sheet.answer("/data/p/one", "b")
    assert sheet.widget("number").editor.hasFocus()
    assert "/data/p/long" in sheet.page.widgets


@pytest.mark.parametrize("typed", ["3,4,5", "drei", "1 2"])
def test_what_is_no_number_stays_as_it_was_typed_and_is_said(sheet, typed):
    """Nothing vanishes under her hands."""
    QTest.keyClicks(sheet.widget("number").editor, typed)
    question = sheet.session.question("/data/p/number")
    assert sheet.widget("number").editor.text() == typed
    assert sentence(question) == "This is not a number. Type it as 3,40."


def test_a_day_is_read_in_any_usual_way_and_shown_as_on_the_card(sheet):
    """18/7/26 is a day; 31.02. is none."""
    date = sheet.widget("on")
    QTest.keyClicks(date.field.editor, "18/7/26")
    assert sheet.value("on") == "2026-07-18"
    made = DateQuestion(sheet.session.question("/data/p/on"))
    assert made.field.text() == "18.07.2026"
    date.field.set_text("")
    QTest.keyClicks(date.field.editor, "31.02.2026")
    assert sentence(sheet.session.question("/data/p/on")) == "This is not a day. Type it as 24.11.2026."


def test_each_field_names_itself_to_a_screen_reader(sheet):
    """A colleague who does not see well does the same work."""
    assert sheet.widget("one").group.accessibleName() == "One?"
    assert sheet.widget("number").editor.accessibleName() == "Weight (kg)"
    assert sheet.widget("text").field.editor.accessibleName() == "Words"
    sheet.page.show_errors({"/data/p/number": "Too low."})
    assert "Too low." in sheet.widget("number").editor.accessibleDescription()


def test_markup_in_an_answer_or_label_is_text(sheet):
    """A form from elsewhere must not draw what it likes."""
    sheet.answer("/data/p/text", "<b>bold</b>")
    assert sheet.widget("text").field.text() == "<b>bold</b>"
