"""Any order of work, exchanges and faults between laptops of one caseload ends in the same records: P3, P4, P5, P6."""

import json
import random
import shutil
from datetime import date, timedelta

import pytest

from healthvisit.domain.errors import OfficeUnreachableError
from healthvisit.domain.person import Person
from healthvisit.domain.record import Kind, Merge, sort_of
from healthvisit.store import people
from tests.laptops import FaultyLine, Laptop, TestOffice, assert_applied_once, assert_same_as_office, utc_now

WALKS, STEPS = 2, 40
WALKS_DEEP, STEPS_DEEP = 120, 200
CLINICAL = ("surname", "given_name", "patronymic", "born_on")
CONTACT = ("address", "note", "language")


class Walk:
    """Laptops and an office, and steps drawn from one seed."""

    def __init__(self, seed: int, folder) -> None:
        self.dice = random.Random(seed)  # noqa: S311 -- a walk that can be walked again
        folder.mkdir()
        self.folder = folder
        self.office = TestOffice(folder / "office")
        self.office.start()
        self.count = 0
        self.backups: list = []
        self.copies: dict[int, object] = {}
        self.laptops = [self._laptop(number) for number in range(self.dice.choice((2, 3)))]
        self.steps = [
            (self.register, 3), (self.clinical, 5), (self.contact, 4), (self.add_phone, 2), (self.void, 1),
            (self.exchange, 12), (self.faulty, 8), (self.kill, 2), (self.back_up, 1), (self.put_back, 1),
            (self.copy_laptop, 1), (self.put_laptop_back, 1), (self.restart_office, 1),
        ]  # fmt: skip

    def _laptop(self, number: int) -> Laptop:
        laptop = Laptop(self.folder / f"laptop{number}")
        laptop.join(self.office.url, self.office.code(f"Nurse {number}", "one"))
        return laptop

    def step(self) -> None:
        deeds, weights = zip(*self.steps, strict=True)
        self.dice.choices(deeds, weights)[0]()

    def any(self) -> Laptop:
        return self.dice.choice(self.laptops)

    # --- work ------------------------------------------------------------------------------------------------------

    def register(self) -> None:
        self.count += 1
        day = date(2026, 1, 1) + timedelta(days=self.dice.randrange(300))
        self.any().register(f"Family{self.count}", f"Child{self.count}", day)

    def clinical(self) -> None:
        laptop = self.any()
        if (person := self._some(laptop, "persons")) is not None:
            name = self.dice.choice(CLINICAL)
            value = (
                date(2026, 1, 1) + timedelta(days=self.dice.randrange(300))
                if name == "born_on"
                else f"{name}-{self.dice.randrange(1000)}"
            )
            laptop.edit(Kind.PERSON, person, **{name: value})

    def contact(self) -> None:
        laptop = self.any()
        if (household := self._some(laptop, "households")) is not None:
            laptop.edit(Kind.HOUSEHOLD, household, **{self.dice.choice(CONTACT): f"text {self.dice.randrange(1000)}"})

    def add_phone(self) -> None:
        laptop = self.any()
        if (household := self._some(laptop, "households")) is not None:
            number = f"6{self.dice.randrange(10_000_000):07d}"

            def deed(work):
                from healthvisit.services import families

                families.change_household(work, household, {"phone": number})

            laptop.at_store(deed)

    def void(self) -> None:
        laptop = self.any()
        if (person := self._some(laptop, "persons")) is not None:
            laptop.at_store(lambda work: work.void(person) if work.find(Person, person) else None)

    def _some(self, laptop: Laptop, which: str) -> str | None:
        loaded = laptop.at_store(lambda work: people.load_caseload(work, today=utc_now().date()))
        ids = sorted(getattr(loaded, which))
        live = [i for i in ids if not laptop.record(i).void]
        return self.dice.choice(live) if live else None

    # --- the line and its faults -----------------------------------------------------------------------------------

    def exchange(self) -> None:
        laptop = self.any()
        laptop.exchange(laptop.line(self.office.url))

    def faulty(self) -> None:
        laptop = self.any()
        line = FaultyLine(
            laptop.line(self.office.url), lambda _: self.dice.random() < 0.3, twice=self.dice.random() < 0.3
        )
        try:
            laptop.exchange(line)
        except OfficeUnreachableError:
            return

    def kill(self) -> None:
        at = self.dice.randrange(len(self.laptops))
        before = self.laptops[at].shown()
        self.laptops[at].kill()
        self.laptops[at] = self.laptops[at].reopen()
        assert self.laptops[at].shown() == before

    def restart_office(self) -> None:
        self.dice.choice((self.office.stop, self.office.kill))()
        self.office.start()

    def back_up(self) -> None:
        copy = self.folder / f"backup{self.count}-{self.dice.randrange(1_000_000)}.db"
        self.office.copy_database(copy)
        self.backups.append((self._epoch(), copy))

    def put_back(self) -> None:
        if not self.backups:
            return
        self.office.stop()
        epoch, copy = self.dice.choice(self.backups)
        # with its marker lost as well, an office can only be told from its own past within one history
        loses_marker = epoch == self._epoch() and self.dice.random() < 0.4
        self.office.put_back(copy)
        if loses_marker:
            (self.office.folder / "server.marker").unlink()
        self.office.start()

    def _epoch(self) -> str:
        return self.office.rows("SELECT epoch FROM server")[0][0]

    def copy_laptop(self) -> None:
        at = self.dice.randrange(len(self.laptops))
        self.laptops[at].close()
        copy = self.folder / f"copy{at}-{self.dice.randrange(1_000_000)}"
        shutil.copytree(self.laptops[at].folder, copy)
        self.copies[at] = copy
        self.laptops[at] = self.laptops[at].reopen()

    def put_laptop_back(self) -> None:
        if not self.copies:
            return
        at = self.dice.choice(sorted(self.copies))
        laptop = self.laptops[at]
        if laptop.unsent():  # what was never sent dies with its only copy: no program can bring that back
            laptop.exchange(laptop.line(self.office.url))
        self.backups.clear()  # and an office put back to before it would need exactly what is now gone
        laptop.close()
        parts = ("data",) if self.dice.random() < 0.6 else ("data", "anchor")
        for part in parts:
            shutil.rmtree(laptop.folder / part)
            shutil.copytree(self.copies[at] / part, laptop.folder / part)
        self.laptops[at] = laptop.reopen()

    def quiet(self) -> None:
        for _ in range(4):
            for laptop in self.laptops:
                laptop.exchange(laptop.line(self.office.url))

    def close(self) -> None:
        self.office.stop()
        for laptop in self.laptops:
            laptop.kill()


