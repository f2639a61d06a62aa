"""A signed visit to read: both versions of a corrected one; from here it is corrected, or given to the right child."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from healthvisit.domain.development import DevelopmentCheck
from healthvisit.domain.ids import HouseholdId
from healthvisit.services import amending, attachments, caseload, free_answers
from healthvisit.services.amending import SignedVisit
from healthvisit.services.attachments import Attached
from healthvisit.services.caseload import Found
from healthvisit.services.development_visit import made_in
from healthvisit.services.lines import HouseholdLine
from healthvisit.ui import theme, words
from healthvisit.ui.dates import clock, day
from healthvisit.ui.desk import Desk, Go
from healthvisit.ui.form.attachments import Seen, look
from healthvisit.ui.i18n import Retranslated, _, language
from healthvisit.ui.messages import sentence
from healthvisit.ui.visit.attached_pane import AttachedPane, Shown
from healthvisit.ui.visit.check_pane import FindingsPane
from healthvisit.ui.visit.development_section import rows_of_check
from healthvisit.ui.visit.file_dialog import FileDialog
from healthvisit.ui.visit.findings import Findings, Rows, findings, free_rows
from healthvisit.ui.visit.move_pane import MovePane, first_guess
from healthvisit.ui.visit.setting_pane import place_names
from healthvisit.ui.visit.timers import single_shot
from healthvisit.ui.widgets.fields import Field
from healthvisit.ui.widgets.layout import ActionBar, button, label, menu_deed, scrolled, vertical
from healthvisit.ui.widgets.notices import Banner
from healthvisit.ui.widgets.rows import Row, RowList

READ, FIND, LOOK = range(3)
SEARCH_AFTER_MS, LEAST_LETTERS = 150, 3
NOTHING = "–"
_Read = tuple[SignedVisit, list[tuple[Attached, Seen | None]], list[Mapping[str, Rows]], Mapping[str, DevelopmentCheck]]


class SignedVisitView(Retranslated, QWidget):
    """Read-only. `titled` carries the words for the head."""

    titled = Signal(str)

    def __init__(self, desk: Desk, go: Go) -> None:
        super().__init__()
        self._desk, self._go = desk, go
        self._held: SignedVisit | None = None
        self._found: dict[str, list[Found]] = {}
        self._target: HouseholdLine | None = None
        self.state = label(role="muted")
        self.banner = Banner()
        self.pane, self.attached = FindingsPane(), AttachedPane(self._open_file)
        self._files: list[tuple[Attached, Seen | None]] = []
        self._free: list[Mapping[str, Rows]] = []
        self._checks: Mapping[str, DevelopmentCheck] = {}
        read = QWidget()
        read.setLayout(vertical(self.state, self.pane, self.attached, spacing=12))
        self.search = Field("")
        self._soon = single_shot(self, SEARCH_AFTER_MS, self._find)
        self.search.edited.connect(lambda _text: self._soon.start())
        self.list = RowList(_("Families found"))
        self.list.opened.connect(self._choose)
        find = QWidget()
        find.setLayout(vertical(self.search, self.list, spacing=8))
        self.moves = MovePane()
        self.stack = QStackedWidget()
        for page in (scrolled(read), find, scrolled(self.moves)):
            self.stack.addWidget(page)
        self.bar = ActionBar()
        self.back_button = button("", self._back)
        self.more_button = button("")
        self._menu = QMenu(self.more_button)
        self.wrong_child = menu_deed(self._menu, self, self.begin_moving)
        self.more_button.setMenu(self._menu)
        self.more_button.setProperty("menu", "true")
        self.bar.add_left(self.back_button)
        self.bar.add_left(self.more_button)
        self.main_button = self.bar.set_primary("", self._main)
        self.correct_button = button("", self._correct)
        self.bar.add(self.correct_button)
        inside = vertical(self.banner, self.stack, spacing=8)
        inside.setContentsMargins(theme.px(24), theme.px(8), theme.px(24), theme.px(8))
        whole = vertical(inside, self.bar, spacing=0)
        whole.setStretchFactor(inside, 1)
        self.setLayout(whole)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.back_button.setText(_("Back"))
        self.more_button.setText(_("More"))
        self.correct_button.setText(_("Correct"))
        self.wrong_child.setText(_("Wrong child"))
        self.search.set_label(_("Whose visit was it? Three letters, phone or number"))
        self.list.setAccessibleName(_("Families found"))
        self._fit()
        if self._held is not None:
            self._draw(self._held)

    def open(self, visit_id: str) -> None:
        """Read a signed visit."""
        desk = self._desk
        self._held, self._target, self._files = None, None, []
        self.banner.clear()
        self.stack.setCurrentIndex(READ)
        spoken = language()

        def deed(work: Any) -> _Read:
            held = amending.signed(work, desk.pack, visit_id, today=desk.today())
            free: list[Mapping[str, Rows]] = [
                {
                    part.person or "": free_rows(free_answers.of_part(work, desk.forms.values(), part, spoken))
                    for part in (version.family, *version.parts)
                }
                for version in (held.visit, held.before) if version is not None
            ]  # fmt: skip
            checks = made_in(work, held.visit.persons, held.visit.id, held.visit.amends)
            found = attachments.of_visit(work, desk.forms, held.visit, spoken)
            seen = look({file.name: file.data for file in found if file.data is not None})
            return held, [(replace(file, data=None), seen.get(file.name)) for file in found], free, checks

        desk.read(deed, done=self._read, failed=self._failed, owner=self)

    def _read(self, found: _Read) -> None:
        held, self._files, self._free, self._checks = found
        self._draw(held)

    def _draw(self, held: SignedVisit) -> None:
        self._held = held
        visit, pack = held.visit, self._desk.pack
        signed = clock(visit.signed_at) if visit.signed_at else ""
        said = [words.family_name(held.household), place_names()[visit.place], day(visit.on)]
        self.titled.emit(" · ".join(said))
        facts = [_("Signed {clock}").format(clock=signed)]
        if visit.typed_on is not None:
            facts.append(_("from paper, typed on {day}").format(day=day(visit.typed_on)))
        if visit.reason is not None and visit.amends is not None:
            named = next((n for n in pack.lists.get("corrections", ()) if n.code == visit.reason), None)
            why = pack.text(named.name, language()) if named else visit.reason
            facts.append(_("a correction: {why}").format(why=why))
        self.state.setText(" · ".join(facts))
        persons = held.household.persons
        free, *before = self._free
        checks = {person: rows_of_check(check, check.on) for person, check in self._checks.items()}
        now = {whose: [*free.get(whose, ()), *checks.get(whose, ())] for whose in {**free, **checks}}
        blocks = findings(pack, (visit.family, *visit.parts), persons, on=visit.on, more=now)
        if held.before is not None:
            old = findings(
                pack, (held.before.family, *held.before.parts), persons, on=visit.on, more=next(iter(before), {})
            )
            blocks = [*_corrected(old, blocks), *blocks]
        self.pane.show_findings(blocks)
        people = {person.id: words.short_name(person) for person in persons}
        self.attached.show_files(Shown(file, seen, people.get(file.person or "", "")) for file, seen in self._files)
        if held.void:
            self._say_void(held)
        elif held.replaced_by is not None:
            self.banner.say(_("This visit was corrected later. This is the old version."), "warn", closable=False)
        self._fit()
        self._take_keyboard()

    def _open_file(self, file: Attached) -> None:
        FileDialog(self, self._desk, file).open()

    def _say_void(self, held: SignedVisit) -> None:
        if held.replaced_by is None or held.moved_to is None:
            self.banner.say(_("This visit was recorded for the wrong child and is void."), "warn", closable=False)
            return
        said = _("This visit was recorded for the wrong child; it points to the visit of the {family}.")
        self.banner.say(said.format(family=words.family_name(held.moved_to)), "warn", closable=False)

    # wrong child

    def begin_moving(self) -> None:
        """More, Wrong child: find the right family, look at what moves, sign."""
        if self._held is None:
            return
        self.stack.setCurrentIndex(FIND)
        self.search.set_text("")
        self.list.show_rows([])
        self._fit()
        self._take_keyboard()

    def _find(self) -> None:
        desk, text = self._desk, self.search.text().strip()
        if len(text) >= LEAST_LETTERS:
            desk.read(
                lambda work: caseload.search(work, desk.pack, text, today=desk.today()),
                done=self._show_found,
                failed=self._failed,
                owner=self,
            )

    def _show_found(self, found: Sequence[Found]) -> None:
        today = self._desk.today()
        self._found = {}
        rows = []
        for each in found:
            children = [p for p in each.household.persons if p.died_on is None]
            self._found.setdefault(each.household.id, []).append(each)
            named = ", ".join(words.short_age(p, today) for p in children)
            rows.append(Row(key=each.household.id, title=words.family_name(each.household), second=named))
        self.list.show_rows({row.key: row for row in rows}.values())
        if not rows:
            self.search.set_error(_("Nothing found."))
        else:
            self.search.set_error("")

    def _choose(self, household: str) -> None:
        """Look at what moves: each person of the visit beside one of that family."""
        held, found = self._held, self._found.get(household)
        if held is None or not found:
            return
        target = found[0].household
        persons = held.household.persons
        known = {p.id: p for p in persons}
        blocks = {
            known[part.person]: findings(self._desk.pack, (part,), persons, on=held.visit.on)[0].rows
            for part in held.visit.parts
            if part.person is not None and part.person in known
        }
        (family,) = findings(self._desk.pack, (held.visit.family,), persons, on=held.visit.on)
        guess = first_guess(list(blocks), target, [each.person.id for each in found if each.person is not None])
        self._target = target
        self.moves.show_move(blocks, family, target, guess, on=held.visit.on)
        self.stack.setCurrentIndex(LOOK)
        self._fit()
        self._take_keyboard()

    def _move(self) -> None:
        held, target, pairs, desk = self._held, self._target, self.moves.pairs(), self._desk
        if held is None or target is None or not self.moves.is_complete():
            return
        desk.save(
            lambda work: amending.move_visit(work, desk.pack, held.visit.id, HouseholdId(target.id), pairs),
            done=lambda moved: self._go.read_visit(moved.id),
            failed=self._failed,
            owner=self,
        )

    # deeds

    def command(self, name: str) -> bool:
        """Do what a key of the frame asks for; tells whether it was meant for this page."""
        if name == "back":
            self._back()
            return True
        return False

    def _main(self) -> None:
        if self._held is None:
            return
        index = self.stack.currentIndex()
        newer = self._newer()
        if index == READ and newer is not None:
            self._go.read_visit(newer)
        elif index == FIND:
            key = self.list.current_key()
            if key is not None:
                self._choose(key)
        elif index == LOOK:
            self._move()

    def _correct(self) -> None:
        if self._held is not None:
            self._go.amend_visit(self._held.replaced_by or self._held.visit.id)

    def _newer(self) -> str | None:
        """The visit that counts in place of the one shown."""
        return self._held.replaced_by if self._held is not None else None

    def _back(self) -> None:
        index = self.stack.currentIndex()
        if index == READ:
            self._go.back()
        else:
            self.stack.setCurrentIndex(index - 1)
            self._fit()

    def _fit(self) -> None:
        index = self.stack.currentIndex()
        texts: dict[int, Callable[[], str]] = {
            READ: self._words_of_newer, FIND: lambda: _("Look at what moves"), LOOK: lambda: _("Sign")
        }  # fmt: skip
        self.main_button.setText(f"{texts[index]()}   Ctrl+Enter")
        counts = index == READ and self._held is not None and not self._held.void
        self.more_button.setVisible(counts)
        self.correct_button.setVisible(counts)
        self.main_button.setVisible(index != READ or self._newer() is not None)

    def _words_of_newer(self) -> str:
        return _("Open that visit") if self._held is not None and self._held.void else _("Open the new one")

    def _take_keyboard(self) -> None:
        """To what comes next: of a page that is only read, the way back."""
        index = self.stack.currentIndex()
        first = {FIND: self.search.editor, LOOK: self.moves.first()}.get(index)
        if index == READ:
            first = self.main_button if self._newer() is not None else self.back_button
        (first or self.main_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The frame gives the page the keyboard."""
        super().focusInEvent(event)
        self._take_keyboard()

    def hideEvent(self, event: QHideEvent) -> None:
        """A search still to come is for nobody once the page is left."""
        super().hideEvent(event)
        self._soon.stop()

    def _failed(self, error: BaseException) -> None:
        self.banner.say(sentence(error), "danger")


def _corrected(old: Sequence[Findings], new: Sequence[Findings]) -> list[Findings]:
    """The lines that read differently now, each with what stood there before."""
    blocks = []
    for title in dict.fromkeys(block.title for block in (*new, *old)):
        was, now = (dict(row for b in blocks_of if b.title == title for row in b.rows) for blocks_of in (old, new))
        rows = [
            (name, _("{now} (before: {before})").format(now=now.get(name, NOTHING), before=was.get(name, NOTHING)))
            for name in dict.fromkeys((*now, *was))
            if was.get(name) != now.get(name)
        ]
        if rows:
            blocks.append(Findings(title=_("Corrected · {who}").format(who=title), rows=tuple(rows)))
    return blocks
