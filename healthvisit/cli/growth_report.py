"""The report of `growth score --report`: one HTML page that needs nothing beside it, read on a screen or on A4."""

from collections.abc import Collection, Iterator
from datetime import date

from healthvisit.cli import words
from healthvisit.cli.growth_drawings import bars, columns, curves
from healthvisit.cli.words import N_, _, ngettext
from healthvisit.growth.survey import (
    AGE_UNKNOWN,
    BANDS,
    FROM_FIVE,
    UNDER_FIVE,
    Group,
    Share,
    Survey,
    preference,
    rating,
)
from healthvisit.growth.zscores import Indicator

MINUS = "\N{MINUS SIGN}"
NAMES: dict[Indicator, str] = {
    "length_for_age": N_("Length or height for age"),
    "weight_for_age": N_("Weight for age"),
    "weight_for_length": N_("Weight for length or height"),
    "bmi_for_age": N_("BMI for age"),
    "head_for_age": N_("Head circumference for age"),
    "muac_for_age": N_("Arm circumference for age"),
    "triceps_for_age": N_("Triceps skinfold for age"),
    "subscapular_for_age": N_("Subscapular skinfold for age"),
}
MEASURES = {
    "weight_g": N_("Weight"),
    "length_mm": N_("Length or height"),
    "posture": N_("Lying or standing"),
    "head_mm": N_("Head circumference"),
    "muac_mm": N_("Arm circumference"),
    "triceps_mm": N_("Triceps skinfold"),
    "subscapular_mm": N_("Subscapular skinfold"),
}
DIGITS = {
    "weight_g": N_("Weight, tenths of a kilogram"),
    "length_mm": N_("Length or height, millimetres"),
    "muac_mm": N_("Arm circumference, millimetres"),
}
RATINGS = {
    "excellent": N_("excellent"),
    "good": N_("good"),
    "acceptable": N_("acceptable"),
    "problematic": N_("problematic"),
}
HEADLINES: tuple[tuple[str, Indicator, int], ...] = (
    (N_("Stunted"), "length_for_age", -2),
    (N_("Severely stunted"), "length_for_age", -3),
    (N_("Underweight"), "weight_for_age", -2),
    (N_("Severely underweight"), "weight_for_age", -3),
    (N_("Wasted"), "weight_for_length", -2),
    (N_("Severely wasted"), "weight_for_length", -3),
    (N_("Overweight"), "weight_for_length", 2),
    (N_("Obese"), "weight_for_length", 3),
)
HEADLINES_FROM_FIVE: tuple[tuple[str, Indicator, int], ...] = (
    (N_("Stunted"), "length_for_age", -2),
    (N_("Thin"), "bmi_for_age", -2),
    (N_("Severely thin"), "bmi_for_age", -3),
    (N_("Overweight"), "bmi_for_age", 1),
    (N_("Obese"), "bmi_for_age", 2),
)
LIMITS = (-3, -2, 1, 2, 3)

STYLE = """
:root{--ink:#1d2528;--soft:#5c676b;--line:#cfd6d8;--page:#fff;--one:#00695c;--two:#b25b00;--all:#3b4cc0}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e8ecec;--soft:#a5b0b3;--line:#434c4f;--page:#15191b;
--one:#5fc9b8;--two:#f0a04b;--all:#9aa8ff}}
*{box-sizing:border-box}
body{font:15px/1.45 "Noto Sans","DejaVu Sans",Arial,sans-serif;color:var(--ink);background:var(--page);
max-width:62rem;margin:0 auto;padding:1.2rem}
h1{font-size:1.6rem;margin:.2rem 0}h2{font-size:1.2rem;margin:2rem 0 .4rem}h3{font-size:1rem;margin:1.2rem 0 .3rem}
p{margin:.3rem 0}.soft,figcaption,caption{color:var(--soft)}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:1rem}
figure,.grid>.wide{margin:0;break-inside:avoid}svg{width:100%;display:block}svg text{fill:var(--ink);font-size:11px}
polyline,path,svg line{fill:none;stroke-width:1.5}svg line.grid{stroke:var(--line);stroke-width:1}
.normal{stroke:var(--soft);stroke-dasharray:5 4}.girls{stroke:var(--one)}.boys{stroke:var(--two)}
.children{stroke:var(--all);stroke-width:2.4!important}.bar{fill:var(--all);opacity:.75}.interval{stroke:var(--ink)}
svg line.even{stroke:var(--two);stroke-dasharray:4 3}
.key span{display:inline-block;margin-right:1.2rem}.key svg{display:inline;width:2rem;vertical-align:middle}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.86rem;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.2rem 0}th,td{padding:.22rem .5rem;text-align:right;border-bottom:1px solid var(--line)}
th:first-child,td:first-child{text-align:left}td small{color:var(--soft);white-space:nowrap}tr.first td{font-weight:600}
@page{size:A4;margin:14mm}
@media print{body{font-size:10pt;max-width:none;padding:0}table{font-size:8.2pt}tr,h2,h3{break-inside:avoid}
h2,h3{break-after:avoid}.grid{grid-template-columns:repeat(2,1fr)}.wide{overflow:visible}thead{display:table-header-group}
th,td{padding:.12rem .3rem}}
"""


