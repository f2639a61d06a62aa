"""`healthvisit growth score`: every cell as WHO's rules give it, and a file that is never half written."""

import csv

from healthvisit.__main__ import main
from tests.unit.growth.children import COLUMNS, children
from tests.unit.growth.oracle import answer

GIRL = {"id": "1", "sex": "f", "age_days": "300", "weight_kg": "8.4", "lenhei_cm": "71.2", "measure": "l"}


def write(path, rows, *, delimiter=",", columns=None, encoding="utf-8"):
    columns = columns or list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.DictWriter(file, columns, delimiter=delimiter, restval="")
        table.writeheader()
        table.writerows(rows)


def score(tmp_path, source, *more, language="en"):
    """Exit code and rows of the answer."""
    out = tmp_path / "out.csv"
    code = main(["--language", language, "growth", "score", str(source), str(out), *more])
    return code, read(out) if out.exists() else None


def read(path, delimiter=","):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def scored(tmp_path, **cells):
    """The answer for one child."""
    source = tmp_path / "in.csv"
    write(source, [{**GIRL, **cells}])
    code, rows = score(tmp_path, source)
    assert code == 0
    return rows[0]


def test_thousands_of_edge_children_come_out_as_the_rules_say(tmp_path):
    """A cell that differs from WHO's is a child judged wrongly; every edge of age, length and posture is met here."""
    some = children(4000)
    source = tmp_path / "in.csv"
    write(source, some, columns=COLUMNS)
    code, rows = score(tmp_path, source)
    assert code == 0
    assert len(rows) == len(some)
    wrong = [
        (child, name, row[name], said)
        for child, row in zip(some, rows, strict=True)
        for name, said in answer(child).items()
        if row[name] != said
    ]
    assert not wrong, wrong[:3]
    assert sum(row[name] != "" for row in rows for name in row if name.startswith("z")) > 15_000
