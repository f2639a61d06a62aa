"""Packs of checks, instruments and D-score keys: refused whole, with file, entry and member named."""

import json
import shutil
from pathlib import Path

import pytest

from healthvisit.packs import PackError, check
from healthvisit.packs.checks import load_checks
from healthvisit.packs.instruments import load_instruments
from healthvisit.packs.keys import Piece, PriorRule, load_key
from healthvisit.packs.loader import install, load

PACKS = Path(__file__).parents[3] / "resources" / "packs"
LOADERS = {"dmc": load_checks, "instruments": load_instruments, "dscore-demo": load_key, "tm-default": load}


@pytest.fixture
def copy_of(tmp_path):
    return lambda name: Path(shutil.copytree(PACKS / name, tmp_path / name))


def spoil(path, change):
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def first_fault(folder):
    problem = check(folder)[0]
    return problem.code, problem.file, problem.entry, problem.member


@pytest.mark.parametrize("name", sorted(p.name for p in PACKS.iterdir()))
def test_every_pack_that_is_shipped_has_no_fault(name):
    """`healthvisit pack check` says nothing about our own packs, of whatever kind."""
    assert check(PACKS / name) == []
    LOADERS[name](PACKS / name)


@pytest.mark.parametrize("name", ["dmc", "instruments", "dscore-demo"])
def test_a_pack_of_another_kind_is_refused(name, copy_of):
    """A folder chosen by mistake never becomes the key that children are scored by."""
    folder = copy_of(name)
    for other in set(LOADERS) - {name}:
        with pytest.raises(PackError) as caught:
            LOADERS[other](folder)
        assert caught.value.code in {"pack.wrong_value", "pack.missing"}
    spoil(folder / "pack.json", lambda c: c.update(kind="poems"))
    assert first_fault(folder) == ("pack.wrong_value", "pack.json", "", "kind")


@pytest.mark.parametrize("name", ["dmc", "instruments", "dscore-demo"])
def test_a_missing_or_damaged_file_of_any_pack_is_named(name, copy_of):
    """Half a stick is found by the name of the file, whichever it is."""
    for file in sorted(path.name for path in (PACKS / name).iterdir()):
        folder = copy_of(name)
        (folder / file).unlink()
        with pytest.raises(PackError) as caught:
            LOADERS[name](folder)
        assert (caught.value.code, caught.value.details["file"]) == ("pack.missing", file)
        (folder / file).write_bytes(b"\xff{")
        with pytest.raises(PackError) as caught:
            LOADERS[name](folder)
        assert caught.value.details["file"] == file
        shutil.rmtree(folder)


def replaced(old, new):
    return lambda text: text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("file", "change", "entry", "member"),
    [
        ("items.csv", replaced("5.7,", "five,"), "line 3", "tau"),
        ("items.csv", replaced("5.7,", ","), "line 3", "tau"),
        ("items.csv", replaced("5.7,", "nan,"), "line 3", "tau"),
        ("items.csv", replaced("demo02", "demo01"), "line 3", "item"),
        ("items.csv", replaced("demo02", " demo02"), "line 3", "item"),
        ("items.csv", replaced("item,tau", "item,difficulty"), "line 2", "tau"),
        ("items.csv", lambda _: "item,tau,key\na,3,demo\nb,4,other\n", "line 3", "key"),
        ("items.csv", lambda _: "item,tau\n", "", ""),
        ("reference.csv", replaced("0.0833", "0.0000"), "line 3", "age"),
        ("reference.csv", replaced("17.71", "-17.71"), "line 3", "mu"),
        ("reference.csv", replaced("33.75", "0"), "line 3", "tau"),
        ("key.json", replaced('"slope": 4.0', '"slope": 0'), "", "slope"),
        ("key.json", replaced('"slope": 4.0', '"slope": true'), "", "slope"),
        ("key.json", replaced("[-10, 100, 1]", "[-10, 100, 0]"), "", "quadrature"),
        ("key.json", replaced("[-10, 100, 1]", "[100, -10, 1]"), "", "quadrature"),
        ("key.json", replaced("[-10, 100, 1]", "[-10, 100]"), "", "quadrature"),
        ("key.json", replaced('"sd": 5', '"sd": -5'), "", "prior"),
        ("key.json", replaced('"up_to": 1,', '"up_to": null,'), "", "prior"),
        ("key.json", replaced('"up_to": 1,', '"up_to": -1,'), "", "prior"),
        ("key.json", replaced('"shift": 0.25', '"shift": -0.25'), "", "prior"),
        ("key.json", replaced('"one": 25.0', '"one": "x"'), "", "prior 1 one"),
        ("key.json", replaced('"one": 25.0', '"once": 25.0'), "", "prior 1 once"),
    ],
)
def test_a_damaged_key_is_refused_with_its_line(copy_of, file, change, entry, member):
    """One wrong difficulty shifts every score in silence; the line has to be named (design/growth.md section 6)."""
    folder = copy_of("dscore-demo")
    path = folder / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert first_fault(folder)[1:] == (file, entry, member)
    with pytest.raises(PackError):
        load_key(folder)


