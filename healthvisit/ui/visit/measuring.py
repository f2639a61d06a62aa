"""The numbers of a growth page: what each means beside its field, and which are asked about once more."""

from healthvisit.packs.pack import Pack
from healthvisit.services.visit_draft import PartDraft, VisitDraft
from healthvisit.ui import words
from healthvisit.ui.form.page import Remark
from healthvisit.ui.i18n import _
from healthvisit.ui.visit.remarks import doubtful, growth_remarks, measures_typed
from healthvisit.ui.visit.steps import answers_so_far, by_field, twin_of


def meanings(draft: VisitDraft, pack: Pack, part: PartDraft) -> dict[str, Remark]:
    """What a child's numbers mean as far as they are typed, by field."""
    if part.facts is None or part.person is None:
        return {}
    before = draft.last.growth.get(part.person.id, ()) if draft.last else ()
    typed = {field: q.typed for field, q in by_field(part, "growth").items()}
    held = answers_so_far(part)
    fields = held.fields("growth") if held else measures_typed(typed)
    return growth_remarks(pack, part.facts, fields, typed, on=draft.on, before=before)


class Doubts:
    """Numbers that can hardly be right are asked about once; the second time she is taken at her word."""

    def __init__(self, draft: VisitDraft, pack: Pack) -> None:
        self._draft, self._pack = draft, pack
        self._asked: dict[str, str] = {}  # by part

    def ask(self, part: PartDraft) -> str:
        """What there is to look at once more among a child's measures; empty when nothing is left to be asked."""
        asked = self._unlikely(part)
        if not asked and (asked := self._same_as_twin(part)):
            self._draft.twins_asked = True
        return asked

    def _unlikely(self, part: PartDraft) -> str:
        held = answers_so_far(part)
        if part.facts is None or held is None:
            return ""
        fields = held.fields("growth")
        found = doubtful(self._pack, part.facts, fields, on=self._draft.on)
        seen = repr(sorted(fields.items()))
        if not found or self._asked.get(part.id) == seen:
            return ""
        self._asked[part.id] = seen
        return " ".join((*found, _("If the number is right, continue.")))

    def _same_as_twin(self, part: PartDraft) -> str:
        twin = twin_of(self._draft, part)
        if twin is None or twin.person is None or self._draft.twins_asked:
            return ""
        mine, theirs = by_field(part, "growth"), by_field(twin, "growth")
        same = [
            q.label for f, q in mine.items()
            if q.kind == "decimal" and q.value and f in theirs and theirs[f].value == q.value
        ]  # fmt: skip
        if not same:
            return ""
        return _("{name} has the same numbers ({fields}). If both were measured, continue.").format(
            name=words.short_name(twin.person), fields=", ".join(same)
        )
