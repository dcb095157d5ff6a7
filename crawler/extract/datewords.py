"""What dates are written with: day-month order, zones, calendars and labels; data only."""

import re
from datetime import timedelta, timezone

MONTH_FIRST = frozenset({"en-us", "en-ph", "fil", "en-ca"})
"""Tags that write 6/19/2024. Plain `en` is not among them: what cannot be settled is no date."""

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

BUDDHIST_LEAD = 543
"""Thai papers count years from the Buddha: B.E. 2567 is 2024."""
REIWA_LEAD = 2018
"""令和6年 is 2024."""

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

COPYRIGHT = re.compile(r"©|\(c\)|copyright|\bhak cipta\b|all rights reserved", re.IGNORECASE)
"""Beside these, a year is the footer's."""
