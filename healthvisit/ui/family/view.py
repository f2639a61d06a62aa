"""One family: its people at the left, what was done and is to do at the right. Ordinary content only."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMenu, QPushButton, QTabWidget, QVBoxLayout, QWidget

from healthvisit.services.caseload import FamilyView as Family
from healthvisit.ui import words
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.family import asking
from healthvisit.ui.family.presenter import FamilyPresenter
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.messages import said, sentence
from healthvisit.ui.papers.choose import PaperChoice, choose_papers
from healthvisit.ui.papers.gather import day_papers, household_sheets
from healthvisit.ui.sparkline import mark_of, spark_of
from healthvisit.ui.widgets.ask import Ask
from healthvisit.ui.widgets.layout import ActionBar, Card, button, horizontal, label, menu_deed, vertical
from healthvisit.ui.widgets.notices import Banner
from healthvisit.ui.widgets.panes import Panes
from healthvisit.ui.widgets.rows import Row, RowList

KINDS = frozenset(
    {"household", "person", "membership", "enrolment", "birth", "pregnancy", "visit", "visit_part", "planned_contact",
     "referral", "task", "draft"}
)  # fmt: skip


class FamilyView(Retranslated, QWidget):
    """The page. `show_household(id)` opens a family; `print_page` is what Ctrl+P does here."""

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self.presenter = FamilyPresenter(desk, go, self, self)
        self.asked: Ask | None = None
        self.banner = Banner()
        self._build_left()
        self._build_right()
        self.panes = Panes(self._left, self.tabs)
        self.foot = ActionBar()
        self.more, self.print_it = self._menu(), button("", self.print_page)
        self.foot.add_left(self.more)
        self.foot.add(self.print_it)
        self.start = self.foot.set_primary("", self._start)
        column = vertical(self.banner, self.panes, self.foot, spacing=0)
        column.setStretch(1, 1)
        self.setLayout(column)
        self.setFocusProxy(self.people)
        desk.jobs.changed.connect(self._heed)
        self.retranslate()

    def _build_left(self) -> None:
        self.name, self.number = label(role="heading"), label(role="muted", wrap=False)
        self.where, self.rings, self.marks = label(), label(role="muted"), label(role="strong")
        self.edit = button("", self._edit)
        top = horizontal(self.name, self.number, spacing=12)
        top.setStretch(0, 1)
        facts = vertical(self.where, self.rings, self.marks, spacing=4)
        second = horizontal(facts, self.edit, spacing=12)
        second.setStretch(0, 1)
        second.setAlignment(self.edit, Qt.AlignmentFlag.AlignTop)
        self.people = RowList("")
        self.people.opened.connect(self._open_person)
        self.add_child, self.add_adult = button("", self._add_child), button("", self._add_adult)
        self.name_it = button("", self._name_child)
        deeds = horizontal(self.add_child, self.add_adult, self.name_it)
        deeds.addStretch()
        card = Card()
        card.body.addLayout(top)
        card.body.addLayout(second)
        self._left = QWidget()
        column = QVBoxLayout(self._left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        column.addWidget(self.people, 1)
        column.addLayout(deeds)
        self._left.setFocusProxy(self.people)
        self.people.chosen.connect(lambda _key: self._show_naming())

    def _build_right(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.timeline, self.to_do, self.referrals = RowList(""), RowList(""), RowList("")
        self.timeline.opened.connect(self._read_visit)
        for page in (self.timeline, self.to_do, self.referrals):
            self.tabs.addTab(page, "")

    def _menu(self) -> QPushButton:
        made = QPushButton()
        made.setAutoDefault(False)
        made.setProperty("menu", "true")
        menu = QMenu(made)
        self._moved = menu_deed(menu, self, self.ask_moved)
        self._left_programme = menu_deed(menu, self, self.ask_left)
        menu.addSeparator()
        self._died = menu_deed(menu, self, self.ask_died)
        made.setMenu(menu)
        return made

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.people.setAccessibleName(_("People"))
        for page, name in zip((self.timeline, self.to_do, self.referrals), self._tab_names(), strict=True):
            page.setAccessibleName(name)
            self.tabs.setTabText(self.tabs.indexOf(page), name)
        self.edit.setText(_("Edit"))
        self.add_child.setText(_("Add child"))
        self.add_adult.setText(_("Add adult"))
        self.name_it.setText(_("Give a name"))
        self.more.setText(_("More"))
        self._moved.setText(_("Moved"))
        self._left_programme.setText(_("Left the programme"))
        self._died.setText(_("Child died"))
        self.print_it.setText(_("Print"))
        self.start.setText(_("Start visit"))
        self.panes.name(_("Family"), _("Visits and tasks"))
        if self.presenter.view is not None:
            self.show_family(self.presenter.view)

    @staticmethod
    def _tab_names() -> tuple[str, str, str]:
        return _("Timeline"), _("To do"), _("Referrals")

    def show_household(self, household: str) -> None:
        """Open a family."""
        self.banner.clear()
        self._blank()
        self.panes.show_left()
        self.tabs.setCurrentIndex(0)
        self.presenter.open(household)

    def refresh(self) -> None:
        """Read again."""
        self.presenter.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _heed(self, kinds: frozenset[str]) -> None:
        if kinds & KINDS and self.isVisible():
            self.refresh()

    def _blank(self) -> None:
        """Nothing of the family shown before stays while the next is read."""
        for text in (self.name, self.number, self.where, self.rings, self.marks):
            text.clear()
        for rows in (self.people, self.timeline, self.to_do, self.referrals):
            rows.show_rows([])
        for deed in (self.start, self.more, self.edit, self.print_it, self.add_child, self.add_adult):
            deed.setEnabled(False)
        self.name_it.hide()

    # drawing

    def show_family(self, view: Family | None) -> None:
        """Draw the family."""
        if view is None:
            self._blank()
            self.banner.say(said("household.absent"), "warn")
            return
        line, presenter = view.household, self.presenter
        self.name.setText(words.family_name(line))
        self.number.setText(line.number)
        self.where.setText("\n".join(filter(None, (words.address(self._desk.pack, line), line.note))))
        self.rings.setText(words.ringing(line))
        self.marks.setText(_("Two go together") if line.two_go else "")
        self.rings.setVisible(bool(self.rings.text()))
        self.marks.setVisible(line.two_go)
        self.people.show_rows(self._person(view, person.id) for person in line.persons)
        self.timeline.show_rows(
            Row(key=visit.id, title=presenter.deed(visit), second=presenter.deed_second(visit), aside=visit.agreed)
            for visit in view.timeline
        )
        if not view.timeline:
            self._plain(self.timeline, [(_("No visit yet."), "")])
        self._plain(self.to_do, presenter.to_do(view))
        self._plain(self.referrals, presenter.referrals(view))
        closed = presenter.closed(view)
        if closed:
            self.banner.say(closed, closable=False)
        for deed in (self.start, self.edit, self.add_child, self.add_adult):
            deed.setEnabled(not closed)
        for deed in (self.more, self.print_it):
            deed.setEnabled(True)
        self.start.setText(_("Go on with visit") if line.draft else _("Start visit"))
        living = [p for p in line.children if p.died_on is None]
        self._died.setEnabled(bool(living))
        for event in (self._moved, self._left_programme):
            event.setEnabled(not closed)
        self._show_naming()

    def _person(self, view: Family, person_id: str) -> Row:
        person = next(p for p in view.household.persons if p.id == person_id)
        chip, tone = self.presenter.person_chip(person)
        name, spark = words.person_name(person), spark_of(view.growth.get(person_id, ()))
        return Row(
            key=person.id, title=name, second=self.presenter.person_second(view, person), chip=chip, tone=tone,
            mark=mark_of(spark) if spark is not None and person.died_on is None else None,
        )  # fmt: skip

    @staticmethod
    def _plain(rows: RowList, lines: list[tuple[str, str]]) -> None:
        made = [Row(key=str(at), title=title, second=second) for at, (title, second) in enumerate(lines)]
        rows.show_rows(made or [Row(key="none", title=_("Nothing here."))])

    def _show_naming(self) -> None:
        view, chosen = self.presenter.view, self.people.current_key()
        person = next((p for p in view.household.persons if p.id == chosen), None) if view else None
        nameless = person is not None and person.kind.value == "child" and not person.given_name
        self.name_it.setVisible(bool(nameless and person and person.died_on is None))

    # deeds

    def _start(self) -> None:
        view = self.presenter.view
        if view is not None and view.household.draft is not None:
            self._go.resume_visit(view.household.draft)
        elif view is not None:
            self._go.start_visit(view.household.id)

    def _open_person(self, person: str) -> None:
        view = self.presenter.view
        if view is not None and any(p.id == person for p in view.household.children):
            self._go.child(person)
        elif view is not None and any(p.id == person for p in view.household.persons):
            self._go.adult(person)

    def _read_visit(self, visit: str) -> None:
        view = self.presenter.view
        if view is not None and any(v.id == visit for v in view.timeline):
            self._go.read_visit(visit)

    def _add_child(self) -> None:
        self._go.add_children(self.presenter.household)

    def _ask(self, make: Callable[[Family], Ask]) -> None:
        if self.presenter.view is not None:
            self.asked = make(self.presenter.view)
            self.asked.open()

    def _edit(self) -> None:
        self._ask(lambda view: asking.edit_family(self, self.presenter, view.household))

    def _add_adult(self) -> None:
        self._ask(lambda _view: asking.add_adult(self, self.presenter))

    def _name_child(self) -> None:
        chosen = self.people.current_key()
        self._ask(
            lambda view: asking.name_child(
                self, self.presenter, next(p for p in view.household.persons if p.id == chosen)
            )
        )

    def ask_moved(self) -> None:
        """More: the family moved."""
        self._ask(lambda _view: asking.moved(self, self.presenter))

    def ask_left(self) -> None:
        """More: the family leaves the programme."""
        self._ask(lambda _view: asking.left(self, self.presenter))

    def ask_died(self) -> None:
        """More: a child died."""
        self._ask(
            lambda view: asking.died(
                self, self.presenter, tuple(p for p in view.household.children if p.died_on is None)
            )
        )

    def print_page(self) -> None:
        """Ctrl+P: the family's sheet, visit sheets, growth charts."""
        household, pack, today = self.presenter.household, self._desk.pack, self._desk.today()
        choices = [
            PaperChoice("family", _("Family sheet (A5)"), ticked=True),
            PaperChoice("sheets", _("Visit sheets, filled in as far as known")),
            PaperChoice("growth", _("Growth charts")),
        ]
        choose_papers(
            self, self._desk, choices,
            read=lambda work, wanted: household_sheets(work, pack, (household,), today=today, wanted=wanted),
            make=lambda wanted, got: day_papers(self._desk, wanted, got),
        )  # fmt: skip

    def show_saved(self, told: str) -> None:
        """Say what a save did."""
        self.banner.say(told, "ok")

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong."""
        self.banner.say(sentence(error), "danger")
