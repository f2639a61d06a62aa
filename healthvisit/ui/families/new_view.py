"""A new family in three pages (Who, Where, Birth), and children added to a family that is known."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from healthvisit.domain.ids import PersonId
from healthvisit.services import caseload
from healthvisit.services.caseload import FamilyView
from healthvisit.services.families import LookAlike
from healthvisit.ui import theme, words
from healthvisit.ui.dates import day
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.families.fields import Asked, BirthFields, ChildrenFields, WhereFields, beside, show_problems
from healthvisit.ui.families.new_presenter import (
    NewFamilyPresenter,
    Problems,
    Typed,
    check_birth,
    check_children,
    check_where,
    check_who,
    rhythm,
)
from healthvisit.ui.i18n import _, language
from healthvisit.ui.messages import sentence
from healthvisit.ui.widgets.fields import Field
from healthvisit.ui.widgets.layout import ActionBar, Card, button, column, label, scrolled, vertical
from healthvisit.ui.widgets.notices import Banner, ErrorSummary
from healthvisit.ui.widgets.rows import Row, RowList

TYPING_MS, ALIKES_PX, FORM_PX, RING_PX = 250, 340, 800, 4
FREE_PX = 16_777_215  # what Qt takes for no limit
BESIDE_FROM_PX, LOW_ALIKES_PX = 1100, 170  # narrower pages have look-alikes below the form, and only when there are any


class Alikes(Card):
    """Who may be the same, shown while one types; Enter opens the child."""

    any_found = False

    def __init__(self, go: Go) -> None:
        super().__init__(_("Perhaps known already"))
        self.words = label(role="muted")
        self.list = RowList(_("Perhaps known already"))
        self.list.opened.connect(go.child)
        self.body.addWidget(self.words)
        self.body.addWidget(self.list, 1)
        self.body.addStretch()
        self.show_alikes(None)

    def show_alikes(self, found: list[LookAlike] | None) -> None:
        """List them, the likeliest first; None while too little is typed to look."""
        self.any_found = bool(found)
        if found is None:
            said = _("Type a name and a date of birth: who is alike will stand here.")
        else:
            said = _("Look before you go on: Enter opens the child.") if found else _("Nobody alike so far.")
        self.words.setText(said)
        self.list.show_rows(
            Row(
                key=alike.person,
                title=alike.name,
                second=_("born {day}").format(day=day(alike.born_on)) if alike.born_on else "",
                chip=_("likely the same") if alike.likely else _("possible"),
                tone="warn" if alike.likely else "plain",
            )
            for alike in found or ()
        )
        self.list.setVisible(bool(found))


class _Pages(theme.Restyled, QWidget):
    """What both have in common: a form at the left, look-alikes at the right, mistakes above, deeds at the foot."""

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self.presenter = NewFamilyPresenter(desk, go, self, self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(lambda: self.presenter.look_alikes(self.typed()))
        self._spoken = ""
        self._speak()

    def _speak(self) -> None:
        """Build the page in the language in use; again only when that has changed since."""
        if self._spoken == language():
            return
        self._spoken = language()
        if (before := self.layout()) is not None:
            gone = QWidget()
            gone.setLayout(before)
            gone.deleteLater()
        self.banner, self.summary, self.foot = Banner(), ErrorSummary(), ActionBar()
        self.step = label(role="muted")
        self.alikes = Alikes(self._go)
        self._build()

    def _build(self) -> None:
        raise NotImplementedError

    def _lay_out(self, form: QWidget) -> None:
        self._form = QWidget()
        self._lines = vertical(self.summary, self.step, form, spacing=12)
        self._lines.addStretch()
        self._form.setLayout(self._lines)
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._middle.addWidget(scrolled(column(self._form, FORM_PX)), 1)
        self._middle.addWidget(self.alikes)
        whole = vertical(self.banner, self._middle, self.foot, spacing=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.restyle()

    def restyle(self) -> None:
        """Follow the text size."""
        if self.layout() is None:
            return  # not built yet
        self._form.setMaximumWidth(theme.px(FORM_PX))
        self._lines.setContentsMargins(theme.px(RING_PX), theme.px(RING_PX), theme.px(16), theme.px(16))
        self._middle.setContentsMargins(theme.px(24 - RING_PX), theme.px(8 - RING_PX), theme.px(16), theme.px(12))
        self._middle.setSpacing(theme.px(16))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where the page is narrow the form has all of it; look-alikes come below once there are some."""
        beside = self.width() >= theme.px(BESIDE_FROM_PX)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._middle.setDirection(across if beside else down)
        self.alikes.setMinimumWidth(theme.px(ALIKES_PX) if beside else 0)
        self.alikes.setMaximumWidth(theme.px(ALIKES_PX) if beside else FREE_PX)
        self.alikes.setMaximumHeight(FREE_PX if beside else theme.px(LOW_ALIKES_PX))
        self.alikes.setVisible(beside or self.alikes.any_found)

    def typed(self) -> Typed:
        """Everything as it stands in the fields."""
        raise NotImplementedError

    def fields(self) -> Mapping[str, Asked]:
        """Every field under the name that problems use."""
        raise NotImplementedError

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._typing.stop()

    def _typed_more(self) -> None:
        self._typing.start()

    def show_alikes(self, found: list[LookAlike] | None) -> None:
        """List who may be the same; None while too little is typed to look."""
        self.alikes.show_alikes(found)
        self._fit()

    def show_failed(self, error: BaseException, field: str | None) -> None:
        """Say why it was not saved."""
        if field is not None and field in self.fields():
            self._show({field: sentence(error)})
        else:
            self.banner.say(sentence(error), "danger")

    def _show(self, problems: Problems) -> bool:
        found = show_problems(self.fields(), problems)
        self.summary.show_problems(found)
        return bool(found)


