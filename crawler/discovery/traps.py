"""Traps: addresses of which there are endlessly many, or that show again what another shows.

Two lists are shipped. `TRAPS` holds wherever an address was found, in feeds and sitemaps too. What
only leads about a site (`NAVIGATION`) is left out of front and section pages; a feed that names a
topic's page may mean it. Beside them stands a guard against depth and repetition. An outlet's own
rules (`[urls] article`, `allow`) overrule all three.

Sources: the traps that Heritrix, Nutch and Browsertrix ship rules against (calendars, session ids,
repeated segments); the addresses that WordPress, Drupal, Joomla, phpBB, Discourse and the AddToAny
buttons make; each was rebuilt from its documentation.
"""

import re
from collections import Counter
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

MOST_SEGMENTS = 16
"""Segments of a path; the deepest articles have about eight (/a/b/2026/03/02/section/slug)."""
MOST_REPEATS = 2
"""How often one segment may stand in a path beside its first time; `/a/b/a/b/a/b` is a loop.

Heritrix's limit. `/2026/03/03/03` is a date in a section called 03.
"""
MOST_PARAMETERS = 12
"""Parameters of a query, trackers aside; search forms have more, articles have at most five."""
LONGEST_PATH = 1_000
"""Characters of path and query, percent-encoded; a headline in Hindi has up to 900."""


class Trap(NamedTuple):
    """A kind of address that is not fetched. Words are parted by spaces; case does not matter.

    `segments` are whole segments of the path, with or without an extension, `last` only the last
    one; `parameters` are names in the query; `pattern` is searched in path and query.
    """

    reason: str
    segments: str = ""
    last: str = ""
    parameters: str = ""
    pattern: str = ""


TRAPS = (
    # endless
    Trap("session id", parameters="jsessionid phpsessid sessionid zenid cftoken cfid"),
    Trap("session id", pattern=r"/\([SAF]\([\w-]{16,}\)\)/|[?&]aspsessionid\w+="),  # ASP.NET
    Trap("calendar", pattern=r"/(?:calendar|kalender|calendario|events?)/[^?]*\d{4}"
         r"[-/]\d{1,2}(?:[-/]\d{1,2})?/?(?:\?|$)"),
    Trap("calendar", parameters="tribe-bar-date tribe_event_display eventdisplay ical outlook-ical "
         "calendardate calendar_date cal_month calmonth"),
    Trap("search results", segments="search suche recherche buscar busca ricerca cari arama"),
    Trap("search results", pattern=r"^/(?:index\.php)?\?(?:.*&)?s="),  # WordPress
    Trap("sorted or filtered view", parameters="sort sortby sort_by sort_order orderby order_by "
         "filter filters facet facets"),
    # the same page again
    Trap("reply to a comment", parameters="replytocom"),
    Trap("comments", last="comment comments kommentar kommentare komentar comentarios commentaires",
         parameters="showcomment comment_page commentpage cpage"),
    Trap("comments", pattern=r"/comment-page-\d+"),
    Trap("print view", parameters="printable printer_friendly printerfriendly printview",
         last="print printable printer-friendly drucken imprimir imprimer cetak"),
    Trap("print view", pattern=r"^/(?:print|printable)/|[?&]print(?:=(?!0|false|no)|&|$)|"
         r"[?&](?:tmpl=component|(?:view|output|display|action)=print|format=(?:print|pdf))(?:&|$)"),
    Trap("share link", segments="share sharer teilen partager compartir bagikan addtoany",
         parameters="share shareto share_to sharer replytweet"),
    Trap("mail to a friend", segments="email-this emailthis email-article mailto send-to-friend "
         "sendtofriend send-to-a-friend email-to-a-friend tell-a-friend",
         parameters="emailthis sendtofriend"),
    # no page for readers
    Trap("login", segments="login log-in signin sign-in signup sign-up logout log-out signout "
         "sign-out register registrieren anmelden registro connexion oauth2 sso auth wp-login"),
    Trap("login", pattern=r"[?&]action=(?:login|logout|register|lostpassword)(?:&|$)"),
    Trap("subscribe link", segments="subscribe subscription subscriptions unsubscribe abonnieren "
         "suscribirse abonnez-vous checkout cart warenkorb basket"),
    Trap("machinery", segments="wp-json wp-admin wp-content wp-includes xmlrpc cgi-bin trackback "
         "oembed cdn-cgi"),
    Trap("feed", last="feed rss atom", pattern=r"[?&]feed=(?:rss2?|atom|rdf|comments)"),
)  # fmt: skip
"""Refused wherever they are found."""

