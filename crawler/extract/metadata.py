"""What a page declares about itself, outside its text: each claim with its origin."""

import re
from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

from archive.records import Origin, Url
from crawler.extract import jsonld
from crawler.extract.agencies import is_agencies
from crawler.extract.claims import Claims
from crawler.extract.headlines import hear_headlines
from crawler.extract.links import absolute, is_front_page, site_of
from crawler.extract.page import Page
from crawler.extract.plain import plain
from crawler.extract.vocabulary import FREE_METAS, ITEMPROPS, METAS, SCHEMA_KEYS

_ORDER = {name: rank for rank, name in enumerate(METAS)}
_H1S_LIMIT = 4
_HEADINGS_LIMIT = 20
_MICRODATA_LIMIT = 40
_ELSEWHERE = re.compile(r"\b(?:related|recommend|teaser|sidebar|footer|comments?)\b", re.IGNORECASE)
_AUTHORS = re.compile(r"[a-z][_:.-](?:authors?(?:[_-]?names?)?|written by)$")
_WRITTEN = re.compile(
    r"written|geschrieben|verfasst|ditulis|écrit|escrit|scritto|geschreven", re.IGNORECASE
)
_FREE = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(slots=True)
class Metadata:
    """A page's own claims, and the few facts that the verdicts need."""

    claims: Claims
    schema: jsonld.Schema
    headings: list[HtmlElement] = field(default_factory=list)
    is_free: bool | None = None
    is_marked_article: bool = False
    """Whether the page says in any way that it is one article."""
    og_type: str = ""
    """The page's own kind by OpenGraph: `article`, `website`, or the empty string."""
    live_entries: int = 0
    """Elements marked as entries of a live blog, in microdata."""


def read_metadata(tree: HtmlElement, page: Page) -> Metadata:
    """Hear every claim of the page at `page.url`."""
    claims = Claims()
    metas: list[tuple[str, str]] = []
    scripts: list[str] = []
    headings: list[HtmlElement] = []
    canonicals: list[str] = []
    title_tags: list[str] = []
    for element in tree.iter("meta", "script", "link", "h1", "title"):
        tag = element.tag
        if tag == "meta":
            name = element.get("property") or element.get("name") or element.get("http-equiv")
            if name and (content := element.get("content")):
                metas.append((name.strip().lower(), content))
        elif tag == "script":
            if "ld+json" in (element.get("type") or "").lower() and element.text:
                scripts.append(element.text)
        elif tag == "link":
            if "canonical" in (element.get("rel") or "").lower().split():
                canonicals.append(element.get("href") or "")
        elif tag == "title":
            title_tags.append(_text(element))
        elif len(headings) < _HEADINGS_LIMIT:
            headings.append(element)
    h1s = [text for h in headings[:_H1S_LIMIT] if (text := _text(h))]
    title_tag = next((t for t in title_tags if t.strip()), "")  # later ones belong to drawings
    og_title = next((v for k, v in metas if k == "og:title"), "")
    schema = jsonld.read(scripts, page.url, [*h1s, og_title])
    _hear_schema(claims, schema, page)
    claims.add_all("canonical", "meta", [canonical_url(page.url, link) for link in canonicals])
    _hear_metas(claims, metas, page.url)
    marked = [e for e in tree.iter() if e.get("itemprop") or e.get("itemtype")]
    is_marked = _hear_microdata(claims, marked)
    claims.add_all("title", "h1", h1s)
    claims.add("title", "title-tag", title_tag)
    hear_headlines(claims, tree)
    claims.add("site_name", "outlet", page.outlet_name)
    claims.add("language", "html-lang", _language_of(tree))
    _hear_witness(claims, page)
    names = {name for name, _ in metas}
    og_type = next((v.strip().lower() for k, v in metas if k == "og:type"), "")
    return Metadata(
        claims,
        schema,
        headings,
        _is_free(schema, metas),
        is_marked or schema.is_article or og_type == "article" or "article:published_time" in names,
        og_type,
        sum(element.get("itemprop") == "liveBlogUpdate" for element in marked),
    )