def test_a_key_without_reference_needs_no_table(copy_of):
    """A key may have difficulties only: D without z."""
    folder = copy_of("dscore-demo")
    spoil(folder / "key.json", lambda c: c.update(reference=None))
    (folder / "reference.csv").unlink()
    assert load_key(folder).reference == ()


def test_further_columns_and_a_key_column_are_let_be(copy_of):
    """Tables exported from R hold more columns than we need."""
    folder = copy_of("dscore-demo")
    (folder / "items.csv").write_text("\ufeffkey,item,tau,instrument\ndemo,a,3,x\ndemo,b,4.5,x\n", encoding="utf-8")
    assert dict(load_key(folder).difficulties) == {"a": 3.0, "b": 4.5}


def test_a_published_prior_can_be_written_as_data():
    """The pieces of a real key, with its ends: none before, the first up to and with nine months."""
    prior = PriorRule(
        begins=-1 / 12,
        sd=5,
        pieces=(
            Piece(up_to=0.75, one=24.522, age=23.886, log=9.190, shift=0.2),
            Piece(up_to=3.5, one=18.434, age=-9.206, log=61.255, shift=0.92),
            Piece(up_to=None, one=62.6268, age=4),
        ),
    )
    assert prior.at(-0.0849) is None
    assert prior.at(-0.0833) == pytest.approx((2.8, 5), abs=0.01)
    assert prior.at(0.75) == pytest.approx((41.96, 5), abs=0.01)
    assert prior.at(0.7501) == pytest.approx((42.945, 5), abs=0.01)
    assert prior.at(5) == pytest.approx((82.6268, 5))


@pytest.mark.parametrize(
    ("file", "change", "entry", "member"),
    [
        ("check.json", lambda c: c.update(bands=[3, 1]), "", "bands"),
        ("check.json", lambda c: c["thresholds"].pop("not_yet"), "", "thresholds"),
        ("checks.json", lambda c: c["results"].pop(), "green", "results"),
        ("checks.json", lambda c: c["answers"].pop(), "not_asked", "answers"),
        ("checks.json", lambda c: c["questions"].pop(), "lost_skill", "questions"),
        ("checks.json", lambda c: c["flags"][1].update(refer_days=-2), "seizures", "refer_days"),
        ("checks.json", lambda c: c["flags"][1].update(test="taste"), "seizures", "test"),
        ("checks.json", lambda c: c["domains"].append(c["domains"][0]), "GM", "code"),
        ("skills.json", lambda c: c["skills"][0].update(band=2), "m01_lifts_head", "band"),
        ("skills.json", lambda c: c["skills"][0].update(domain="XX"), "m01_lifts_head", "domain"),
        ("skills.json", lambda c: c["skills"][0]["text"].pop("tk"), "m01_lifts_head", "text"),
        ("skills.json", lambda c: c["skills"].__delitem__(slice(0, 3)), "1", "skills"),
        ("ideas.json", lambda c: c["ideas"].pop(0), "GM 1", "ideas"),
        ("ideas.json", lambda c: c["ideas"][0].update(domain="XX"), "XX", "domain"),
        ("motor.json", lambda c: c["windows"][0].update(high=3), "sits", "high"),
    ],
)
def test_a_fault_in_the_checks_is_named(copy_of, file, change, entry, member):
    """A band without questions, or a result without words, must not first be met at a child's bed."""
    folder = copy_of("dmc")
    spoil(folder / file, change)
    assert ("pack.wrong_value", file, entry, member) in {(p.code, p.file, p.entry, p.member) for p in check(folder)}
    with pytest.raises(PackError):
        load_checks(folder)


def phq2(content):
    return content["instruments"][0]


