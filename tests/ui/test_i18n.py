"""Languages, and dates, ages and numbers in them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QDialogButtonBox, QLabel

from healthvisit.ui import dates, i18n
from healthvisit.ui.qt_strings import STRINGS

RUSSIAN = """
msgid ""
msgstr ""
"Language: ru\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
"n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "Today"
msgstr "Сегодня"

msgid "Cancel"
msgstr "Отмена"

msgctxt "verb"
msgid "Open"
msgstr "Открыть"

msgid "{n} month"
msgid_plural "{n} months"
msgstr[0] "{n} месяц"
msgstr[1] "{n} месяца"
msgstr[2] "{n} месяцев"
"""


@pytest.fixture
def russian(tmp_path):
    """A small Russian catalogue."""
    folder = tmp_path / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = tmp_path / "ru.po"
    source.write_text(RUSSIAN.lstrip(), encoding="utf-8")
    with source.open("rb") as po, (folder / "healthvisit.mo").open("wb") as mo:
        write_mo(mo, read_po(po, locale="ru"))
    return tmp_path


def test_words_change_at_once_in_open_windows(qtbot, qapp, russian):
    """A colleague takes the laptop over and reads another language: no restart."""

    class Title(i18n.Retranslated, QLabel):
        def retranslate(self):
            self.setText(i18n.gettext("Today"))

    i18n.install(qapp)
    title = Title()
    title.retranslate()
    qtbot.addWidget(title)
    title.show()
    assert title.text() == "Today"
    i18n.set_language("ru", folder=russian)
    qtbot.waitUntil(lambda: title.text() == "Сегодня")
    assert i18n.language() == "ru"


def test_qts_own_buttons_speak_our_language(qtbot, qapp, russian):
    """Qt has no Turkmen catalogue: without the bridge a question would end in "Cancel"."""
    i18n.install(qapp)
    i18n.set_language("ru", folder=russian)
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "Отмена"


def test_bridge_leaves_what_it_does_not_know_to_qt(qapp):
    """An empty answer would blank "Ctrl+" in menus."""
    assert i18n.Bridge(qapp).translate("QShortcut", "Ctrl") is None
    assert i18n.gettext("") == ""


def test_counts_take_their_form(russian):
    """Russian has three: 1 месяц, 3 месяца, 5 месяцев."""
    i18n.set_language("ru", folder=russian)
    words = [i18n.ngettext("{n} month", "{n} months", n).format(n=n) for n in (1, 3, 5, 21)]
    assert words == ["1 месяц", "3 месяца", "5 месяцев", "21 месяц"]
    assert i18n.pgettext("verb", "Open") == "Открыть"


def test_missing_catalogue_leaves_english(tmp_path):
    """A damaged installation still speaks."""
    i18n.set_language("tk", folder=tmp_path)
    assert i18n.gettext("Today") == "Today"
    with pytest.raises(KeyError):
        i18n.set_language("de")


def test_qt_sentences_are_listed_once():
    """The catalogue tool reads them from there."""
    assert len(STRINGS) == len(set(STRINGS)) >= 40


def test_dates_read_as_the_language_writes_them():
    """Dates and months of the card, in words of the visitor."""
    day = date(2026, 11, 23)
    assert [dates.day(day), dates.day_short(day), dates.weekday_day(day)] == [
        "23.11.2026",
        "23 Nov",
        "Monday 23 November 2026",
    ]
    i18n.set_language("tk")
    assert dates.day_long(day) == "23 noýabr 2026"
    i18n.set_language("ru")
    assert dates.day_long(day) == "23 ноября 2026"


@pytest.mark.parametrize(
    ("born", "on", "words"),
    [
        ((2026, 11, 11), (2026, 11, 23), "12 days"),
        ((2026, 7, 18), (2026, 11, 23), "4 months 5 days"),
        ((2026, 7, 23), (2026, 11, 23), "4 months"),
        ((2026, 10, 31), (2026, 11, 30), "1 month"),
        ((2024, 2, 29), (2025, 2, 28), "12 months"),
        ((2024, 4, 20), (2026, 11, 23), "31 months"),
        ((2023, 9, 20), (2026, 11, 23), "3 years 2 months"),
        ((1996, 11, 23), (2026, 11, 23), "30 years"),
    ],
)
def test_ages_are_said_as_visitors_say_them(born, on, words):
    """Days for the newborn, months for the small child, years for the rest."""
    assert dates.age_words(date(*born), date(*on)) == words


def test_a_day_of_another_year_has_its_year():
    """A plain "27 Mar" was read as this year's where the next one was meant."""
    today = date(2026, 11, 22)
    assert dates.day_short(date(2026, 9, 27), today) == "27 Sept"
    assert [dates.day_short(date(y, 3, 27), today) for y in (2025, 2027)] == ["27 Mar 2025", "27 Mar 2027"]
    moment = datetime(2025, 9, 27, 9, tzinfo=UTC)
    assert dates.day_clock(moment, today).startswith("27 Sept 2025 ")


