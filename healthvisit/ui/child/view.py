"""One child: growth in words with its chart and table, the plan of visits, the visits made."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QTabWidget, QWidget

from healthvisit.services.caseload import ChildView as Child
from healthvisit.ui import theme, words
from healthvisit.ui.child.development_pane import DevelopmentPane
from healthvisit.ui.child.growth_pane import GrowthPane
from healthvisit.ui.child.presenter import ChildPresenter
from healthvisit.ui.dates import day_short
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.messages import said, sentence
from healthvisit.ui.papers.choose import PaperChoice, choose_papers
from healthvisit.ui.papers.gather import day_papers, household_sheets
from healthvisit.ui.widgets.layout import button, horizontal, label, vertical
from healthvisit.ui.widgets.notices import Banner
from healthvisit.ui.widgets.rows import Row, RowList

KINDS = frozenset({"person", "birth", "visit", "visit_part", "planned_contact", "enrolment"})


class ChildView(Retranslated, QWidget):
    """The page. `show_child(id)` opens a child; `print_page` is Ctrl+P, `show_to_family` F6. `titled`: for the head."""

    titled = Signal(str)

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self.presenter = ChildPresenter(desk, go, self, self)
        self.banner = Banner()
        self._name, self.facts = "", label(role="muted")
        self.show_it = button("", self.show_to_family, "primary")
        self.print_it = button("", self.print_page)
        self.family = button("", self._open_family)
        top = horizontal(self.family, self.print_it, self.show_it)
        head = horizontal(self.facts, top, spacing=16)
        head.setStretch(0, 1)
        head.setContentsMargins(theme.px(24), theme.px(4), theme.px(16), 0)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        theme.set_kind(self.tabs, "page")
        self.growth = GrowthPane(desk, self.presenter)
        self.plan, self.visits = RowList(""), RowList("")
        self.development = DevelopmentPane(desk, go)
        self.visits.opened.connect(go.read_visit)
        for page in (self.growth, self.development, self.plan, self.visits):
            self.tabs.addTab(page, "")
        self.tabs.currentChanged.connect(lambda _at: self._open_development())
        column = vertical(self.banner, head, self.tabs, spacing=4)
        column.setContentsMargins(0, 0, 0, 0)
        column.setStretch(2, 1)
        self.setLayout(column)
        self.setFocusProxy(self.tabs.tabBar())
        desk.jobs.changed.connect(self._heed)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.show_it.setText(_("Show to family"))
        self.print_it.setText(_("Print"))
        self.family.setText(_("Family"))
        for page, name in ((self.growth, _("Growth")), (self.plan, _("Plan")), (self.visits, _("Visits"))):
            self.tabs.setTabText(self.tabs.indexOf(page), name)
        self.plan.setAccessibleName(_("Plan"))
        self.visits.setAccessibleName(_("Visits"))
        self.tabs.setTabText(self.tabs.indexOf(self.development), _("Development"))
        self.growth.retranslate()
        self.development.retranslate()
        if self.presenter.view is not None:
            self.show_read(self.presenter.view)

    def show_child(self, person: str, tab: str = "") -> None:
        """Open a child; ``"development"`` opens that part at once."""
        self.banner.clear()
        self._blank()
        self.tabs.setCurrentIndex(self.tabs.indexOf(self.development) if tab == "development" else 0)
        self.growth.show_left()
        self.presenter.open(person)
        self._open_development()

    def _open_development(self) -> None:
        """The Sensitive part is read when it is opened by its own tab, and forgotten when that is left."""
        if self.tabs.currentWidget() is self.development and self.presenter.person:
            self.development.open(self.presenter.person)
        else:
            self.development.forget()

    def refresh(self) -> None:
        """Read again."""
        self.presenter.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._open_development()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.development.forget()

    def _heed(self, kinds: frozenset[str]) -> None:
        if kinds & KINDS and self.isVisible():
            self.refresh()

    def heading(self) -> str:
        """What the head says: whose page it is."""
        return self._name or _("Child")

    def _call(self, name: str) -> None:
        self._name = name
        if self.isVisible():
            self.titled.emit(self.heading())

    def _blank(self) -> None:
        """Nothing of the child shown before stays while the next is read."""
        self._call("")
        self.facts.clear()
        self.growth.blank()
        self.development.forget()
        self.plan.show_rows([])
        self.visits.show_rows([])
        for deed in (self.show_it, self.print_it, self.family):
            deed.setEnabled(False)

    # drawing

    def show_read(self, view: Child | None) -> None:
        """Draw the child."""
        if view is None:
            self._blank()
            self.banner.say(said("record.absent"), "warn")
            return
        self._call(words.person_name(view.person))
        self.facts.setText(self.presenter.facts(view))
        for deed in (self.show_it, self.print_it, self.family):
            deed.setEnabled(True)
        self.growth.show_child(view)
        self.plan.show_rows(
            Row(key=str(at), title=name, second=span, chip=state)
            for at, (name, span, state) in enumerate(self.presenter.plan(view))
        )
        self.visits.show_rows(
            Row(key=v.id, title=" · ".join([day_short(v.on), *(words.contact(self._desk.pack, c) for c in v.codes)]),
                second=v.agreed)
            for v in view.visits
        )  # fmt: skip

    # deeds

    def show_to_family(self) -> None:
        """F6: the page for the family's eyes."""
        if self.presenter.person:
            self._go.show_to_family(self.presenter.person)

    def _open_family(self) -> None:
        if self.presenter.view is not None:
            self._go.family(self.presenter.view.household.id)

    def print_page(self) -> None:
        """Ctrl+P: the growth charts and the family's sheet of this child; from Development, its page for the doctor."""
        view = self.presenter.view
        if view is not None and self.tabs.currentWidget() is self.development:
            self.development.print_page()
            return
        if view is None:
            return
        household, person, pack, today = view.household.id, view.person.id, self._desk.pack, self._desk.today()
        choices = [
            PaperChoice("growth", _("Growth charts (A4)"), ticked=True),
            PaperChoice("growth_a5", _("Growth charts (A5)")),
            PaperChoice("family", _("Family sheet (A5)")),
        ]
        choose_papers(
            self, self._desk, choices,
            read=lambda work, wanted: household_sheets(work, pack, (household,), today=today, wanted=wanted),
            make=lambda wanted, got: day_papers(self._desk, wanted, got, only=person),
        )  # fmt: skip

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong."""
        self.banner.say(sentence(error), "danger")