@pytest.mark.parametrize(
    ("change", "entry", "member"),
    [
        (lambda c: phq2(c)["items"][1].update(scale="none"), "phq2", "items mood scale"),
        (lambda c: phq2(c)["items"][1].update(area="none"), "phq2", "items mood area"),
        (lambda c: phq2(c)["items"][1].pop("text"), "phq2", "items mood text"),
        (lambda c: phq2(c)["items"][1].update(code="interest"), "phq2", "items interest"),
        (lambda c: phq2(c)["items"][1].update(colour="red"), "phq2", "items mood colour"),
        (lambda c: phq2(c)["items"].__setitem__(1, 3), "phq2", "items 2"),
        (
            lambda c: phq2(c)["scales"][0]["choices"][2].update(points="2"),
            "phq2",
            "scales frequency choices more_than_half points",
        ),
        (lambda c: phq2(c)["cutoffs"][1].update(low=4), "phq2", "cutoffs"),
        (lambda c: phq2(c)["cutoffs"][1].update(low=2), "phq2", "cutoffs"),
        (lambda c: phq2(c)["cutoffs"][1].update(high=5), "phq2", "cutoffs"),
        (
            lambda c: phq2(c).update(flags=[{"code": "f", "item": "x", "at_least": 1, "say": phq2(c)["name"]}]),
            "phq2",
            "flags f item",
        ),
        (lambda c: phq2(c).update(purpose="oracle"), "phq2", "purpose"),
        (lambda c: c["instruments"][1]["cutoffs"].pop(), "ecdi2030", "cutoffs"),
        (lambda c: c["instruments"][2]["items"][0].update(text=phq2(c)["name"]), "mchat_r", "items q1 text"),
    ],
)
def test_a_fault_in_an_instrument_is_named_down_to_its_place(copy_of, change, entry, member):
    """A score that no cut-off holds would be a child without an answer."""
    folder = copy_of("instruments")
    spoil(folder / "instruments.json", change)
    assert first_fault(folder) == ("pack.wrong_value", "instruments.json", entry, member)
    with pytest.raises(PackError):
        load_instruments(folder)


def test_a_fault_in_a_tool_is_named(copy_of):
    """The list of tools is content like any other."""
    folder = copy_of("instruments")
    spoil(folder / "external.json", lambda c: c["tools"][1]["areas"][0].update(high="sixty"))
    assert first_fault(folder) == ("pack.wrong_value", "external.json", "asq3", "areas communication high")


def test_a_key_is_installed_whole_and_a_damaged_one_leaves_the_old(copy_of, tmp_path):
    """The supervisor's broken file must not take away the key that works."""
    source, into = copy_of("dscore-demo"), tmp_path / "packs"
    into.mkdir()
    assert load_key(install(source, into)).key == "demo"
    spoil(source / "key.json", lambda c: c.update(key="second"))
    assert load_key(install(source, into)).key == "second"
    (source / "items.csv").write_text("item,tau\na,x\n", encoding="utf-8")
    with pytest.raises(PackError) as caught:
        install(source, into)
    assert caught.value.details == {"file": "items.csv", "entry": "line 2", "member": "tau"}
    assert load_key(into / "dscore-demo").key == "second"
    assert [path.name for path in into.iterdir()] == ["dscore-demo"]
    (into / "dscore-demo").rename(into / ".dscore-demo.old")  # the power went between the two renames
    with pytest.raises(PackError):
        install(source, into)
    shutil.copy(PACKS / "dscore-demo" / "items.csv", source)
    (source / "photo.jpg").write_bytes(b"of somebody")
    install(source, into)
    assert sorted(path.name for path in (into / "dscore-demo").iterdir()) == [
        "items.csv",
        "key.json",
        "pack.json",
        "reference.csv",
    ]


def test_no_question_is_shipped_that_belongs_to_others():
    """Only PHQ-2 may show its wording, and what we invented; the other instruments are rules (DOMAIN 3.1)."""
    pack = load_instruments(PACKS / "instruments")
    assert {one.code for one in pack.instruments if any(item.text for item in one.items)} == {"phq2", "dscore_demo"}
    assert {one.code for one in pack.instruments if one.wording == "full"} == {"phq2", "dscore_demo"}


def test_nobody_is_said_to_have_approved_the_new_packs():
    """A clinical content nobody signed must not look signed."""
    packs = [load_checks(PACKS / "dmc"), load_instruments(PACKS / "instruments"), load_key(PACKS / "dscore-demo")]
    assert {pack.edition.approved_by for pack in packs} == {None}
