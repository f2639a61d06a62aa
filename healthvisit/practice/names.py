"""Words that invented families are made of: Turkmen and Russian names, streets, ways to the door, agreements."""

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
AGREED = (
    "Diňe ene süýdi bilen emdirmek; ejesi gije hem emdirer.",
    "Günde üç gezek goşmaça iýmit bermek, kakasy gök önüm getirer.",
    "Lukmanyň ýanyna gitmek, gaýtadan agramyny ölçetmek.",
    "Her gün çaga bilen 15 minut oýnamak we kitap okamak.",
    "Arkan ýatyrmak, ýassygyny aýyrmak.",
    "Sanjyma şu hepde äkitmek.",
    "Öýde ýylylygy saklamak, çilim çekmezlik.",
)
AGREED_RUSSIAN = "Кормить грудью по требованию, в среду показать ребёнка врачу."
WORRIES = (
    ("feeding", "Çaga gije köp oýanýar, süýdüm ýetmeýär öýdýärin"),
    ("crying_sleep", "Agşamlaryna köp aglaýar"),
    ("vaccine", "Sanjymdan soň gyzdyrmasyndan gorkýaryn"),
    ("growth", "Goňşynyň çagasyndan kiçi görünýär"),
)
TOPICS = ("EBF", "COMP_FEED", "PLAY", "SLEEP_SAFE", "TALK_READ", "HYGIENE", "DANGER_SIGNS", "VACCINE", "FATHER")
