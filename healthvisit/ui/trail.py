"""Where one has been in the house, and so where back leads. Names of pages and ids, no widgets."""

LONGEST = 21
FORMS = ("check", "result", "ask")
VISIT, CHILD = "visit", "child"

Step = tuple[str, tuple[str, ...]]


class Trail:
    """The pages gone through, the one shown last."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    @property
    def here(self) -> str:
        """The page one is on; empty before the first."""
        return self._steps[-1][0] if self._steps else ""

    def go(self, name: str, *arguments: str) -> None:
        """A page is shown; the same one twice is one step."""
        if not self._steps or self._steps[-1] != (name, arguments):
            self._steps = [*self._steps[1 - LONGEST :], (name, arguments)]

    def back(self) -> Step | None:
        """Leave the page one is on for the one before, which is to be shown again; None where there is none."""
        del self._steps[-1:]
        return self._steps.pop() if self._steps else None

    def leave_form(self) -> None:
        """A form that leads on was saved: no way leads back into it."""
        if self.here in FORMS:
            self._steps.pop()

    def through_visit(self) -> None:
        """What opens now belongs to the visit: back leads there."""
        if self.here != VISIT:
            self._steps.append((VISIT, ()))

    def back_to_tab(self, person: str, tab: str) -> None:
        """Back leads to the part of the child's page on which something was begun."""
        if self.here == CHILD:
            self._steps[-1] = (CHILD, (person, tab))