def report_page(survey: Survey, *, made_on: date) -> str:
    """The whole page, in the language of the command."""
    n = survey.used
    title = _("Growth of a group of children")
    counted = ngettext("n = {count} child", "n = {count} children", n)
    parts = [
        _tag("h1", title),
        _tag("p", _tag("strong", counted.format(count=number(n)))),
        f'<p class="soft">{_about(survey, made_on)}</p>',
        *_headlines(survey, _("Under 5 years: WHO Child Growth Standards"), HEADLINES, UNDER_FIVE),
        *_headlines(survey, _("5 to 19 years: WHO reference 2007"), HEADLINES_FROM_FIVE, FROM_FIVE),
        *_curves(survey),
        *_quality(survey),
        *_tables(survey),
        _tag("h2", _("How this was counted")),
        _tag("p", _method()),
    ]
    return (
        f'<!DOCTYPE html><html lang="{words.language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head>"
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _about(survey: Survey, made_on: date) -> str:
    said = [
        _("Made on {day}.").format(day=made_on.strftime("%d.%m.%Y")),
        _("Rows in the table: {rows}; rows that could not be used: {refused}.").format(
            rows=number(survey.rows), refused=number(survey.refused)
        ),
    ]
    return " ".join(said)


def _method() -> str:
    return " ".join(
        (
            _("Flagged (implausible) z-scores take no part in shares, means and curves."),
            _("Children with oedema count as below −3 in the weight-based indicators."),
            _("Children whose age is not known count with those under 5 years, by weight for length or height only."),
            _("Intervals are 95 % confidence intervals (Wilson) of a simple random sample, without clusters."),
            _("Digit preference score: 0 is best, up to 7 excellent, to 12 good, to 20 acceptable."),
        )
    )


def _headlines(
    survey: Survey, title: str, lines: tuple[tuple[str, Indicator, int], ...], bands: Collection[int]
) -> Iterator[str]:
    found = [(_(name), survey.group(indicator, bands=bands).share(limit)) for name, indicator, limit in lines]
    shown = [(name, share) for name, share in found if share is not None]
    if shown:
        texts = [f"{percent(share)} ({interval(share)}), n = {number(share.n)}" for _name, share in shown]
        yield f"<h2>{title}</h2><figure>{bars(shown, texts, title)}</figure>"


def _curves(survey: Survey) -> Iterator[str]:
    yield _tag("h2", _("Distribution of z-scores"))
    lines = (("normal", _("WHO standard")), ("children", _("all children")), ("girls", _("girls")), ("boys", _("boys")))
    keys = (
        f'<span><svg viewBox="0 0 30 8"><polyline class="{kind}" points="0,4 30,4"/></svg> {name}</span>'
        for kind, name in lines
    )
    yield f'<p class="key">{"".join(keys)}</p><div class="grid">'
    every = (*UNDER_FIVE, *FROM_FIVE)
    for indicator, name in NAMES.items():
        whole = survey.group(indicator, bands=every)
        if whole.mean is None:
            continue
        densities = (survey.density(indicator), survey.density(indicator, "f"), survey.density(indicator, "m"))
        said = _("n = {n}, mean {mean}, SD {deviation}").format(
            n=number(whole.n), mean=_z(whole.mean), deviation=_z(whole.deviation)
        )
        yield _figure(curves(*densities, label=_(name)), _(name), said)
    yield "</div>"


def _quality(survey: Survey) -> Iterator[str]:
    n = survey.used
    yield _tag("h2", _("Quality of the data"))
    girls, boys, unknown = (survey.sexes[sex] for sex in ("f", "m", None))
    facts = [
        (_("Girls"), number(girls), _share(girls, n)),
        (_("Boys"), number(boys), _share(boys, n)),
        (_("Sex not known"), number(unknown), _share(unknown, n)),
        (_("Boys to one girl"), decimal(boys / girls, 2) if girls else "", ""),
        (_("Age not known"), number(survey.age_unknown), _share(survey.age_unknown, n)),
        (_("Oedema of both feet"), number(survey.oedema), _share(survey.oedema, n)),
        (_("Rows that could not be used"), number(survey.refused), _share(survey.refused, survey.rows)),
    ]
    yield '<div class="grid">' + _table("", ("", "n", "%"), facts)
    missing = [(_(name), number(survey.missing[m]), _share(survey.missing[m], n)) for m, name in MEASURES.items()]
    yield _table("", (_("Missing or no measure"), "n", "%"), missing)
    flagged = [
        (_(name), number(survey.flagged[indicator]), _share(survey.flagged[indicator], survey.scored[indicator]))
        for indicator, name in NAMES.items()
    ]
    yield _table("", (_("Flagged z-scores"), "n", "%"), flagged) + "</div>"
    yield _tag("h3", _("Last digits and ages")) + '<div class="grid">'
    for measure, name in DIGITS.items():
        yield _preference(survey.digits[measure], [str(digit) for digit in range(10)], _(name))
    yield _preference(survey.year_digits(), [str(month) for month in range(12)], _("Age: months beyond full years"))
    yield "</div>"
    if any(survey.months):
        names = [str(month) if month % 6 == 0 else "" for month in range(len(survey.months))]
        label = _("Children under 5 years by completed month of age")
        drawn = columns(survey.months, names, label, width=720)
        yield f"<figure>{drawn}<figcaption>{label}; n = {number(sum(survey.months))}</figcaption></figure>"


def _preference(counts: list[int], names: list[str], label: str) -> str:
    score = preference(counts)
    if score is None:
        return ""
    said = _("score {score}: {rating}; n = {n}").format(
        score=decimal(score, 1), rating=_(RATINGS[rating(score)]), n=number(sum(counts))
    )
    return _figure(columns(counts, names, label), label, said)


def _figure(drawn: str, name: str, said: str) -> str:
    return f"<figure>{drawn}<figcaption><strong>{name}</strong><br>{said}</figcaption></figure>"


def _tables(survey: Survey) -> Iterator[str]:
    yield _tag("h2", _("By sex and age"))
    heads = ("", "n", *(_limit(limit) for limit in LIMITS), _("mean z"), "SD")
    for indicator, name in NAMES.items():
        rows = list(_rows(survey, indicator))
        if rows:
            yield _tag("h3", _(name)) + _table(_("Share of children, 95 % confidence interval below"), heads, rows)


def _rows(survey: Survey, indicator: Indicator) -> Iterator[tuple[str, ...]]:
    for title, bands in ((_("Under 5 years"), UNDER_FIVE), (_("5 to 19 years"), FROM_FIVE)):
        groups: list[tuple[str, Group]] = []
        if indicator != "weight_for_age" or bands != FROM_FIVE:  # that one ends at ten, and has no total of all
            groups += [
                (f"<strong>{title}</strong>", survey.group(indicator, bands=bands)),
                (_("girls"), survey.group(indicator, sex="f", bands=bands)),
                (_("boys"), survey.group(indicator, sex="m", bands=bands)),
            ]
        groups += [(_band(band), survey.group(indicator, bands=(band,))) for band in bands]
        yield from (_row(name, group) for name, group in groups if group.n + group.oedema)


def _row(name: str, group: Group) -> tuple[str, ...]:
    cells = [name, number(group.n + group.oedema)]
    for limit in LIMITS:
        share = group.share(limit)
        cells.append("" if share is None else f"{percent(share)}<br><small>{interval(share)}</small>")
    return (*cells, _z(group.mean), _z(group.deviation))


def _band(band: int) -> str:
    if band == AGE_UNKNOWN:
        return _("Age not known")
    low, high = BANDS[band]
    if band in FROM_FIVE:
        return _("{low} to {high} years").format(low=low // 12, high=(high - 1) // 12)
    return _("{low} to {high} months").format(low=low, high=high - 1)


def _limit(limit: int) -> str:
    return f"&lt; {MINUS}{-limit}" if limit < 0 else f"&gt; +{limit}"


def _table(caption: str, heads: tuple[str, ...], rows: Collection[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    said = f"<caption>{caption}</caption>" if caption else ""
    return f'<div class="wide"><table>{said}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def decimal(value: float, digits: int) -> str:
    """A number with the decimal mark of the language and a true minus."""
    text = f"{abs(value):.{digits}f}"
    sign = MINUS if value < 0 and float(text) else ""
    return sign + (text if words.language() == "en" else text.replace(".", ","))


def number(value: int) -> str:
    """A count, in groups of three."""
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")


def percent(share: Share) -> str:
    """12.3 %."""
    return f"{decimal(share.share * 100, 1)}\N{NO-BREAK SPACE}%"


def interval(share: Share) -> str:
    """10.1 to 14.8, in percent."""
    return f"{decimal(share.low * 100, 1)}\N{EN DASH}{decimal(share.high * 100, 1)}"


def _share(count: int, n: int) -> str:
    return decimal(100 * count / n, 1) if n else ""


def _z(value: float | None) -> str:
    return "" if value is None else decimal(value, 2)


def _tag(name: str, inside: str) -> str:
    return f"<{name}>{inside}</{name}>"
