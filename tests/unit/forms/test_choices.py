"""What a select offers: rows of lists, files beside the form, filters, rankings and random orders."""

import json

import pytest

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.external import read_external
from healthvisit.forms.session import FormSession
from healthvisit.forms.trace import read_plan, run_plan

HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms/">'
    "<h:head><h:title>t</h:title><model><instance>{data}</instance>{model}</model></h:head><h:body>{body}</h:body></h:html>"
)
HERBS = ("dill", "mint", "sage", "thyme")


@pytest.fixture
def start(now):
    """An XForm's parts to an open session."""

    def open_(data, model="", body="", **more):
        definition = FormDefinition.load(HEAD.format(data=f'<data id="t">{data}</data>', model=model, body=body))
        return FormSession.open(definition, language="", now=now, **more)

    return open_


def rows(*names, ident="herbs"):
    """A list with a name and a label a row."""
    items = "".join(f"<item><name>{name}</name><label>{name.title()}</label></item>" for name in names)
    return f'<instance id="{ident}"><root>{items}</root></instance>'


def asked(tag, ref, nodes="instance('herbs')/root/item", close=""):
    """A question with choices from a list."""
    itemset = f'<itemset nodeset="{nodes}"><value ref="name"/><label ref="label"/></itemset>'
    return f'<{tag} ref="{ref}">{itemset}</{close or tag}>'


def names(session, path):
    """What a question offers now."""
    return [name for name, _ in session.question(path).choices]


def test_a_row_without_a_name_is_offered_with_none(start):
    """The author sees in the form, as elsewhere, that a row of the list lacks its name."""
    model = (
        '<instance id="herbs"><root><item><label>Basil</label></item><item><name>mint</name></item></root></instance>'
    )
    session = start("<a/>", model, asked("select1", "/data/a"))
    assert session.look(session.instances_at("/data/a")[0], "choices") == ["", "mint"]
    assert session.look(session.instances_at("/data/a")[0], "labels") == ["Basil", ""]


@pytest.mark.parametrize(("value", "found"), [("@no", "7"), ("./who/code", "k7"), ("concat(@no, '-', plot)", "7-12")])
def test_the_name_of_a_row_may_be_any_expression(start, value, found):
    """Registers made elsewhere keep their numbers in attributes and deeper down."""
    model = '<instance id="l"><root><item no="7"><who><code>k7</code></who><plot>12</plot></item></root></instance>'
    itemset = f"""<itemset nodeset="instance('l')/root/item"><value ref="{value}"/><label ref="plot"/></itemset>"""
    session = start("<a/>", model, f'<select1 ref="/data/a">{itemset}</select1>')
    assert session.question("/data/a").choices == ((found, "12"),)


def test_choices_from_a_repeat_follow_what_is_typed_there(start):
    """Who is renamed can no longer be meant by the old name, and the screen must hear of new words."""
    people = '<repeat nodeset="/data/p"><input ref="/data/p/name"/><input ref="/data/p/label"/></repeat>'
    session = start("<p><name/><label/></p><a/>", "", people + asked("select1", "/data/a", "/data/p[name != '']"))
    session.answer("/data/p[1]/name", "k1")
    assert "/data/a" in session.answer("/data/p[1]/label", "Bahar").looks
    assert session.question("/data/a").choices == (("k1", "Bahar"),)
    session.answer("/data/a", "k1")
    assert "/data/a" in session.answer("/data/p[1]/name", "k2").choices
    assert session.value("/data/a") == ""
    session.answer("/data/p[1]/name", "k1")
    assert session.value("/data/a") == "k1"


def test_a_choice_without_a_label_reads_as_its_name(start):
    """A choice nobody can read cannot be chosen."""
    session = start("<a/>", "", '<select1 ref="/data/a"><item><value> dill </value></item></select1>')
    assert session.look(session.instances_at("/data/a")[0], "labels") == ["dill"]


def test_what_stands_in_place_of_a_file_is_no_row(start):
    """Some compilers write a row of underscores where a file belongs; nobody should be offered it."""
    model = '<instance id="herbs" src="jr://file/herbs.xml"><root><item><name>_</name><label>_</label></item></root></instance>'
    session = start("<a/>", model, asked("select1", "/data/a"))
    assert names(session, "/data/a") == []
    assert session.faults == {("jr://file/herbs.xml", "file"): "form.missing_file"}


def test_the_last_of_two_binds_counts(start):
    """Forms made by hand bind a node twice; ODK opens them."""
    model = '<bind nodeset="/data/a" type="int"/><bind nodeset="/data/a" calculate="\'x\'"/>'
    assert start("<a/>", model).value("/data/a") == "x"


@pytest.mark.parametrize("prefix", ["", "odk:"])
def test_a_ranking_is_known_in_each_of_its_namespaces(start, prefix):
    """Some tools write ODK's namespace with a slash at its end."""
    session = start("<a/>", rows(*HERBS), asked(f"{prefix}rank", "/data/a"))
    assert session.question("/data/a").kind == "rank"


def test_a_ranking_is_of_all_that_is_offered(start):
    """The screen shows the new ones last; the record must say the same."""
    herb = "instance('herbs')/root/item[selected(/data/a, name)]"
    body = asked("select", "/data/a") + asked("rank", "/data/b", herb)
    session = start("<a/><b/>", rows(*HERBS), body)
    session.answer("/data/a", "mint dill sage")
    assert session.value("/data/a") == "dill mint sage"
    session.answer("/data/b", "sage dill")
    assert session.value("/data/b") == "sage dill mint"
    session.answer("/data/a", "thyme dill")
    assert session.value("/data/b") == "dill thyme"
    session.answer("/data/a", "")
    assert session.value("/data/b") == ""
    session.answer("/data/a", "dill mint sage")
    assert session.value("/data/b") == "sage dill mint"


