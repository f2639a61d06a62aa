"""What a family's page asks in small windows: address and phone, a name, an adult, moved, left, died."""

from datetime import date

from PySide6.QtWidgets import QWidget

from healthvisit.domain.household import Role
from healthvisit.domain.person import PersonKind, Sex
from healthvisit.services.families import NewPerson
from healthvisit.services.lines import HouseholdLine, PersonLine
from healthvisit.ui import words
from healthvisit.ui.dates import no_day
from healthvisit.ui.family.presenter import FamilyPresenter
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.ask import Ask, Asked
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.fields import DateField, Field, PhoneField

SEX_OF = {"mother": Sex.FEMALE, "father": Sex.MALE}


def _read_day(ask: Ask, name: str, today: date) -> date | None:
    """The day in a field; says what is wrong beside it and returns None."""
    asked = ask.fields[name]
    assert isinstance(asked, DateField)
    try:
        made = asked.read()
    except ValueError:
        asked.set_error(no_day())
        return None
    if made is None:
        asked.set_error(_("The date is missing."))
    elif made > today:
        asked.set_error(_("This day is still to come. Please check it."))
        return None
    return made


def edit_family(parent: QWidget, presenter: FamilyPresenter, line: HouseholdLine) -> Ask:
    """Address, way, another phone, whether it may be rung, whether two go together."""
    address, note = Field(_("Street and house")), Field(_("How to find it"))
    address.set_text(line.address)
    note.set_text(line.note)
    phone = PhoneField(_("Add a phone"), hint=", ".join(map(words.phone, line.phones)))
    ring = ChoiceGroup(
        _("May it be rung?"), [Choice("yes", _("yes")), Choice("no", _("no")), Choice("", _("not asked"))]
    )
    ring.choose({True: "yes", False: "no", None: ""}[line.may_ring])
    two = ChoiceGroup(_("Two go together"), [Choice("yes", _("yes")), Choice("no", _("no"))])
    two.choose("yes" if line.two_go else "no")

    def save(ask: Ask) -> None:
        facts = {
            "address": ask.value("address"),
            "note": ask.value("note"),
            "phone": ask.value("phone"),
            "may_ring": {"yes": True, "no": False}.get(ask.value("ring")),
            "two_go": ask.value("two") == "yes",
        }
        presenter.change(facts, done=ask.accept, failed=ask.say)

    fields: dict[str, Asked] = {"address": address, "note": note, "phone": phone, "ring": ring, "two": two}
    return Ask(parent, _("Address and phone"), fields, deed=_("Save"), do=save, belongs={"phone.": "phone"})


def name_child(parent: QWidget, presenter: FamilyPresenter, child: PersonLine) -> Ask:
    """The name of a newborn; everything else stays with the same child."""
    given, surname = Field(_("First name")), Field(_("Surname"))
    surname.set_text(child.surname)

    def save(ask: Ask) -> None:
        if not ask.value("given"):
            given.set_error(_("Type the first name."))
            return
        presenter.named(child.id, ask.value("surname"), ask.value("given"), done=ask.accept, failed=ask.say)

    return Ask(
        parent, _("Name of the child"), {"given": given, "surname": surname}, deed=_("Save"), do=save,
        note=words.person_name(child),
    )  # fmt: skip


def add_adult(parent: QWidget, presenter: FamilyPresenter) -> Ask:
    """Another adult: role, name, phone."""
    role = ChoiceGroup(_("Who"), [Choice(code, _(name)) for code, name in words.ROLES.items()])
    given, surname, phone = Field(_("First name")), Field(_("Surname")), PhoneField(_("Phone"))

    def save(ask: Ask) -> None:
        code = ask.value("role")
        if not code:
            role.set_error(_("Choose who."))
            return
        adult = NewPerson(
            kind=PersonKind.ADULT, sex=SEX_OF.get(code, Sex.UNKNOWN), role=Role(code), given_name=ask.value("given"),
            surname=ask.value("surname"), phone=ask.value("phone"),
        )  # fmt: skip
        presenter.add_adult(adult, done=ask.accept, failed=ask.say)

    fields: dict[str, Asked] = {"role": role, "given": given, "surname": surname, "phone": phone}
    belongs = {"phone.": "phone", "person.name": "given"}
    return Ask(parent, _("Add adult"), fields, deed=_("Save"), do=save, belongs=belongs)


def moved(parent: QWidget, presenter: FamilyPresenter) -> Ask:
    """The family moved away: asks the day."""
    today = presenter.desk.today()
    on = DateField(_("Moved on"), latest=today)
    on.set_day(today)

    def save(ask: Ask) -> None:
        if (made := _read_day(ask, "on", today)) is not None:
            presenter.moved(made, done=ask.accept, failed=ask.say)

    note = _("The family leaves your list. Its visits stay.")
    return Ask(parent, _("The family moved"), {"on": on}, deed=_("Save"), do=save, note=note)


def left(parent: QWidget, presenter: FamilyPresenter) -> Ask:
    """The family leaves the programme: asks the day."""
    today = presenter.desk.today()
    on = DateField(_("Left on"), latest=today)
    on.set_day(today)

    def save(ask: Ask) -> None:
        if (made := _read_day(ask, "on", today)) is not None:
            presenter.left(made, done=ask.accept, failed=ask.say)

    note = _("It is the family's right. No visit is due any more; what was recorded stays.")
    return Ask(
        parent, _("The family leaves the programme"), {"on": on}, deed=_("Save"), do=save, note=note,
        belongs={"enrolment.": "on"},
    )  # fmt: skip


def died(parent: QWidget, presenter: FamilyPresenter, children: tuple[PersonLine, ...]) -> Ask:
    """A child died: which one where there are several, and the day. Nothing else is asked."""
    today = presenter.desk.today()
    on = DateField(_("Day of death"), latest=today)
    fields: dict[str, Asked] = {}
    if len(children) > 1:
        fields["who"] = ChoiceGroup(_("Which child"), [Choice(c.id, words.person_name(c)) for c in children])
    fields["on"] = on

    def save(ask: Ask) -> None:
        person = children[0].id if len(children) == 1 else ask.value("who")
        if not person:
            fields["who"].set_error(_("Choose the child."))
        elif (made := _read_day(ask, "on", today)) is not None:
            presenter.died(person, made, done=ask.accept, failed=ask.say)

    return Ask(parent, _("Child died"), fields, deed=_("Save"), do=save, belongs={"person.": "on"})
