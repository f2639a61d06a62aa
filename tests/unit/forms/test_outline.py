"""What stands on a page: groups, repeats and their instances, as the record is now."""

from datetime import UTC, datetime

import pytest

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.errors import FormError
from healthvisit.forms.session import FormSession
from healthvisit.forms.views import Section, is_answerable
from healthvisit.forms.xlsform import compile_markdown

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NESTED = """
| survey |
| | type | name | label | relevant | repeat_count |
| | text | wanted | Wanted? | | |
| | begin_group | home | Home | | |
| | text | street | Street | | |
| | begin_group | rooms | Rooms | ${street} != '' | |
| | integer | n | How many? | | |
| | end_group | | | | |
| | begin_repeat | member | Member | ${wanted} = 'yes' | |
| | text | name | Name | | |
| | begin_repeat | drug | Medicine | | |
| | text | what | What? | | |
| | end_repeat | | | | |
| | end_repeat | | | | |
| | end_group | | | | |
| | begin_repeat | counted | Counted | | ${n} |
| | text | inside | Inside | | |
| | end_repeat | | | | |
"""


def opened(source):
    return FormSession.open(FormDefinition.load(compile_markdown(source)), language="en", now=NOW)


def shape(section):
    """(kind, path, parts) all the way down."""
    parts = [shape(part) if isinstance(part, Section) else part for part in section.parts]
    return (section.kind, section.path, parts)


def page(session, name):
    return next((p for p in session.pages() if p.path.endswith(name)), None)


def test_groups_and_repeats_are_told_as_they_are_now():
    """What is not asked is not there; positions stand at every repeat, also at a single instance."""
    session = opened(NESTED)
    home = page(session, "/home")
    assert shape(home.whole) == ("group", "/data/home", ["/data/home/street"])
    session.answer("/data/wanted", "yes")
    session.answer("/data/home/street", "Bagt")
    rooms = ("group", "/data/home/rooms", ["/data/home/rooms/n"])
    first = "/data/home/member[1]"
    drug = ("repeat", f"{first}/drug", [("instance", f"{first}/drug[1]", [f"{first}/drug[1]/what"])])
    member = ("repeat", "/data/home/member", [("instance", first, [f"{first}/name", drug])])
    assert shape(home.whole) == ("group", "/data/home", ["/data/home/street", rooms, member])
    assert session.question(f"{first}/drug[1]/what").label == "What?"


def test_a_repeat_without_instances_is_shown_where_one_can_be_added():
    """Else nobody could ever add the first; one that is not asked, or is counted, is not shown empty."""
    session = opened(NESTED)
    assert page(session, "/counted") is None
    session.answer("/data/wanted", "yes")
    session.remove_repeat("/data/home/member")
    member = page(session, "/home").whole.parts[-1]
    assert shape(member) == ("repeat", "/data/home/member", [])
    assert member.can_change
    session.answer("/data/wanted", "")
    assert shape(page(session, "/home").whole) == ("group", "/data/home", ["/data/home/street"])


def test_a_counted_repeat_cannot_be_changed_by_hand():
    """Its count says how many there are."""
    session = opened(NESTED)
    session.answer("/data/home/street", "Bagt")
    session.answer("/data/home/rooms/n", "2")
    counted = page(session, "/counted").whole.parts[0]
    assert [part.path for part in counted.parts] == ["/data/counted[1]", "/data/counted[2]"]
    assert not counted.can_change
    with pytest.raises(FormError, match="no_repeat"):
        session.add_repeat("/data/counted")


def test_a_repeat_is_never_divided_into_pages():
    """Field lists inside a repeat belong to each instance."""
    session = opened("""
| survey |
| | type | name | label | appearance |
| | begin_repeat | r | R | |
| | begin_group | a | A | field-list |
| | text | x | X | |
| | end_group | | | |
| | begin_group | b | B | field-list |
| | text | y | Y | |
| | end_group | | | |
| | end_repeat | | | |
""")
    assert [p.path for p in session.pages()] == ["/data/r"]


def test_a_group_too_long_for_a_page_is_divided_at_its_groups():
    """A form whose author put everything into one group is still read in pages."""
    rows = []
    for group in "abc":
        rows.append(f"| | begin_group | {group} | {group} |")
        rows += [f"| | text | {group}{n} | Q |" for n in range(20)]
        rows.append("| | end_group | | |")
    source = "\n".join(
        ["| survey |", "| | type | name | label |", "| | begin_group | all | All |", *rows, "| | end_group | | |"]
    )
    assert [p.path for p in opened(source).pages()] == ["/data/all/a", "/data/all/b", "/data/all/c"]


def test_nobody_is_stopped_by_what_a_laptop_cannot_answer():
    """A place that must be given cannot be given here; the visit is signed all the same."""
    session = opened("""
| survey |
| | type | name | label | required | appearance |
| | geopoint | where | Where? | yes | |
| | barcode | code | Code | yes | |
| | text | scan | Scan | yes | ex:org.example.scan |
| | image | drawn | Draw | yes | draw |
| | image | photo | Photo | yes | |
""")
    assert [problem.path for problem in session.problems()] == ["/data/photo"]
    assert session.question("/data/where").violation is None
    assert not is_answerable(kind="unsupported", data_type="binary", media_type="audio/*", appearance="")
    assert is_answerable(kind="unsupported", data_type="binary", media_type="application/*", appearance="")
