import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("tool_catalogues", ROOT / "tools" / "catalogues.py")
catalogues = importlib.util.module_from_spec(spec)
spec.loader.exec_module(catalogues)

SOURCE = """
GREETING = N_("Good morning")
_("Cannot open {name}").format(name=name)
pgettext("a clock", "Second")
ngettext("One visit", "{n} visits", n).format(n=n)
"""
WORDS = {
    "tk": {
        "Good morning": ["Ertiriňiz haýyrly bolsun"],
        "Cannot open {name}": ["{name} açylmaýar"],
        "Second": ["Sekunt"],
        "One visit": ["Bir sapar", "{n} sapar"],
    },
    "ru": {
        "Good morning": ["Доброе утро"],
        "Cannot open {name}": ["Не удаётся открыть {name}"],
        "Second": ["Секунда"],
        "One visit": ["{n} визит", "{n} визита", "{n} визитов"],
    },
}


@pytest.fixture
def whole(tmp_path):
    """A small program whose catalogues are complete: (its source, its locale folder)."""
    source, locale = tmp_path / "healthvisit", tmp_path / "locale"
    source.mkdir()
    (source / "screen.py").write_text(SOURCE)
    catalogues.extract(source, locale)
    catalogues.update(locale)
    for language, words in WORDS.items():
        translate(locale, language, words)
    catalogues.compile_all(locale)
    return source, locale


def translate(locale, language, words):
    path = catalogues.po_path(locale, language)
    catalogue = catalogues.read(path, language)
    for message in catalogues.sentences(catalogue).values():
        if wording := words.get(catalogues.forms(message.id)[0]):
            message.string = tuple(wording) if message.pluralizable else wording[0]
    catalogues.write(path, catalogue)


def problems(whole):
    return list(catalogues.check(*whole))


def test_complete_catalogues_pass(whole):
    """The gate must not cry at what is right: plural forms, contexts and empty English entries included."""
    assert problems(whole) == []


def test_a_new_sentence_is_noticed_until_it_is_translated_and_compiled(whole):
    """A worker would meet English in the middle of a Turkmen screen."""
    source, locale = whole
    (source / "new.py").write_text('_("Good morning to all")')
    assert any("stale" in problem for problem in problems(whole))
    catalogues.extract(source, locale)
    catalogues.update(locale)
    untranslated = [problem for problem in problems(whole) if "not translated" in problem]
    assert [problem[:2] for problem in untranslated] == ["tk", "ru"]
    translate(locale, "tk", {"Good morning to all": ["Ählije ertiriňiz haýyrly bolsun"]})
    translate(locale, "ru", {"Good morning to all": ["Всем доброе утро"]})
    assert problems(whole) == [f"{language}: healthvisit.mo is stale; run compile" for language in ("tk", "ru")]
    catalogues.compile_all(locale)
    assert problems(whole) == []


@pytest.mark.parametrize(
    ("language", "sentence", "wording"),
    [
        ("tk", "Cannot open {name}", ["{ady} açylmaýar"]),
        ("tk", "Cannot open {name}", ["açylmaýar"]),
        ("ru", "Cannot open {name}", ["Не удаётся открыть {name"]),
        ("ru", "One visit", ["Один визит", "{n} визита", "{n} визитов"]),
        ("tk", "One visit", ["Bir sapar", "köp sapar"]),
    ],
)
def test_a_wording_that_cannot_be_filled_in_is_refused(whole, language, sentence, wording):
    """It would raise on screen, or say one where Russian's first form also stands for 21."""
    translate(whole[1], language, {sentence: wording})
    catalogues.compile_all(whole[1])
    (problem,) = problems(whole)
    assert "placeholders" in problem


def test_a_guessed_wording_is_refused(whole):
    """A fuzzy entry is some other sentence's translation."""
    path = catalogues.po_path(whole[1], "tk")
    path.write_text(path.read_text("utf-8").replace('msgid "Good morning"', '#, fuzzy\nmsgid "Good morning"'), "utf-8")
    assert any("fuzzy" in problem for problem in problems(whole))


def test_a_wrong_plural_rule_is_refused(whole):
    """Only the header picks the form: with the wrong rule every count reads wrong."""
    path = catalogues.po_path(whole[1], "ru")
    text = path.read_text("utf-8")
    start = text.index('"Plural-Forms')
    path.write_text(
        text[:start] + '"Plural-Forms: nplurals=3; plural=n;\\n"' + text[text.index("\n", text.index('\\n"', start)) :]
    )
    assert any("plural rule" in problem for problem in problems(whole))


@pytest.mark.parametrize(
    "call", ['_(f"Dear {name}")', '_("Dear " + name)', '_("Dear {n}".format(n=n))', 'i18n.ngettext(f"a", "b", n)']
)
def test_a_sentence_filled_in_before_it_is_looked_up_is_refused(whole, call):
    """It is never found in a catalogue, and nobody notices in English."""
    (whole[0] / "bad.py").write_text(call)
    assert any(problem.startswith("healthvisit/bad.py:1: ") for problem in problems(whole))


def test_a_sentence_inside_an_f_string_is_refused(whole):
    """Extraction does not see it: the referral note stood in English under Turkmen heads."""
    (whole[0] / "paper.py").write_text("title = f\"<h1>{escape(_('Referral'))}</h1> {_(name)}\"\n")
    assert any("f-string" in problem for problem in problems(whole))


def test_extracting_again_after_lines_moved_changes_no_byte(whole):
    """Catalogues that change with every commit hide the one change that matters."""
    source, locale = whole
    files = sorted(locale.rglob("*.po*"))
    before = [path.read_bytes() for path in files]
    (source / "screen.py").write_text("\n\n\n" + SOURCE)
    catalogues.extract(source, locale)
    catalogues.update(locale)
    assert len(files) == 1 + len(catalogues.LANGUAGES)
    assert [path.read_bytes() for path in files] == before
    assert problems(whole) == []
