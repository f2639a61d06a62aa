"""The right pane of a visit: last time's measures and agreement; in the chart this visit's dot is hollow."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from healthvisit.domain.measurement import Growth
from healthvisit.services.caseload import ChildView, GrowthPoint
from healthvisit.services.measurements import point_of, rescored
from healthvisit.services.visit_draft import PartDraft, VisitDraft
from healthvisit.ui import theme, words
from healthvisit.ui.child.growth_data import chart_data, span_for
from healthvisit.ui.dates import cm, day_short
from healthvisit.ui.growth_chart import ChartData, GrowthChart
from healthvisit.ui.i18n import _
from healthvisit.ui.visit.remarks import centimetres, kilograms
from healthvisit.ui.widgets.layout import Card, KeyValue, label, vertical

CHART_PX = 240


class LastTimePane(QWidget):
    """Ordinary facts only: others look on."""

    def __init__(self) -> None:
        super().__init__()
        self.card = Card()
        self.facts = KeyValue()
        self.card.body.addWidget(self.facts)
        self.chart = GrowthChart(zooms=False)  # the wheel moves the page it stands on
        self.chart.setMinimumHeight(theme.px(CHART_PX))
        self.chart.setMaximumHeight(theme.px(CHART_PX + 60))
        self.chart_title = label(role="small")
        column = vertical(self.card, self.chart_title, self.chart, spacing=8)
        column.addStretch()
        self.setLayout(column)

    def show_part(self, draft: VisitDraft, part: PartDraft, now: Growth | None) -> None:
        """Draw what is known of the person (or family) on the page, with this visit's numbers as far as typed."""
        last = draft.last
        points = last.growth.get(part.person.id, ()) if last and part.person else ()
        rows = [self._measures(points[-1])] if points else []
        if last is not None and last.agreed:
            rows.append((_("Agreed"), last.agreed))
        self.card.set_heading(_("Last time {day}").format(day=day_short(last.on)) if last else _("First visit"))
        self.facts.set_rows([(name, said) for name, said in rows if said] or [(_("Nothing is known yet."), "")])
        data = self._chart(draft, part, points, now)
        self.chart.setVisible(data is not None)
        self.chart_title.setVisible(data is not None)
        self.chart_title.setText(_("Weight for age"))
        if data is not None:
            self.chart.show_data(data)

    @staticmethod
    def _measures(point: GrowthPoint) -> tuple[str, str]:
        said = [
            "" if point.weight_g is None else kilograms(point.weight_g),
            "" if point.length_mm is None else centimetres(point.length_mm),
            "" if point.head_mm is None else centimetres(point.head_mm),
            "" if point.muac_mm is None else _("upper arm {cm} cm").format(cm=cm(point.muac_mm)),
        ]
        return day_short(point.on), " · ".join(filter(None, said))

    @staticmethod
    def _chart(
        draft: VisitDraft, part: PartDraft, points: tuple[GrowthPoint, ...], now: Growth | None
    ) -> ChartData | None:
        if part.person is None or part.facts is None:
            return None
        drawn = tuple(rescored(p, part.facts) for p in points)
        hollow = now is not None and now.weight_g is not None
        if now is not None and hollow:
            drawn = (*drawn, point_of(now))
        view = ChildView(
            person=part.person, household=draft.household, gestation_days=part.facts.gestation_days,
            birth_weight_g=None, growth=drawn, contacts=(), visits=(),
        )  # fmt: skip
        data = chart_data(view, "weight_for_age", span_for(part.facts.age_days(draft.on)), dates=False)
        if data is None or not data.points or not hollow:
            return data
        return replace(
            data, points=(*data.points[:-1], replace(data.points[-1], draft=True)), title=words.short_name(part.person)
        )
