"""A page, read for what it states of itself: meta elements, links, and schema.org's words.

It shares the tree and the linked data of extraction, and looks only into the head, where these
elements belong: a comment of a reader's cannot reserve rights.
"""

from lxml.html import HtmlElement

from archive.signals import Signal, limited, signal
from crawler.extract import jsonld
from crawler.extract.metadata import Metadata
from crawler.rights.licences import licence
from crawler.rights.tags import META_AGENTS, tag_signals
from crawler.rights.tdmrep import tdm_signals

ELEMENTS_LIMIT = 500
_SCHEMA = {
    "license": "license",
    "usageInfo": "usage-info",
    "copyrightHolder": "copyright-holder",
    "copyrightNotice": "copyright-notice",
}
"""Words of schema.org, and what their signals are called."""
_VALUES_LIMIT = 4


def page_signals(tree: HtmlElement, metadata: Metadata, url: str) -> tuple[Signal, ...]:
    """What the page at `url` states, in the order: tags, TDMRep, licences, linked data."""
    found: list[Signal] = []
    reservation: dict[str, str] = {}
    links: list[Signal] = []
    for number, element in enumerate(_head(tree).iter("meta", "link")):
        if number >= ELEMENTS_LIMIT:
            break
        if element.tag == "link":
            if "license" in (element.get("rel") or "").lower().split():
                media, href = element.get("type"), element.get("href")
                links += licence(url, href, media, f'<link rel="license" href="{href}">')
            continue
        name = (element.get("name") or "").strip().lower()
        content = element.get("content") or ""
        if name in META_AGENTS:
            agent = None if name == "robots" else name
            line = f'<meta name="{name}" content="{content}">'
            found += tag_signals(content, line, agent=agent)
        elif name in ("tdm-reservation", "tdm-policy"):
            reservation.setdefault(name, content)
    if "tdm-reservation" in reservation:
        line = " ".join(f'<meta name="{k}" content="{v}">' for k, v in reservation.items())
        policy = reservation.get("tdm-policy")
        found += tdm_signals(reservation["tdm-reservation"], policy, line, url)
    return limited([*found, *links, *_schema_signals(metadata)])


def _head(tree: HtmlElement) -> HtmlElement:
    head = tree.find("head")
    return tree if head is None else head


def _schema_signals(metadata: Metadata) -> list[Signal]:
    found = []
    if metadata.is_free is not None:
        value = "yes" if metadata.is_free else "no"
        found.append(signal("accessible-for-free", value, f"isAccessibleForFree: {value}"))
    for key, name in _SCHEMA.items():
        for said in _said(metadata.schema, key)[:_VALUES_LIMIT]:
            found.append(signal(name, said, f"{key}: {said}"))  # noqa: PERF401 - plainer so
    return found


def _said(schema: jsonld.Schema, key: str) -> list[str]:
    """A word of the article, else of its page; a node that is only referred to is looked up."""
    value = schema.article.get(key) or schema.page.get(key)
    if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
        value = schema.by_id.get(str(value.get("@id")), value)
    return [text for text in jsonld.strings(value) if text.strip()]
