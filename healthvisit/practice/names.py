"""Words that invented families are made of: Turkmen and Russian names, streets, ways to the door, agreements by age."""

from typing import NamedTuple

SURNAMES = (
    "Myradow", "Annaýew", "Orazow", "Berdiýew", "Gurbanow", "Ataýew", "Nuryýew", "Hojamyradow", "Durdyýew", "Çaryýew",
    "Saparow", "Amanow", "Garajaýew", "Öwezow", "Rejepow", "Taganow", "Welmyradow", "Ýazgeldiýew", "Gylyjow",
    "Hallyýew", "Jumaýew", "Kakajanow", "Mämmedow", "Baýramow", "Öräýew", "Şyhyýew", "Tuwakow", "Ýagmyrow", "Aşyrow",
    "Esenow", "Geldiýew", "Hydyrow", "Ilamanow", "Kulyýew", "Mergenow", "Nepesow", "Pirliýew", "Soltanow", "Toýlyýew",
    "Ýolbarsow",
)  # fmt: skip
WOMEN = (
    "Maral", "Gözel", "Ogulgerek", "Aýgül", "Bahar", "Jeren", "Enejan", "Gülşat", "Mähri", "Sona", "Ogultäç", "Läle",
    "Oguljan", "Nargiza", "Selbi", "Tylla", "Akjemal", "Bibi", "Çynar", "Güljan", "Hurma", "Kümüş", "Nabat", "Şemşat",
)  # fmt: skip
MEN = ("Batyr", "Serdar", "Döwlet", "Myrat", "Öwez", "Röwşen", "Şöhrat", "Ýusup", "Kakajan", "Nury", "Aman")
GIRLS = (
    "Aýna", "Aýlar", "Leýla", "Mähriban", "Jennet", "Ogulbossan", "Gülälek", "Aýsoltan", "Nurana", "Dünýä", "Şirin",
    "Bägül", "Aýnabat", "Ejegyz", "Zyba", "Melike", "Gunça", "Aýperi", "Bossan", "Merjen",
)  # fmt: skip
BOYS = (
    "Kerim", "Ýhlas", "Arslan", "Daýanç", "Suleýman", "Merdan", "Eziz", "Begenç", "Rahman", "Gadam", "Ilýas", "Nazar",
    "Perhat", "Resul", "Sapar", "Tahyr", "Umyt", "Wepa", "Ýaran", "Hangeldi",
)  # fmt: skip
RUSSIAN = (
    ("Кузнецов", "Кузнецова", "Ольга", "Викторовна", "Алиса", "f"),
    ("Смирнов", "Смирнова", "Марина", "Сергеевна", "Артём", "m"),
    ("Ходжаев", "Ходжаева", "Джемал", "Мурадовна", "Тимур", "m"),
    ("Попова", "Попова", "Светлана", "Андреевна", "Полина", "f"),
)
LONGEST = ("Gurbangeldiýew", "Gurbangeldiýewa", "Oguljemal", "Hojamyradowna", "Muhammetnazar")
STREETS = ("Azatlyk", "Bagt", "Garaşsyzlyk", "Magtymguly", "Görogly", "Parahatçylyk", "Täze durmuş", "Bereket")
WAYS = (
    "gök derweze, mekdebiň arkasynda", "köprüden soň ikinji jaý", "dükanyň garşysynda, it bar, jaň ediň", "",
    "ýoluň ahyrynda, tut agajynyň ýanynda", "arka howludan girmeli", "", "suw howdanynyň ýanynda",
)  # fmt: skip
RUSSIAN_WAY = "зелёные ворота за школой, звонить заранее"


class Said(NamedTuple):
    """Words that fit children of `since` to before `until` completed months; both None: before the birth."""

    since: int | None
    until: int | None
    code: str
    tk: str = ""
    ru: str = ""

    def fits(self, months: int | None) -> bool:
        """Whether the words fit a child of so many completed months; None before the birth."""
        if months is None or self.since is None or self.until is None:
            return months is None and self.since is None
        return self.since <= months < self.until


_ALWAYS = (0, 100)
AGREED = (
    Said(None, None, "DANGER_SIGNS", "Howply alamatlaryň biri bolsa, derrew lukmana gitmek; ýol puluny taýýarlamak.",
         "При любом опасном признаке сразу к врачу; отложить деньги на дорогу."),
    Said(None, None, "FATHER", "Agyr işleri kakasy eder; ene gündiz hem dynç alar.",
         "Тяжёлую работу делает отец; мать отдыхает и днём."),
    Said(0, 6, "EBF", "Diňe ene süýdi bilen emdirmek; ejesi gije hem emdirer.",
         "Кормить только грудью, по требованию, и ночью тоже."),
    Said(0, 2, "WARMTH_CORD", "Göbegini gury we arassa saklamak; çagany ýyly saklamak.",
         "Пупок держать сухим и чистым; держать ребёнка в тепле."),
    Said(0, 12, "SLEEP_SAFE", "Arkan ýatyrmak, ýassygyny aýyrmak.", "Укладывать на спину, подушку убрать."),
    Said(6, 12, "COMP_FEED", "Günde üç gezek goşmaça iýmit bermek, kakasy gök önüm getirer.",
         "Прикорм три раза в день; овощи принесёт отец."),
    Said(12, 100, "FAMILY_DIET", "Maşgalanyň iýmitinden günde bäş gezek bermek: et, ýumurtga, gök önüm.",
         "Еда с общего стола пять раз в день: мясо, яйцо, овощи."),
    Said(9, 100, "HOME_SAFE", "Gyzgyn suwy, dermany we tok simlerini çaganyň eli ýetmez ýerde goýmak.",
         "Кипяток, лекарства и провода убрать туда, куда ребёнок не достанет."),
    Said(3, 100, "PLAY", "Her gün çaga bilen 15 minut oýnamak.", "Каждый день 15 минут играть с ребёнком."),
    Said(*_ALWAYS, "TALK_READ", "Çaga bilen köp gürleşmek, oňa kitap görkezmek.",
         "Больше говорить с ребёнком, показывать ему книжки."),
    Said(*_ALWAYS, "VACCINE", "Sanjyma şu hepde äkitmek.", "На этой неделе сводить на прививку."),
    Said(*_ALWAYS, "ILLNESS_CARE", "Lukmanyň ýanyna gitmek, gaýtadan agramyny ölçetmek.",
         "В среду показать ребёнка врачу и взвесить ещё раз."),
    Said(*_ALWAYS, "HYGIENE", "Elleri sabyn bilen ýuwmak, öýde çilim çekmezlik.", "Мыть руки с мылом, дома не курить."),
)  # fmt: skip
WORRIES = (
    Said(None, None, "mother_health", "Agşamlaryna aýaklarym çişýär"),
    Said(0, 6, "feeding", "Çaga gije köp oýanýar, süýdüm ýetmeýär öýdýärin"),
    Said(6, 100, "feeding", "Nahary gowy iýmeýär, bir-iki çemçeden soň ýüzüni öwürýär"),
    Said(0, 12, "crying_sleep", "Agşamlaryna köp aglaýar"),
    Said(12, 100, "crying_sleep", "Giç ýatýar, gije iki-üç gezek oýanýar"),
    Said(*_ALWAYS, "vaccine", "Sanjymdan soň gyzdyrmasyndan gorkýaryn"),
    Said(*_ALWAYS, "growth", "Goňşynyň çagasyndan kiçi görünýär"),
)


def fitting(offered: tuple[Said, ...], months: int | None) -> tuple[Said, ...]:
    """Those that fit an age in completed months; None before the birth."""
    return tuple(said for said in offered if said.fits(months))
