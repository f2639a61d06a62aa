"""The page that asks an instrument's own questions: one page for every pack. Private ones begin with being alone."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QStackedWidget, QWidget

from healthvisit.domain.development import Assessment
from healthvisit.domain.errors import HealthvisitError
from healthvisit.packs.instruments import Instrument
from healthvisit.ui import theme
from healthvisit.ui import words as general
from healthvisit.ui.dates import day, no_day
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.development import words
from healthvisit.ui.development.alone_gate import AloneGate
from healthvisit.ui.development.answer_rows import AnswerRows
from healthvisit.ui.development.ask_presenter import AskPresenter
from healthvisit.ui.development.result_panel import Block, ResultPanel
from healthvisit.ui.development.tool_page import ToolPage
from healthvisit.ui.development.who_and_day import WhoAndDay
from healthvisit.ui.i18n import LANGUAGES, _
from healthvisit.ui.messages import sentence
from healthvisit.ui.widgets.fields import Field
from healthvisit.ui.widgets.layout import horizontal, label, scrolled, vertical
from healthvisit.ui.widgets.panes import Panes

BELONGS_TO_DAY = ("development.result_in_future", "development.result_before_birth", "development.not_for_age")


class AskView(ToolPage[AskPresenter]):
    """The page. `open(person)` begins or goes on; `flush` seals what is answered and covers what is private."""

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__(desk, go)
        self.presenter = AskPresenter(desk, self, self)
        self.gate = AloneGate()
        self.gate.passed.connect(self._show_questions)
        self.gate.refused.connect(self._later)
        self._build_head()
        self._questions = QWidget()
        self._build_questions()
        self.stack = QStackedWidget()
        self.stack.addWidget(scrolled(self.gate))
        self.stack.addWidget(scrolled(self._questions))
        self.about, self.result = ResultPanel(), ResultPanel()
        self.stack.addWidget(scrolled(self.result))
        self.panes = Panes(self.stack, scrolled(self.about), (7, 4))
        self.main = self.foot.set_primary("", self._go_on)
        column = vertical(self.banner, self._head, self.panes, self.foot, spacing=0)
        column.setStretch(2, 1)
        self.setLayout(column)
        self.setFocusProxy(self.stack)
        self.retranslate()

    def _build_head(self) -> None:
        self._head = WhoAndDay(self._desk.today())
        self.name, self.facts, self.day = self._head.name, self._head.facts, self._head.day
        self.day.left.connect(self._take_day)

    def _build_questions(self) -> None:
        self.which = QComboBox()
        self.which.activated.connect(lambda at: self.presenter.choose(self.which.itemData(at)))
        self.tool = Field("", self.which)
        self.lead, self.keys = label(role="strong"), label(role="small")
        self.rows = AnswerRows()
        self.rows.answered.connect(self.presenter.answer)
        self.rows.entered.connect(self._entered)
        self.rows.ended.connect(lambda: self.main.setFocus(Qt.FocusReason.TabFocusReason))
        under = horizontal(self.keys, self.kept, spacing=12)
        under.setStretch(0, 1)
        column = vertical(self.tool, self.lead, self.rows, under, spacing=12)
        column.addStretch()
        column.setContentsMargins(0, 0, theme.px(12), theme.px(8))
        self._questions.setLayout(column)
        self._questions.setFocusProxy(self.rows)

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        super().retranslate()
        self.gate.retranslate()
        self.day.set_label(_("Asked on"))
        self.tool.set_label(_("Questions"))
        self.keys.setText(_("A digit answers and goes on; Delete takes an answer back"))
        self._name_panes()
        self._dress_foot()
        if self.presenter.draft is not None and self.presenter.done is None:
            self.show_form()

    def _name_panes(self) -> None:
        if self.presenter.done is not None:
            self.panes.name(_("Result"), _("Afterwards"))
        else:
            self.panes.name(_("Questions"), _("About the questions"))

    # opening and leaving

    def open(self, person: str, amends: str = "") -> None:
        """Ask a person, go on with what was begun, or correct what was saved."""
        for part in (self.banner, self.name, self.facts, self.kept, self.lead):
            part.clear()
        self.day.set_text("")
        self.day.set_error("")
        self._cover()
        self.day.setEnabled(True)
        self.stack.setEnabled(False)
        self.panes.show_left()
        self.presenter.open(person, amends)
        self._name_panes()

    def flush(self) -> None:
        """Seal what is not sealed yet; private answers leave the screen, and being alone is asked again."""
        super().flush()
        if self.presenter.is_private:
            self._cover()
            self._dress_foot()

    def _cover(self) -> None:
        self.gate.close_again()
        self.rows.show_rows([])
        self.lead.clear()
        self.stack.setCurrentIndex(0)
        self.tool.hide()
        before = [_("The person may say no, and may stop at any time."), _("Read each question as it is written.")]
        self.about.show_words(_("Before you ask"), "plain", [("", before)], "")
        self.result.show_words("", "plain", (), "")

    def command(self, name: str) -> bool:
        """Do what a key of the frame asks for; tells whether it was meant for this page."""
        if name != "wording_language" or self.presenter.draft is None:
            return False
        code = self.presenter.next_wording()
        self._draw_questions()
        self.banner.say(_("Questions are now in {language}.").format(language=LANGUAGES[code]))
        return True

    # drawing

    def show_form(self) -> None:
        """Draw head and questions; private ones stay behind the question about being alone."""
        presenter = self.presenter
        if presenter.facts is None or presenter.draft is None:
            return
        first = not self.stack.isEnabled()
        self.stack.setEnabled(True)
        person = presenter.facts.person
        self.name.setText(general.person_name(person))
        self.facts.setText(general.age(person, presenter.on))
        self.day.set_day(presenter.on)
        if not presenter.offered:
            self.banner.say(_("There are no questions for this person at this age."), "warn", closable=False)
            self.stack.setEnabled(False)
        elif not presenter.is_private or self.stack.currentIndex() == 1:
            self._show_questions()
        else:
            self.gate.setFocus(Qt.FocusReason.OtherFocusReason)
        self._dress_foot()
        if first:
            self._say_where_it_stands(_("Other answers are begun and not saved. Save them or throw them away first."))

    def _show_questions(self) -> None:
        presenter = self.presenter
        if presenter.draft is None:
            return
        self.stack.setCurrentIndex(1)
        self.which.clear()
        for one in presenter.offered:
            self.which.addItem(words.own(one.name), one.code)
        self.which.setCurrentIndex(max(0, self.which.findData(presenter.draft.tool)))
        self.tool.setVisible(self.which.count() > 1)
        self._draw_questions()
        self._dress_foot()
        if not self.rows.stand_on(presenter.draft.focus):
            self.main.setFocus(Qt.FocusReason.OtherFocusReason)

    def _later(self) -> None:
        self.leave.setFocus(Qt.FocusReason.OtherFocusReason)

    def _draw_questions(self) -> None:
        one = self.presenter.instrument
        if one is None or self.stack.currentIndex() == 0 or self.presenter.done is not None:
            return
        self.lead.setText(self.presenter.wording_of(one.lead) if one.lead else "")
        self.lead.setVisible(one.lead is not None)
        self.rows.show_rows(self.presenter.rows())
        self.show_open()

    def show_open(self) -> None:
        """What is to be known of the instrument, and how many answers are open. Never what they come to so far."""
        self._dress_ways_out()
        one = self.presenter.instrument
        if one is None or self.presenter.done is not None:
            return
        said = [words.own(one.notice)] if one.notice else []
        blocks: list[Block] = [("", [*said, self.presenter.left_open()])]
        self.about.show_words(words.own(one.name), "plain", blocks, "")

    def show_done(self, made: Assessment) -> None:
        """What the answers come to and what to do; the answers themselves are off the screen."""
        name, tone, said = self.presenter.outcome(made)
        one = self.presenter.instrument
        self._cover()
        self.stack.setCurrentIndex(2)
        self.day.setEnabled(False)
        self.banner.say(_("Saved on this computer."), "ok", closable=False)
        asks = _("Ask by {day} what came of it.")
        blocks: list[Block] = [
            (_("What to do"), said),
            (_("What follows"), [asks.format(day=day(made.follow_up_on))] if made.follow_up_on else []),
        ]
        self.result.show_words(name, tone, blocks, self._notice(one))
        after = [_("The answers are not shown any more. What they came to is on this person's page.")]
        self.about.show_words(_("Afterwards"), "plain", [("", after)], "")
        self._name_panes()
        self.panes.show_left()
        self._dress_foot()
        self.main.setFocus(Qt.FocusReason.OtherFocusReason)

    @staticmethod
    def _notice(one: Instrument | None) -> str:
        if one is None or one.purpose == "population":
            return ""
        if one.purpose == "monitoring":
            return _("Monitoring, not a diagnosis.")
        return _("These questions show who may need help. They are no diagnosis.")

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong; what is answered stays."""
        code = error.code if isinstance(error, HealthvisitError) else ""
        if code in BELONGS_TO_DAY:
            self.day.set_error(sentence(error))
            self.day.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.banner.say(sentence(error), "danger")
        if code == "development.form_incomplete":
            self.rows.stand_on("")

    def _dress_foot(self) -> None:
        done = self.presenter.done is not None
        self.main.setText(_("Back") if done else _("Save the answers"))
        self.main.setEnabled(done or self.stack.currentIndex() == 1)
        self.leave.setVisible(not done)
        self._dress_ways_out()

    # deeds

    def _entered(self, code: str) -> None:
        self.presenter.stand_on(code)
        self._soon.start()

    def _go_on(self) -> None:
        if self.presenter.done is not None:
            self._go.back()
        elif self._take_day():
            self._soon.stop()
            self.banner.clear()
            self.presenter.save()

    def _take_day(self) -> bool:
        """Take the day as typed; tells whether it can be one."""
        if self.presenter.draft is None:
            return False
        self.day.set_error("")
        try:
            on = self.day.read()
        except ValueError:
            on = None
        if on is None:
            self.day.set_error(no_day())
            return False
        self.presenter.set_day(on)
        return True
