"""What the engine promises beyond single expressions: types, actions, files, faults, entities, new versions."""

import json
from dataclasses import replace

import pytest

from healthvisit.forms.answers import cast
from healthvisit.forms.definition import Bind, FormDefinition
from healthvisit.forms.entities import Entity, entities
from healthvisit.forms.errors import FormError
from healthvisit.forms.external import read_external
from healthvisit.forms.session import FormSession
from healthvisit.forms.upgrade import move
from healthvisit.forms.xlsform import compile_markdown

XFORM = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa" xmlns:entities="http://www.opendatakit.org/xforms/entities">'
    "<h:head><h:title>t</h:title><model><instance>{data}</instance>{model}</model></h:head><h:body>{body}</h:body></h:html>"
)


BAD_RULES = (
    "<bind nodeset='/data/b' calculate='regex(/data/a, &quot;[&quot;)'/>"
    "<bind nodeset='/data/c' relevant='count(1) > 1'/>"
)


def ask(*paths):
    """One text question a path."""
    return "".join(f'<input ref="{path}"><label>{path}</label></input>' for path in paths)


@pytest.fixture
def start(now):
    """An XForm's parts to an open session."""

    def open_(data, model="", body="", **more):
        definition = FormDefinition.load(XFORM.format(data=f'<data id="t">{data}</data>', model=model, body=body))
        return FormSession.open(definition, language="", now=now, **more)

    return open_


@pytest.mark.parametrize(
    ("kind", "text", "stored"),
    [
        ("int", "5.7", "5"), ("int", "-3.2", "-3"), ("int", "1e3", "1000"), ("int", "00012", "12"), ("int", "abc", ""),
        ("int", "99999999999", ""), ("int", "2024-02-28", ""), ("int", "", ""), ("int", "-0", "0"),
        ("decimal", "0.10", "0.1"), ("decimal", "5", "5"), ("decimal", ".5", "0.5"), ("decimal", "1,5", ""),
        ("decimal", "Infinity", ""), ("decimal", "true", ""), ("date", "2024-02-28", "2024-02-28"),
        ("date", "2024-02-30", ""), ("date", "2024-02-28T10:00:00.000+05:00", "2024-02-28"), ("date", "5", ""),
        ("time", "10:30:15", "10:30:15"), ("time", "24:00", ""), ("time", "10:30:00.000+02:00", "10:30:00.000+02:00"),
        ("dateTime", "2024-02-28T10:00:00Z", "2024-02-28T10:00:00Z"), ("dateTime", "10:30", ""),
        ("dateTime", "2024-02-28T10:00:00+0500", ""), ("time", "10:30:00+0500", ""), ("time", "10:30:00+25:00", ""),
        ("geopoint", "38.25 -120.5 3 4", "38.25 -120.5 3 4"), ("geopoint", "100 200 0 0", ""),
        ("geopoint", "38.25 -120.5 high 4", ""), ("geopoint", "0 0 0.0 0", ""), ("geopoint", "1 1;2 2", ""),
        ("geotrace", "1 1;2 2 0 0", "1 1;2 2 0 0"), ("geotrace", "1 1", ""),
        ("geoshape", "1 1;2 2;3 1", ""), ("geoshape", "1 1;2 2;3 1;1 1", "1 1;2 2;3 1;1 1"), ("string", "5", "5"),
        ("boolean", "true", "true"), ("binary", "a.jpg", "a.jpg"),
    ],
)  # fmt: skip
def test_a_value_nobody_typed_is_cast_to_its_question(kind, text, stored):
    """A default of the author's or a calculation must not leave text where a number belongs."""
    assert cast(Bind(path="/x", type=kind), text) == stored


def test_an_expression_that_stumbles_counts_as_blank_and_is_remembered(start):
    """One bad expression must not end a visit."""
    session = start(
        "<a/><b>old</b><c/>",
        BAD_RULES,
        ask("/data/a", "/data/c"),
    )
    session.answer("/data/a", "z")
    assert session.value("/data/b") == ""
    assert not session.question("/data/c").relevant
    assert session.faults == {("/data/b", "calculate"): "form.bad_pattern", ("/data/c", "relevant"): "form.not_nodes"}


def test_actions_that_set_each_other_off_come_to_an_end(start):
    """A slip of the author must not hang the program."""
    body = "".join(
        f'<input ref="/data/{one}"><label/><setvalue event="xforms-value-changed" ref="/data/{other}" value="{value}"/>'
        "</input>"
        for one, other, value in (("a", "b", "/data/a + 1"), ("b", "a", "/data/b + 1"))
    )
    session = start("<a/><b/>", "", body)
    session.answer("/data/a", "1")
    assert ("", "xforms-value-changed") in session.faults


