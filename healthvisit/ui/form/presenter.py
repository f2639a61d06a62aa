"""Any form being filled in: which page is shown, which instance is open, what is wrong, what can be taken back."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, Protocol

from healthvisit.forms.errors import FormError
from healthvisit.forms.instance import without_positions
from healthvisit.forms.session import FormSession
from healthvisit.forms.views import ChangeSet, Page, Question, Section
from healthvisit.ui.form.blocks import Block, Instances, blocks_of
from healthvisit.ui.form.markup import plain
from healthvisit.ui.form.questions import sentence
from healthvisit.ui.form.shown import answer_words
from healthvisit.ui.i18n import _, ngettext

State = Literal["done", "started", "todo"]
CHECK = "check"
TYPED = frozenset({"integer", "decimal", "range", "text", "date", "time", "datetime"})
SUMMARY_PARTS = 2


def take_back(session: FormSession) -> Iterator[ChangeSet]:
    """Undo the last deed as a person counts: keys pressed in one field are one, two choices are two."""
    deed = session.undoable
    is_typed = False
    if deed is not None and deed[0] == "answer":
        with suppress(FormError):
            is_typed = session.question(deed[1]).kind in TYPED
    while deed is not None and session.undoable == deed:
        yield session.undo()
        if not is_typed:
            return


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """Something that is missing or cannot be right."""

    path: str
    page: str
    label: str
    words: str = field(repr=False)

    @property
    def listed(self) -> str:
        """As a list far from the field says it."""
        if not self.label:
            return self.words
        return f"{self.label} {self.words}" if self.label[-1] in "?.!…:" else f"{self.label}: {self.words}"


class FormScreen(Protocol):
    """What a `FormPresenter` needs of the window."""

    def draw(self, *, moved: bool = False, answered: str = "", focus: str | None = None) -> None:
        """Draw again; `focus` is the question that gets the keyboard, "" the first open one."""

    def show_slips(self, slips: Sequence[Slip]) -> None:
        """Say what is wrong on this page, above and beside the fields."""

    def say_removed(self, words: str) -> None:
        """Say what went, with a way to take it back."""

    def touched(self) -> None:
        """Something changed that has to be kept."""

    def ended(self) -> None:
        """Nothing is missing, and she is through."""


class FormPresenter:
    """Owns the session; imports no Qt."""

    def __init__(self, session: FormSession, screen: FormScreen) -> None:
        self.session, self._screen = session, screen
        self.opened: dict[str, int] = {}
        self.visited: set[str] = set()
        self._page_of: dict[str, str] | None = None
        self.pages: list[Page] = []
        self._turn()
        self.at = self.pages[0].path if self.pages else CHECK
        self._counts = self._count()

    # -- what is shown

    @property
    def page(self) -> Page | None:
        """The page shown; None while checking."""
        return next((page for page in self.pages if page.path == self.at), None)

    @property
    def number(self) -> int:
        """The place of the page shown, from 0; after the last while checking."""
        return next((at for at, page in enumerate(self.pages) if page.path == self.at), len(self.pages))

    def title(self, page: Page) -> str:
        """What a page is about: its own words, else those of its first question."""
        said = plain(page.title).strip()
        return said or next(
            (words for path in page.paths if (words := plain(self.pull(path).label).strip())), page.path
        )

    @property
    def heading(self) -> str:
        """What stands above the page shown; a question that stands alone says itself what it is about."""
        page = self.page
        if page is None:
            return _("Check")
        return self.session.definition.title if page.path in self.session.definition.controls else self.title(page)

    def pull(self, path: str) -> Question:
        """A question as it reads now."""
        return self.session.question(path)

    def blocks(self) -> list[Block]:
        """What the page shows."""
        page = self.page
        return blocks_of(page.whole, self.opened, self.pull) if page else []

    def summary(self, block: Instances, at: int) -> str:
        """One instance in a line: its number and its first answers."""
        said = []
        if at < len(block.sections):
            for question in self._questions(block.sections[at], deep=False):
                if question.kind != "note" and (question.value or question.typed):
                    said.append(answer_words(question))
                if len(said) == SUMMARY_PARTS:
                    break
        return f"{at + 1}   " + (" · ".join(said) or _("nothing typed yet"))

    def holds_answers(self, path: str) -> bool:
        """Whether anything was answered in the instance at `path`."""
        section = self._find(path)
        asked = self._questions(section, deep=True) if section else iter(())
        return any(q.typed and not q.readonly for q in asked)

    def states(self) -> list[State]:
        """Done, started or to do, for each page: what was not seen yet is to do, though it may miss nothing."""
        if self._page_of is None:
            self._page_of = {path: page.path for page in self.pages for path in page.paths}
        wrong = {self._page_of.get(problem.path) for problem in self.session.problems()}
        return [self._state(page, is_wrong=page.path in wrong) for page in self.pages]

    def _state(self, page: Page, *, is_wrong: bool) -> State:
        if page.path in self.visited:
            return "started" if is_wrong else "done"
        return "started" if page.path == self.at else "todo"

    # -- deeds

    def answer(self, path: str, text: str) -> None:
        """Take one answer; one that is not asked any more is let go."""
        try:
            changes = self.session.answer(path, text)
        except FormError:
            self._screen.draw(answered=path)
            return
        self.session.focus = path
        self._follow(changes)
        self._screen.touched()
        self._screen.draw(answered=path)

    def open_instance(self, path: str, at: int) -> None:
        """Open one instance of a repeat."""
        self.opened[path] = at
        self._screen.draw()

    def add(self, path: str) -> None:
        """Add an instance at the end and go into it."""
        before = len(self._instances(path))
        self._follow(self.session.add_repeat(path))
        self.opened[path] = before
        self._screen.touched()
        self._screen.draw()
        self.enter(path)

    def enter(self, path: str) -> None:
        """Give the keyboard to the first question of the open instance."""
        instances = self._instances(path)
        if instances:
            here = instances[min(self.opened.get(path, 0), len(instances) - 1)]
            first = next((q.path for q in self._questions(here, deep=True) if q.kind != "note" and not q.readonly), "")
            self._screen.draw(focus=first)

    def remove(self, path: str, at: int) -> None:
        """Remove an instance; the next one opens."""
        instances = self._instances(path)
        if at >= len(instances):
            return
        self._counts[without_positions(path)] = -1  # it is known to go
        self._follow(self.session.remove_repeat(instances[at].path))
        self.opened[path] = max(0, min(at, len(instances) - 2))
        self._screen.touched()
        self._screen.draw()
        self._screen.say_removed(_("Number {n} was removed.").format(n=at + 1))

    def undo(self) -> bool:
        """Take back the last answer or the last change of a repeat, and go there; False when there is nothing."""
        deed = self.session.undoable
        if deed is None:
            return False
        for changes in take_back(self.session):
            self._follow(changes, quiet=True)
        self._turn()
        self._screen.touched()
        self.go_to(deed[1])
        return True

    def set_language(self, code: str) -> None:
        """Speak another language; page, answers and keyboard stay."""
        self.session.set_language(code)
        self._turn()
        self._screen.touched()
        self._screen.draw()

    def go_on(self) -> None:
        """Continue: what is wrong on the page is said; else the next page."""
        if self.page is None:
            self.finish()
            return
        self.visited.add(self.at)
        slips = self.slips_here()
        if slips:
            self._screen.draw()
            self._screen.show_slips(slips)
            return
        at = self.number + 1
        self.pick(self.pages[at].path if at < len(self.pages) else CHECK)

    def back(self) -> None:
        """The page before."""
        if self.pages:
            self.pick(self.pages[max(0, self.number - 1)].path)

    def pick(self, page: str) -> None:
        """Show a page."""
        self.visited.add(self.at)
        self.at = page
        self._screen.draw(moved=True, focus="")

    def go_to(self, path: str) -> None:
        """Show the question or repeat at `path`, opening what it stands in, with the keyboard there."""
        path = self.placed(path)
        bare = without_positions(path)
        for page in self.pages:
            if page.path == bare or any(self.placed(p) == path for p in page.paths) or bare.startswith(f"{page.path}/"):
                self._open_to(page.whole, path)
                moved = page.path != self.at
                self.at = page.path
                self._screen.draw(moved=moved, focus=path)
                return
        self._screen.draw()

    def finish(self) -> None:
        """End, when nothing is missing."""
        if not self.session.problems():
            self._screen.ended()
        else:
            self._screen.draw(moved=True)

    # -- what is wrong

    def slips_here(self) -> list[Slip]:
        """What is wrong on the page shown, also in instances that are not open."""
        page = self.page
        return [self._slip(q, page.path) for q in page.questions if q.violation] if page else []

    def slips(self) -> list[Slip]:
        """What is wrong in the whole form, in its order."""
        pages = {path: page.path for page in self.pages for path in page.paths}
        return [self._slip(self.pull(p.path), pages.get(p.path, "")) for p in self.session.problems()]

    def _slip(self, question: Question, page: str) -> Slip:
        path = self.placed(question.path)
        numbers = [step.rpartition("[")[2].rstrip("]") for step in path.split("/") if "[" in step]
        label = plain(question.label)
        if numbers:
            label = _("{label} (number {n})").format(label=label, n=".".join(numbers))
        return Slip(path=path, page=page, label=label, words=sentence(question))

    def placed(self, path: str) -> str:
        """A path with a position at every repeat: blank positions mean the first instance."""
        steps: list[str] = []
        bare = ""
        ends = path.strip("/").split("/")
        for at, step in enumerate(ends):
            bare = f"{bare}/{step.partition('[')[0]}"
            is_open = bare in self.session.definition.repeats and "[" not in step and at < len(ends) - 1
            steps.append(f"{step}[1]" if is_open else step)
        return "/" + "/".join(steps)

    # -- inside

    def _turn(self) -> None:
        """Look which pages there are now."""
        self.pages, self._page_of = self.session.pages(), None

    def _follow(self, changes: ChangeSet, *, quiet: bool = False) -> None:
        """Look at the pages again where questions came or went, and say when instances went."""
        if not (changes.relevance or changes.structure or changes.looks):
            return
        if changes.relevance or changes.structure:
            self._turn()
            if self.at != CHECK and self.page is None:
                self.at = self.pages[0].path if self.pages else CHECK
        if changes.structure:
            before, self._counts = self._counts, self._count()
            gone = sum(max(0, count - self._counts[path]) for path, count in before.items())
            if gone and not quiet:
                said = ngettext(
                    "{n} entry was removed because of this answer.", "{n} entries were removed because of this answer.",
                    gone,
                )  # fmt: skip
                self._screen.say_removed(said.format(n=gone))

    def _count(self) -> dict[str, int]:
        return {path: len(self.session.instances_at(path)) for path in self.session.definition.repeats}

    def _instances(self, path: str) -> list[Section]:
        section = self._find(path)
        return [part for part in section.parts if isinstance(part, Section)] if section else []

    def _find(self, path: str) -> Section | None:
        page = self.page
        todo = [page.whole] if page else []
        while todo:
            section = todo.pop()
            if section.path == path and section.kind != "group":
                return section
            is_on_way = section.kind == "group" or path.startswith((f"{section.path}/", f"{section.path}["))
            if is_on_way:
                todo.extend(part for part in section.parts if isinstance(part, Section))
        return None

    def _open_to(self, section: Section, path: str) -> None:
        for part in section.parts:
            if not isinstance(part, Section):
                continue
            if part.kind == "group":
                self._open_to(part, path)
            elif path.startswith(f"{part.path}["):
                for at, inside in enumerate(part.parts):
                    if isinstance(inside, Section) and (path == inside.path or path.startswith(f"{inside.path}/")):
                        self.opened[part.path] = at
                        self._open_to(inside, path)

    def _questions(self, section: Section, *, deep: bool) -> Iterator[Question]:
        for part in section.parts:
            if isinstance(part, str):
                yield self.pull(part)
            elif deep or part.kind == "group":
                yield from self._questions(part, deep=deep)
