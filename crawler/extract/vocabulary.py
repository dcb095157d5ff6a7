"""The names by which pages declare things: meta elements, schema.org keys, itemprops."""

from archive.records import Origin

_OG: Origin = "opengraph"
_META: Origin = "meta"
METAS: dict[str, tuple[str, Origin]] = {
    "og:title": ("title", _OG), "twitter:title": ("title", _META), "dc.title": ("title", _META),
    "dcterms.title": ("title", _META), "parsely-title": ("title", _META), "headline": ("title", _META),
    "sailthru.title": ("title", _META), "citation_title": ("title", _META), "title": ("title", _META),
    "article:published_time": ("published", _OG), "og:article:published_time": ("published", _OG),
    "og:published_time": ("published", _OG), "article:published": ("published", _META),
    "datepublished": ("published", _META), "publishdate": ("published", _META),
    "publish-date": ("published", _META), "publish_date": ("published", _META),
    "publication_date": ("published", _META), "pubdate": ("published", _META),
    "published_at": ("published", _META), "publishedat": ("published", _META),
    "published-date": ("published", _META), "article.published": ("published", _META),
    "article_date_original": ("published", _META), "originalpublicationdate": ("published", _META),
    "parsely-pub-date": ("published", _META), "sailthru.date": ("published", _META),
    "cxenseparse:recs:publishtime": ("published", _META), "cxenseparse:publishtime": ("published", _META),
    "citation_publication_date": ("published", _META), "citation_date": ("published", _META),
    "dc.date.issued": ("published", _META), "dcterms.issued": ("published", _META),
    "dc.date.created": ("published", _META), "dcterms.created": ("published", _META),
    "dcterms.date": ("published", _META), "dc.date": ("published", _META), "dc:date": ("published", _META),
    "datecreated": ("published", _META), "rbpubdate": ("published", _META),
    "bt:pubdate": ("published", _META), "ptime": ("published", _META), "pdate": ("published", _META),
    "content_create_date": ("published", _META), "creation_date": ("published", _META),
    "last-modified": ("modified", _META), "article:modified_time": ("modified", _OG),
    "og:updated_time": ("modified", _OG), "article:modified": ("modified", _META),
    "datemodified": ("modified", _META), "dcterms.modified": ("modified", _META),
    "dc.date.modified": ("modified", _META), "lastmod": ("modified", _META), "utime": ("modified", _META),
    "date": ("published", _META),
    "author": ("authors", _META), "article:author": ("authors", _OG), "og:author": ("authors", _OG),
    "article:author_name": ("authors", _META), "byl": ("authors", _META), "dc.creator": ("authors", _META),
    "dcterms.creator": ("authors", _META), "parsely-author": ("authors", _META),
    "sailthru.author": ("authors", _META), "citation_author": ("authors", _META),
    "cxenseparse:author": ("authors", _META), "rbauthors": ("authors", _META),
    "og:description": ("summary", _OG), "description": ("summary", _META),
    "twitter:description": ("summary", _META), "dc.description": ("summary", _META),
    "og:image": ("image", _OG), "og:image:url": ("image", _OG), "og:image:secure_url": ("image", _OG),
    "twitter:image": ("image", _META), "twitter:image:src": ("image", _META),
    "og:site_name": ("site_name", _OG), "application-name": ("site_name", _META),
    "article:section": ("section", _OG), "og:section": ("section", _OG), "section": ("section", _META),
    "parsely-section": ("section", _META), "cxenseparse:section": ("section", _META),
    "og:url": ("canonical", _OG), "content-language": ("language", _META),
    "og:locale": ("language", _OG), "dc.language": ("language", _META),
}  # fmt: skip
"""Field and origin by the meta element's name; of two, the one that stands higher is heard first."""
SCHEMA_KEYS = {"title": ("headline",), "published": ("datePublished", "dateCreated", "uploadDate"),
                "modified": ("dateModified",), "summary": ("description",), "section": ("articleSection",),
                "language": ("inLanguage",)}  # fmt: skip
ITEMPROPS = {"headline": "title", "datepublished": "published", "datemodified": "modified",
              "author": "authors", "articlesection": "section", "datecreated": "published"}  # fmt: skip
