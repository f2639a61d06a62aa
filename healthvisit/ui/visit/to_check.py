"""What "check and sign" shows of a visit: what was found, what is missing, and who needs a referral."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from healthvisit.domain.errors import OutOfRangeError
from healthvisit.packs.pack import Pack
from healthvisit.services import free_answers, signing
from healthvisit.services.visit_draft import Answers, PartAnswers, VisitDraft
from healthvisit.ui.i18n import ngettext
from healthvisit.ui.visit import development_section
from healthvisit.ui.visit.findings import Findings, findings, free_rows
from healthvisit.ui.visit.problems import problems_of
from healthvisit.ui.visit.section_list import titled
from healthvisit.ui.visit.signs import Signs
from healthvisit.ui.visit.steps import Step, answers_so_far


class ToCheck(NamedTuple):
    """`missing` are keys of sections, each with its sentence; `waiting` the parts with a sign in no referral."""

    found: list[Findings]
    missing: list[tuple[str, str]]
    waiting: list[str]


def to_check(draft: VisitDraft, pack: Pack, steps: Sequence[Step], signs: Signs, *, today: date) -> ToCheck:
    """All of it, as it would be signed now; `today` is the day it is looked at."""
    return ToCheck(_found(draft, pack, today), _missing(draft, steps), [part.id for part in signs.waiting()])


def _found(draft: VisitDraft, pack: Pack, today: date) -> list[Findings]:
    parts = [part for part in draft.parts if not part.seen or answers_so_far(part)]
    if parts[:1] != draft.parts[:1]:  # the family's own: nothing is put together without it
        return []
    answers = replace(draft, parts=parts).answers()
    more = development_section.rows_of(draft, today=today)
    for part in draft.seen:
        whose = part.person.id if part.person else ""
        more[whose] = [*free_rows(free_answers.of_session(part.session)), *more.get(whose, ())]
    possible = replace(answers, parts=tuple(_possible(pack, answers, part) for part in answers.parts))
    return findings(pack, signing.parts_of(pack, possible), draft.household.persons, on=draft.on, more=more)


def _possible(pack: Pack, answers: Answers, part: PartAnswers) -> PartAnswers:
    """A part without its numbers while one is beyond its limits: that stands among what is missing."""
    try:
        signing.parts_of(pack, replace(answers, parts=(part,)))
    except OutOfRangeError:
        return replace(part, entries=tuple(entry for entry in part.entries if entry[0] != "growth"))
    return part


def _missing(draft: VisitDraft, steps: Sequence[Step]) -> list[tuple[str, str]]:
    missing = []
    for step in steps:
        count = len(problems_of(draft, step))
        said = ngettext("{section}: {n} answer missing", "{section}: {n} answers missing", count)
        title = titled(draft, step.title, draft.parts[step.part].person)
        missing += [(step.key, said.format(section=title, n=count))] if count else []
    return missing
