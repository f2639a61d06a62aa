"""The report page: whole, self-contained, in three languages."""

import re
from html.parser import HTMLParser

import pytest

from healthvisit.__main__ import main
from tests.unit.growth.children import children


class Page(HTMLParser):
    """Checks that every element is closed, and keeps text and attributes."""

    VOID = ("meta", "br", "rect", "line", "path", "polyline")

    def __init__(self, html):
        super().__init__()
        self.open, self.text, self.attributes = [], [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, _tag, attrs):
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture
def source(tmp_path):
    some = children(600)
    path = tmp_path / "in.csv"
    path.write_text("\n".join([",".join(some[0]), *(",".join(child.values()) for child in some)]), encoding="utf-8")
    return path


def report(source, language="en"):
    out, page = source.with_name("out.csv"), source.with_name("page.html")
    assert main(["--language", language, "growth", "score", str(source), str(out), "--report", str(page)]) == 0
    return page.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "ru", "tk"])
def test_the_page_is_whole_and_needs_nothing_beside_it(source, language):
    """It is mailed and printed: no script, no font and no picture from elsewhere."""
    html = report(source, language)
    page = Page(html)
    assert ("lang", language) in page.attributes
    assert not re.search(r"https?:|src=|href=|<script|@import|url\(", html)
    assert "prefers-color-scheme:dark" in html
    assert "size:A4" in html
    assert "None" not in html
    assert "nan" not in "".join(page.text)


def test_the_page_says_n_and_every_indicator(source):
    """A share without its n says nothing."""
    text = " ".join(Page(report(source)).text)
    assert "n = 600 children" in text
    for said in (
        "Length or height for age",
        "Subscapular skinfold for age",
        "Stunted",
        "SD",
        "score",
        "48 to 59 months",
    ):
        assert said in text
    assert text.count("n = ") > 20


def test_a_table_without_children_gives_a_page_all_the_same(tmp_path):
    """An empty survey is said, not divided by."""
    source = tmp_path / "in.csv"
    source.write_text("sex,age_days,weight_kg\n", encoding="utf-8")
    assert "n = 0 children" in report(source)


def test_one_child_has_no_deviation(tmp_path):
    """One value has a mean and no spread."""
    source = tmp_path / "in.csv"
    source.write_text("sex,age_days,weight_kg\nf,300,8.4\n", encoding="utf-8")
    html = report(source)
    assert "n = 1 child" in html
    assert "None" not in html


def test_a_report_that_cannot_be_written_leaves_no_answer_either(source, capsys):
    """Both or none: an answer without its report would be taken for the whole."""
    out = source.with_name("out.csv")
    assert main(["growth", "score", str(source), str(out), "--report", str(source.parent / "no" / "page.html")]) == 2
    assert "could not be written" in capsys.readouterr().err
    assert not out.exists()