def _text(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _hear_schema(claims: Claims, schema: jsonld.Schema, page: Page) -> None:
    for name, keys in SCHEMA_KEYS.items():
        for key in keys:
            claims.add_all(name, "json-ld", schema.strings(key))
    if not claims.of("title"):
        claims.add_all("title", "json-ld", jsonld.strings(schema.article.get("name")))
    for key in ("author", "creator"):
        for name, is_person in schema.people(key):
            claims.add("authors", "json-ld", name)
            if not is_person and not is_agencies(name):
                claims.add("site_name", "json-ld", name)
    for image in jsonld.strings(_addresses(schema.article.get("image")))[:3]:
        claims.add("image", "json-ld", absolute(page.url, image))
    claims.add_all("site_name", "json-ld", schema.site_names[:3])


def _addresses(value: object) -> object:
    """An image's address rather than its name."""
    if isinstance(value, list):
        return [_addresses(one) for one in value if not isinstance(one, list)]
    if isinstance(value, dict):
        return value.get("url") or value.get("contentUrl")
    return value


def _hear_metas(claims: Claims, metas: list[tuple[str, str]], url: Url) -> None:
    said = dict(metas)
    for name, content in sorted(metas, key=lambda meta: _ORDER.get(meta[0], 0)):
        if not (known := METAS.get(name) or _authors_by(name, said)):
            continue
        field_name, origin = known
        if field_name == "image":
            claims.add(field_name, origin, absolute(url, content))
        elif field_name == "canonical":
            claims.add(field_name, origin, canonical_url(url, content))
        else:
            claims.add(field_name, origin, content)


def _authors_by(name: str, said: dict[str, str]) -> tuple[str, Origin] | None:
    """Authors under an outlet's own name (`lrt_authors`), or beside Yoast's label for them."""
    label = said.get(f"twitter:label{name[12:]}", "") if name.startswith("twitter:data") else ""
    if _AUTHORS.search(name) or _WRITTEN.search(label):
        return "authors", "meta"
    return None


def _hear_microdata(claims: Claims, marked: list[HtmlElement]) -> bool:
    """Note the itemprops of the page's own article; say whether there is such an article."""
    is_marked = False
    for element in islice(marked, _MICRODATA_LIMIT):
        is_marked |= "article" in (element.get("itemtype") or "").lower()
        for prop in (element.get("itemprop") or "").lower().split():
            if (name := ITEMPROPS.get(prop)) and not _is_elsewhere(element):
                claims.add(name, "microdata", _value_of(element))
    return is_marked


def _value_of(element: HtmlElement) -> str:
    inner = element.xpath(".//*[@itemprop='name']") if element.get("itemscope") is not None else ()
    element = inner[0] if inner else element
    return element.get("content") or element.get("datetime") or _text(element)


def _is_elsewhere(element: HtmlElement) -> bool:
    return any(
        a.tag in ("aside", "footer", "nav")
        or _ELSEWHERE.search(f"{a.get('class', '')[:500]} {a.get('id', '')[:500]}")
        for a in element.iterancestors()
        if a.tag not in ("body", "html")
    )


def canonical_url(url: str, link: str) -> Url | None:
    """The address that a page at `url` may call its own: its site's, and not the front page.

    A link to another site would let one outlet speak for another; a link to the front page is a
    template's fault, and would make one article of all.
    """
    address = absolute(url, link)
    if not address or site_of(address) != site_of(url):
        return None
    return None if is_front_page(address) and not is_front_page(url) else address


def _hear_witness(claims: Claims, page: Page) -> None:
    if not (witness := page.witness) or witness.kind == "seed" or witness.kind == "page":  # noqa: PLR1714 - mypy narrows this
        return
    origin: Origin = witness.kind
    claims.add("title", origin, witness.title)
    claims.add_all("authors", origin, witness.authors)
    claims.add("summary", origin, witness.summary)
    claims.add("language", origin, witness.language)


def _language_of(tree: HtmlElement) -> str | None:
    root = tree.getroottree().getroot()
    return plain(
        root.get("lang")
        or root.get("{http://www.w3.org/XML/1998/namespace}lang")
        or root.get("xml:lang"),
        35,
    )


def _is_free(schema: jsonld.Schema, metas: list[tuple[str, str]]) -> bool | None:
    for said in schema.strings("isAccessibleForFree"):
        word = said.rsplit("/", 1)[-1].strip().lower()
        if word in _FREE:
            return _FREE[word]
    said_so = (FREE_METAS.get(name, {}).get(value.strip().lower()) for name, value in metas)
    return next((free for free in said_so if free is not None), None)
