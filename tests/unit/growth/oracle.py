"""WHO's rules written out once more, slowly, in exact decimals from the printed tables: the judge of the program.

It shares no line and no table file with the program. Cells are as a survey's CSV gives them; so is the answer.
"""

from decimal import Decimal, getcontext, localcontext
from functools import cache
from importlib import import_module

MONTH = Decimal("30.4375")
NAMES = ("len", "wei", "wfl", "bmi", "hc", "ac", "ts", "ss")
MONTH_60 = {
    ("wfa", "m"): ("-0.1922", "18.3328", "0.12947"),
    ("wfa", "f"): ("-0.4650", "18.0823", "0.14240"),
    ("lfa", "m"): ("1", "109.7265", "0.04156"),
    ("lfa", "f"): ("1", "109.0725", "0.04346"),
    ("bmifa", "m"): ("-0.7151", "15.2679", "0.08366"),
    ("bmifa", "f"): ("-0.8702", "15.2453", "0.09646"),
}
LIMITS = {"len": (-6, 6), "wei": (-6, 5)}
UNRESTRICTED = {"len", "hc"}


@cache
def table(folder, name, sex):
    """Rows of one printed table, by day, month or centimetre."""
    data = import_module(f"pygrowup.tables.{folder}.{name}").DATA[{"f": "female", "m": "male"}[sex]]
    rows = {Decimal(str(at)): (row["l"], row["m"], row["s"]) for at, row in data.items()}
    if folder == "by_month":
        rows[Decimal(60)] = tuple(map(Decimal, MONTH_60[name, sex]))
    return rows


def between(rows, at, step):
    """L, M and S at `at`, linearly between the two rows around it."""
    low = at - at % step
    if low not in rows:
        return None
    if at == low:
        return rows[low]
    if low + step not in rows:
        return None
    share = (at - low) / step
    return tuple(a + (b - a) * share for a, b in zip(rows[low], rows[low + step], strict=True))


def z_of(value, lms, *, restricted):
    """The LMS formula; beyond 3 measured in steps of the outermost standard deviation."""
    with localcontext() as context:
        context.prec = 40
        l, m, s = lms  # noqa: E741

        def sd(k):
            return m * (1 + l * s * k) ** (1 / l)

        z = ((value / m) ** l - 1) / (l * s)
        if restricted and z > 3:
            z = 3 + (value - sd(3)) / (sd(3) - sd(2))
        if restricted and z < -3:
            z = -3 + (value - sd(-3)) / (sd(-2) - sd(-3))
        return round(z, 2)


def number(text):
    """A measure, or None where the cell is blank or no measure."""
    text = text.replace(",", ".").strip()
    return Decimal(text) if text and Decimal(text) > 0 else None


def answer(child):  # noqa: C901 -- WHO's rules in one piece, to be read beside the printed page
    """The result columns of one child, as texts."""
    getcontext().prec = 40
    age = Decimal(child["age_days"]) if child["age_days"] else None
    day = None if age is None else int(age + Decimal("0.5"))
    months = None if age is None else age / MONTH
    old = months is not None and months >= 60
    sex = {"m": "m", "1": "m", "f": "f", "2": "f"}.get(child["sex"].lower())
    posture = child["measure"].lower()[:1]
    oedema = child["oedema"].lower() == "y"
    weight, length = number(child["weight_kg"]), number(child["lenhei_cm"])
    if posture == "h" and months is not None and months < 9:
        posture = ""
    if length is not None and day is not None and not old:
        if day < 731 and posture == "h":
            length += Decimal("0.7")
        if day >= 731 and posture == "l":
            length -= Decimal("0.7")
    bmi = None if weight is None or length is None else weight / (length / 100) ** 2
    z = {}

    def for_age(name, by_age, value, last_month=0, first_day=0):
        if sex is None or age is None or value is None:
            return
        if not old:
            rows, at = table("by_day", by_age, sex), Decimal(day)
            if day >= first_day:
                z[name] = z_of(value, rows[at], restricted=name not in UNRESTRICTED)
        elif months <= last_month:
            lms = between(table("by_month", by_age, sex), months, Decimal(1))
            z[name] = z_of(value, lms, restricted=name not in UNRESTRICTED)

    for_age("len", "lfa", length, 228)
    if not oedema:
        for_age("wei", "wfa", weight, 120)
        for_age("bmi", "bmifa", bmi, 228)
    for_age("hc", "hcfa", number(child["headc_cm"]))
    for_age("ac", "acfa", number(child["armc_cm"]), first_day=91)
    for_age("ts", "tsfa", number(child["triskin_mm"]), first_day=91)
    for_age("ss", "ssfa", number(child["subskin_mm"]), first_day=91)
    if sex and weight is not None and length is not None and not oedema and not old:
        lying = day < 731 if day is not None else posture == "l" if posture else length < 87
        low, high = (45, 110) if lying else (65, 120)
        if low <= length <= high:
            lms = between(table("by_day", "wfl" if lying else "wfh", sex), length, Decimal("0.1"))
            z["wfl"] = z_of(weight, lms, restricted=True)
    cells = {
        "clenhei": "" if length is None else f"{length:.2f}" if length == round(length, 2) else f"{length:f}",
        "cmeasure": posture,
        "cbmi": "" if bmi is None else f"{float(weight) / (float(length) / 100) ** 2:.2f}",  # ties fall as WHO's floats
    }
    for name in NAMES:
        low, high = LIMITS.get(name, (-5, 5))
        cells[f"z{name}"] = f"{z[name] + 0:.2f}".replace("-0.00", "0.00") if name in z else ""
        cells[f"f{name}"] = str(int(not low <= z[name] <= high)) if name in z else ""
    return cells
