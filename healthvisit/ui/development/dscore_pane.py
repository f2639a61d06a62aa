"""D-scores on a child's page: a line over age, the scores with all that made them, and a way to the questions."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from healthvisit.development import FEWEST_FOR_A_POINT, lines
from healthvisit.development.motor import DAYS_PER_MONTH
from healthvisit.domain.development import Assessment
from healthvisit.packs.library import Library
from healthvisit.ui import theme
from healthvisit.ui.dates import age_short, day, number, z_text
from healthvisit.ui.development.dscore_chart import DLine, DScoreChart
from healthvisit.ui.development.tables import FactTable
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.layout import button, horizontal, label


class DScorePane(QWidget):
    """The part: shown where a key is installed, or in practice with an invented one."""

    def __init__(self, ask: Callable[[], object], correct: Callable[[int], object]) -> None:
        super().__init__()
        self.notice, self.none = label(role="strong"), label(role="muted")
        self.chart, self.table = DScoreChart(), FactTable()
        self.ask = button("", ask)
        self.correct = button("", lambda: correct(self.table.currentRow()))
        self.table.opened.connect(correct)
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        deeds = horizontal(self.ask, self.correct)
        deeds.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px(8), 0, 0)
        column.setSpacing(theme.px(6))
        column.addWidget(self.notice)
        column.addLayout(deeds)
        column.addWidget(self.none)
        column.addWidget(self.chart)
        column.addWidget(self.table, 1)
        column.addStretch()

    def show_scores(self, known: Library, results: Sequence[tuple[Assessment, bool]], born_on: date | None) -> None:
        """Draw the scores that stand; those corrected since stand in the table only."""
        self.ask.setText(_("Ask questions"))
        self.correct.setText(_("Correct this result"))
        notice = _("Information, not a diagnosis, and never the only ground of a referral.")
        invented = _("The key is a demonstration: invented numbers that say nothing about any child.")
        shown = any(key.edition.id == "dscore-demo" for key in known.keys)
        self.notice.setText(f"{notice} {invented}" if shown else notice)
        self.correct.setVisible(bool(results))
        self.none.setText(_("No D-score yet: its questions were not asked."))
        self.none.setVisible(not results)
        self.chart.setVisible(bool(results))
        self.table.setVisible(bool(results))
        self._draw([one for one, replaced in results if not replaced])
        self.table.setAccessibleName(_("D-scores"))
        heads = [_("Day"), _("Age"), "D", _("z for age"), _("Answers"), _("Made with")]
        self.table.show_rows(heads, [_row(one, born_on, replaced=replaced) for one, replaced in results])
        self.table.setMinimumHeight(self.table.whole_height())

    def _draw(self, standing: Sequence[Assessment]) -> None:
        scores = [one.dscore for one in sorted(standing, key=lambda one: one.on) if one.dscore is not None]
        drawn = [
            DLine(name=line[0].key, points=tuple((s.age_days / DAYS_PER_MONTH, float(s.d)) for s in line))
            for line in lines(scores)
        ]
        few = [(s.age_days / DAYS_PER_MONTH, float(s.d)) for s in scores if s.n < FEWEST_FOR_A_POINT]
        drawn += [DLine(name="", points=tuple(few), few=True)] if few else []
        said = _("D-score over age: {points}").format(
            points="; ".join(f"{m:.1f}: {d:.1f}" for line in drawn for m, d in line.points)
        )
        self.chart.show_lines(drawn, foot=_("age in months (corrected where born early)"), said=said)


def _row(one: Assessment, born_on: date | None, *, replaced: bool) -> tuple[str, ...]:
    score = one.dscore
    if score is None:
        return ()
    age = age_short(born_on, one.on) if born_on and one.on >= born_on else ""
    daz = "–" if score.daz is None else z_text(float(score.daz))
    made = [score.key, *filter(None, [score.reference]), _("engine {version}").format(version=score.engine)]
    made += [_("few answers: not on the line")] if score.n < FEWEST_FOR_A_POINT else []
    made += [_("corrected since")] if replaced else []
    return day(one.on), age, number(score.d, 1), daz, str(score.n), " · ".join(made)
