"""Functions on days and moments. A date is a whole day; month names are English, as in Collect without a locale."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from healthvisit.forms.xpath.context import Context
from healthvisit.forms.xpath.functions.kind import Function
from healthvisit.forms.xpath.values import NAN, Value, read_date, to_date, to_moment, to_number, to_text

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _date_time(c: Context, value: Value) -> Value:
    found = to_date(value, c.world.zone)
    return "" if found is None else found


def _date(c: Context, value: Value) -> Value:
    """A day, also from its first moment; a later moment as it is."""
    found = _date_time(c, value)
    return found.date() if isinstance(found, datetime) and found.time() == time() else found


def _format(c: Context, value: Value, pattern: Value) -> str:
    found = to_date(value, c.world.zone)
    if found is None:
        return ""
    moment = to_moment(found, c.world.zone).astimezone(c.world.zone)
    text, letters = "", iter(to_text(pattern))
    for letter in letters:
        text += letter if letter != "%" else _part(moment, next(letters, "%"))
    return text


_PARTS: dict[str, Callable[[datetime], str]] = {
    "Y": lambda moment: f"{moment.year:04}",
    "y": lambda moment: f"{moment.year % 100:02}",
    "m": lambda moment: f"{moment.month:02}",
    "n": lambda moment: str(moment.month),
    "b": lambda moment: _MONTHS[moment.month - 1],
    "d": lambda moment: f"{moment.day:02}",
    "e": lambda moment: str(moment.day),
    "a": lambda moment: _DAYS[moment.weekday()],
    "W": lambda moment: str(moment.isocalendar().week),
    "H": lambda moment: f"{moment.hour:02}",
    "h": lambda moment: str(moment.hour),
    "M": lambda moment: f"{moment.minute:02}",
    "S": lambda moment: f"{moment.second:02}",
    "3": lambda moment: f"{moment.microsecond // 1000:03}",
    "Z": lambda moment: moment.strftime("%z"),
}


def _part(moment: datetime, letter: str) -> str:
    part = _PARTS.get(letter)
    return part(moment) if part else "%" if letter == "%" else f"%{letter}"


def _decimal_date_time(c: Context, value: Value) -> float:
    found = to_date(value, c.world.zone)
    return NAN if found is None else to_number(found)


def _decimal_time(c: Context, value: Value) -> float:
    """A time of day, or a moment's, as a part of the day by the clock on the wall."""
    text = to_text(value).strip()
    found = read_date(f"2000-01-01T{text}", c.world.zone) or read_date(text, c.world.zone)
    if not isinstance(found, datetime):
        return NAN
    wall = found.astimezone(c.world.zone)
    since = datetime.combine(wall.date(), wall.time()) - datetime.combine(wall.date(), time())
    return since / timedelta(days=1)


def _today(c: Context) -> date:
    return c.world.now.astimezone(c.world.zone).date()


TABLE = {
    "today": Function(_today, 0, 0),
    "now": Function(lambda c: c.world.now.astimezone(c.world.zone), 0, 0),
    "date": Function(_date, 1, 1),
    "date-time": Function(_date_time, 1, 1),
    "format-date": Function(_format, 2, 2),
    "format-date-time": Function(_format, 2, 2),
    "decimal-date-time": Function(_decimal_date_time, 1, 1),
    "decimal-time": Function(_decimal_time, 1, 1),
}
