"""Submissions as OpenRosa servers take them."""

import pytest
from lxml import etree

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.errors import FormError
from healthvisit.forms.openrosa import OPENROSA, submission
from healthvisit.forms.session import FormSession

ID = "6f1c0c1e-0c2f-4b58-9df0-0f9a2d6f2f11"
EARLIER = "uuid:0d9b1d52-7f0e-4d32-8a51-2b1f3b4c5d6e"
ROWS = [
    {"type": "text", "name": "a", "label": "A"},
    {"type": "text", "name": "b", "label": "B", "relevant": "${a} = 'x'"},
    {"type": "begin_repeat", "name": "r", "label": "R"},
    {"type": "integer", "name": "n", "label": "N"},
    {"type": "end_repeat"},
    {"type": "image", "name": "photo", "label": "P", "relevant": "${a} = 'x'"},
]


@pytest.fixture
def session(opened):
    found = opened(ROWS, version="7")
    found.answer("/data/a", "x")
    found.answer("/data/b", "<&ö>")
    return found


def tags(root):
    return [etree.QName(child).localname for child in root]


def test_a_submission_names_form_version_and_record(session):
    """A server files it under the very version it was made with."""
    sent = submission(session, instance_id=ID)
    root = etree.fromstring(sent.xml)
    assert sent.xml.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert (root.get("id"), root.get("version")) == ("t", "7")
    assert sent.instance_id == f"uuid:{ID}"
    assert root.find("meta/instanceID").text == f"uuid:{ID}"
    assert root.findtext("b") == "<&ö>"


@pytest.mark.parametrize(
    ("typed", "sent"), [("Go\u0308zel", "G\u00f6zel"), ("\u0338 >\u0338", "\u0338 \u226f"), ("", None)]
)
def test_letters_with_marks_are_sent_as_one_character(session, typed, sent):
    """A name typed on another keyboard is found again at the office; no mark melts into the XML around it."""
    session.answer("/data/b", typed)
    assert etree.fromstring(submission(session, instance_id=ID).xml).findtext("b") == (sent or "")


def test_without_an_id_of_its_own_the_record_keeps_the_forms(session):
    """The same record sent twice is one record to the server."""
    first, second = submission(session), submission(session)
    assert first.instance_id == second.instance_id == session.value("/data/meta/instanceID")
    assert first.xml == second.xml


def test_what_is_not_relevant_is_left_out_and_the_order_is_the_forms(session):
    """An answer to a question that does not apply never leaves."""
    while len(session.instances_at("/data/r")) < 2:
        session.add_repeat("/data/r")
    session.answer("/data/a", "y")
    root = etree.fromstring(submission(session).xml)
    assert tags(root) == ["a", "r", "r", "meta"]
    assert b"&lt;&amp;" not in submission(session).xml


def test_a_correction_names_what_it_replaces(session):
    """The office keeps both; the newer one counts."""
    root = etree.fromstring(submission(session, instance_id=ID, deprecates=EARLIER).xml)
    assert tags(root.find("meta"))[:2] == ["instanceID", "deprecatedID"]
    assert root.findtext("meta/deprecatedID") == EARLIER


def test_the_session_stays_as_it_is(session):
    """Writing a file must not change the visit."""
    before = session.record_xml()
    submission(session, instance_id=ID, deprecates=EARLIER)
    assert session.record_xml() == before


@pytest.mark.parametrize("wrong", ["7", "uuid:", "../../etc"])
def test_an_id_that_is_none_is_refused(session, wrong):
    """Ids become names of files and keys of servers."""
    with pytest.raises(FormError, match=r"form\.no_instance_id"):
        submission(session, instance_id=wrong)


XFORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>T</h:title><model><instance>{data}</instance></model></h:head>
<h:body><input ref="/data/a"><label>A</label></input></h:body></h:html>"""


@pytest.mark.parametrize(
    "data",
    [
        '<data xmlns="http://example.org/f" id="t" version="1"><a/></data>',
        '<data id="t" version="1"><a/></data>',
        f'<data xmlns:orx="{OPENROSA}" id="t" version="1"><orx:meta><orx:instanceID/></orx:meta><a/></data>',
    ],
)
def test_meta_is_found_or_made_in_its_namespace(data, now):
    """Forms of three programs write it in three ways."""
    session = FormSession.open(FormDefinition.load(XFORM.format(data=data)), language="en", now=now)
    with pytest.raises(FormError, match=r"form\.no_instance_id"):
        submission(session)
    root = etree.fromstring(submission(session, instance_id=ID, deprecates=EARLIER).xml)
    assert root.findtext(f"{{{OPENROSA}}}meta/{{{OPENROSA}}}instanceID") == f"uuid:{ID}"
    assert root.findtext(f"{{{OPENROSA}}}meta/{{{OPENROSA}}}deprecatedID") == EARLIER


def test_a_submission_is_written_whole_or_not_at_all(session, tmp_path):
    """A half-written file must not be taken for a record."""
    sent = submission(session, instance_id=ID)
    sent.write(tmp_path / "r.xml")
    assert (tmp_path / "r.xml").read_bytes() == sent.xml
    assert (tmp_path / "r.xml").stat().st_mode & 0o077 == 0
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):  # noqa: PT011 - the system's own words
        sent.write(tmp_path / "folder")
    with pytest.raises(FileNotFoundError):
        sent.write(tmp_path / "gone" / "r.xml")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "r.xml"]
    assert "ö" not in repr(sent)


def test_attachments_are_named(session):
    """Each goes as a part of its own."""
    session.put({"/data/photo": "p1.jpg"})
    assert submission(session).attachments == ("p1.jpg",)
    session.answer("/data/a", "y")
    assert submission(session).attachments == ()