@pytest.mark.parametrize(
    ("rule", "fault"), [(". + 1", None), ("1 - /data/r[1]/a", "form.endless"), ("if(. = '', 7, .)", None)]
)
def test_a_value_that_looks_at_itself_comes_to_an_end(start, rule, fault):
    """Such a form must not hang the program on opening."""
    body = '<group ref="/data/r"><repeat nodeset="/data/r">' + ask("/data/r/b") + "</repeat></group>"
    model = f'<bind nodeset="/data/r/a" type="int" calculate="{rule}"/>'
    session = start("<r><a>1</a><b/></r><r><a>1</a><b/></r>", model, body)
    assert session.faults.get(("/data/r/a", "calculate")) == fault
    session.answer("/data/r[1]/b", "x")


def test_undo_takes_back_what_an_action_wrote_and_the_action_waits_again(start):
    """Undo is of the whole deed, or the record would hold half of it."""
    body = (
        '<input ref="/data/a"><label/><setvalue event="xforms-value-changed" ref="/data/b" value="concat(/data/a, 1)"/>'
        "</input>"
    )
    session = start("<a/><b>first</b>", "", body)
    session.answer("/data/a", "x")
    assert session.value("/data/b") == "x1"
    assert session.undoable == ("answer", "/data/a")
    changes = session.undo()
    assert {"/data/a", "/data/b"} <= changes.values
    assert (session.value("/data/a"), session.value("/data/b")) == ("", "first")
    session.answer("/data/a", "x")
    assert session.value("/data/b") == "x1"


def test_a_removed_instance_comes_back_with_its_answers(start):
    """The wrong instance is removed sooner or later."""
    body = '<group ref="/data/r"><repeat nodeset="/data/r">' + ask("/data/r/a") + "</repeat></group>"
    session = start("<r><a/></r>", "", body)
    session.add_repeat("/data/r")
    session.answer("/data/r[1]/a", "one")
    session.answer("/data/r[2]/a", "two")
    session.remove_repeat("/data/r[1]")
    assert session.value("/data/r/a") == "two"
    changes = session.undo()
    assert changes.structure == {"/data/r"}
    assert (session.value("/data/r[1]/a"), session.value("/data/r[2]/a")) == ("one", "two")


def test_preloads_ask_the_caller_who_sits_here(start):
    """The form's author wants the worker's name in the record; the program knows it, the form does not."""
    session = start(
        "<u/><d/>",
        '<bind nodeset="/data/u" jr:preload="property" jr:preloadParams="username"/>'
        '<bind nodeset="/data/d" type="date" jr:preload="date" jr:preloadParams="today"/>',
        ask("/data/u"),
        properties={"username": "worker-7"},
    )
    assert (session.value("/data/u"), session.value("/data/d")) == ("worker-7", "2024-03-01")


def test_a_preload_is_written_over_the_default(start):
    """Who sits here today is not whoever sat there when the form was written."""
    model = '<bind nodeset="/data/u" jr:preload="property" jr:preloadParams="username"/>'
    assert start("<u>nobody</u>", model, ask("/data/u"), properties={"username": "jeren"}).value("/data/u") == "jeren"
    assert start("<u>nobody</u>", model, ask("/data/u")).value("/data/u") == "nobody"


BEDS = (
    '<group ref="/data/bed"><repeat nodeset="/data/bed" jr:count="/data/beds">'
    '<setvalue event="odk-new-repeat" ref="/data/bed/no" value="position(..) * 10"/><input ref="/data/bed/no"/>'
    "</repeat></group>"
)


def test_instances_that_a_count_makes_on_opening_are_new_but_written_ones_are_not(start):
    """Each bed has its number from the start, not only those added later; what the author filled in stays."""
    template = '<bed jr:template=""><no/></bed>'
    session = start(f"<beds>2</beds>{template}", "", ask("/data/beds") + BEDS)
    session.answer("/data/beds", "3")
    assert [session.value(f"/data/bed[{at}]/no") for at in (1, 2, 3)] == ["10", "20", "30"]
    session = start(f"<beds>2</beds>{template}<bed><no>7</no></bed>", "", ask("/data/beds") + BEDS)
    assert [session.value(f"/data/bed[{at}]/no") for at in (1, 2)] == ["7", "20"]


