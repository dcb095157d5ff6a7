"""The language of a text: heard in the text itself, checked with what is declared."""

import re

import py3langid

from archive.records import Claim
from crawler.extract.claims import Claims

TEXT_CHARACTERS = 1000
"""py3langid is as right on these as on the whole text, at a quarter of the cost."""
FIRST_CHARACTERS = 300
"""If these are heard as a language that the page declares, no more are read: for half the cost the
same answer on 1,256 pages, and the right one on a German page with English further down."""
ENOUGH_CHARACTERS = 150
"""Shorter texts are too little to outweigh a declaration."""
LEAST_CHARACTERS = 40
"""Shorter texts tell nothing: without a declaration the language is unknown."""

_CODE = re.compile("[a-z]{2,3}")
_OLD = {
    "nb": "no",
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "mo": "ro",
    "sh": "sr",
    "cn": "zh",
    "jp": "ja",
}
"""Codes that ISO 639 has replaced, or that sites invent, and `nb`: most call Bokmål `no`."""
_NEAR = (
    {"id", "ms", "jv"},
    {"no", "nb", "nn", "da"},
    {"hr", "sr", "bs", "sh", "sl", "me"},
    {"gl", "pt", "es"},
    {"cs", "sk"},
    {"mk", "bg"},
    {"ur", "fa", "ar"},
    {"hi", "mr", "ne"},
    {"af", "nl"},
    {"fil", "tl"},
    {"zu", "xh", "ss", "nr"},
    {"rw", "rn"},
)
"""Languages that py3langid takes for each other; there the declarations decide."""


def choose_language(claims: Claims, body: str | None, outlet: tuple[str, ...]) -> str | None:
    """Choose the language (a primary subtag such as `id`), and put its claim first.

    On 246 pages in 26 languages the text told right 98.8 %, the html element 93.5 %: sites of small
    languages say `en`.
    """
    claims.add_all("language", "outlet", outlet)
    declared = claims.of("language")
    heard = claims.add("language", "py3langid", _heard(body, declared))
    is_enough = bool(body) and len(body or "") >= ENOUGH_CHARACTERS
    chosen = _near(heard, declared) or (heard if is_enough else None)
    chosen = chosen or next(iter(sorted(declared, key=_trust)), heard)
    if not chosen or not _CODE.fullmatch(primary(chosen.value)):
        return None
    claims.choose("language", [chosen])
    return primary(chosen.value)


def _near(heard: Claim | None, declared: tuple[Claim, ...]) -> Claim | None:
    """The declaration that outweighs a language heard among its near relatives."""
    if not heard:
        return None
    relatives = next((group for group in _NEAR if primary(heard.value) in group), set())
    stated = {primary(claim.value) for claim in declared}
    if primary(heard.value) in stated or not stated & relatives:
        return None
    return next(c for c in sorted(declared, key=_trust) if primary(c.value) in relatives)


def _trust(claim: Claim) -> int:
    return {"outlet": 0, "html-lang": 1, "json-ld": 2}.get(claim.origin, 3)


def primary(tag: str) -> str:
    """The primary subtag of a language tag or a POSIX locale: `id` of `id-ID` and of `id_ID`."""
    code = tag.replace("_", "-").split("-")[0].strip().lower()
    return _OLD.get(code, code)


def _heard(body: str | None, declared: tuple[Claim, ...]) -> str | None:
    if not body or len(body) < LEAST_CHARACTERS:
        return None
    first = str(py3langid.classify(body[:FIRST_CHARACTERS])[0])
    if len(body) <= FIRST_CHARACTERS or first in {primary(claim.value) for claim in declared}:
        return first
    return str(py3langid.classify(body[:TEXT_CHARACTERS])[0])
