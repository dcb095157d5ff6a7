r"""The article in the data of a page that only a script builds.

Such a page carries its text as JSON for the script: `__NEXT_DATA__` and `window.__STATE__ = {…}`
whole, Next.js streams in pieces, of which longer texts stand outside the JSON with their length:

    self.__next_f.push([1,"1:{\"title\":\"…\",\"contentHtml\":\"\u003cp\u003e…"])
    self.__next_f.push([1,"2a:T4f1,<p>…"])

It is read as pairs of a name and a string, whatever the shape around them: nothing is run.
"""

import json
import re
from collections.abc import Iterator

from lxml.html import HtmlElement, fragment_fromstring

from crawler.extract.blocks import Block, blocks_of, paragraphs_of
from crawler.extract.pruning import prune

SCRIPT_LIMIT = 4_000_000
"""Characters of a script that are read; the longest of 262 real ones has 1.6 million."""
SHORTEST_SCRIPT = 1_000
SHORTEST_TEXT = 60
"""Characters of a string that may be a paragraph; shorter ones are labels."""
FEWEST_PARAGRAPHS = 3
"""Strings under one name, so many make an article."""

_PUSHED = re.compile(r'self\.__next_f\.push\(\[1,\s*("(?:[^"\\]++|\\.)*+")\]\)')
_LONG_TEXT = re.compile(r"[0-9a-f]{1,8}:T([0-9a-f]{1,6}),")
_PAIR = re.compile(r'"([A-Za-z_]\w{0,40}+)"\s{0,9}+:\s{0,9}+("(?:[^"\\]++|\\.)*+")')
_NAMES = re.compile(r"text|content|html|body|paragraph|value|story|copy", re.IGNORECASE)
_NOT_NAMES = re.compile(r"context|alt|caption|title|teaser|type|url|policy|consent", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:p|br|div)[\s/>]", re.IGNORECASE)
_PROSE = re.compile(r"(?!https?:|[{\[<])[^<>{}]{60,}", re.DOTALL)


def hydrated(tree: HtmlElement) -> list[Block]:
    """The blocks of the longest text that the scripts of a page hold; empty if none does."""
    found: list[Block] = []
    longest = 0
    for text in _data(tree):
        for blocks in _candidates(text):
            size = sum(len(block.text) for block in blocks)
            if size > longest:
                found, longest = blocks, size
    return found


def _data(tree: HtmlElement) -> Iterator[str]:
    pushed: list[str] = []
    for script in tree.iter("script"):
        text = script.text or ""
        if len(text) < SHORTEST_SCRIPT and "__next_f" not in text:
            continue
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            continue
        if "__next_f" in text:
            pushed += (piece for match in _PUSHED.finditer(text) if (piece := _string(match[1])))
        else:
            yield text[:SCRIPT_LIMIT]
    if pushed:
        yield "".join(pushed)[:SCRIPT_LIMIT]


def _candidates(text: str) -> Iterator[list[Block]]:
    named: dict[str, list[str]] = {}
    for match in _PAIR.finditer(text):
        name, quoted = match.groups()
        if len(quoted) < SHORTEST_TEXT or not _NAMES.search(name) or _NOT_NAMES.search(name):
            continue
        value = _string(quoted)
        if _MARKUP.search(value):
            yield _blocks_in(value)
        elif _PROSE.fullmatch(value):
            named.setdefault(name, []).append(value)
    yield from map(_blocks_in, _long_texts(text))
    for values in named.values():
        if len(values) >= FEWEST_PARAGRAPHS:
            yield paragraphs_of(values)


def _long_texts(text: str) -> Iterator[str]:
    """The marked-up texts that stand outside the JSON; their length is in bytes."""
    place = 0
    while match := _LONG_TEXT.search(text, place):
        size = int(match[1], 16)
        value = text[match.end() : match.end() + size].encode()[:size].decode(errors="ignore")
        place = match.end() + len(value)
        if _MARKUP.search(value):
            yield value


def _blocks_in(markup: str) -> list[Block]:
    try:
        return blocks_of(prune(fragment_fromstring(markup, create_parent="div")))
    except (ValueError, AssertionError):
        return []


def _string(quoted: str) -> str:
    try:
        return str(json.loads(quoted, strict=False))
    except ValueError:
        return ""
