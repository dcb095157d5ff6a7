"""The notice that an article was corrected: how newspapers begin it, and its text."""

import re

NOTICE_LIMIT = 2_000
FIRST_LINES = 4
LAST_LINES = 20
"""Notices stand before or after a text."""
NOTICE_WORDS = 4
"""A heading has fewer words, or a date; the notice is then the paragraph after it."""
_SAID = (
    "correction", "corrections", "correction appended", "correction notice", "clarification",
    "corrected", "clarification and correction", "this article has been corrected",
    "this story has been corrected", "this article was corrected", "this article was amended",
    "an earlier version of this", "a previous version of this", "ralat", "koreksi", "pembetulan",
    "klarifikasi dan ralat", "hak koreksi", "korrektur", "korrekturhinweis", "berichtigung",
    "richtigstellung", "korrigierte fassung", "in einer früheren version",
    "in einer früheren fassung", "rectificatif", "erratum", "correctif", "mise au point",
    "une première version de cet article", "corrección", "fe de errores", "fe de erratas",
    "rectificación", "una versión anterior de est", "correcció", "corrección:", "correção",
    "errata", "erramos", "uma versão anterior dest", "errata corrige", "rettifica", "correctie",
    "rectificatie", "in een eerdere versie", "rättelse", "korrigering", "rettelse", "retting",
    "oikaisu", "leiðrétting", "parandus", "labojums", "pataisymas", "sprostowanie", "korekta",
    "oprava", "helyesbítés", "helyreigazítás", "erată", "rectificare", "ispravak", "ispravka",
    "popravek", "поправка", "исправление", "исправлено", "уточнение", "виправлення", "виправлено",
    "исправка", "διόρθωση", "διευκρίνιση", "düzeltme", "düzəliş", "تصحيح", "اصلاحیه", "תיקון",
    "הבהרה", "सुधार", "সংশোধনী", "แก้ไขข่าว", "đính chính", "pagwawasto", "marekebisho",
    "regstelling", "訂正", "【訂正】", "更正", "勘误", "勘誤", "정정", "바로잡습니다", "정정보도",
)  # fmt: skip
_NOTICE = re.compile(
    rf"^[\W_]{{0,4}}(?:{'|'.join(sorted(map(re.escape, _SAID), key=len, reverse=True))})"
    r"(?:\s?[(（][^)）]{0,60}[)）]|"
    r",?(?: [^\s:：.]{1,12}){0,2} ?\d[\d.,/ -]{0,12})?(?P<end>\s?[:：】–—]|\s-\s|$|\s(?=\w))",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:[^\s\d]{1,12}[ .]){0,2}\d[^A-Za-z]{0,12}(?:[^\s\d]{1,12}[ ,.]{0,2}){0,2}\d{0,4}\.?"
)
_SENTENCE = re.compile(
    r"^[\W_]{0,4}(?:an? (?:earlier|previous) version of this|this (?:article|story) (?:has been|"
    r"was) "
    r"(?:corrected|amended)|in einer früheren (?:version|fassung)|"
    r"une première version de cet article|"
    r"una versión anterior de est|uma versão anterior dest|in een eerdere versie)",
    re.IGNORECASE,
)


def correction_in(body: str | None) -> str | None:
    """The paragraph that says what was corrected, or None.

    It begins with the word for it and a colon or dash, or is a sentence that newspapers use; or a
    heading of that word stands before it. A text about corrections does neither.
    """
    lines = (body or "").split("\n\n")
    if len(lines) > FIRST_LINES + LAST_LINES:
        lines = [*lines[:FIRST_LINES], *lines[-LAST_LINES:]]
    for number, line in enumerate(lines):
        if not (found := _NOTICE.match(line[:200])) and not _SENTENCE.match(line[:200]):
            continue
        if _SENTENCE.match(line[:200]) or (found and found["end"].strip()):
            rest = line[found.end() :] if found and found["end"].strip() else line
            is_whole = rest.strip() and not _DATE.fullmatch(rest.strip())
            return "\n".join(lines[number : number + (1 if is_whole else 2)])[:NOTICE_LIMIT]
        is_heading = found and found.end() == len(line)
        if is_heading and number + 1 < len(lines) and len(line.split()) < NOTICE_WORDS:
            return lines[number + 1][:NOTICE_LIMIT]
    return None
