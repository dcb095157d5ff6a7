"""News agencies, by the names under which newspapers credit them."""

import re

AGENCIES: dict[str, tuple[str, ...]] = {
    "Reuters": (
        "reuters",
        "thomson reuters",
        "рейтер",
        "رويترز",
        "ロイター",
        "路透社",
        "路透",
        "로이터",
    ),
    "AFP": (
        "afp",
        "agence france-presse",
        "agence france presse",
        "फ्रांस प्रेस",
        "فرانس برس",
        "法新社",
    ),
    "AP": ("ap", "associated press", "the associated press", "美聯社", "美联社"),
    "dpa": ("dpa", "deutsche presse-agentur", "dpa-infocom", "dpa-afx"),
    "UPI": ("upi", "united press international"),
    "Bloomberg": ("bloomberg news",),
    "PA": ("pa media", "press association"),
    "AAP": ("aap", "australian associated press"),
    "CP": ("canadian press", "the canadian press", "la presse canadienne"),
    "APA": ("apa", "austria presse agentur"),
    "Keystone-SDA": ("sda", "keystone-sda", "ats", "keystone-ats"),
    "epd": ("epd", "evangelischer pressedienst"),
    "KNA": ("kna", "katholische nachrichten-agentur"),
    "SID": ("sid", "sport-informations-dienst"),
    "EFE": ("efe", "agencia efe"),
    "Europa Press": ("europa press", "europapress", "e.p."),
    "ANSA": ("ansa",),
    "Adnkronos": ("adnkronos",),
    "Lusa": ("lusa", "agência lusa"),
    "Agência Brasil": ("agência brasil",),
    "Télam": ("télam", "telam"),
    "Notimex": ("notimex",),
    "Belga": ("belga",),
    "ANP": ("anp",),
    "Ritzau": ("ritzau",),
    "NTB": ("ntb",),
    "TT": ("tt", "tt nyhetsbyrån"),
    "STT": ("stt",),
    "PAP": ("pap", "polska agencja prasowa"),
    "ČTK": ("čtk", "ctk"),
    "TASR": ("tasr",),
    "MTI": ("mti",),
    "Agerpres": ("agerpres",),
    "BTA": ("bta", "бта"),
    "HINA": ("hina",),
    "Tanjug": ("tanjug", "танјуг"),
    "AMNA": ("amna", "απε-μπε"),
    "Anadolu": ("aa", "anadolu ajansı", "anadolu agency"),
    "DHA": ("dha", "demirören haber ajansı"),
    "IHA": ("iha", "ihlas haber ajansı"),
    "TASS": ("tass", "тасс"),
    "RIA Novosti": ("ria novosti", "риа новости"),
    "Interfax": ("interfax", "интерфакс"),
    "Ukrinform": ("ukrinform", "укрінформ"),
    "Antara": ("antara", "antara news"),
    "Bernama": ("bernama",),
    "VNA": ("ttxvn", "vna"),
    "PTI": ("pti", "press trust of india"),
    "ANI": ("ani",),
    "IANS": ("ians",),
    "UNI": ("uni",),
    "TNN": ("tnn", "times news network"),
    "Xinhua": ("xinhua", "新华社", "新華社"),
    "CNA": ("cna", "中央社"),
    "Kyodo": ("kyodo", "kyodo news", "共同通信", "共同"),
    "Jiji": ("jiji", "jiji press", "時事通信", "時事"),
    "Yonhap": ("yonhap", "연합뉴스"),
    "Newsis": ("newsis", "뉴시스"),
    "WAM": ("wam", "وام"),
    "SPA": ("spa", "واس"),
    "IRNA": ("irna", "ایرنا"),
    "NAN": ("nan", "news agency of nigeria"),
}
"""The agency's name by which it is kept, and its names in credits, in lower case."""
_BY_NAME = {name: agency for agency, names in AGENCIES.items() for name in names}
NAME = "|".join(re.escape(name) for name in sorted(_BY_NAME, key=len, reverse=True))
_SPLIT = re.compile(r"\s?(?:/|,|&|\+| and | und | et | dan | y | e )\s?")


def agency_of(credit: str) -> str | None:
    """The agency that a whole credit names: `AFP`, `dpa/lby`; None if it names anything else."""
    return _BY_NAME.get(credit.strip(" \t.()[]–—-").casefold())


def is_agencies(credit: str) -> bool:
    """Whether a credit names agencies and nobody else: `dpa`, `APA/AP`."""
    return all(agency_of(piece) for piece in _SPLIT.split(credit) if piece.strip())
