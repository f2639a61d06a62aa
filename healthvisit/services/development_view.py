"""What the Development part of a child's page shows. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from healthvisit.development import SkillHistory, skill_history
from healthvisit.domain.development import Assessment, DevelopmentCheck
from healthvisit.packs.checks import ChecksPack
from healthvisit.services import milestones
from healthvisit.services.assessments import FOLLOW_UP
from healthvisit.services.check_drafts import CheckDraft, find_draft
from healthvisit.services.development import AGAIN, REASON, CheckFacts, check_facts
from healthvisit.services.milestones import MilestoneLine
from healthvisit.store import checks
from healthvisit.store.checks import OpenReferral
from healthvisit.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class DevelopmentView:
    """One child's development.

    Attributes:
        draft: The check begun and not saved.
        referral: The one nobody has heard of yet.
        again_on: The day to look again; `follow_ups` days to ask what came of a result, by its id.
        skills: Each skill ever answered.
        milestones: Empty where the day of birth is not known; `said` are the months the caregiver told.
    """

    facts: CheckFacts = field(repr=False)
    draft: CheckDraft | None = field(default=None, repr=False)
    referral: OpenReferral | None = None
    again_on: date | None = None
    follow_ups: tuple[tuple[str, date], ...] = ()
    skills: Mapping[str, SkillHistory] = field(default_factory=dict, repr=False)
    milestones: tuple[MilestoneLine, ...] = field(default=(), repr=False)
    said: Mapping[str, int] = field(default_factory=dict, repr=False)
    results: tuple[Assessment, ...] = field(default=(), repr=False)

    @property
    def last(self) -> DevelopmentCheck | None:
        """The newest check that stands."""
        return self.facts.checks[0] if self.facts.checks else None

    @property
    def in_doubt(self) -> frozenset[str]:
        """Checks that correct one and the same: two laptops did, and a person looks at both."""
        held = self.facts.checks
        return frozenset(c.id for c in held for d in held if c.id != d.id and set(c.amends) & set(d.amends))


def development_view(work: UnitOfWork, pack: ChecksPack, person: str, *, today: date) -> DevelopmentView:
    """One child's development.

    Raises:
        HealthvisitError: ``record.absent``.
    """
    facts = check_facts(work, person, today=today)
    said = checks.milestones_said(work, person)
    waiting = checks.open_referrals(work, person, REASON)
    again = checks.tasks_of(work, person, AGAIN)
    return DevelopmentView(
        facts=facts,
        draft=find_draft(work, person),
        referral=waiting[0] if waiting else None,
        again_on=again[0].due_on if again else None,
        follow_ups=tuple((task.id, task.due_on) for task in checks.tasks_of(work, person, FOLLOW_UP)),
        skills=skill_history(facts.past(today)),
        milestones=milestones.lines(pack, facts, said, today=today),
        said={code: months for code, (months, _on) in said.items()},
        results=tuple(checks.assessments_of(work, person)),
    )
