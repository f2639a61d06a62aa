"""The author's check on an XForm: everything wrong in one run, each at its line."""

import pytest

from healthvisit.forms.check import check
from healthvisit.forms.errors import FormError
from healthvisit.forms.findings import Level
from healthvisit.forms.instance import MAX_BYTES

XFORM = """<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>T</h:title><model>
<itext><translation lang="tk" default="true()"><text id="/data/a:label"><value>A</value></text>
</translation><translation lang="ru"><text id="/data/a:label"><value>-</value></text></translation></itext>
<instance><data id="t" version="3"><a/><b/><r><c/></r></data></instance>
<instance id="l"><root><item><name>x</name></item></root></instance>
<bind nodeset="/data/a" type="int"{a}/>
<bind nodeset="/data/b" type="int"{b}/>
</model></h:head>
<h:body>
<input ref="/data/a"><label ref="jr:itext('/data/a:label')"/></input>
<select1 ref="b"><label>B</label><itemset nodeset="{items}"><value ref="name"/><label ref="name"/></itemset></select1>
<group ref="/data/r"><repeat nodeset="/data/r"{count}><input ref="/data/r/c"><label>C</label></input></repeat></group>
{body}</h:body></h:html>"""


@pytest.fixture
def found(tmp_path):
    """Attributes of binds to the errors of the check."""

    def run(a="", b="", items="instance('l')/root/item", count="", body="", level=Level.ERROR):
        path = tmp_path / "form.xml"
        path.write_text(XFORM.format(a=" " + a, b=" " + b, items=items, count=" " + count, body=body), encoding="utf-8")
        return [(str(f.place), f.kind) for f in check(path, vocabulary={}) if f.level is level]

    return run


def test_a_good_form_has_no_errors(found):
    """What other tests plant is what they find."""
    assert found() == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"a": 'relevant="1 +"'}, ("8 /data/a", "syntax")),
        ({"b": 'constraint="if(true(), 1, nosuch())"'}, ("9 /data/b", "unknown_function")),
        ({"b": 'calculate="/data/typo"'}, ("9 /data/b", "unresolved")),
        ({"a": 'calculate="/data/b"', "b": 'calculate="/data/a"'}, ("8 /data/a", "cycle")),
        ({"a": 'relevant=". = 1"'}, ("8 /data/a", "cycle")),
        ({"items": "instance('m')/root/item"}, ("13 /data/b", "unknown_list")),
        ({"items": "instance('l')/root/item[region = 1]"}, ("13 /data/b", "no_such_column")),
        ({"count": 'jr:count="count("'}, ("14 /data/r", "syntax")),
        ({"body": '<input ref="/data/gone"><label>G</label></input>'}, ("15 /data/gone", "unresolved")),
        ({"body": '<input ref="c"><label><output value="1 +"/></label></input>'}, ("15 /data/c", "unresolved")),
        ({"a": 'relevant="' + "(" * 200 + '"'}, ("8 /data/a", "too_deep")),
        ({"a": 'relevant="$x = 1"'}, ("8 /data/a", "unknown_variable")),
        (
            {"body": '<input ref="/data/a"><setvalue event="changed" ref="/data/b" value="1"/></input>'},
            ("15 /data/b", "unknown_event"),
        ),
    ],
)
def test_an_error_is_found_at_its_line(found, change, expected):
    """Whoever was handed only the XML finds the place too."""
    assert expected in found(**change)


def test_several_errors_come_in_one_run(found):
    """Reading the form stops at the first; the check does not."""
    assert found(a='relevant="1 +" constraint="nosuch()"', b='calculate="not()"') == [
        ("8 /data/a", "syntax"),
        ("8 /data/a", "unknown_function"),
        ("9 /data/b", "arity"),
    ]


def test_translations_are_compared(found):
    """The compiler writes a dash where words are missing."""
    assert found(level=Level.WARNING) == [("4 /data/a:label", "no_translation")]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("f.xml", b"<a>", "form.not_xml"),
        ("f.xml", b"", "form.not_xml"),
        ("f.xml", b"<a/>", "form.not_a_form"),
        ("f.xml", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "form.forbidden_xml"),
        ("f.xml", b"<a>" + b"x" * MAX_BYTES + b"</a>", "form.too_large"),
        ("f.docx", b"PK", "form.not_a_form"),
        ("f.pdf", b"%PDF", "form.not_a_form"),
    ],
)
def test_what_is_no_form_is_refused_by_name(tmp_path, name, data, code):
    """A wrong file is named, and nothing of it is fetched or unfolded."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FormError) as caught:
        check(tmp_path / name, vocabulary={})
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("value", "expected"),
    [("@no", []), ("@nr", ["no_such_column"]), ("concat(@no, name)", []), ("nam", ["no_such_column"]), (".", [])],
)
def test_a_row_may_be_named_by_its_attribute_or_by_an_expression(tmp_path, value, expected):
    """Lists made elsewhere keep their keys in attributes; the check must not cry wolf."""
    path = tmp_path / "form.xml"
    form = XFORM.format(a="", b="", items="instance('l')/root/item", count="", body="")
    form = form.replace("<item>", '<item no="7">').replace('<value ref="name"/>', f'<value ref="{value}"/>')
    path.write_text(form, encoding="utf-8")
    assert [f.kind for f in check(path, vocabulary={}) if f.level is Level.ERROR] == expected
