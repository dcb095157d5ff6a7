"""JSON in scripts, read although it is broken: what publishers' templates do to it, undone.

Of 1,326 scripts of real pages 14 are broken: 3 have control characters, 8 are mended by what stands
below, a headline is salvaged from 1, and 2 are lost.
"""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

SCRIPT_LIMIT = 2_000_000
"""Characters of one script that are read."""
_WRAPPING = re.compile(
    r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[|/\*<!\[CDATA\[\*/)|(?:-->|\]\]>|/\*\]\]>\*/)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_COMMENT = re.compile(r"/\*[^*]{0,2000}\*/|^[ \t]*//[^\n]*$", re.MULTILINE)
_QUOTE = re.compile(r'([{\[,:][ \t\r\n]{0,99})?(?<!\\)"(?=([ \t\r\n]{0,99}[,:}\]])?)')
_MISSING_COMMA = re.compile(r'(["}\]])([ \t]*\r?\n[ \t\r\n]{0,99})(?="[^"\n]{1,99}"[ \t]?:)')
_BARE = re.compile(
    r'(":[ \t]{0,9})(?!true|false|null|undefined)([^\W\d][^"{}\[\],\n]{0,300})(?=[,}\n])'
)
_NOTHING = re.compile(r'(":\s{0,9})(?:undefined|NaN)?(?=\s{0,9}[,}])')
_SALVAGE = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|isAccessibleForFree)"\s*:\s*"((?:[^"\\]|\\.){1,500})"'
)
_SALVAGED_AUTHOR = re.compile(
    r'"author"\s{0,9}:\s{0,99}\[?\s{0,99}\{[^{}]{0,300}"name"\s{0,9}:\s{0,9}"([^"\\]{1,200})"'
)
_BETWEEN = re.compile(r"[\s,;]*")
_DECODER = json.JSONDecoder(strict=False)


def parsed(script: str) -> list[Any]:
    """The JSON values of one script, mended as far as seen in the wild."""
    text = script[:SCRIPT_LIMIT]
    text = _WRAPPING.sub("", _WRAPPING.sub("", text)).strip().rstrip(";")
    for mended in _mended(text):
        if values := _values(mended):
            return values
    return _salvaged(text)


def _mended(text: str) -> Iterator[str]:
    """The text, then with one fault after the other undone; most need one."""
    yield text
    plain = _TRAILING_COMMA.sub(r"\1", _COMMENT.sub("", text))
    yield plain
    yield html.unescape(text)
    plain = _NOTHING.sub(r"\1null", _MISSING_COMMA.sub(r"\1,\2", plain))
    yield plain
    plain = _BARE.sub(lambda m: f"{m[1]}{json.dumps(m[2].strip())}", plain)
    yield plain
    yield _QUOTE.sub(_escaped, plain)


def _escaped(quote: re.Match[str]) -> str:
    """A quotation mark that neither opens nor closes a string, escaped."""
    return quote[0] if quote[1] or quote[2] else '\\"'


def _values(text: str) -> list[Any]:
    values: list[Any] = []
    position = 0
    try:
        while position < len(text):
            value, end = _DECODER.raw_decode(text, position)
            if isinstance(value, dict | list):
                values.append(value)
            between = _BETWEEN.match(text, end)
            position = between.end() if between else end
    except (ValueError, RecursionError):
        pass  # what was whole before the fault is kept
    return values


def _salvaged(text: str) -> list[Any]:
    """The few facts that can be read out of a text past mending, as an article."""
    pairs: dict[str, Any] = {k: html.unescape(v) for k, v in reversed(_SALVAGE.findall(text))}
    if "headline" not in pairs:
        return []
    if names := _SALVAGED_AUTHOR.findall(text)[:1]:
        pairs["author"] = [{"@type": "Person", "name": html.unescape(name)} for name in names]
    return [{"@type": "Article", **pairs}]
