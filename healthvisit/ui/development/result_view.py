"""The page for results of other tools: tool, day, version, who assessed, the result, scores by area."""

from datetime import date
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QComboBox, QWidget

from healthvisit.domain.development import Assessment
from healthvisit.domain.errors import HealthvisitError
from healthvisit.packs.instruments import Tool
from healthvisit.ui import theme
from healthvisit.ui import words as general
from healthvisit.ui.dates import day, no_day, no_number
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.development import words
from healthvisit.ui.development.answer_rows import AnswerRows
from healthvisit.ui.development.area_grid import AreaGrid, as_typed
from healthvisit.ui.development.result_panel import Block, ResultPanel
from healthvisit.ui.development.result_presenter import ResultPresenter
from healthvisit.ui.development.tool_page import ToolPage
from healthvisit.ui.i18n import _
from healthvisit.ui.messages import sentence
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.fields import DateField, Field, NumberField
from healthvisit.ui.widgets.layout import horizontal, label, scrolled, vertical
from healthvisit.ui.widgets.notices import ErrorSummary
from healthvisit.ui.widgets.panes import Panes

BELONGS = {
    "development.result_in_future": "day",
    "development.result_before_birth": "day",
    "development.not_for_age": "day",
    "development.unknown_status": "status",
    "development.status_disagrees": "status",
    "development.safety_not_said": "safety",
}
NEEDS = {"version": "version", "assessor": "assessor", "status": "status"}