def test_a_number_is_never_parted_from_its_unit():
    """A "2010" at the end of a line and "g" on the next is read as another number."""
    said = [dates.kg_unit(5850), dates.cm_unit(620), dates.age_short(date(2026, 7, 18), date(2026, 11, 23))]
    assert said == ["5.85\u00a0kg", "62.0\u00a0cm", "4\u00a0m\u00a05\u00a0d"]


def test_less_is_said_when_less_is_known():
    """A birthday known by its month only has no days."""
    assert dates.age_words(date(2026, 7, 1), date(2026, 11, 23), "month") == "about 4 months"
    assert dates.age_words(date(1990, 1, 1), date(2026, 11, 23), "year") == "about 36 years"
    with pytest.raises(ValueError, match="born_on"):
        dates.age_words(date(2026, 7, 1), date(2026, 6, 1))


@given(st.dates(date(1950, 1, 1), date(2026, 1, 1)), st.integers(0, 20_000))
def test_months_and_days_lead_back_to_the_day(born, later):
    """An age that skips or doubles a day moves a visit's window."""
    on = date.fromordinal(born.toordinal() + later)
    months, days = dates.months_days(born, on)
    assert 0 <= days <= 30
    assert dates.months_days(born, date.fromordinal(on.toordinal() + 1)) > (months, days)


def test_numbers_have_the_languages_sign_and_a_real_minus():
    """A z-score must never lose its sign, and 5,85 is not 5.85 for the reader."""
    assert [dates.kg(5850), dates.kg(5855), dates.cm(620), dates.z_text(-0.89)] == ["5.85", "5.855", "62.0", "−0.89"]
    i18n.set_language("tk")
    assert [dates.kg(5850), dates.cm(620), dates.z_text(-0.89), dates.z_text(-0.001)] == [
        "5,85",
        "62,0",
        "−0,89",
        "0,00",
    ]


@pytest.mark.parametrize("typed", ["5,85", "5.85", " 5,85 "])
def test_comma_and_point_both_mean_decimals(typed):
    """Keyboards differ; a weight must not be ten times too high for that."""
    assert dates.parse_number(typed) == Decimal("5.85")


@pytest.mark.parametrize("typed", ["", "5,8,5", "1.234,5", "5 85", "5,", "kg", "5,85 kg", "٥", "--5", "1e3"])
def test_what_is_no_number_is_refused(typed):
    """A guess would be stored as if it had been measured."""
    with pytest.raises(ValueError, match="number"):
        dates.parse_number(typed)


@pytest.mark.parametrize("typed", ["18.07.2026", "18/7/26", "18-7-2026", "18072026", "2026-07-18", " 18.7.2026 "])
def test_days_are_read_as_people_write_them(typed):
    """The card, the register and the phone all write a day differently."""
    assert dates.parse_day(typed) == date(2026, 7, 18)


def test_two_digits_of_a_year_never_lie_after_the_latest_day():
    """A mother born in 85 is not born in 2085."""
    assert dates.parse_day("1.2.85", latest=date(2026, 11, 23)) == date(1985, 2, 1)
    assert dates.parse_day("1.2.27", latest=date(2026, 11, 23)) == date(1927, 2, 1)
    assert dates.parse_day("1.2.85") == date(1985, 2, 1)


@pytest.mark.parametrize("typed", ["", "31.02.2026", "18.07", "7/18/2026", "18.07.026", "tomorrow", "१८.०७.२०२६"])
def test_what_is_no_day_is_refused(typed):
    """A wrong birthday moves every z-score."""
    with pytest.raises(ValueError, match=r"day|month"):
        dates.parse_day(typed)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_written_day_reads_back(day):
    """What the program shows can be typed again."""
    assert dates.parse_day(dates.day(day)) == day
    assert dates.parse_day(day.isoformat()) == day
