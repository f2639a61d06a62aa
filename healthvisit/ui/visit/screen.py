"""What a visit's presenter asks of the page that draws it, and what it says is wrong there."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from healthvisit.domain.visit import Visit
from healthvisit.services.visit_draft import PartDraft


class Problem(NamedTuple):
    """What is wrong: where, the words beside the field, and what is asked there for a list of problems."""

    path: str
    words: str
    name: str = ""

    @property
    def listed(self) -> str:
        """As a list of problems says it."""
        if not self.name:
            return self.words
        return f"{self.name} {self.words}" if self.name.endswith("?") else f"{self.name}: {self.words}"


class Clock(Protocol):
    """Now and today, as the program counts them."""

    def now(self) -> datetime:
        """In UTC."""
        ...

    def today(self) -> date:
        """Local day."""
        ...


class Screen(Protocol):
    """What a presenter asks of its view."""

    def draw(self, *, moved: bool = False) -> None:
        """Draw again; `moved` when another section is shown and the keyboard goes to its first open question."""
        ...

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """List them above the page and say them beside the fields."""
        ...

    def turn_to_danger(self, part: PartDraft) -> None:
        """Open "Danger now" for a person."""
        ...

    def turn_to_check(self, person: str) -> None:
        """Open the development check of a child; from there one comes back to where one was."""
        ...

    def turn_to_questions(self, person: str) -> None:
        """Open the private questions of an adult; from there one comes back to where one was."""
        ...

    def ask_again(self, words: str) -> None:
        """Say something to look at twice; going on a second time passes."""
        ...

    def show_error(self, error: BaseException, again: Callable[[], object]) -> None:
        """Something could not be saved; what was typed stays."""
        ...

    def show_saved(self, at: datetime) -> None:
        """The draft is on the disk."""
        ...

    def show_signed(self, visit: Visit) -> None:
        """The visit is on the disk."""
        ...

    def start_timer(self) -> None:
        """Call `keeper.flush` soon."""
        ...
