"""The page for results of other tools: tool, day, version, who assessed, the result, scores by area."""

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from healthvisit.domain.development import Assessment
from healthvisit.domain.errors import HealthvisitError
from healthvisit.packs.instruments import Tool
from healthvisit.ui import theme
from healthvisit.ui import words as general
from healthvisit.ui.dates import day, no_day, no_number, number
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.development import words
from healthvisit.ui.development.answer_rows import AnswerRows
from healthvisit.ui.development.result_panel import Block, ResultPanel
from healthvisit.ui.development.result_presenter import ResultPresenter
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.messages import sentence
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.fields import DateField, Field, NumberField
from healthvisit.ui.widgets.layout import ActionBar, button, horizontal, label, scrolled, vertical
from healthvisit.ui.widgets.notices import Banner, ErrorSummary
from healthvisit.ui.widgets.panes import Panes

BELONGS = {
    "development.result_in_future": "day",
    "development.result_before_birth": "day",
    "development.not_for_age": "day",
    "development.unknown_status": "status",
    "development.status_disagrees": "status",
}
NEEDS = {"version": "version", "assessor": "assessor", "status": "status"}


class ResultView(Retranslated, QWidget):
    """The page. `open(person)` begins with an empty form."""

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self.presenter = ResultPresenter(desk, self, self)
        self.banner, self.summary = Banner(), ErrorSummary()
        self.name, self.facts = label(role="heading"), label(role="muted")
        names = vertical(self.name, self.facts, spacing=2)
        names.setContentsMargins(theme.px(24), theme.px(4), theme.px(16), 0)
        self._form = QWidget()
        self._build_form()
        self.about = ResultPanel()
        self.panes = Panes(scrolled(self._form), scrolled(self.about), (7, 4))
        self.foot = ActionBar()
        self.leave = button("", self._go.back)
        self.foot.add_left(self.leave)
        self.main = self.foot.set_primary("", self._go_on)
        column = vertical(self.banner, names, self.panes, self.foot, spacing=0)
        column.setStretch(2, 1)
        self.setLayout(column)
        self.setFocusProxy(self.which)
        self.retranslate()

    def _build_form(self) -> None:
        self.which = QComboBox()
        self.which.activated.connect(lambda at: self._choose(self.which.itemData(at)))
        self.tool = Field("", self.which)
        self.day = DateField("", latest=self._desk.today())
        self.day.left.connect(self._say_about)
        self.version, self.assessor = Field(""), Field("")
        self.status = ChoiceGroup("", below=False)
        self.total = NumberField("")
        self.areas_head = label(role="strong")
        self._areas = QWidget()
        self._grid = QGridLayout(self._areas)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnMinimumWidth(0, theme.px(220))
        self._grid.setColumnStretch(3, 1)
        self._grid.setHorizontalSpacing(theme.px(12))
        self.areas: dict[str, tuple[NumberField, QComboBox]] = {}
        self.answers = AnswerRows(columns=4)
        self.answers.answered.connect(self._answered)
        self.answers.ended.connect(lambda: self.main.setFocus(Qt.FocusReason.TabFocusReason))
        first = horizontal(self.tool, self.version, spacing=16)
        second = horizontal(self.assessor, self.day, spacing=16)
        first.setStretch(0, 2)
        first.setStretch(1, 1)
        second.setStretch(0, 1)
        column = vertical(
            self.summary, first, second, self.status, self.total, self.areas_head, self._areas, self.answers, spacing=12
        )
        column.addStretch()
        column.setContentsMargins(0, 0, theme.px(12), theme.px(8))
        self._form.setLayout(column)

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.tool.set_label(_("Tool"))
        self.day.set_label(_("Day of the assessment"))
        self.version.set_label(_("Version, as printed on it"))
        self.assessor.set_label(_("Who assessed"))
        self.status.label.setText(_("Result"))
        self.status.label.show()
        self.total.set_label(_("Total"))
        self.leave.setText(_("Leave"))
        self.panes.name(_("Form"), _("About the tool"))
        at = max(0, self.which.currentIndex())
        self.which.clear()
        for tool in self.presenter.tools:
            self.which.addItem(words.own(tool.name), tool.code)
        self.which.setCurrentIndex(at)
        self._draw_tool()

    def open(self, person: str) -> None:
        """Enter a result for a child."""
        for part in (self.banner, self.name, self.facts):
            part.clear()
        self.summary.show_problems([])
        self._form.setEnabled(False)
        self.main.setEnabled(False)
        for field in (self.version, self.assessor, self.total):
            field.set_text("")
            field.set_error("")
        self.day.set_day(self._desk.today())
        self.day.set_error("")
        self.panes.show_left()
        self.presenter.open(person)
        self._choose(self.which.currentData())

    # drawing

    def show_child(self) -> None:
        """Draw the child; the form can be filled in."""
        facts = self.presenter.facts
        if facts is None:
            return
        self.name.setText(general.person_name(facts.person))
        self.facts.setText(general.age(facts.person, self._desk.today()))
        self._form.setEnabled(True)
        self.main.setEnabled(True)
        self._say_about()
        self.which.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, code: str) -> None:
        self.presenter.choose(code)
        self.status.choose()
        self._draw_tool()

    def _draw_tool(self) -> None:
        presenter, tool = self.presenter, self.presenter.tool
        here = presenter.is_scored_here
        self.main.setText(_("To the child") if presenter.done else _("Save the result"))
        self.version.setVisible(not here)
        self.status.setVisible(not here)
        self.total.setVisible(presenter.has_total)
        if isinstance(tool, Tool):
            self.status.set_choices([Choice(s.code, words.own(s.name)) for s in tool.statuses])
        self._draw_areas(tool if isinstance(tool, Tool) else None)
        self.answers.show_rows(presenter.rows())
        self.answers.setVisible(here)
        self.areas_head.setText(_("Answers, by the number on the paper") if here else _("By area"))
        self.areas_head.setVisible(here or bool(self.areas))
        self._say_about()

    def _draw_areas(self, tool: Tool | None) -> None:
        kept = {code: (score.text(), said.currentData()) for code, (score, said) in self.areas.items()}
        while self._grid.count():
            old = self._grid.takeAt(0).widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self.areas = {}
        for at, area in enumerate(tool.areas if tool else ()):
            name = words.own(area.name)
            bounds = f"{number(area.low)}–{number(area.high)}" if area.low is not None and area.high is not None else ""
            score, said = NumberField("", unit=bounds), QComboBox()
            score.editor.setAccessibleName(name)
            said.setAccessibleName(name)
            said.addItem("–", "")
            for status in tool.statuses if tool else ():
                said.addItem(words.own(status.name), status.code)
            if area.code in kept:
                score.set_text(kept[area.code][0])
                said.setCurrentIndex(max(0, said.findData(kept[area.code][1])))
            for column, widget in enumerate((label(name), score, said)):
                self._grid.addWidget(widget, at, column)
            self.areas[area.code] = (score, said)
        self._areas.setVisible(bool(self.areas))

    def _say_about(self) -> None:
        presenter = self.presenter
        if presenter.facts is None or presenter.done is not None:
            return
        try:
            on = self.day.read()
        except ValueError:
            on = None
        name = words.own(presenter.tool.name)
        notice = "" if presenter.is_scored_here else _("What others found. It is kept as it was said to you.")
        self.about.show_words(name, "plain", [("", presenter.about(on))], notice)

    def _answered(self, code: str, key: str, _focus: str) -> None:
        self.presenter.answer(code, key)
        self._say_about()

    # the save

    def _go_on(self) -> None:
        if self.presenter.done is not None:
            self._go.child(self.presenter.person, "development")
            return
        self.banner.clear()
        entered, problems = self._read()
        self.summary.show_problems(problems)
        if not problems:
            self.presenter.save(entered)

    def _read(self) -> tuple[dict[str, object], list[tuple[str, QWidget]]]:
        """What is typed, and what of it is no day or number."""
        problems: list[tuple[str, QWidget]] = []
        on = None
        try:
            on = self.day.read()
        except ValueError:
            self.day.set_error(no_day())
        else:
            self.day.set_error("" if on else _("The day is missing."))
        if on is None:
            problems.append((self.day.error.text(), self.day))
        scores = {code: self._number(score, problems) for code, (score, _said) in self.areas.items()}
        total = self._number(self.total, problems) if self.presenter.has_total else None
        said = {code: combo.currentData() for code, (_score, combo) in self.areas.items()}
        entered: dict[str, object] = {
            "on": on or self._desk.today(), "version": self.version.text(), "assessor": self.assessor.text(),
            "status": self.status.key(), "total": total,
            "by_area": {code: value for code, value in scores.items() if value is not None},
            "area_status": {code: status for code, status in said.items() if status},
        }  # fmt: skip
        return entered, problems

    @staticmethod
    def _number(field: NumberField, problems: list[tuple[str, QWidget]]) -> Decimal | None:
        field.set_error("")
        try:
            return field.read()
        except ValueError:
            field.set_error(no_number("45"))
            problems.append((no_number("45"), field))
        return None

    def show_saved(self, made: Assessment) -> None:
        """Where it stands now, and what it says."""
        self._form.setEnabled(False)
        self.leave.hide()
        self.main.setText(_("To the child"))
        planned = _("Somebody is to ask by {day} what came of it.")
        said = [_("Saved on this computer.")]
        said += [planned.format(day=day(made.follow_up_on))] if made.follow_up_on else []
        self.banner.say(" ".join(said), "ok", closable=False)
        blocks: list[Block] = [(_("Result"), self.presenter.outcome(made))]
        self.about.show_words(words.own(self.presenter.tool.name), "plain", blocks, "")
        self.panes.show_right()
        self.main.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong beside the field it is about, else above the form."""
        code = error.code if isinstance(error, HealthvisitError) else ""
        needed = NEEDS.get(str(getattr(error, "details", {}).get("field", "")), "") if code.endswith("_needs") else ""
        name = needed or BELONGS.get(code, "")
        fields: dict[str, QWidget] = {
            "day": self.day, "status": self.status, "version": self.version, "assessor": self.assessor,
        }  # fmt: skip
        if name in fields:
            self.summary.show_problems([(sentence(error), fields[name])])
        else:
            self.banner.say(sentence(error), "danger")

    def show_to_family(self) -> None:
        """F6 and "hide": the page for the family's eyes."""
        if self.presenter.person:
            self._go.show_to_family(self.presenter.person)