def test_the_step_of_a_range_has_no_sign(start):
    """A slider that counts down still steps by its width."""
    session = start(
        "<a/>", '<bind nodeset="/data/a" type="int"/>', '<range ref="/data/a" start="8" end="0" step="-4"/>'
    )
    assert session.question("/data/a").bounds == (8.0, 0.0, 4.0)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_head_of_a_table_says_what_divides_its_columns(mark):
    """Each office's spreadsheet writes its own; quoted heads may hold the others."""
    table = mark.join(("name", '"one, two; three"', "label")) + "\r" + mark.join(("a", "b", "c")) + "\r"
    root = read_external("a.csv", table.encode()).children[0]
    assert [cell.text for cell in root.children[0].children] == ["a", "b", "c"]


def test_a_place_has_its_geometry_its_id_and_what_else_is_known():
    """The order is the one the details are shown in; a feature without a place has no column for it."""
    point = {"type": "Point", "coordinates": [58.4, 37.9]}
    features = [
        {"type": "Feature", "id": 7, "geometry": point, "properties": {"name": "Clinic", "id": "old"}},
        {"type": "Feature", "properties": {"name": "Depot", "id": 8}},
    ]
    root = read_external("a.geojson", json.dumps({"features": features}).encode()).children[0]
    found = [[(cell.name, cell.text) for cell in item.children] for item in root.children]
    assert found == [
        [("geometry", "37.9 58.4 0 0"), ("id", "7"), ("name", "Clinic")],
        [("id", "8"), ("name", "Depot")],
    ]


def test_a_list_may_leave_out_what_was_chosen(start):
    """Forms of ODK's filter a list by a calculation from its own answer; they open, and the answer stays."""
    model = rows(*HERBS) + '<bind nodeset="/data/b" calculate="/data/a"/>'
    herb = "instance('herbs')/root/item[not(selected(current()/../b, name))]"
    session = start("<a/><b/>", model, asked("select1", "/data/a", herb))
    session.answer("/data/a", "mint")
    assert (session.value("/data/a"), session.value("/data/b")) == ("mint", "mint")
    assert names(session, "/data/a") == ["dill", "sage", "thyme"]


def test_each_instance_offers_what_the_others_left(start):
    """Who looks after which child: nobody is to be chosen twice, and each sees the own choice."""
    model = rows(*HERBS) + '<bind nodeset="/data/taken" calculate="join(\' \', /data/r/a)"/>'
    free = "instance('herbs')/root/item[not(selected(/data/taken, name)) or name = current()/../a]"
    body = f'<repeat nodeset="/data/r">{asked("select1", "/data/r/a", free)}</repeat>'
    session = start("<taken/><r><a/></r>", model, body)
    session.answer("/data/r[1]/a", "mint")
    session.add_repeat("/data/r")
    assert names(session, "/data/r[2]/a") == ["dill", "sage", "thyme"]
    assert "/data/r[1]/a" in session.answer("/data/r[2]/a", "sage").choices
    assert names(session, "/data/r[1]/a") == ["dill", "mint", "thyme"]
    session.remove_repeat("/data/r[1]")
    assert names(session, "/data/r[1]/a") == list(HERBS)
    assert (session.value("/data/taken"), dict(session.faults)) == ("sage", {})


def test_an_order_without_a_seed_stays_while_the_form_is_open(start):
    """Choices that jump with each answer are chosen by mistake."""
    many = [f"h{number}" for number in range(40)]
    body = "".join(asked("select1", path, "randomize(instance('herbs')/root/item)") for path in ("/data/a", "/data/b"))
    session = start("<a/><b/>", rows(*many), body)
    first = names(session, "/data/a")
    session.answer("/data/b", "h3")
    assert names(session, "/data/a") == first
    assert sorted(first) == sorted(many)
    assert len({tuple(first), tuple(names(session, "/data/b")), tuple(many)}) == 3


@pytest.mark.parametrize(("key", "found"), [("@zone", "Oba"), ("code", "Merkez")])
def test_a_cell_is_pulled_by_an_attribute_or_a_column(start, key, found):
    """Lists made elsewhere keep their keys in attributes."""
    items = '<item zone="x"><code>1</code><place>Oba</place></item><item><code>x</code><place>Merkez</place></item>'
    model = (
        f'<instance id="places"><root>{items}</root></instance>'
        f"<bind nodeset=\"/data/b\" calculate=\"pulldata('places', 'place', '{key}', /data/a)\"/>"
    )
    assert start("<a>x</a><b/>", model).value("/data/b") == found


def test_words_of_a_script_are_compared_without_blanks_at_their_ends():
    """The layout of the author's file is nothing that a form does."""
    items = (
        "<item><value>dill</value><label>\n  Dill </label></item><item><value>mint</value><label>Mint</label></item>"
    )
    form = HEAD.format(data='<data id="t"><a/></data>', model="", body=f'<select1 ref="/data/a">{items}</select1>')
    wanted = {"choices": ["dill", "mint"], "labels": ["Dill ", " Mint"]}
    plan = read_plan(json.dumps({"scripts": [{"steps": [{"expect": {"/data/a": wanted}}]}]}))
    outcome = run_plan(FormDefinition.load(form), plan)
    assert (outcome.passed, outcome.broken) == (2, [])
