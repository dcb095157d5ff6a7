"""What an outlet's pages need to look right: style sheets, an icon, and pictures.

/style.css                 imports /colours.css, and names two pictures
/images/paper.png          the same bytes at every outlet
/images/icon.png           the outlet's own, as is
/images/SECTION.svg        and masthead.svg
/images/NUMBER-WIDTH.png   the photograph of an article
/images/wire-NAME-960.png  that of an agency's story: the same bytes wherever it is printed
"""

import re
from datetime import datetime, timedelta

from crawler.demo import looks, pictures
from crawler.demo.content import Article, DemoOutlet
from crawler.demo.replies import Reply
from crawler.demo.timeline import OPENS_AT

MADE_AT = OPENS_AT - timedelta(days=60)
"""When the outlets were last redesigned."""
WIDTH = 960
"""Pixels of the photograph that every reader gets."""
WIDTHS = (640, 1280, 2560)
"""Of those that a `srcset` offers besides."""
VALIDATORS = ("etag", "last-modified")
CACHING = (("Cache-Control", "public, max-age=86400"),)

_BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
_UNVEIL = (
    '<script>for (const i of document.querySelectorAll("img[data-src]")) i.src = i.dataset.src'
    "</script>\n"
)
_DRAWING = re.compile(r"/images/([\w-]+)\.svg")
_PHOTOGRAPH = re.compile(r"/images/(\d{1,6}|wire-[a-z-]{1,40})-(\d{3,4})\.png")


def is_furniture(path: str) -> bool:
    """Whether the address is a file that pages use, and not a page."""
    return path.startswith("/images/") or path in ("/style.css", "/colours.css")


def furniture(outlet: DemoOutlet, path: str, at: datetime) -> Reply | None:
    """The file at an address, or None if there is none yet."""
    if found := _PHOTOGRAPH.fullmatch(path):
        return _photograph(outlet, found[1], int(found[2]), at)
    match path:
        case "/style.css":
            return _file("text/css", looks.sheet().encode())
        case "/colours.css":
            return _file("text/css", looks.colours(outlet.id).encode())
        case "/images/paper.png":
            return _file("image/png", pictures.grain())
        case "/images/icon.png":
            return _file("image/png", pictures.icon(looks.accent(outlet.id)))
    return _drawing(outlet, path)


def photograph(article: Article, width: int = WIDTH) -> str:
    """The path of an article's photograph."""
    return f"/images/{_name(article)}-{width}.png"


def figure(outlet: DemoOutlet, base: str, article: Article) -> str:
    """The photograph as the outlet's pages show it; without a word, which readers would take in."""
    source = base + photograph(article)
    match outlet.pictures:
        case "srcset":
            sizes = ", ".join(f"{base}{photograph(article, w)} {w}w" for w in WIDTHS)
            image = (
                f'<img src="{source}" srcset="{sizes}" sizes="(max-width: 46rem) 100vw, 46rem"'
                f' width="{WIDTH}" height="{WIDTH // 2}" alt="">'
            )
        case "lazy":
            image = (
                f'<img src="{_BLANK}" data-src="{source}" alt="">'
                f'<noscript><img src="{source}" alt=""></noscript>'
            )
            return f"<figure>{image}</figure>\n{_UNVEIL}"
        case _:
            image = f'<img src="{source}" alt="">'
    return f"<figure>{image}</figure>\n"


def _drawing(outlet: DemoOutlet, path: str) -> Reply | None:
    found = _DRAWING.fullmatch(path)
    if not found or (found[1] != "masthead" and found[1] not in outlet.sections):
        return None
    return _file("image/svg+xml", looks.drawing(f"{outlet.id}/{found[1]}").encode())


def _photograph(outlet: DemoOutlet, name: str, width: int, at: datetime) -> Reply | None:
    if width != WIDTH and width not in WIDTHS:
        return None
    for article in outlet.articles:
        if _name(article) == name and article.published <= at:
            seed = name if article.wire else f"{outlet.id}/{name}"
            return _file("image/png", pictures.photograph(seed, width), article.published)
    return None


def _name(article: Article) -> str:
    return f"wire-{article.wire}" if article.wire else str(article.number)


def _file(media: str, body: bytes, changed: datetime = MADE_AT) -> Reply:
    return Reply(media=media, body=body, headers=CACHING, changed=changed)
