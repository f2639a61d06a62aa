"""Reading a form: what it says, and how it is refused."""

import pytest

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.errors import FormError
from healthvisit.forms.instance import MAX_BYTES

XFORM = """<?xml version="1.0"?><h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>T</h:title><model><instance><data id="t" version="3"><a/><b/>
</data></instance><bind nodeset="/data/a" type="int"{a}/><bind nodeset="/data/b" type="int"{b}/></model></h:head>
<h:body><input ref="/data/a"><label>A</label></input><input ref="b"><label>B</label></input></h:body></h:html>"""


def xform(a="", b=""):
    """A form of two questions with further attributes on their binds."""
    return XFORM.format(a=f" {a}", b=f" {b}")


def refusal(text, **kw):
    """The error that loading raises."""
    with pytest.raises(FormError) as caught:
        FormDefinition.load(text, **kw)
    return caught.value


def test_a_form_says_who_it_is():
    """Records name the very definition they were made with."""
    definition = FormDefinition.load(xform())
    assert (definition.form_id, definition.version, definition.title) == ("t", "3", "T")
    assert list(definition.controls) == ["/data/a", "/data/b"]
    assert definition.source == xform()
    assert definition.sha256 != FormDefinition.load(xform('relevant="1"')).sha256
    assert FormDefinition.load(xform()) is definition


def test_languages_are_plain_codes(define):
    """The program asks for tk, ru and en, whatever the author calls them."""
    definition = define(
        [
            {
                "type": "text",
                "name": "a",
                "label::Türkmen (tk)": "T",
                "label::Русский (ru)": "R",
                "label::English (en)": "E",
            }
        ],
        default_language="Türkmen (tk)",
    )
    assert definition.languages == ("tk", "ru", "en")
    assert definition.catalogue.default == "tk"
    assert definition.catalogue.names["tk"] == "Türkmen (tk)"


def test_a_circle_is_refused_with_its_path():
    """Two calculates that need each other would never settle; pyxform lets them through."""
    error = refusal(xform('calculate="/data/b + 1"', 'calculate="/data/a + 1"'))
    assert error.code == "form.cycle"
    assert error.details["paths"] == ["/data/a", "/data/b", "/data/a"]


def test_a_question_cannot_decide_about_itself():
    """A question shown only when it is answered can never be answered."""
    assert refusal(xform('relevant=". = 1"')).code == "form.cycle"


def test_a_calculate_may_look_at_its_own_value():
    """`once()` and running totals do."""
    assert FormDefinition.load(xform('calculate="once(random())"'))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "form.not_xml"),
        ("<a>", "form.not_xml"),
        ("<a/>", "form.not_a_form"),
        ("not xml at all", "form.not_xml"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "form.forbidden_xml"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "form.forbidden_xml"),
        ('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>', "form.forbidden_xml"),
        ("<a>" + "x" * MAX_BYTES + "</a>", "form.too_large"),
        (xform('calculate="nosuch(3)"'), "form.unknown_function"),
        (xform('constraint=". &gt;"'), "form.syntax"),
        (xform('constraint="if(1)"'), "form.arity"),
        (xform().replace('ref="b"', 'ref="c"'), "form.unresolved"),
    ],
)
def test_what_is_no_form_is_refused_by_name(text, code):
    """A broken or hostile file is named, not opened half, and fetches nothing."""
    assert refusal(text).code == code


def test_a_bomb_of_entities_is_refused_before_it_grows():
    """A kilobyte that would unfold into gigabytes must cost nothing."""
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "lol"}">' for i in range(10))
    assert refusal(f"<!DOCTYPE a [{entities}]><a>&e9;</a>").code == "form.forbidden_xml"


def test_an_unknown_function_is_named_with_its_question():
    """The author looks for the word and the row."""
    error = refusal(xform('constraint=". &lt; nosuch(3)"'))
    assert error.details["name"] == "nosuch"
    assert error.details["path"] == "/data/a"
    assert "nosuch" in str(error)


def test_a_function_handed_in_is_known(define):
    """The growth module's z-score is no function of ODK's."""
    definition = FormDefinition.load(xform('calculate="z-score(1)"'), functions=["z-score", "unused"])
    assert definition.functions == {"z-score"}


def test_paths_that_lead_nowhere_are_found():
    """A misspelt name reads as blank for ever; the author's check must say so."""
    definition = FormDefinition.load(xform('relevant="/data/typo = 1"'))
    with pytest.raises(FormError, match=r"form\.unresolved") as caught:
        definition.require_resolved()
    assert caught.value.details["path"] == "/data/a"
    FormDefinition.load(xform('relevant="../b = 1"')).require_resolved()


def test_mapping_attributes_reach_the_definition(define):
    """The form itself says where an answer goes."""
    definition = define(
        [
            {"type": "begin_group", "name": "g", "label": "G", "bind::hv:entry": "growth"},
            {"type": "decimal", "name": "w", "label": "W", "bind::hv:field": "weight_g", "bind::hv:unit": "kg"},
            {"type": "end_group"},
        ]
    )
    bind = definition.binds["/t/g/w"] if "/t/g/w" in definition.binds else definition.binds["/data/g/w"]
    assert (bind.field, bind.unit, definition.entry_of(bind.path)) == ("weight_g", "kg", "growth")


@pytest.mark.parametrize("ref", ["y", "./y", "current()/y", "../r/y", "/data/r/y"])
def test_a_question_is_named_from_where_it_stands(ref):
    """Forms written by hand name their questions in every way a path allows."""
    text = XFORM.format(a="", b="").replace("<a/><b/>", "<a/><b/><r><y/></r>")
    text = text.replace("</h:body>", f'<repeat nodeset="/data/r"><input ref="{ref}"/></repeat></h:body>')
    assert "/data/r/y" in FormDefinition.load(text).controls