class NewFamilyView(_Pages):
    """Ctrl+Enter three times: four actions with Ctrl+Shift+N. `start(name)` empties it."""

    def _build(self) -> None:
        self.name = Field(_("Family name"))
        self.kids = ChildrenFields(with_pregnancy=True)
        self.mother_given, self.mother_surname = Field(_("Mother's first name")), Field(_("Mother's surname"))
        self.where, self.birth = WhereFields(self._desk.pack), BirthFields()
        who = QWidget()
        lines = vertical(beside(self.name, self.mother_given, self.mother_surname), self.kids, spacing=16)
        lines.setContentsMargins(0, 0, 0, 0)
        who.setLayout(lines)
        self._pages = (who, self.where, self.birth)
        self._at = 0
        form = QWidget()
        pages = vertical(*self._pages, spacing=0)
        pages.setContentsMargins(0, 0, 0, 0)
        form.setLayout(pages)
        self._lay_out(form)
        self.back = button(_("Back"), self.go_back)
        self.only_save = button(_("Save, visit later"), lambda: self._finish(start_visit=False))
        self.foot.add_left(self.back)
        self.foot.add(self.only_save)
        self.forward = self.foot.set_primary("", self.go_on)
        for asked in (self.name, self.mother_given, self.mother_surname):
            asked.edited.connect(lambda _text: self._typed_more())
        for part in (self.kids, self.where, self.birth):
            part.edited.connect(self._typed_more)
        self.birth.edited.connect(self._say_rhythm)
        self._show_page(0)

    def start(self, name: str = "") -> None:
        """Begin anew, with what was searched for as the family's name."""
        self._speak()
        for part in (self.kids, self.where, self.birth):
            part.clear()
        for asked in (self.mother_given, self.mother_surname):
            asked.set_text("")
        self.name.set_text(name)
        self._show({})
        self.show_alikes(None)
        self.banner.clear()
        self._show_page(0)

    def typed(self) -> Typed:
        """Everything as it stands in the fields."""
        return Typed(
            name=self.name.text(),
            count=self.kids.count.key() or "1",
            children=self.kids.typed(),
            born=self.kids.born.text(),
            precision=self.kids.precision.key() or "",
            mother_surname=self.mother_surname.text(),
            mother_given=self.mother_given.text(),
            place=self.where.places.currentData() or "",
            address=self.where.address.text(),
            note=self.where.note.text(),
            phone=self.where.phone.text(),
            may_ring=self.where.may_ring.key() or "",
            weeks=self.birth.weeks.text(),
            birth_weight=self.birth.weight.text() if len(self.kids.given) == 1 else "",
            left=self.birth.left.text(),
            due=self.birth.due.text(),
        )

    def fields(self) -> Mapping[str, Asked]:
        """Every field under the name that problems use."""
        mother = {"mother_given": self.mother_given, "mother_surname": self.mother_surname}
        return {"name": self.name, **mother, **self.kids.fields(), **self.where.fields(), **self.birth.fields()}

    def go_on(self) -> None:
        """Check this page, then the next one; from the last one save and begin the visit."""
        typed, today, at = self.typed(), self._desk.today(), self._at
        problems = (check_who(typed, today), check_where(typed), check_birth(typed, self._desk.pack, today))[at]
        if self._show(problems):
            return
        if at + 1 < len(self._pages):
            self._show_page(at + 1)
        else:
            self._finish(start_visit=True)

    def go_back(self) -> None:
        """The page before, or away."""
        if self._at:
            self._show_page(self._at - 1)
        else:
            self._go.back()

    def _finish(self, *, start_visit: bool) -> None:
        typed, today = self.typed(), self._desk.today()
        checks = (check_who(typed, today), check_where(typed), check_birth(typed, self._desk.pack, today))
        at = next((i for i, problems in enumerate(checks) if problems), None)
        if at is not None:
            self._show_page(at)
            self._show(checks[at])
            return
        self.presenter.save(typed, start_visit=start_visit)

    def show_failed(self, error: BaseException, field: str | None) -> None:
        """Go to the page of the field the error is about."""
        if field is not None:
            self._show_page(1 if field in self.where.fields() else 2 if field in self.birth.fields() else 0)
        super().show_failed(error, field)

    def _show_page(self, at: int) -> None:
        names = (_("Who"), _("Where"), _("Birth"))
        self._at = at
        for number, page in enumerate(self._pages):
            page.setVisible(number == at)
        self.step.setText(_("Step {n} of {total}: {name}").format(n=at + 1, total=len(names), name=names[at]))
        self.only_save.setVisible(at + 1 == len(names))
        self.forward.setText(_("Save and start visit") if at + 1 == len(names) else _("Continue"))
        self.summary.show_problems([])
        self.birth.ask(self.typed())
        self._say_rhythm()
        first: QWidget = (self.name, self.where, self.birth)[at]
        self.setFocusProxy(first)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_rhythm(self) -> None:
        self.birth.rhythm.setText(rhythm(self.typed(), self._desk.pack, self._desk.today()))