@pytest.mark.parametrize(
    ("model", "body", "name"),
    [
        ('<setvalue event="odk-instance-first-lode" ref="/data/a" value="1"/>', "", "odk-instance-first-lode"),
        ("", '<setvalue event="xforms-value-changed on-click" ref="/data/a"/>', "on-click"),
        ('<setvalue event="odk-new-repeat" ref="/data/a" value="1"/>', "", "odk-new-repeat"),
        ('<odk:setgeopoint xmlns:odk="http://www.opendatakit.org/xforms" event="x" ref="/data/a"/>', "", "x"),
    ],
)
def test_an_action_that_would_never_run_is_refused_with_its_place(start, model, body, name):
    """A slip in the name of an event is found by the author, not by a nurse who misses a value."""
    with pytest.raises(FormError) as refused:
        start("<a/>", model, f'<input ref="/data/a">{body}</input>')
    assert refused.value.code == "form.unknown_event"
    assert refused.value.details == {"path": "/data/a", "name": name}


def test_events_have_the_names_they_had_in_old_forms(start):
    """A form of ten years ago still sets its values."""
    model = '<setvalue event="xforms-ready" ref="/data/a" value="4"/>'
    body = (
        '<group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/n"/>'
        '<setvalue event="jr-insert" ref="/data/r/n" value="5"/></repeat></group>'
    )
    session = start("<a/><r><n/></r>", model, ask("/data/a") + body)
    session.add_repeat("/data/r")
    assert [session.value(path) for path in ("/data/a", "/data/r[1]/n", "/data/r[2]/n")] == ["4", "", "5"]


def test_words_have_guidance_and_pictures(start):
    """Training hints and pictures come with a question's words, in its language."""
    texts = (
        '<itext><translation lang="en"><text id="q"><value>Look</value><value form="image">jr://images/a.png</value>'
        '</text><text id="h"><value>Hint</value><value form="guidance">Train</value></text></translation></itext>'
    )
    body = '<input ref="/data/a"><label ref="jr:itext(\'q\')"/><hint ref="jr:itext(\'h\')"/></input>'
    question = start("<a/>", texts, body).question("/data/a")
    assert (question.label, question.hint, question.guidance) == ("Look", "Hint", "Train")
    assert question.media == {"image": "jr://images/a.png"}


