"""Development: D-score, the own check by bands, motor windows, instruments. Information and monitoring, no diagnosis.

    >>> from healthvisit.development import dscore
    >>> score = dscore({"a": 1, "b": 0}, age_days=365, difficulties={"a": 45, "b": 52}, prior=(48, 5))
    >>> score.d, score.n
    (48.18, 2)

`monitor` weighs a check, `motor_lines` draws the milestones, `score` an instrument; their content comes from packs
(`healthvisit.packs.checks`, `.instruments`, `.keys`). Ages are days.
"""

from healthvisit.development.instruments import ExternalResult, InstrumentResult, accept_external, score
from healthvisit.development.keys import FEWEST_FOR_A_POINT, comparable, lines, score_with
from healthvisit.development.monitoring import (
    Answer,
    Cause,
    Monitoring,
    PastCheck,
    Reason,
    Result,
    SkillHistory,
    band_at,
    head_needs_review,
    monitor,
    skill_history,
    to_ask,
)
from healthvisit.development.motor import MotorLine, MotorState, motor_lines
from healthvisit.development.rasch import ENGINE_VERSION, DScore, daz, decimal_age, dscore, row_at

__all__ = [
    "ENGINE_VERSION",
    "FEWEST_FOR_A_POINT",
    "Answer",
    "Cause",
    "DScore",
    "ExternalResult",
    "InstrumentResult",
    "Monitoring",
    "MotorLine",
    "MotorState",
    "PastCheck",
    "Reason",
    "Result",
    "SkillHistory",
    "accept_external",
    "band_at",
    "comparable",
    "daz",
    "decimal_age",
    "dscore",
    "head_needs_review",
    "lines",
    "monitor",
    "motor_lines",
    "row_at",
    "score",
    "score_with",
    "skill_history",
    "to_ask",
]