class AddChildrenView(_Pages):
    """Children born into or come to a known family: digit for how many, Save. `start(household)` empties it."""

    def _build(self) -> None:
        self._household = ""
        self._mother: PersonId | None = None
        self._family: FamilyView | None = None
        self.whose = label(role="heading")
        self.kids, self.birth = ChildrenFields(with_pregnancy=False), BirthFields()
        form = QWidget()
        lines = vertical(self.whose, self.kids, self.birth, spacing=16)
        lines.setContentsMargins(0, 0, 0, 0)
        form.setLayout(lines)
        self._lay_out(form)
        self.step.hide()
        self.foot.add_left(button(_("Back"), self._go.back))
        self.save = self.foot.set_primary(_("Save"), self._save)
        self.kids.edited.connect(self._recount)
        self.setFocusProxy(self.kids)

    def start(self, household: str) -> None:
        """Begin anew for a family."""
        self._speak()
        self._household, self._family, self._mother = household, None, None
        self.kids.clear()
        self.birth.clear()
        self._show({})
        self.show_alikes(None)
        self.banner.clear()
        self.save.setEnabled(False)
        pack, today = self._desk.pack, self._desk.today()
        self._desk.read(
            lambda work: caseload.family_view(work, pack, household, today=today),
            done=lambda view: self._take(household, view),
            failed=lambda error: self.show_failed(error, None),
            owner=self,
        )
        self._recount()
        self.kids.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, household: str, view: FamilyView | None) -> None:
        if household != self._household or view is None:
            return
        self._family = view
        mother = view.household.mother
        self._mother = PersonId(mother.id) if mother else None
        whose = words.person_name(mother) if mother else words.family_name(view.household)
        self.whose.setText(_("Children of {name}").format(name=whose))
        self.save.setEnabled(True)

    def typed(self) -> Typed:
        """Everything as it stands in the fields; the mother is the family's."""
        mother = self._family.household.mother if self._family else None
        return Typed(
            name=self._family.household.name if self._family else "",
            count=self.kids.count.key() or "1",
            children=self.kids.typed(),
            born=self.kids.born.text(),
            precision=self.kids.precision.key() or "",
            mother_surname=mother.surname if mother else "",
            mother_given=mother.given_name if mother else "",
            place=self._family.household.place if self._family else "",
            weeks=self.birth.weeks.text(),
            birth_weight=self.birth.weight.text() if len(self.kids.given) == 1 else "",
            left=self.birth.left.text(),
        )

    def fields(self) -> Mapping[str, Asked]:
        """Every field under the name that problems use."""
        return {**self.kids.fields(), **self.birth.fields()}

    def _recount(self) -> None:
        self.birth.ask(self.typed())
        self.birth.rhythm.setText(rhythm(self.typed(), self._desk.pack, self._desk.today()))
        self._typed_more()

    def _save(self) -> None:
        typed, today = self.typed(), self._desk.today()
        problems = check_children(typed, today, unnamed="given0") | check_birth(typed, self._desk.pack, today)
        if not self._show(problems):
            self.presenter.save_children(typed, self._household, self._mother)
