"""Some sixty invented families for practice: the same for one seed and one day, written as ordinary changes.

`plan` draws them and touches nothing; `write` puts them into a store, save by save in the order of their days. Who is
due is chosen first and the birth date follows from it, so that the lists show every state on whatever day it is.
"""

from collections.abc import Iterable
from datetime import date

from healthvisit.domain.development import DevelopmentCheck
from healthvisit.domain.household import Household
from healthvisit.domain.person import Person
from healthvisit.domain.visit import Visit, VisitPart
from healthvisit.packs.pack import Pack
from healthvisit.practice.family import Family, Save, Wish
from healthvisit.store.unit_of_work import Store

SEED = 20
HOUSEHOLDS = 60
_TEXTS = ("agreed", "text")


def plan(today: date, pack: Pack, *, worker: str, seed: int = SEED) -> list[Save]:
    """Draw the families as they stand on the morning of a day.

    Args:
        today: Local calendar day; everything was recorded before it.
        pack: Its schedule and places.
        worker: Who recorded it.
        seed: Same seed and day, same families.
    """
    saves: list[Save] = []
    for number, wish in enumerate(wishes(), start=1):
        saves += Family(today, pack, worker, seed, number, wish).saves()
    return sorted(saves, key=lambda save: save.at)


def write(store: Store, saves: Iterable[Save], pack: Pack, *, worker: str) -> int:
    """Put them into a store as ordinary changes. Returns how many records were put."""
    count = 0
    for save in saves:
        with store.unit(worker=worker, now=save.at, pack=pack.name) as work:
            for put in save.puts:
                work.put(put.kind, put.id, put.value, subject=put.subject, form=_form(put.value))
                count += 1
    return count


def canaries(saves: Iterable[Save]) -> set[str]:
    """Every name, phone, note, agreement and date of birth in them: what must stand readable in no file."""
    found: set[str] = set()
    for put in (put for save in saves for put in save.puts):
        value = put.value
        match value:
            case Household():
                found |= {value.name, value.address, value.note}
                found |= {text for phone in value.phones for text in (phone.number, phone.raw)}
            case Person():
                found |= {value.surname, value.given_name, value.patronymic, value.name, value.note}
                if value.born_on is not None:
                    found |= {value.born_on.isoformat(), f"{value.born_on:%d.%m.%Y}"}
            case DevelopmentCheck():
                found.add(value.worry)
            case Visit():
                texts = (entry.fields.get(name) for entry in value.family.entries for name in _TEXTS)
                found |= {text for text in texts if text}
    return {text for text in found if text}


def wishes() -> list[Wish]:
    """Which sixty: newborns, twins, early-born, pregnant women, and children of all ages in every state."""
    special = [
        Wish("PN1", "due", "unnamed"), Wish("PN1", "due"), Wish("PN2", "due", "danger"),
        Wish("PN2", "due", "twins unnamed"), Wish("PN3", "due"), Wish("PN4", "due"), Wish("PN4", "due", "early"),
        Wish("M4", "due", "twins"), Wish("M24", "late", "twins"), Wish("M15", "due", "very early"),
        Wish("M9", "seen", "flagged"), Wish("AN1", "due", "pregnant"), Wish("AN2", "due", "pregnant"),
        Wish("AN2", "late", "pregnant"), Wish("AN2", "soon", "pregnant"), Wish("AN3", "due", "pregnant sibling"),
        Wish("M6", "due", "two go sibling due"), Wish("M12", "late", "not home"), Wish("M18", "late", "refused"),
        Wish("M5", "due", "not home once"), Wish("M30", "late", "month only"), Wish("M21", "seen", "moved"),
        Wish("M2", "due", "longest"), Wish("M3", "late"), Wish("M7", "due", "russian"),
        Wish("M18", "due", "russian sibling"), Wish("M36", "late", "russian"), Wish("M10", "soon", "russian"),
        Wish("M36", "grown"), Wish("M36", "due", "sibling"),
    ]  # fmt: skip
    stages = ("M2", "M3", "M4", "M6", "M8", "M9", "M11", "M12", "M15", "M18", "M21", "M24", "M30", "M36")
    states = ("seen", "due", "soon", "seen", "late", "seen")
    for number in range(HOUSEHOLDS - len(special)):
        lap, at = divmod(number, len(stages))
        stage, when = stages[at], states[(number + lap) % len(states)]
        grown = stage == stages[-1] and when == "seen"
        special.append(Wish(stage, "grown" if grown else when, "sibling" if number % 4 == 0 else ""))
    return special


def _form(value: object) -> str | None:
    match value:
        case Visit():
            return value.family.form.sha256
        case VisitPart():
            return value.form.sha256
    return None
