"""Who stands in which row of the report's tables."""

from datetime import date

from healthvisit.cli import words
from healthvisit.cli.growth_report import report_page
from healthvisit.growth.batch import Scorer
from healthvisit.growth.survey import Survey

HEADER = ("sex", "age_days", "weight_kg", "lenhei_cm", "measure", "oedema")


def table_of(page, name):
    """First and second cell of each row of the table under a heading."""
    rows = page.partition(f"<h3>{name}</h3>")[2].partition("</table>")[0].split("<tr>")[2:]
    return [tuple(cell.partition("</td>")[0] for cell in row.split("<td>")[1:3]) for row in rows]


def page_of(*cells):
    words.speak("en")
    scorer, made = Scorer(HEADER, today=date(2026, 1, 1)), Survey()
    for row in cells:
        made.add(scorer.score(["" if cell == "." else cell for cell in row.split()]))
    return report_page(made, made_on=date(2026, 1, 1))


def test_weight_for_age_has_no_total_from_five():
    """It ends at ten years; under "5 to 19 years" it would speak of children it does not know. As WHO's program."""
    page = page_of("f 300 8.4 71.2 l n", "m 2500 22 119 h n", "f 5000 50 155 h n")
    assert table_of(page, "Weight for age") == [
        ("<strong>Under 5 years</strong>", "1"),
        ("girls", "1"),
        ("6 to 11 months", "1"),
        ("5 to 9 years", "1"),
    ]
    assert ("<strong>5 to 19 years</strong>", "2") in table_of(page, "BMI for age")


def test_those_of_unknown_age_are_a_part_of_those_under_five():
    """The rows below a total add up to it."""
    page = page_of("f 300 8.4 71.2 l n", "f . 9.0 71.2 l n", "m . . . . y")
    assert table_of(page, "Weight for length or height") == [
        ("<strong>Under 5 years</strong>", "3"),
        ("girls", "2"),
        ("boys", "1"),
        ("6 to 11 months", "1"),
        ("Age not known", "2"),
    ]
