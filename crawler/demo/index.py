"""What lies outside the outlets: the front door of the box, and the outlets' files for kliping."""

import json
from collections.abc import Sequence
from html import escape

from crawler.demo.annals import PAGES, annals_of
from crawler.demo.content import DemoOutlet
from crawler.demo.looks import STYLE, colours

DELAY_SECONDS = 5.0


def front(outlets: Sequence[DemoOutlet], base: str) -> str:
    """The page at the root of an address without a host name."""
    rows = "".join(
        f'<li><a href="{base}/{outlet.id}/">{escape(outlet.name)}</a> '
        f"({outlet.language}): {escape(outlet.motto)}</li>\n"
        for outlet in outlets
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>The newspaper in a box</title>"
        f"<style>\n{colours('box')}{STYLE}</style></head>\n<body><main>"
        "<h1>The newspaper in a box</h1>\n<p>Invented newspapers from invented places, for trying "
        f"things out. Nothing here ever happened.</p>\n<ul>\n{rows}</ul></main></body></html>\n"
    )


def outlet_file(outlet: DemoOutlet, base: str | None) -> str:
    """The outlet's declaration for kliping, as TOML."""
    home = f"http://{outlet.host}" if base is None else f"{base.rstrip('/')}/{outlet.id}"
    kinds = {
        "feeds": ("rss", "atom", "section-rss"),
        "sitemaps": ("news", "index"),
    }
    lines = [
        f"# An invented outlet of the newspaper in a box: {outlet.motto}",
        f"id = {_text(outlet.id)}",
        f"name = {_text(outlet.name)}",
        f"country = {_text(outlet.country)}",
        f"languages = {_texts(outlet.languages)}",
        f"zone = {_text(outlet.zone.key)}",
        f"home = {_text(f'{home}/')}",
        "",
        "[listings]",
    ]
    for name, chosen in kinds.items():
        found = [home + outlet.listings[kind] for kind in chosen if kind in outlet.listings]
        if found:
            lines.append(f"{name} = {_texts(found)}")
    sections = [f"{home}/", *(f"{home}/{slug}/" for slug in outlet.sections)]
    lines.append(f"sections = {_texts(sections)}")
    if outlet.article_pattern:
        lines += ["", "[urls]", f"article = ['{outlet.article_pattern}']"]
    if annals_of(outlet):
        lines += ["", "[archive]", f"pages = {_text(home + PAGES)}"]
    lines += ["", "[pace]", f"delay_seconds = {DELAY_SECONDS}"]
    lines += ["", "[requisites]", 'policy = "same-site"', ""]
    return "\n".join(lines)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _texts(values: Sequence[str]) -> str:
    return f"[{', '.join(_text(value) for value in values)}]"
