"""Children at every edge of WHO's rules, as rows of a survey's CSV; the same at every run."""

import random

COLUMNS = (
    "id", "sex", "age_days", "weight_kg", "lenhei_cm", "measure", "headc_cm", "armc_cm", "triskin_mm", "subskin_mm",
    "oedema",
)  # fmt: skip
AGES = (  # days
    "0",
    "1",
    "29",
    "30",
    "31",
    "89",
    "90",
    "90.4",
    "90.5",
    "91",
    "92",
    "273",
    "273.4",
    "273.5",
    "273.9",
    "273.94",
    "274",
    "274.5",
    "364",
    "365",
    "729",
    "730",
    "730.4",
    "730.49",
    "730.5",
    "731",
    "732",
    "1825",
    "1826",
    "1826.2",
    "1826.25",
    "1826.3",
    "1826.49",
    "1826.5",
    "1827",
    "1828",
    "1856",
    "1857",
    "1900.25",
    "2190",
    "3651",
    "3652",
    "3652.4",
    "3652.5",
    "3653",
    "5000",
    "6938",
    "6939",
    "6939.75",
    "6940",
    "7300",
)
LENGTHS = (
    "44.2",
    "44.3",
    "44.9",
    "45",
    "45.0",
    "45.05",
    "64.2",
    "64.3",
    "64.9",
    "65.0",
    "65.6",
    "65.7",
    "65.70",
    "73.3",
    "86.9",
    "87",
    "87.0",
    "87.05",
    "102.4",
    "103.1",
    "109.2",
    "109.3",
    "109.95",
    "110.0",
    "110.1",
    "110.7",
    "119.3",
    "119.95",
    "120.0",
    "120.1",
    "120.7",
    "120.8",
    "72.86",
    "80.123",
)
SEXES, POSTURES, OEDEMA = (
    ("m", "f", "M", "F", "1", "2", "m", "f", ""),
    ("l", "h", "L", "H", ""),
    ("n", "n", "n", "", "y"),
)


def children(count, seed=4):
    """`count` rows, each a dict of text cells."""
    dice = random.Random(seed)  # noqa: S311 -- cases to compare, no secret
    return [_child(dice, number) for number in range(count)]


def _child(dice, number):
    age = dice.choice(AGES) if dice.random() < 0.6 else str(dice.randint(0, 2200))
    days = float(age)
    length = 50 + 13 * (days / 100) ** 0.55 if days < 1826 else 110 + (days - 1826) * 0.012
    length += dice.gauss(0, 4 if dice.random() < 0.8 else 15)
    weight = 15.5 * (max(length, 30) / 100) ** 2 * dice.gauss(1, 0.13 if dice.random() < 0.7 else 0.45)
    return {
        "id": str(number),
        "sex": dice.choice(SEXES),
        "age_days": "" if dice.random() < 0.06 else age,
        "weight_kg": _cell(dice, weight, 2),
        "lenhei_cm": dice.choice(LENGTHS) if dice.random() < 0.4 else _cell(dice, length, 1),
        "measure": dice.choice(POSTURES),
        "headc_cm": _cell(dice, dice.gauss(38 + 2.2 * min(days, 1800) ** 0.25, 2), 1),
        "armc_cm": _cell(dice, dice.gauss(14.5, 1.8), 1),
        "triskin_mm": _cell(dice, dice.gauss(8.5, 2.5), 2),
        "subskin_mm": _cell(dice, dice.gauss(6.5, 2), 2),
        "oedema": dice.choice(OEDEMA),
    }


def _cell(dice, value, decimals):
    """A measure as text: mostly with its usual decimals, now and then missing or finer."""
    chance = dice.random()
    if chance < 0.04:
        return ""
    return f"{max(value, 0.3):.{decimals + 2 if chance < 0.1 else decimals}f}"