def test_a_range_takes_what_lies_between_its_ends(start):
    """What lies outside is kept as typed and flagged."""
    body = '<range ref="/data/a" start="1" end="5" step="1"><label/></range>'
    session = start("<a/>", '<bind nodeset="/data/a" type="int"/>', body)
    session.answer("/data/a", "9")
    question = session.question("/data/a")
    assert (question.value, question.typed, question.violation) == ("", "9", "type")
    session.answer("/data/a", "4")
    assert session.question("/data/a").violation is None


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.csv", b'\xef\xbb\xbfname,label\r\na,"A, ""1"""\r\n\r\nb\r\n', [["a", 'A, "1"'], ["b", ""]]),
        ("a.csv", b"name;label\na;A,a\n", [["a", "A,a"]]),
        ("a.csv", b"", []),
        ("a.geojson", json.dumps({"features": [{"id": "x", "geometry": {"type": "Point", "coordinates": [102, 0.5]},
                                                "properties": {"n": 5, "t": None}}]}).encode(),
         [["0.5 102 0 0", "x", "5", ""]]),
    ],
)  # fmt: skip
def test_lists_are_read_from_files(name, data, expected):
    """Excel in half of the world divides columns by semicolons and begins with a mark nobody sees."""
    root = read_external(name, data).children[0]
    assert [[cell.text for cell in item.children] for item in root.children] == expected


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.csv", b"\xff\xfe"), ("a.geojson", b"[1]"), ("a.geojson", b'{"features": [1]}'), ("a.geojson", b"{" * 5000),
     ("a.xml", b"<!DOCTYPE x [<!ENTITY e 'x'>]><x>&e;</x>"), ("a.xml", b"<x>")],
)  # fmt: skip
def test_a_broken_list_is_named_and_nothing_else_happens(name, data):
    """A list from a stranger can hold anything."""
    with pytest.raises(FormError, match=r"form\.(bad_attachment|not_xml|forbidden_xml)"):
        read_external(name, data)


def test_a_list_that_nobody_gave_is_empty_and_remembered(start):
    """A form without its list opens, and whoever looks sees why the question offers nothing."""
    rows = "<itemset nodeset=\"instance('c')/root/item\"><value ref='name'/></itemset>"
    body = f'<select1 ref="/data/a"><label/>{rows}</select1>'
    listed = '<instance id="c" src="jr://file-csv/c.csv"/>'
    session = start("<a/>", listed, body)
    assert session.question("/data/a").choices == ()
    assert session.faults == {("jr://file-csv/c.csv", "file"): "form.missing_file"}
    session = start("<a/>", listed, body, files={"c.csv": b"name\nx\n"})
    assert session.question("/data/a").choices == (("x", "x"),)
    assert not session.faults


ROSTER = """
| survey |
| | type | name | label | save_to |
| | text | village | Village | |
| | begin_repeat | child | Child | |
| | text | first_name | Name | full_name |
| | integer | age | Age | age |
| | end_repeat | | | |
| settings |
| | form_id |
| | roster |
| entities |
| | list_name | label | repeat |
| | children | concat(${first_name}, ' of ', ${village}) | ${child} |
"""


def test_every_instance_makes_its_entity(now):
    """A roster makes one child a row, each with its own answers."""
    session = FormSession.open(FormDefinition.load(compile_markdown(ROSTER)), language="", now=now)
    session.add_repeat("/data/child")
    session.answer("/data/village", "Oba")
    for place, (name, age) in enumerate((("Aman", "3"), ("Maral", "5")), 1):
        session.answer(f"/data/child[{place}]/first_name", name)
        session.answer(f"/data/child[{place}]/age", age)
    found = entities(session)
    assert [replace(entity, id="") for entity in found] == [
        Entity(
            dataset="children",
            action="create",
            id="",
            label=f"{name} of Oba",
            properties={"full_name": name, "age": age},
        )
        for name, age in (("Aman", "3"), ("Maral", "5"))
    ]
    assert len({entity.id for entity in found} - {""}) == 2


HOME = '<name/><meta><entity dataset="homes" {asks} id=""><label/></entity></meta>'
HOME_MODEL = (
    '<bind nodeset="/data/name" entities:saveto="name"/>'
    '<setvalue event="odk-instance-first-load" ref="/data/meta/entity/@id" value="{id}"/>'
)


def test_an_entity_keeps_its_id_in_a_draft(start, now):
    """A household opened again tomorrow is the same household, not a second one."""
    data, model = HOME.format(asks='create="1"'), HOME_MODEL.format(id="uuid()")
    session = start(data, model, ask("/data/name"))
    again = FormSession.restore(session.definition, session.snapshot(), now=now)
    assert entities(again) == entities(session)
    assert entities(again)[0].id


def test_an_update_that_names_nobody_is_no_entity(start):
    """Where no one was chosen from the list there is no one to change."""
    data = HOME.format(asks='update="1"')
    assert not entities(start(data, HOME_MODEL.format(id="''"), ask("/data/name")))
    assert entities(start(data, HOME_MODEL.format(id="'h-1'"), ask("/data/name")))[0].id == "h-1"


def test_moving_to_a_new_version_says_what_would_change(define, now):
    """Nobody finds out only afterwards that an answer had no place in the new form."""
    yes_no = [{"list_name": "yn", "name": name, "label": name} for name in ("yes", "no")]
    old = define(
        [
            {"type": "text", "name": "a", "label": "A"},
            {"type": "integer", "name": "n", "label": "N"},
            {"type": "text", "name": "gone", "label": "G"},
            {"type": "calculate", "name": "c", "calculation": "${n} * 2"},
        ]
    )
    new = define(
        [
            {"type": "select_one yn", "name": "a", "label": "A"},
            {"type": "integer", "name": "n", "label": "N"},
            {"type": "calculate", "name": "c", "calculation": "${n} * 3"},
            {"type": "text", "name": "fresh", "label": "F", "default": "d"},
        ],
        yes_no,
    )
    session = FormSession.open(old, language="", now=now)
    for name, text in (("a", "maybe"), ("n", "4"), ("gone", "x")):
        session.answer(f"/data/{name}", text)
    moved, difference = move(session.snapshot(), old, new, now=now)
    assert difference.lost == ("/data/gone",)
    assert difference.unfitting == ("/data/a",)
    assert difference.recomputed == ("/data/c",)
    assert difference.asked == ("/data/fresh",)
    assert difference.kept == 1
    assert (moved.value("/data/n"), moved.value("/data/c"), moved.value("/data/fresh")) == ("4", "12", "d")
    assert moved.question("/data/a").typed == "maybe"
