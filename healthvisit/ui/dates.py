"""Days, ages and numbers as the visitor's language writes them, and reading them back. Nothing stored passes here."""

import re
from datetime import date, datetime
from decimal import Decimal

from PySide6.QtCore import QDate, QLocale

from healthvisit.domain.person import completed_months
from healthvisit.ui.i18n import _, ngettext

MINUS, NO_BREAK = "−", "\u00a0"
DAYS_UNTIL, MONTHS_UNTIL = 28, 36  # ages below: in days; below: in months; then in years and months
ZONE_HALF = 50
DAY_EXAMPLE = "24.11.2026"
NUMBER = re.compile(r"[-−–]?\d+(?:[.,]\d+)?|[-−–]?[.,]\d+")
DAY = re.compile(r"(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4}|\d{2})|(\d{2})(\d{2})(\d{4})")


def _pattern(day: date, pattern: str) -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), pattern)


def day(on: date) -> str:
    """18.07.2026, the same in all three languages, as on the card."""
    return on.strftime("%d.%m.%Y")


def day_short(on: date, today: date | None = None) -> str:
    """9 Oct; with the year where it is another year than that of `today`: 27 Mar 2027."""
    said = _pattern(on, "d MMM").rstrip(".")
    return said if today is None or today.year == on.year else f"{said} {on.year}"


def day_long(on: date) -> str:
    """23 November 2026."""
    return _pattern(on, "d MMMM yyyy")


def weekday_day(on: date) -> str:
    """Monday 23 November 2026."""
    weekday = QLocale().standaloneDayName(on.isoweekday())
    return _("{weekday} {day}").format(weekday=weekday[:1].upper() + weekday[1:], day=day_long(on))


def clock(moment: datetime) -> str:
    """14:12, on this computer's clock; `moment` is in UTC."""
    return moment.astimezone().strftime("%H:%M")


def day_clock(moment: datetime, today: date | None = None) -> str:
    """9 Oct 14:12, on this computer's clock, with the year as `day_short` has it; `moment` is in UTC."""
    here = moment.astimezone()
    return _("{day} {clock}").format(day=day_short(here.date(), today), clock=clock(moment))


def months_days(born_on: date, on: date) -> tuple[int, int]:
    """Completed calendar months and the days over them; a month ends on the day of birth, or on its own last day.

    Raises:
        ValueError: `on` is before the birth.
    """
    if on < born_on:
        raise ValueError("on must not be before born_on")
    return completed_months(born_on, on)


def age_words(born_on: date, on: date, precision: str = "day") -> str:
    """An age in words: "12 days", "4 months 5 days", "3 years 2 months".

    Args:
        born_on: Day of birth; where it is not known, any day of the known month or year.
        on: The day the age is told for.
        precision: What of the birth is known: ``"day"``, ``"month"`` or ``"year"``. Less is said when less is known.
    """
    months, days = months_days(born_on, on)
    if precision == "year":
        return _("about {age}").format(age=_years(max(0, on.year - born_on.year)))
    if precision == "month":
        return _("about {age}").format(age=_months(months) if months < MONTHS_UNTIL else _years(months // 12))
    if (on - born_on).days < DAYS_UNTIL or not months:
        return _days((on - born_on).days)
    if months >= MONTHS_UNTIL:
        return _both(_years(months // 12), _months(months % 12) if months % 12 else "")
    return _both(_months(months), _days(days) if days and months < MONTHS_UNTIL // 3 * 2 else "")


def age_short(born_on: date, on: date) -> str:
    """An age for a list: "12 d", "4 m 5 d", "31 m", "5 y"; it is never broken over two lines."""
    return unbroken(_age_short(born_on, on))


def _age_short(born_on: date, on: date) -> str:
    months, days = months_days(born_on, on)
    if (on - born_on).days < DAYS_UNTIL or not months:
        return _("{days} d").format(days=(on - born_on).days)
    if months < MONTHS_UNTIL // 3:
        return _("{months} m {days} d").format(months=months, days=days)
    if months < MONTHS_UNTIL:
        return _("{months} m").format(months=months)
    years = months // 12
    return ngettext("{years} y", "{years} y", years).format(years=years)


def _years(count: int) -> str:
    return ngettext("{n} year", "{n} years", count).format(n=count)


def _months(count: int) -> str:
    return ngettext("{n} month", "{n} months", count).format(n=count)


def _days(count: int) -> str:
    return ngettext("{n} day", "{n} days", count).format(n=count)


def _both(large: str, small: str) -> str:
    return f"{large} {small}".rstrip()


def unbroken(text: str) -> str:
    """A number with its unit ("5,85 kg", "2010 g") that no end of a line parts."""
    return text.replace(" ", NO_BREAK)


def number(value: Decimal | int, places: int | None = None) -> str:
    """A number with the language's own decimal sign and a real minus; no grouping.

    Args:
        value: The number, exact.
        places: Digits behind the sign; as the number has them when left out.
    """
    text = str(value) if places is None else f"{value:.{places}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS).replace(".", QLocale().decimalPoint())


def kg(weight_g: int) -> str:
    """Grams as kilograms: 5850 is 5,85; a third digit only where the scales gave one."""
    return number(Decimal(weight_g) / 1000, 3 if weight_g % 10 else 2)


def cm(length_mm: int) -> str:
    """Millimetres as centimetres: 620 is 62,0."""
    return number(Decimal(length_mm) / 10, 1)


def kg_unit(weight_g: int) -> str:
    """5,85 kg."""
    return unbroken(_("{kg} kg").format(kg=kg(weight_g)))


def cm_unit(length_mm: int) -> str:
    """62,0 cm."""
    return unbroken(_("{cm} cm").format(cm=cm(length_mm)))


def z_text(z: float) -> str:
    """A z-score with two digits and a real minus sign: −0,89."""
    return number(Decimal(str(z)), 2)


def parse_number(text: str) -> Decimal:
    """What a person typed as a number, with a comma or a point before the decimals.

    Raises:
        ValueError: Empty, two separators, a space inside, or anything else that is no number.
    """
    stripped = text.strip()
    if not stripped.isascii():
        stripped = stripped.replace("−", "-").replace("–", "-")
    if not NUMBER.fullmatch(stripped) or not stripped.isascii():
        raise ValueError("no number")
    return Decimal(stripped.replace(",", "."))


def parse_day(text: str, *, latest: date | None = None) -> date:
    """What a person typed as a day: 18.07.2026, 18/7/26, 18-7-2026, 18072026 or 2026-07-18.

    Args:
        text: As typed. Two digits of a year are this century's, the last century's where that is after `latest`
            (or, without it, from 50 on).
        latest: The last day that makes sense, such as today for a birth.

    Raises:
        ValueError: No day of the calendar.
    """
    stripped = text.strip()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", stripped, re.ASCII):
        return date.fromisoformat(stripped)
    found = DAY.fullmatch(stripped)
    if found is None or not stripped.isascii():
        raise ValueError("no day")
    at, month, year = (int(part) for part in found.groups() if part is not None)
    if len(found[3] or "0000") == 2:  # noqa: PLR2004 - two digits are two digits
        year += 2000
        before = date(year, month, at) > latest if latest else year >= 2000 + ZONE_HALF
        year -= 100 if before else 0
    return date(year, month, at)


def no_day() -> str:
    """What is said beside a field that holds no day of the calendar."""
    return _("This is not a day. Type it as {example}.").format(example=DAY_EXAMPLE)


def no_number(example: str = "3,40") -> str:
    """What is said beside a field that holds no number."""
    return _("This is not a number. Type it as {example}.").format(example=example)
