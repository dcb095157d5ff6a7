import gzip
import re
import tomllib
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from archive.clock import SimulatedClock
from crawler.demo.newspaper import DAYS, OPENS_AT, Newspaper, hostname
from crawler.demo.replies import Reply, Request
from crawler.outlets.spec import Outlet

CRAWLS = [OPENS_AT + timedelta(days=d, hours=h) for d in range(DAYS) for h in (1, 7, 13)]
CLOSES = OPENS_AT + timedelta(days=DAYS)
GAZETTE = "http://harbour-gazette.example"
BUDGET = f"{GAZETTE}/harbour/2026/03/harbour-budget-one-vote"


def get(paper: Newspaper, url: str, at: datetime) -> Reply:
    parts = urlsplit(url)
    return paper.answer(Request(method="GET", host=parts.netloc, path=parts.path or "/"), at)


def named_by(paper: Newspaper, outlet: Outlet, at: datetime) -> set[str]:
    """Every URL that the outlet's listings name at `at`, as written."""
    found: set[str] = set()
    for kind, url in outlet.listing_urls():
        body = get(paper, url, at).body
        if kind == "sitemap" and b"<sitemapindex" in body:
            children = [loc.text or "" for loc in ET.fromstring(body).iter() if loc.text]
            bodies = [get(paper, child.strip(), at).body for child in children if child.strip()]
        else:
            bodies = [body]
        for content in bodies:
            plain = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
            names = re.findall(r'<loc>(.*?)</loc>|<link>(.*?)</link>|href="(.*?)"', plain.decode())
            found |= {urljoin(url, unescape("".join(name))) for name in names}
    return found


def canonical(paper: Newspaper, url: str, at: datetime) -> str | None:
    """Where a URL leads, by redirects and its canonical link, if that is an article."""
    for _ in range(5):
        reply = get(paper, url, at)
        target = dict(reply.headers).get("Location")
        if not target or "/weiter/" in target:
            break
        url = target
    parts = urlsplit(url)
    path = re.sub(r"(?<=[^/])(/amp)?/?$", "", parts.path)
    plain = f"http://{hostname(parts.netloc)}{path}"
    return plain if paper.text_at(plain, at) else None


def test_the_listings_announce_exactly_what_is_announced(paper: Newspaper) -> None:
    outlets = [Outlet.model_validate(tomllib.loads(t)) for t in paper.outlet_files().values()]
    seen: set[str] = set()
    for at in CRAWLS:
        names = {name for outlet in outlets for name in named_by(paper, outlet, at)}
        seen |= {found for name in names if (found := canonical(paper, name, at))}
        assert seen == paper.announced(at), at
    assert len(seen) >= 64


def test_everything_that_listings_name_is_answered(paper: Newspaper) -> None:
    for text in paper.outlet_files().values():
        outlet = Outlet.model_validate(tomllib.loads(text))
        for url in named_by(paper, outlet, CRAWLS[-1]):
            assert get(paper, url, CRAWLS[-1]).status in {200, 202, 301, 302}, url


def test_text_at_follows_an_edit(paper: Newspaper) -> None:
    before = paper.text_at(BUDGET, OPENS_AT)
    after = paper.text_at(BUDGET, CLOSES)
    assert before
    assert after
    assert before.title == "Harbour budget passes by a single vote"
    assert after.title.endswith("yacht dues rise nine per cent")
    assert before.authors == ("Rowan Teague", "Imogen Pascoe")
    assert before.published.isoformat() == "2026-03-01T17:20:00+00:00"


@pytest.mark.parametrize(
    "variant",
    [
        BUDGET + "/",
        BUDGET + "/amp",
        BUDGET + "?utm_source=x",
        BUDGET.replace("harbour-gazette.example", "HARBOUR-GAZETTE.EXAMPLE:80"),
        BUDGET.replace("harbour-gazette.example", "127.0.0.1:8642/harbour-gazette"),
    ],
)
def test_text_at_knows_every_address_of_an_article(paper: Newspaper, variant: str) -> None:
    assert paper.text_at(variant, CLOSES) == paper.text_at(BUDGET, CLOSES)


def test_what_is_no_article_has_no_text(paper: Newspaper) -> None:
    cup = f"{GAZETTE}/sport/2026/03/cup-tie-abandoned"
    assert paper.text_at(cup, OPENS_AT) is None
    assert paper.text_at(cup, OPENS_AT + timedelta(days=1))
    assert paper.text_at(cup, CLOSES) is None
    assert paper.text_at(f"{GAZETTE}/", CLOSES) is None
    assert paper.text_at("http://elsewhere.example/", CLOSES) is None


def test_events_are_in_order_and_each_edit_changes_what_it_should(paper: Newspaper) -> None:
    events = paper.events()
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert len({event.kind for event in events}) == 26
    for event in events:
        before = paper.text_at(event.url, event.at - timedelta(seconds=1))
        after = paper.text_at(event.url, event.at)
        if event.kind.startswith("deleted"):
            assert before
            assert after is None
        elif event.kind in ("edited-headline", "silent-edit", "correction"):
            assert before
            assert before != after


def test_no_event_lies_in_a_crawl(paper: Newspaper) -> None:
    for event in paper.events():
        since = [event.at - crawl for crawl in CRAWLS if crawl <= event.at]
        assert not since or min(since) >= timedelta(minutes=75)


def test_two_newspapers_answer_alike_at_equal_times() -> None:
    one, two = (Newspaper(SimulatedClock(OPENS_AT)) for _ in range(2))
    for host in one.hosts:
        for path in ("/", "/rss.xml", "/sitemap.xml", "/robots.txt"):
            url = f"http://{host}{path}"
            assert get(one, url, CRAWLS[7]) == get(two, url, CRAWLS[7])
    assert one.events() == two.events()


def test_without_a_host_name_all_links_stay_below_the_prefix(paper: Newspaper) -> None:
    base = "http://127.0.0.1:8642"
    outlets = [Outlet.model_validate(tomllib.loads(t)) for t in paper.outlet_files(base).values()]
    for outlet in outlets:
        names = named_by(paper, outlet, CLOSES)
        assert len(names) > 10
        assert all(name.startswith(outlet.home) for name in names)
        article = next(name for name in names if paper.text_at(name, CLOSES))
        assert unquote(outlet.home).encode() in get(paper, article, CLOSES).body


def test_without_a_host_name_one_robots_txt_speaks_for_all(paper: Newspaper) -> None:
    text = get(paper, "http://localhost:8642/robots.txt", OPENS_AT).body.decode()
    assert "Disallow: /harbour-gazette/members/\n" in text
    assert "Sitemap: http://localhost:8642/harbour-gazette/news-sitemap.xml\n" in text
    assert "Disallow: /\n" not in text


def test_an_unknown_host_is_not_here(paper: Newspaper) -> None:
    assert get(paper, "http://other.example/", OPENS_AT).status == 404
    assert get(paper, "http://127.0.0.1/nothing", OPENS_AT).status == 404
    assert get(paper, "http://127.0.0.1/harian-contoh", OPENS_AT).status == 301
    assert get(paper, "http://[::1]:80/harian-contoh/", OPENS_AT).status == 200