NAVIGATION = (
    Trap("navigation", segments="tag tags topic topics thema themen schlagwort etiqueta etiquetas "
         "author authors autor autoren autores penulis category categories categoria categorias "
         "kategorie kategorien people profile profiles user users"),
    Trap("navigation", pattern=r"/page/\d+|/seite-?\d+|[?&](?:page|paged|seite|offset|start|q)="),
    Trap("calendar", segments="calendar kalender calendario"),
    Trap("about the outlet", segments="account newsletter newsletters privacy privacy-policy "
         "datenschutz terms terms-of-use agb contact contact-us kontakt contacto about about-us "
         "impressum imprint cookies cookie-policy jobs careers advertise mediadaten faq help"),
)  # fmt: skip
"""Left out of front and section pages."""


def trap_of(url: str, *, in_section: bool = False) -> str | None:
    """Why an address is not fetched, in one or two words; None if it is no trap.

    `in_section` counts what leads about a site as well.
    """
    return (_EVERYWHERE_AND_ABOUT if in_section else _EVERYWHERE).reason(url) or _endless(url)


def _endless(url: str) -> str | None:
    """The guard: too deep, too long, too many parameters, or segments that come again and again."""
    parts = urlsplit(url)
    if len(parts.path) + len(parts.query) > LONGEST_PATH:
        return "too long"
    if parts.query.count("&") + 1 > MOST_PARAMETERS:
        return "too many parameters"
    segments = [segment for segment in unquote(parts.path).lower().split("/") if segment]
    if len(segments) > MOST_SEGMENTS:
        return "too deep"
    named = Counter(segment for segment in segments if not segment.isdigit())
    if named and max(named.values()) > MOST_REPEATS:
        return "repeated segments"
    return None


class _List:
    """Traps made ready: words are looked up, and only what is no word is searched for.

    A sitemap names 50,000 addresses, and all of them are judged.
    """

    def __init__(self, traps: tuple[Trap, ...]) -> None:
        self._segments = _by_word(traps, "segments")
        self._last = _by_word(traps, "last")
        self._parameters = _by_word(traps, "parameters")
        self._patterns = [
            (re.compile(trap.pattern, re.IGNORECASE), trap.reason) for trap in traps if trap.pattern
        ]

    def reason(self, url: str) -> str | None:
        """The reason of a trap that the address is; None if it is none of these."""
        parts = urlsplit(url)
        path, _, session = parts.path.lower().partition(";")
        segments = [segment for segment in path.split("/") if segment]
        for segment in segments:
            if found := self._segments.get(segment) or self._segments.get(_stem(segment)):
                return found
        if segments and (
            found := self._last.get(segments[-1]) or self._last.get(_stem(segments[-1]))
        ):
            return found
        for pair in _PAIRS.split(f"{session}&{parts.query.lower()}"):
            if found := self._parameters.get(_BRACKETS.split(pair.partition("=")[0], 1)[0]):
                return found
        said = parts.path + (f"?{parts.query}" if parts.query else "")
        return next((why for pattern, why in self._patterns if pattern.search(said)), None)


_PAIRS = re.compile(r"[&;]")
_BRACKETS = re.compile(r"\[|%5b")


def _by_word(traps: tuple[Trap, ...], where: str) -> dict[str, str]:
    return {word: trap.reason for trap in traps for word in getattr(trap, where).split()}


def _stem(segment: str) -> str:
    """The segment without its extension."""
    return segment.rpartition(".")[0]


_EVERYWHERE = _List(TRAPS)
_EVERYWHERE_AND_ABOUT = _List(TRAPS + NAVIGATION)
