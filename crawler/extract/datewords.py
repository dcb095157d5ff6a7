"""What dates are written with: day-month order, zones, calendars and labels; data only."""

import re
from datetime import timedelta, timezone

MONTH_FIRST = frozenset({"en-us", "en-ph", "fil", "en-ca"})
"""Tags that write 6/19/2024. Plain `en` is not among them: what cannot be settled is no date."""

MONTH_FIRST_REGIONS = frozenset({"us", "ph"})
YEAR_FIRST = frozenset({"ja", "zh", "ko", "hu", "lt", "mn"})
"""Languages whose numeric dates begin with the year: 6/5/2024 is foreign there, 24.06.05 is not."""

ZONES = {
    name: timezone(timedelta(minutes=minutes), name)
    for name, minutes in {
        "WIB": 420,
        "WITA": 480,
        "WIT": 540,
        "MYT": 480,
        "SGT": 480,
        "HKT": 480,
        "PHT": 480,
        "PST8": 480,
        "JST": 540,
        "KST": 540,
        "ICT": 420,
        "UTC": 0,
        "GMT": 0,
        "Z": 0,
        "BST": 60,
        "WEST": 60,
        "WET": 0,
        "CET": 60,
        "MEZ": 60,
        "CEST": 120,
        "MESZ": 120,
        "EET": 120,
        "EEST": 180,
        "MSK": 180,
        "МСК": 180,
        "TRT": 180,
        "EAT": 180,
        "CAT": 120,
        "SAST": 120,
        "WAT": 60,
        "PKT": 300,
        "NPT": 345,
        "EST": -300,
        "EDT": -240,
        "CST": -360,
        "CDT": -300,
        "MST": -420,
        "MDT": -360,
        "PST": -480,
        "PDT": -420,
        "AEST": 600,
        "AEDT": 660,
        "ACST": 570,
        "AWST": 480,
        "NZST": 720,
        "NZDT": 780,
        "BRT": -180,
        "ART": -180,
    }.items()
}
"""Zones by the abbreviation that newspapers print. IST is left out: it has three meanings."""

UPDATED = re.compile(
    r"updat|modifi|edited|aktuali|geändert|diperbarui|dikemaskini|diubah|güncel|mis à jour|"
    r"mise à jour|"
    r"actuali[sz]ad|atualizad|aggiornat|uppdatera|oppdatert|sist endret|opdatere|bijgewerkt|"
    r"gewijzigd|"
    r"zaktualizow|обновл|изменен|оновл|更新|수정|最終更新|تحديث|به‌روز|עודכן|ενημερ|"
    r"päivitetty|muokattu|"
    r"frissítve|módosít|cập nhật|ปรับปรุง|atnaujin|aktualizov",
    re.IGNORECASE,
)
"""Labels of a change, not of the publication."""

AGO = re.compile(
    r"\bago\b|\blalu\b|\blepas\b|önce|\bvor\b|il y a|\bhace\b|\bhá\b|atrás|назад|тому|前|전\b|"
    r"trước|temu|"
    r"\bsedan\b|\bsiden\b|sitten|geleden|πριν|לפני|منذ|قبل|पहले|ที่แล้ว|\bfa\b|před|\bprieš\b|"
    r"\bpred\b",
    re.IGNORECASE,
)
"""Words that make a span of time a moment in the past: without one, `5 min` is a reading time."""

YESTERDAY = re.compile(
    r"\byesterday\b|\bgestern\b|\bhier\b|\bayer\b|\bontem\b|\bieri\b|\bkemarin\b|\bsemalam\b|"
    r"\bgisteren\b|\big[åa]r\b|\bi g[åa]r\b|\bi går\b|\beilen\b|\bwczoraj\b|\bvčera\b|\bvčeraj\b|"
    r"\btegnap\b|\bdün\b|вчера|вчора|χθες|昨天|昨日|어제|אתמול|أمس|دیروز|कल|เมื่อวาน|hôm qua|"
    r"\bvakar\b|\beile\b",
    re.IGNORECASE,
)
TODAY = re.compile(
    r"\btoday\b|\bheute\b|aujourd[’']hui|\bhoy\b|\bhoje\b|\boggi\b|\bhari ini\b|\bvandaag\b|"
    r"\bidag\b|\bi dag\b|\btänään\b|\bdzisiaj\b|\bdziś\b|\bdnes\b|\bma\b|\bbugün\b|"
    r"сегодня|сьогодні|σήμερα|"
    r"今天|今日|오늘|היום|اليوم|امروز|आज|วันนี้|hôm nay|\bšodien\b|\bšiandien\b|\btäna\b",
    re.IGNORECASE,
)
"""Days seen from the capture; only with a clock time beside them."""

HEBREW_PAIRS = {
    "שעתיים": "2 שעות",
    "יומיים": "2 ימים",
    "שבועיים": "2 שבועות",
    "חודשיים": "2 חודשים",
    "לפני שעה": "לפני 1 שעות",
    "לפני דקה": "לפני 1 דקות",
    "לפני יום": "לפני 1 ימים",
    "לפני שבוע": "לפני 1 שבועות",
}
"""Twos and ones that Hebrew writes as one word, as dateparser reads them."""

COPYRIGHT = re.compile(r"©|\(c\)|copyright|\bhak cipta\b|all rights reserved", re.IGNORECASE)
"""Beside these, a year is the footer's."""

PUBLISHED = re.compile(
    r"publish|posted|veröffentlicht|erschienen|erstellt|publi[ée]e?\b|publicad|publicat|pubblicat|"
    r"gepubliceerd|geplaatst|publisert|publicerad|publiceret|udgivet|julkaistu|opublikowan|"
    r"objavljen|zveřejněn|publikované|közzétéve|megjelent|yayın|eklenme|diterbitkan|diterbitkan|"
    r"tayang|terbit|rilis|đăng|опубликован|опубліков|публикува|дата|αναρτήθηκε|δημοσι|פורסם|"
    r"نشر|انتشار|प्रकाशित|প্রকাশ|เผยแพร่|公開|掲載|配信|发布|發布|发表|發表|입력|등록|승인|"
    r"\bdatum\b|\bdate:|\bfecha|\btanggal\b|\bdata:|\bstand:",
    re.IGNORECASE,
)
"""Labels of a publication."""

ELSEWHERE = re.compile(
    r"related|recommend|teaser|sidebar|comment|foot|(?<!elementor-)widget(?!-ae)|popular|trending|latest|recent|most-?read|"
    r"carousel|slider|swiper|ticker|event|calendar|archive|similar|promo|newsletter|copyright|masthead|"
    r"current|clock|weather|menu|gallery|caption|forum|reply|kommentar|termin|social|share|cookie|"
    r"\bnext\b|\bprev",
    re.IGNORECASE,
)
"""Classes and ids of what belongs to other articles, to readers or to the site."""
