"""What is asked with an instrument or keyed in of a result, before it is saved: one sealed row a page and person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from healthvisit.domain.development import Assessment
from healthvisit.domain.ids import new_record_id
from healthvisit.domain.record import decode, encode
from healthvisit.store.unit_of_work import UnitOfWork

Page = Literal["asked", "entered"]
PAGES: tuple[Page, ...] = ("asked", "entered")
SHARED = ("day", "assessor")
"""Fields that are the same whichever tool is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolDraft:
    """A form while it is filled in. It never leaves this device.

    Attributes:
        id: Of the record it will be.
        tool: Code of the instrument or tool, "" before one was chosen.
        typed: Field to what stands in it, as typed: nothing is lost because it is no number yet. But for `SHARED`, a
            field is one tool's own (``"asq3 version"``): no number moves from one tool to another.
        answers: Tool and item (``"phq2 mood"``) to the code of an answer: another tool chosen by mistake loses none.
        focus: The row or field with the keyboard.
        amends: Results it corrects.
    """

    id: str
    person: str
    page: str
    started_at: datetime
    tool: str = ""
    typed: dict[str, str] = field(default_factory=dict, repr=False)
    answers: dict[str, str] = field(default_factory=dict, repr=False)
    focus: str = ""
    amends: tuple[str, ...] = ()

    def answers_of(self, tool: str) -> dict[str, str]:
        """The answers of one tool, by item."""
        return {k.split(" ", 1)[1]: said for k, said in self.answers.items() if k.split(" ", 1)[0] == tool}

    @property
    def is_begun(self) -> bool:
        """Whether anything was answered or typed."""
        return bool(self.answers or any(self.typed.values()))


def begin_tool(work: UnitOfWork, person: str, page: Page, *, amends: tuple[str, ...] = ()) -> ToolDraft:
    """The form begun before, whatever is asked for now; else a correction of results (the first one's values), or new.

    A form begun is saved or thrown away before another one can be opened on its page.
    """
    held = work.state(_name(page, person))
    kept = decode(ToolDraft, held["draft"]) if held else None
    if kept is not None and kept.is_begun:
        return kept
    old = work.find(Assessment, amends[0]) if amends else None
    fresh = ToolDraft(id=new_record_id(work.author.now), person=person, page=page, started_at=work.author.now)
    if old is None:
        return fresh
    return ToolDraft(
        id=fresh.id, person=person, page=page, started_at=fresh.started_at, tool=old.tool, typed=_typed(old),
        answers={f"{old.tool} {item}": answer for item, answer in old.answers.items()}, amends=amends,
    )  # fmt: skip


def is_begun(work: UnitOfWork, person: str, page: Page) -> bool:
    """Whether a form waits to be gone on with."""
    held = work.state(_name(page, person))
    return bool(held) and decode(ToolDraft, held["draft"]).is_begun


def keep_tool(work: UnitOfWork, draft: ToolDraft) -> datetime:
    """Seal a draft. Returns when."""
    if work.record(draft.id) is None:  # what was on its way while it was saved must not bring the draft back
        work.put_state(_name(draft.page, draft.person), {"draft": encode(draft)})
    return work.author.now


def drop_tool_drafts(work: UnitOfWork, person: str, record: str) -> None:
    """End the draft of a record: it was saved, or thrown away."""
    for page in PAGES:
        held: Mapping[str, object] = work.state(_name(page, person))
        if held and decode(ToolDraft, held["draft"]).id == record:
            work.end_row("state", _name(page, person))


def _name(page: str, person: str) -> str:
    return f"{page}:{person}"


def _typed(old: Assessment) -> dict[str, str]:
    """A result's fields as one would type them; a day stands as ISO."""
    typed = {
        "version": old.version, "status": old.status, "total": "" if old.total is None else str(old.total),
        "safety": "yes" if old.safety else "no",
    }  # fmt: skip
    typed |= {f"score {area}": str(points) for area, points in old.by_area.items()}
    typed |= {f"said {area}": status for area, status in old.area_status.items()}
    own = {f"{old.tool} {name}": said for name, said in typed.items()}
    return {"day": old.on.isoformat(), "assessor": old.assessor, **own}
