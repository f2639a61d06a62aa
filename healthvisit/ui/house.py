"""The open house: frame, pages and the ways between them.

It is built on the main thread, unseen, while the passphrase is typed, and handed every function that reaches further
down. It reads and does nothing before `begin`.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from healthvisit.services.check_drafts import InVisit
from healthvisit.ui import support_log
from healthvisit.ui.child.view import ChildView
from healthvisit.ui.commands import do_on_page
from healthvisit.ui.desk import Clock, Desk, SyncState
from healthvisit.ui.development.adult_view import AdultView
from healthvisit.ui.development.ask_view import AskView
from healthvisit.ui.development.check_view import CheckView
from healthvisit.ui.development.result_view import ResultView
from healthvisit.ui.door import IN_THE_ROOM, Door
from healthvisit.ui.families.new_view import AddChildrenView, NewFamilyView
from healthvisit.ui.families.view import FamiliesView
from healthvisit.ui.family.view import FamilyView
from healthvisit.ui.first_run.presenter import Join
from healthvisit.ui.hands import Hands
from healthvisit.ui.i18n import N_
from healthvisit.ui.main_window import Frame
from healthvisit.ui.messages import sentence
from healthvisit.ui.outside import Outside
from healthvisit.ui.places import PageOf, Places
from healthvisit.ui.settings.view import SettingsView
from healthvisit.ui.showing.view import ShowingView
from healthvisit.ui.sync.view import SyncView
from healthvisit.ui.today.view import TodayView
from healthvisit.ui.trail import Trail
from healthvisit.ui.visit.paper_view import PaperView
from healthvisit.ui.visit.signed_view import SignedVisitView
from healthvisit.ui.visit.view import VisitView

DAILY = ("visit", "families", "family", "child", "sync")  # made in quiet moments; each page keeps 1 to 4 MB
KEEPING = ("visit", "check", "result", "ask", "adult", "paper")
"""Pages with something to seal, or to cover, before the screen is covered or the program ends."""


class House(QObject):
    """Everything after unlocking. `Go` for every page.

    Its `places` make the pages, its `door` covers and uncovers them, `outside` is what leaves the house.
    """

    today_page = PageOf("today", TodayView, N_("Today"), "today", 1)
    families_page = PageOf("families", FamiliesView, N_("Families"), "families", 2)
    visit_page = PageOf("visit", VisitView, N_("Visit open"), "visit", 3)
    sync_page = PageOf("sync", SyncView, N_("Sync"), "sync", 4)
    settings_page = PageOf("settings", SettingsView, N_("Settings"), "settings", 5)
    family_page = PageOf("family", FamilyView, N_("Family"))
    child_page = PageOf("child", ChildView, N_("Child"))
    new_family_page = PageOf("new_family", NewFamilyView, N_("New family"))
    add_children_page = PageOf("add_children", AddChildrenView, N_("Add children"))
    check_page = PageOf("check", CheckView, N_("Development check"))
    result_page = PageOf("result", ResultView, N_("Result of another tool"))
    ask_page = PageOf("ask", AskView, N_("Questions"))
    adult_page = PageOf("adult", AdultView, N_("Adult"))
    signed_page = PageOf("signed", SignedVisitView, N_("Signed visit"))
    paper_page = PageOf("paper", PaperView, N_("From paper"))
    showing_page = PageOf("showing", ShowingView, N_("Child"))

    def __init__(self, desk: Desk, hands: Hands) -> None:
        super().__init__()
        self.desk = desk
        self.hands = hands
        self.frame = Frame(practice=desk.practice)
        self.places = Places(self, DAILY, self._rested)
        self._trail = Trail()
        self._visit_title = ""
        self._make_places()
        self.door = Door(desk, self.frame, hands, seal=self._seal, failed=self._failed, house=self)
        self.outside = Outside(desk, self.frame, self.places, hands, preferred=self.door.rest, failed=self._failed)
        self.frame.asked.connect(self._asked)
        self.frame.searched.connect(self.families)
        self.frame.search_entered.connect(self.families)
        self.frame.page_shown.connect(self._page_shown)

    def begin(self, clock: Clock, *, worker_label: str, clock_marked: bool) -> None:
        """The vault is open: Today is shown, exchanges are planned, and idleness is counted."""
        self.desk.begin(clock, worker_label=worker_label, clock_marked=clock_marked)
        self.frame.set_worker(worker_label)
        self.places.begin()
        self.door.begin()
        self.frame.show()
        self.today()
        for error in (*self.desk.left_out, *(problem.error() for _folder, problem in self.desk.library.left_out)):
            self._failed(error)
        self.outside.exchanges.begin()

    def end(self) -> None:
        """The program closes: nothing is made or begun any more."""
        for part in (self.places, self.door, self.outside.exchanges):
            part.end()

    # places

    def _make_places(self) -> None:
        special: dict[str, Callable[[], QWidget]] = {
            "visit": self._make_visit,
            "sync": lambda: self.outside.sync_page(self),
            "settings": lambda: self.outside.settings_page(self),
            "child": lambda: self._titling(ChildView(self.desk, self)),
            "signed": lambda: self._titling(SignedVisitView(self.desk, self)),
            "paper": lambda: self._titling(PaperView(self.desk, self)),
            "showing": lambda: ShowingView(self.desk, self, leave=self._leave_showing),
        }
        for page in (own for own in vars(House).values() if isinstance(own, PageOf)):
            make = special.get(page.name) or partial(page.make, self.desk, self)
            self.frame.add_page(page.name, self.places.add(page.name, make), page.title, page.icon, page.key)
        self.frame.set_place_shown("visit", shown=False)

    def _make_visit(self) -> VisitView:
        page = VisitView(self.desk, self)
        page.titled.connect(self._title_visit)
        page.sheet_found.connect(self._go_on_from_paper)
        return page

    def _titling(self, page: ChildView | SignedVisitView | PaperView) -> QWidget:
        page.titled.connect(self.frame.set_heading)
        return page

    @property
    def is_at_rest(self) -> bool:
        """Whether the pages of the day are made."""
        return self.places.is_at_rest

    def _rested(self) -> None:
        self.desk.jobs.vault(self.hands.rest, done=lambda _nothing: None, failed=self._failed, owner=self)

    # the ways of Go

    def today(self) -> None:
        """Home."""
        self._show("today")

    def families(self, search: str = "") -> None:
        """The list of families, searching for a text."""
        self._show("families")
        self.families_page.search(search)

    def family(self, household: str) -> None:
        """One family."""
        self.family_page.show_household(household)
        self._show("family", household)

    def child(self, person: str, tab: str = "") -> None:
        """One child; `tab` opens that part of the page. A form that led here was saved: no way leads back into it."""
        self._trail.leave_form()
        self.child_page.show_child(person, tab)
        self._show("child", person, *filter(None, [tab]))

    def start_check(self, person: str, *, amends: str = "", visit: InVisit | None = None) -> None:
        """Begin a development check, go on with the one begun, or correct one that was saved."""
        if visit is None and self._trail.here == "visit":
            visit = self.visit_page.in_visit  # back in the check from a page that was looked at meanwhile
        if visit is None:
            self._trail.back_to_tab(person, "development")
        else:
            self._trail.through_visit()
        self.check_page.open(person, amends, visit)
        self._show("check", person)

    def enter_result(self, person: str, *, amends: str = "") -> None:
        """Enter the result of another tool, or correct one."""
        self._trail.back_to_tab(person, "development")
        self.result_page.open(person, amends)
        self._show("result", person)

    def ask(self, person: str, *, amends: str = "") -> None:
        """Ask the questions of an instrument, go on with those begun, or correct what was asked."""
        self._trail.back_to_tab(person, "development")
        self.ask_page.open(person, amends)
        self._show("ask", person)

    def adult(self, person: str) -> None:
        """One adult of a family."""
        self.adult_page.show_adult(person)
        self._show("adult", person)

    def new_family(self, name: str = "") -> None:
        """The three pages of a new family."""
        self.new_family_page.start(name)
        self._show("new_family")

    def add_children(self, household: str) -> None:
        """Children born or come to a known family."""
        self.add_children_page.start(household)
        self._show("add_children")

    def start_visit(self, household: str, *, unplanned: str | None = None) -> None:
        """Begin a visit, or go on with the one begun today."""
        self._in_room(lambda: self.visit_page.open_new(household, unplanned=unplanned))

    def resume_visit(self, draft: str) -> None:
        """Go on with a visit where it stood."""
        self._in_room(lambda: self.visit_page.open_draft(draft))

    def amend_visit(self, visit: str) -> None:
        """Correct a signed visit."""
        self._in_room(lambda: self.visit_page.open_amending(visit))

    def read_visit(self, visit: str) -> None:
        """Look at a signed visit."""
        self.signed_page.open(visit)
        self._show("signed", visit)

    def from_paper(self) -> None:
        """Key in visits from paper sheets."""
        self.paper_page.open()
        self._show("paper")

    def show_to_family(self, person: str) -> None:
        """The page for the family's eyes; the passphrase leaves it."""
        self._seal()
        self.showing_page.show_child(person)
        self._show("showing", person)

    def sync(self) -> None:
        """The Sync page."""
        self._show("sync")

    def lock(self) -> None:
        """Cover at once; what was typed is sealed first."""
        self.door.lock()

    def back(self) -> None:
        """Where one came from; from a form of its own, home."""
        name, arguments = self._trail.back() or ("today", ())
        ways: dict[str, Callable[..., None]] = {
            "family": self.family, "child": self.child, "signed": self.read_visit, "families": self.families,
            "sync": self.sync, "visit": self._visit_again, "adult": self.adult, "check": self.start_check,
            "result": self.enter_result, "ask": self.ask,
        }  # fmt: skip
        if name in ways:
            ways[name](*arguments)
        else:
            self.today()

    def send_now(self) -> None:
        """Start an exchange with the office; a second one while it runs is the same one."""
        self.outside.exchanges.send_now()

    def _visit_again(self) -> None:
        """The visit as it stands there; home once it is signed or thrown away."""
        if self.visit_page.in_visit is not None:
            self._show("visit")
        else:
            self.today()

    def _go_on_from_paper(self, draft: str) -> None:
        """What was to be gone on with is a sheet half typed in."""
        self.frame.set_place_shown("visit", shown=False)
        self.paper_page.open_draft(draft)
        self._show("paper")

    def _in_room(self, open_it: Callable[[], None]) -> None:
        open_it()
        self.frame.set_place_shown("visit", shown=True)
        self._show("visit")

    def _leave_showing(self, passphrase: str, done: Callable[[bool], None]) -> None:
        def checked(right: bool) -> None:
            done(right)
            if right:
                self.back()

        self.door.try_passphrase(passphrase, checked)

    # what is shown

    def _show(self, name: str, *arguments: str) -> None:
        self._trail.go(name, *arguments)
        self.places.page(name)
        if self.frame.page() != name:
            self.frame.show_page(name)
        else:
            self._page_shown(name)

    def _page_shown(self, name: str) -> None:
        if not self.places.is_made(name):
            self.places.page(name).setFocus()
        self.frame.set_visit_mode(on=name in IN_THE_ROOM)
        self._set_alone(alone=name == "showing")
        if name == "showing":
            return
        self.frame.search.setVisible(name not in (*IN_THE_ROOM, "families"))  # Families has a field of its own
        if name == "visit":
            self.frame.set_heading(self._visit_title)
        elif name == "today":
            self.frame.set_heading(self.today_page.heading())
        elif name == "child":
            self.frame.set_heading(self.child_page.heading())

    def _title_visit(self, words: str) -> None:
        self._visit_title = words
        if self.frame.page() == "visit":
            self.frame.set_heading(words)

    def _set_alone(self, *, alone: bool) -> None:
        """Nothing but the page itself: no rail, no head, no status."""
        for part in (self.frame.rail, self.frame.status, self.frame.title, self.frame.help):
            part.setVisible(not alone)
        if alone:
            self.frame.search.hide()

    def _asked(self, command: str) -> None:
        """A key of the frame: some deeds are the same everywhere, the page shown knows its own."""
        if self.frame.page() == "showing" and command != "help":
            return
        plain: dict[str, Callable[[], object]] = {
            "new_family": self.new_family,
            "from_paper": self.from_paper,
            "lock": self.lock,
            "help": self.frame.show_keys,
        }
        if command in plain:
            plain[command]()
        else:
            do_on_page(self.places.page(self.frame.page()), command, self.back)

    # what is kept, sent and said

    def _seal(self) -> None:
        """Seal what is unsaved on any page; what is private leaves the screen."""
        for page in self.places.made(KEEPING):
            page.flush()

    def show_sync(self, state: SyncState) -> None:
        """Say how office and laptop stand."""
        self.outside.show(state)

    def join_from_first_run(self, join: Join) -> None:
        """What she typed on the last page of the first run."""
        self.outside.join(join)

    def _failed(self, error: BaseException) -> None:
        support_log.note(error)
        self.frame.banner.say(sentence(error), kind="danger")
