"""Style sheets: what they import, the pictures and the fonts that they name (CSS Syntax §5)."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tinycss2 import parse_component_value_list
from tinycss2.ast import CurlyBracketsBlock, Node
from tinycss2.bytes import decode_stylesheet_bytes
from w3lib.encoding import http_content_type_encoding

from archive.coding import decode
from archive.errors import BodyTooLarge, UndecodableBody
from archive.records import Url
from crawler.requisites.requisite import LIMIT, Basket, Kind, Requisite

SHEET_LIMIT = 1024 * 1024
"""Characters that are read of one sheet; the rest is left. Read in 1.3 s, if hostile in 5 s."""
UNPACKED_LIMIT = 20 * 1024 * 1024
"""Bytes to which a sheet may unpack before it is left alone."""

_MAY_NAME = re.compile(r"url|src|image|@import|\\", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{309,}")  # no float, and Python refuses to read it as an int
_NO_PICTURE = frozenset({"behavior", "-ms-behavior", "-moz-binding"})  # code, in old browsers
_ADDRESS = frozenset({"url", "src"})
_SETS = frozenset({"image-set", "-webkit-image-set", "image", "-webkit-image"})
_NO_ADDRESS = frozenset({"type", "format", "tech", "attr", "var", "local"})
_HTML_COMMENT = frozenset({"<!--", "-->"})


class _Statement(NamedTuple):
    """A declaration or the head of a rule, and the rule's block if it has one."""

    words: list[Node]
    block: CurlyBracketsBlock | None

    @property
    def rule(self) -> str:
        """The name of the at-rule that this is, or the empty string."""
        return self.words[0].lower_value if self.words[0].type == "at-keyword" else ""

    @property
    def property(self) -> str:
        """The name of the property that is declared, or the empty string."""
        named = [word for word in self.words[:3] if word.type != "whitespace"][:2]
        is_declared = len(named) > 1 and named[0].type == "ident" and named[1] == ":"
        return str(named[0].lower_value) if is_declared else ""


def found_in_css(
    url: Url,
    body: bytes,
    content_type: str | None = None,
    content_encoding: str | None = None,
    limit: int = LIMIT,
) -> tuple[Requisite, ...]:
    """What a style sheet needs, in its order; `body` is as received, still content-encoded.

    Pure, and nothing is raised: what cannot be unpacked or is HTML needs nothing. Only one sheet
    is read; how deep imports are followed, and that they may lead in a circle, is for the caller.
    """
    if "html" in (content_type or "").partition(";")[0].lower():
        return ()
    try:
        body = decode(body, content_encoding, UNPACKED_LIMIT)
    except (BodyTooLarge, UndecodableBody):
        return ()
    label = http_content_type_encoding(content_type)
    text, _ = decode_stylesheet_bytes(body, protocol_encoding=label)
    basket = Basket(url, limit)
    read_css(text, url, basket)
    return basket.found()


def read_css(text: str, base: Url, basket: Basket) -> None:
    """Put into the basket what a sheet, or the declarations of a `style` attribute, refer to."""
    text = text[:SHEET_LIMIT]
    if not _MAY_NAME.search(text):
        return
    nodes = parse_component_value_list(_LONG_NUMBER.sub("0", text), skip_comments=True)
    open_blocks = [_statements(nodes)]  # a stack of our own: nesting is as deep as they like
    while open_blocks and not basket.is_full:
        statement = next(open_blocks[-1], None)
        if statement is None:
            open_blocks.pop()
            continue
        is_top = len(open_blocks) == 1
        for requisite in _named(statement, is_top=is_top):
            basket.add(base, *requisite)
        if statement.block and statement.rule != "font-face":
            open_blocks.append(_statements(statement.block.content))


def _named(statement: _Statement, *, is_top: bool) -> Iterator[tuple[str, Kind, str]]:
    """The addresses of one statement without its block, each with its kind and the reason."""
    if statement.rule == "import" and is_top:
        if href := next(_addresses(statement.words, are_strings=True), None):
            yield href, "style", "@import"
    elif statement.rule == "font-face" and statement.block:
        for font in _fonts(statement.block.content):
            yield font, "font", "@font-face src"
    elif (name := statement.property) and name not in _NO_PICTURE:
        for address in _addresses(statement.words):
            yield address, "image", name


def _statements(nodes: Sequence[Node]) -> Iterator[_Statement]:
    """The parts of a block, each ended by a semicolon or by a block of its own."""
    words: list[Node] = []
    for node in nodes:
        is_block = node.type == "{} block"
        if is_block or node == ";":
            if words:
                yield _Statement(words, node if is_block else None)
            elif is_block:
                yield _Statement([node], node)
            words = []
        elif words or not (node.type == "whitespace" or _is_comment(node)):
            words.append(node)
    if words:
        yield _Statement(words, None)


def _is_comment(node: Node) -> bool:
    return node.type == "literal" and node.value in _HTML_COMMENT


def _addresses(nodes: Sequence[Node], *, are_strings: bool = False) -> Iterator[str]:
    """The addresses in a value; a bare string is one only in `@import` and `image-set()`."""
    inside: list[tuple[Iterator[Node], bool]] = [(iter(nodes), are_strings)]
    while inside:
        rest, strings = inside[-1]
        node = next(rest, None)
        if node is None:
            inside.pop()
        elif node.type == "url" or (node.type == "string" and strings):
            yield node.value
        elif node.type == "function" and node.lower_name in _ADDRESS:
            yield from (one.value for one in node.arguments[:3] if one.type == "string")
        elif node.type == "function" and node.lower_name not in _NO_ADDRESS:
            inside.append((iter(node.arguments), node.lower_name in _SETS))
        elif node.type == "() block":
            inside.append((iter(node.content), False))


def _fonts(nodes: Sequence[Node]) -> list[str]:
    """The files of one font: those in WOFF2 if there are any, since every browser reads it."""
    files: list[tuple[str, str]] = []
    for statement in _statements(nodes):
        if statement.property == "src":
            for choice in _parted(statement.words):
                address = next(_addresses(choice), None)
                files += [(address, _format(choice, address))] if address else []
    modern = [address for address, form in files if form.startswith("woff2")]
    return modern or [address for address, _ in files]


def _parted(nodes: Sequence[Node]) -> Iterator[list[Node]]:
    """A value's choices, which commas part."""
    choice: list[Node] = []
    for node in nodes:
        if node == ",":
            yield choice
            choice = []
        else:
            choice.append(node)
    yield choice


def _format(choice: list[Node], address: str) -> str:
    """What a font's file says it is, else how its address ends."""
    for node in choice:
        if node.type == "function" and node.lower_name == "format":
            named = [one.value for one in node.arguments if one.type in ("string", "ident")]
            if named:
                return str(named[0]).lower()
    return address.partition("#")[0].partition("?")[0].rpartition(".")[2].lower()