def assert_no_clinical_value_lost(office: TestOffice) -> None:
    """P5: every clinical value ever written is current, was seen by who replaced it, or stands in an open conflict."""
    versions = {r: json.loads(v) for r, v in office.rows("SELECT id, version FROM record")}
    lines = [json.loads(line) for (line,) in office.rows("SELECT line FROM change WHERE first AND line IS NOT NULL")]
    written, seen = set(), set()
    for line in lines:
        clinical = [n for n in CLINICAL if sort_of(line["t"]).merge_of(n) is Merge.CLINICAL]
        for name in clinical if line["t"] == Kind.PERSON else ():
            if name in line.get("body", {}):
                written.add((line["r"], name, line["body"][name]))
            if name in line.get("set", {}):
                before, after = line["set"][name]
                written.add((line["r"], name, after))
                seen.add((line["r"], name, before))
    for record, name, value in written - seen:
        version = versions[record]
        standing = [version["body"].get(name), *(c["value"] for c in version.get("conflicts", ()) if c["name"] == name)]
        assert value in standing, f"{name} of {record} was lost"


@pytest.mark.timeout(900)
def test_any_order_of_work_and_faults_ends_in_the_same_records(tmp_path, deep):
    """No list of faults is complete: lost and repeated messages, kills, restored laptops and offices."""
    for seed in range(WALKS_DEEP if deep else WALKS):
        walk = Walk(seed, tmp_path / f"walk{seed}")
        try:
            for number in range(STEPS_DEEP if deep else STEPS):
                walk.step()
                if number % 20 == 19:
                    walk.quiet()
            walk.quiet()
            assert_applied_once(walk.office)
            assert_no_clinical_value_lost(walk.office)
            for laptop in walk.laptops:
                assert laptop.unsent() == 0
                assert_same_as_office(laptop, walk.office)
        except BaseException as error:
            error.add_note(f"walk {seed}")
            raise
        finally:
            walk.close()
        shutil.rmtree(walk.folder)