class ResultView(ToolPage[ResultPresenter]):
    """The page. `open(person)` goes on with what was typed, or begins with an empty form; `flush` seals it."""

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__(desk, go)
        self.presenter = ResultPresenter(desk, self, self)
        self._is_drawing = False
        self.summary = ErrorSummary()
        self.name, self.facts = label(role="heading"), label(role="muted")
        names = vertical(self.name, self.facts, spacing=2)
        names.setContentsMargins(theme.px(24), theme.px(4), theme.px(16), 0)
        self._form = QWidget()
        self._build_form()
        self.about = ResultPanel()
        self.panes = Panes(scrolled(self._form), scrolled(self.about), (7, 4))
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
        self.status, self.safety = ChoiceGroup("", below=False), ChoiceGroup("", below=False)
        self.total = NumberField("")
        for field in (self.day, self.version, self.assessor, self.total):
            field.edited.connect(lambda _text: self._write())
            field.left.connect(self.flush)
        for group in (self.status, self.safety):
            group.changed.connect(self._write)
        self.areas_head = label(role="strong")
        self._areas = AreaGrid()
        self._areas.edited.connect(self._write)
        self.answers = AnswerRows(columns=4)
        self.answers.answered.connect(self._answered)
        self.answers.ended.connect(lambda: self.main.setFocus(Qt.FocusReason.TabFocusReason))
        self._first, self._second = horizontal(self.tool, self.version, spacing=16), horizontal(spacing=16)
        self._first.setStretch(0, 2)
        self._first.setStretch(1, 1)
        column = vertical(
            self.summary, self._first, self._second, self.status, self.total, self.safety, self.areas_head, self._areas,
            self.answers, self.kept, spacing=12,
        )  # fmt: skip
        column.addStretch()
        column.setContentsMargins(0, 0, theme.px(12), theme.px(8))
        self._form.setLayout(column)

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        super().retranslate()
        self.tool.set_label(_("Tool"))
        self.day.set_label(_("Day of the assessment"))
        self.version.set_label(_("Version, as printed on it"))
        self.assessor.set_label(_("Who assessed"))
        self.status.label.setText(_("Result"))
        self.status.label.show()
        self.total.set_label(_("Total"))
        self.safety.label.setText(_("Was the question about self-harm answered with anything but never?"))
        self.safety.label.show()
        self.safety.set_choices([Choice("yes", _("Yes")), Choice("no", _("No"))])
        self.panes.name(_("Form"), _("About the tool"))
        self._name_tools()
        self._draw_tool()

    def _name_tools(self) -> None:
        chosen = self.presenter.tool
        self.which.clear()
        for tool in self.presenter.tools:
            self.which.addItem(words.own(tool.name), tool.code)
        self.which.setCurrentIndex(max(0, self.which.findData(chosen.code)) if chosen else -1)

    # opening and leaving

    def open(self, person: str, amends: str = "") -> None:
        """Enter a result for a person, go on with one begun, or correct one that was saved."""
        for part in (self.banner, self.name, self.facts, self.kept):
            part.clear()
        self.summary.show_problems([])
        self._form.setEnabled(False)
        self.main.setEnabled(False)
        for field in (self.version, self.assessor, self.total, self.day):
            field.set_text("")
            field.set_error("")
        self.panes.show_left()
        self.presenter.open(person, amends)
        self._name_tools()
        self._draw_tool()

    def _write(self) -> None:
        """Take over what stands in the fields, as typed."""
        if self._is_drawing or not self._form.isEnabled():
            return
        typed = {
            "day": self.day.text(), "version": self.version.text(), "assessor": self.assessor.text(),
            "total": self.total.text(), "safety": self.safety.key() or "", "status": self.status.key() or "",
        }  # fmt: skip
        typed |= self._areas.typed()
        self.presenter.write(typed)
        self._dress_foot()
        self._soon.start()

    # drawing

    def show_form(self) -> None:
        """Draw the person and what is typed; the form can be filled in."""
        presenter = self.presenter
        facts, draft = presenter.facts, presenter.draft
        if facts is None or draft is None:
            return
        self.name.setText(general.person_name(facts.person))
        self.facts.setText(general.age(facts.person, self._desk.today()))
        self.day.set_text(_day_typed(presenter.typed("day")) or day(self._desk.today()))
        self.assessor.set_text(presenter.typed("assessor"))
        self._name_tools()
        self._draw_tool()
        self._form.setEnabled(True)
        self.main.setEnabled(True)
        self._say_about()
        self._dress_foot()
        self._say_where_it_stands(_("Another result is begun and not saved. Save it or throw it away first."))
        self.which.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, code: str) -> None:
        self.presenter.choose(code)
        self._draw_tool()
        self.flush()

    def _dress_foot(self) -> None:
        done = self.presenter.done
        to = _("To the child") if self.presenter.is_child else _("Back")
        self.main.setText(to if done else _("Save the result"))
        self.leave.setVisible(done is None)
        self._dress_ways_out()

    def _draw_tool(self) -> None:
        presenter, tool = self.presenter, self.presenter.tool
        here = presenter.is_scored_here
        self._is_drawing = True
        self._dress_foot()
        self.version.setVisible(not here)
        self._place_who_and_when(self._first if here else self._second)
        self.status.setVisible(not here)
        self.total.setVisible(presenter.has_total)
        self.safety.setVisible(presenter.has_safety)
        if isinstance(tool, Tool):
            self.status.set_choices([Choice(s.code, words.own(s.name)) for s in tool.statuses])
            self.status.choose(*filter(None, [presenter.typed("status")]))
        self.version.set_text(presenter.typed("version"))
        self.total.set_text(as_typed(presenter.typed("total")))
        self.safety.choose(*filter(None, [presenter.typed("safety")]))
        self._areas.show_tool(tool if isinstance(tool, Tool) else None, presenter.typed)
        self.answers.show_rows(presenter.rows())
        self.answers.setVisible(here)
        self.areas_head.setText(_("Answers, by the number on the paper") if here else _("By area"))
        self.areas_head.setVisible(here or bool(self.areas))
        self._is_drawing = False
        self._say_about()

    def _place_who_and_when(self, line: QBoxLayout) -> None:
        """A form by number has no version to type: who and when stand beside its name, more numbers are in sight."""
        for field, share in ((self.assessor, 2), (self.day, 0)):
            if line.indexOf(field) < 0:
                line.addWidget(field, share)

    @property
    def areas(self) -> dict[str, tuple[NumberField, QComboBox]]:
        """Area to its score and standing."""
        return self._areas.areas

    def _say_about(self) -> None:
        presenter = self.presenter
        if presenter.facts is None or presenter.tool is None or presenter.done is not None:
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
        self._dress_foot()
        self._say_about()

    # the save

    def _go_on(self) -> None:
        if self.presenter.done is not None:
            if self.presenter.is_child:
                self._go.child(self.presenter.person, "development")
            else:
                self._go.back()
            return
        self.banner.clear()
        self.flush()
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
        entered: dict[str, object] = {
            "on": on or self._desk.today(), "version": self.version.text(), "assessor": self.assessor.text(),
            "status": self.status.key(), "total": total,
            "safety": {"yes": True, "no": False}.get(self.safety.key() or "") if self.presenter.has_safety else None,
            "by_area": {code: value for code, value in scores.items() if value is not None},
            "area_status": self._areas.standings(),
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

    def show_done(self, made: Assessment) -> None:
        """Where it stands now, and what it says."""
        self._form.setEnabled(False)
        self._dress_foot()
        planned = _("Somebody is to ask by {day} what came of it.")
        said = [_("Saved on this computer.")]
        said += [planned.format(day=day(made.follow_up_on))] if made.follow_up_on else []
        self.banner.say(" ".join(said), "ok", closable=False)
        blocks: list[Block] = [(_("Result"), self.presenter.outcome(made))]
        name = words.own(self.presenter.tool.name) if self.presenter.tool else ""
        self.about.show_words(name, "danger" if made.safety else "plain", blocks, "")
        self.panes.show_right()
        self.main.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong beside the field it is about, else above the form."""
        code = error.code if isinstance(error, HealthvisitError) else ""
        needed = NEEDS.get(str(getattr(error, "details", {}).get("field", "")), "") if code.endswith("_needs") else ""
        name = needed or BELONGS.get(code, "")
        fields: dict[str, QWidget] = {
            "day": self.day, "status": self.status, "version": self.version, "assessor": self.assessor,
            "safety": self.safety,
        }  # fmt: skip
        if name in fields:
            self.summary.show_problems([(sentence(error), fields[name])])
        else:
            self.banner.say(sentence(error), "danger")


def _day_typed(kept: str) -> str:
    """The day of a record as one types it; what was typed stays as it was."""
    try:
        return day(date.fromisoformat(kept))
    except ValueError:
        return kept
