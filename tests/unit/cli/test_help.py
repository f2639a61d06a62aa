"""Help and refusals of the command line in the language asked for."""

import pytest

from healthvisit.__main__ import main

DEEDS = ["", "form", "form check", "form compile", "form test", "form export", "form show", "form install",
         "form remove", "growth", "growth score", "pack", "pack check", "pack install"]  # fmt: skip
ENGLISH = {"usage", "options", "positional", "arguments", "show", "this", "the", "a", "of", "exit", "to", "and", "that"}


def said(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    out = capsys.readouterr()
    return ended.value.code, out.out + out.err


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("language", ["tk", "ru"])
def test_help_speaks_the_language_asked_for(capsys, language, deed):
    """An officer who asks for Russian reads no English between the names of commands."""
    code, text = said(capsys, "--language", language, *deed.split(), "--help")
    assert code == 0
    words = {word.strip("[]():;,.").lower() for word in text.split()}
    assert not words & ENGLISH - {"show"}


@pytest.mark.parametrize(
    "arguments", [("form", "export", "a"), ("form", "check", "a", "b"), ("form", "show", "--text", "5", "a"),
                  ("form", "show", "--text", "x", "a"), ("form", "check", "--function"), ("growth", "score", "a")]
)  # fmt: skip
def test_a_wrong_call_is_said_in_the_language_asked_for(capsys, arguments):
    """The library's own English would be left."""
    code, text = said(capsys, "--language", "ru", *arguments)
    assert code == 2
    assert not any(word in text for word in ("usage", "error", "argument", "invalid", "required", "Missing"))


def test_a_command_without_its_next_word_shows_what_there_is(capsys):
    """`deed` is no word that anybody could type."""
    code, text = said(capsys, "--language", "en", "form")
    assert code == 2
    assert "name everything that is wrong with a form" in " ".join(text.split())
    assert "deed" not in text


def test_the_first_help_names_the_commands(capsys):
    """An author does not guess that `form` is a word of this program."""
    assert "form, growth or pack" in " ".join(said(capsys, "--help")[1].split())
