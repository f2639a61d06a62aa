"""Development on a child's page: the last check and what is owed, motor windows, skills, checks, other tools.

Sensitive: it is read only when this part is opened, and forgotten when the page is left.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QTabWidget, QVBoxLayout, QWidget

from healthvisit.domain.development import Assessment
from healthvisit.services.development_view import DevelopmentView, development_view
from healthvisit.ui import theme
from healthvisit.ui.child.development_presenter import DevelopmentPresenter
from healthvisit.ui.child.growth_words import corrected_words
from healthvisit.ui.dates import no_number
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.development import motor_words, words
from healthvisit.ui.development.dscore_pane import DScorePane
from healthvisit.ui.development.motor_chart import MotorChart
from healthvisit.ui.development.result_panel import Block, ResultPanel
from healthvisit.ui.development.tables import FactTable
from healthvisit.ui.i18n import _, borrowed
from healthvisit.ui.messages import sentence
from healthvisit.ui.papers.choose import PaperChoice, choose_papers
from healthvisit.ui.papers.development_page import Tables, development_page
from healthvisit.ui.papers.gather import Papers
from healthvisit.ui.widgets.ask import Ask, Asked
from healthvisit.ui.widgets.fields import Field, NumberField
from healthvisit.ui.widgets.layout import button, horizontal, label, scrolled
from healthvisit.ui.widgets.notices import Banner
from healthvisit.ui.widgets.panes import Panes

KINDS = frozenset({"development_check", "assessment", "milestone", "referral", "task", "person", "birth"})


class DevelopmentPane(QWidget):
    """The part. `open(person)` reads it, `forget` empties it."""

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self.presenter = DevelopmentPresenter(desk, self, self)
        self.asked: Ask | None = None
        self.banner = Banner()
        self._build_left()
        self._build_right()
        self.panes = Panes(self._left, self.tabs, (5, 8))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.panes, 1)
        self.setFocusProxy(self.start)
        desk.jobs.changed.connect(self._heed)

    def _build_left(self) -> None:
        self.last = ResultPanel()
        self.start = button("", self._start, "primary")
        self.seen, self.heard = button("", self.presenter.seen), button("", self.presenter.heard)
        self.enter = button("", self._enter)
        self._left = QWidget()
        column = QVBoxLayout(self._left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(scrolled(self.last), 1)
        for row in (horizontal(self.seen, self.heard), horizontal(self.start, self.enter)):
            row.addStretch()
            column.addLayout(row)

    def _build_right(self) -> None:
        self.chart, self.milestones = MotorChart(), FactTable()
        self.say_month = button("", self.ask_month)
        self.no_chart = label(role="muted")
        self.skills, self.checks, self.results = FactTable(), FactTable(), FactTable()
        self.correct = button("", lambda: self._correct(self.checks.currentRow()))
        self.checks.opened.connect(self._correct)
        self.correct_result = button("", lambda: self._correct_result(self.results.currentRow()))
        self.results.opened.connect(self._correct_result)
        self.chart.moved.connect(self.milestones.selectRow)
        self.milestones.currentCellChanged.connect(lambda row, *_more: self.chart.go(row))
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        motor = scrolled(_column(self.no_chart, self.chart, _left(self.say_month), self.milestones))
        checks = _column(self.checks, _left(self.correct))
        results = _column(self.results, _left(self.correct_result))
        self.dscores = DScorePane(self._ask, lambda row: self._correct_of(self.presenter.scored, row))
        self._pages = (motor, _column(self.skills), checks, results, scrolled(self.dscores))
        for page in self._pages:
            self.tabs.addTab(page, "")
        self.milestones.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        names = (_("Movement"), _("Skills"), _("Checks"), _("Other tools"), _("D-score"))
        for page, name in zip(self._pages, names, strict=True):
            self.tabs.setTabText(self.tabs.indexOf(page), name)
        self.milestones.setAccessibleName(_("Motor milestones"))
        self.skills.setAccessibleName(_("Skills"))
        self.checks.setAccessibleName(_("Checks"))
        self.results.setAccessibleName(_("Results of other tools"))
        self.seen.setText(_("A doctor has seen the child"))
        self.heard.setText(_("I asked what came of it"))
        self.enter.setText(_("Enter a result"))
        self.say_month.setText(_("The family says since when"))
        self.correct.setText(_("Correct this check"))
        self.correct_result.setText(_("Correct this result"))
        self.panes.name(_("In words"), _("Histories"))
        self.show_view()

    # opening, leaving

    def open(self, person: str) -> None:
        """Read a child; nothing of another stays while it is read."""
        if person != self.presenter.person:
            self.forget()
        self.presenter.open(person)

    def forget(self) -> None:
        """Nothing of a child stays here."""
        self.presenter.person, self.presenter.view = "", None
        self.banner.clear()
        self.panes.show_left()
        self.tabs.setCurrentIndex(0)
        self.show_view()

    def _heed(self, kinds: frozenset[str]) -> None:
        if kinds & KINDS and self.isVisible() and self.presenter.person:
            self.presenter.open(self.presenter.person)

    # drawing

    def show_view(self) -> None:
        """Draw what was read, or an empty page."""
        view, presenter = self.presenter.view, self.presenter
        living = view is not None and view.facts.person.died_on is None
        for deed in (self.start, self.enter, self.say_month):
            deed.setEnabled(living)
        self.start.setText(_("Go on with the check") if view and view.draft else _("Start check"))
        self.seen.setVisible(bool(view and view.referral))
        self.heard.setVisible(bool(view and view.follow_ups))
        self.correct.setVisible(bool(view and view.facts.checks and living))
        self._show_last()
        self.milestones.show_rows(motor_words.heads(), motor_words.rows(view.milestones) if view else [])
        self.milestones.setMinimumHeight(self.milestones.whole_height())
        heads = [_("Area"), _("Skill"), _("First seen"), _("Now")]
        self.skills.show_rows(heads, presenter.skills(view) if view else [], wide=1)
        heads = [_("Day"), _("Age"), _("List"), _("Result"), _("Why")]
        self.checks.show_rows(heads, presenter.history(view) if view else [])
        self.results.show_rows(words.result_heads(), presenter.rows_of_others() if view else [], wide=3)
        self.correct_result.setVisible(bool(view and presenter.others and living))
        known = self._desk.library
        self.tabs.setTabVisible(self.tabs.indexOf(self._pages[-1]), bool(known.keys))
        if known.keys:
            born = view.facts.person.born_on if view else None
            self.dscores.show_scores(known, presenter.scored if view else (), born)
            self.dscores.ask.setVisible(bool(living and presenter.can_ask))
        drawn = view is not None and bool(view.milestones)
        self.chart.setVisible(drawn)
        self.milestones.setVisible(drawn)
        self.no_chart.setVisible(view is not None and not drawn)
        self.no_chart.setText(_("No windows: the day of birth is not known."))
        if view is not None and drawn:
            self.chart.show_data(motor_words.chart(view, self._desk.today()))

    def _show_last(self) -> None:
        view, pack = self.presenter.view, self.presenter.checks
        notice = words.own(pack.notice)
        if view is None:
            self.last.show_words("", "plain", (), "")
            return
        check = view.last
        blocks: list[Block] = []
        if view.draft is not None:
            begun = words.since(view.draft.started_at.astimezone().date())
            blocks.append((_("Not finished"), [_("A check is {since} and not saved.").format(since=begun)]))
        blocks.append((_("Still owed"), self.presenter.owed(view)))
        if check is None:
            blocks.insert(0, ("", [_("A check takes about ten minutes. Each answer is kept at once.")]))
            self.last.show_words(_("Not checked yet"), "plain", blocks, notice)
            return
        on, age, band, _result, _why = words.check_line(pack, check, view.facts.person.born_on)
        asked = _("list of {age}").format(age=band) if band else ""
        corrected = corrected_words(check.corrected_days)
        blocks.append((_("Last check"), [" · ".join(filter(None, (on, age, corrected, asked)))]))
        blocks.append((_("Why"), [words.reason(pack, r).line() for r in check.reasons]))
        late = [f"{words.own(m.window.name)}: {motor_words.said(m)}" for m in view.milestones if m.is_reason]
        blocks.append((_("Movement"), late))
        blocks.append((_("The family's words"), [check.worry]))
        if check.result is not None:
            blocks.append((_("What it means"), [words.own(pack.follow_up(check.result).say)]))
        self.last.show_words(words.result(pack, check.result), words.tone(check.result), blocks, notice)

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong."""
        self.banner.say(sentence(error), "danger")

    # deeds

    def _start(self) -> None:
        if self.presenter.view is not None:
            self._go.start_check(self.presenter.person)

    def _enter(self) -> None:
        if self.presenter.view is not None:
            self._go.enter_result(self.presenter.person)

    def _ask(self) -> None:
        if self.presenter.view is not None:
            self._go.ask(self.presenter.person)

    def _correct(self, row: int) -> None:
        view = self.presenter.view
        if view is None or not view.facts.checks or view.facts.person.died_on is not None:
            return
        if view.draft is not None and not view.draft.amends:
            self.banner.say(_("Another check is begun and not saved. Finish it or throw it away first."), "warn")
            return
        check = view.facts.checks[max(0, row)]
        self._go.start_check(self.presenter.person, amends=check.id)

    def _correct_result(self, row: int) -> None:
        self._correct_of(self.presenter.others, row)

    def _correct_of(self, held: list[tuple[Assessment, bool]], row: int) -> None:
        view = self.presenter.view
        if view is None or view.facts.person.died_on is not None or not held:
            return
        one, replaced = held[max(0, row)]
        known = self._desk.library.instrument(one.tool)
        if replaced:
            self.banner.say(_("This one was corrected already. Correct the newer one above it."), "warn")
        elif known is not None and known.wording == "full":
            self._go.ask(self.presenter.person, amends=one.id)
        else:
            self._go.enter_result(self.presenter.person, amends=one.id)

    def print_page(self) -> None:
        """Ctrl+P while this part is open: the page for the doctor, and nothing else."""
        person, pack, today = self.presenter.person, self.presenter.checks, self._desk.today()
        if self.presenter.view is None:
            return

        def make(_wanted: frozenset[str], view: DevelopmentView) -> Papers:
            with borrowed(self._desk.preferences.print_language):
                presenter = self.presenter
                tables = Tables(
                    owed=presenter.owed(view), skills=presenter.skills(view), checks=presenter.history(view),
                    results=presenter.results(view),
                )  # fmt: skip
                return [("development_page", development_page(self._desk, view, tables, today))]

        choose_papers(
            self, self._desk, [PaperChoice("development", _("Development, for the doctor (A4)"), ticked=True)],
            read=lambda work, _wanted: development_view(work, pack, person, today=today), make=make,
        )  # fmt: skip

    def ask_month(self) -> None:
        """Asks which milestone and the age in months; empty takes back what was said."""
        view = self.presenter.view
        if view is None:
            return
        which = QComboBox()
        for window in self.presenter.checks.motor:
            which.addItem(words.own(window.name), window.code)
        which.setCurrentIndex(max(0, self.milestones.currentRow()))
        months = NumberField(_("Age in completed months, since birth"), unit=_("months"))
        fields: dict[str, Asked] = {"which": Field(_("Milestone"), which), "months": months}

        def fill(_at: int = 0) -> None:
            held = view.said.get(which.currentData())
            months.set_text("" if held is None else str(held))

        def save(ask: Ask) -> None:
            typed = months.text().strip()
            if typed and not (typed.isdecimal() and typed.isascii()):
                months.set_error(no_number("9"))
            else:
                self.presenter.say_month(which.currentData(), int(typed) if typed else None, ask.accept, ask.say)

        which.currentIndexChanged.connect(fill)
        fill()
        self.asked = Ask(
            self, _("Since when, as the family says"), fields, deed=_("Save"), do=save,
            belongs={"development.": "months"}, note=_("Leave the age empty to take back what was said."),
        )  # fmt: skip
        self.asked.open()


def _left(deed: QWidget) -> QWidget:
    made = QWidget()
    inside = horizontal(deed)
    inside.addStretch()
    made.setLayout(inside)
    return made


def _column(*parts: QWidget) -> QWidget:
    made = QWidget()
    inside = QVBoxLayout(made)
    inside.setContentsMargins(0, theme.px(8), 0, 0)
    inside.setSpacing(theme.px(6))
    for part in parts:
        is_table = isinstance(part, FactTable | MotorChart)
        inside.addWidget(part, 1 if is_table else 0)
    return made
