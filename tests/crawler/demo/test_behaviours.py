import gzip
import http.client
import json
import re
import socket
import time
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta

import brotli
import pytest
import zstandard

from archive.clock import SimulatedClock
from crawler.demo.behaviours import BEHAVIOURS
from crawler.demo.content import load
from crawler.demo.newspaper import OPENS_AT, Newspaper
from crawler.demo.server import Server

GAZETTE, HARIAN, BOTE, FONI, FARO = (outlet.id for outlet in load())
PATHS = {article.slug: article.path for outlet in load() for article in outlet.articles}


def on(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=OPENS_AT.tzinfo)


def test_every_behaviour_is_used_and_described() -> None:
    assert {tied.name for outlet in load() for tied in outlet.attachments} == set(BEHAVIOURS)
    assert all(behaviour.__doc__ for behaviour in BEHAVIOURS.values())


def test_an_edited_headline_is_seen(clock: SimulatedClock, ask) -> None:
    path = PATHS["harbour-budget-one-vote"]
    clock.advance_to(on(3, 9))
    assert b"passes by a single vote</h1>" in ask(GAZETTE, path).body
    clock.advance_to(on(3, 10))
    body = ask(GAZETTE, path).body
    assert b"rise nine per cent</h1>" in body
    assert b'"dateModified": "2026-03-03T10:00:00+00:00"' in body


def test_a_silent_edit_leaves_the_dates_alone(clock: SimulatedClock, ask) -> None:
    path = PATHS["fish-market-auction-clock"]
    clock.advance_to(on(5, 11))
    body = ask(GAZETTE, path).body
    assert b"barely twenty buyers" in body
    assert b'"dateModified": "2026-03-04T09:10:00+00:00"' in body


def test_a_correction_is_printed_below(clock: SimulatedClock, ask) -> None:
    clock.advance_to(on(4, 15))
    body = ask(GAZETTE, PATHS["school-kitchen-cooks-again"]).body
    assert b"prepares 180 meals" in body
    assert b'<p class="correction">Correction, 4 March' in body


@pytest.mark.parametrize(
    ("host", "slug", "last", "status"),
    [
        (HARIAN, "wayang-lampu-minyak", on(4, 8), 404),
        (GAZETTE, "cup-tie-abandoned", on(5, 8), 410),
        (BOTE, "uhrenfabrik-stellt-wieder-lehrlinge-ein", on(5, 14), 301),
    ],
)
def test_a_deletion_is_seen(
    clock: SimulatedClock, ask, host: str, slug: str, last: datetime, status: int
) -> None:
    clock.advance_to(last)
    assert ask(host, PATHS[slug]).status == 200
    clock.advance(timedelta(hours=1))
    gone = ask(host, PATHS[slug])
    assert gone.status == status
    assert gone.headers["Location"] == (
        "http://ahrenwalder-bote.example/" if status == 301 else None
    )


def test_a_paywall_leaves_a_stub_that_says_so(clock: SimulatedClock, ask) -> None:
    clock.advance_to(on(3, 11))
    body = ask(GAZETTE, PATHS["sailmakers-order-book"]).body.decode()
    data = json.loads(re.findall(r'ld\+json">(.*?)</script>', body, re.DOTALL)[0])
    assert data["isAccessibleForFree"] is False
    assert "took the caller for a joker" in body
    assert "Flax is no longer woven" not in body
    assert "Read on with a subscription" in body


def test_a_consent_wall_stands_for_a_day(clock: SimulatedClock, ask) -> None:
    seen = []
    for at in (on(4, 10), on(4, 12), on(5, 9)):
        clock.advance_to(at)
        answer = ask(FARO, PATHS["escuela-de-faroleros"])
        seen.append((answer.status, b"catorce farolas" in answer.body))
        assert (b"Antes de continuar" in answer.body) is (at == on(4, 12))
    assert seen == [(200, True), (200, False), (200, True)]


def test_a_bot_wall_answers_202(clock: SimulatedClock, ask) -> None:
    clock.advance_to(on(5, 12))
    answer = ask(FARO, PATHS["regata-de-invierno"])
    assert answer.status == 202
    assert b"Tramontana" not in answer.body


def test_the_first_requests_are_too_many(clock: SimulatedClock, ask) -> None:
    clock.advance_to(on(2, 12))
    answers = [ask(GAZETTE, PATHS["lifeboat-called-out-twice"]) for _ in range(3)]
    assert [answer.status for answer in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "30"


def test_retry_after_may_be_a_date(ask) -> None:
    answers = [ask(BOTE, "/sport/") for _ in range(2)]
    assert [answer.status for answer in answers] == [429, 200]
    assert answers[0].headers["Retry-After"] == "Mon, 02 Mar 2026 05:01:30 GMT"


def test_a_page_is_unavailable_at_first(clock: SimulatedClock, ask) -> None:
    clock.advance_to(on(3, 12))
    answers = [ask(HARIAN, PATHS["jembatan-gantung-ditutup"]) for _ in range(3)]
    assert [answer.status for answer in answers] == [503, 503, 200]


def test_a_slow_body_takes_less_than_a_second(clock: SimulatedClock, ask) -> None:
    clock.advance_to(on(2, 12))
    begun = time.monotonic()
    assert b"</html>" in ask(HARIAN, PATHS["pasar-ikan-pindah"]).body
    assert 0.3 < time.monotonic() - begun < 1.0


def test_one_body_is_cut_short_every_time(ask) -> None:
    for _ in range(3):
        with pytest.raises(http.client.IncompleteRead):
            ask(FONI, PATHS["faros-tou-voria"], Accept_Encoding="zstd")


def test_another_body_is_cut_short_once(clock: SimulatedClock, ask) -> None:
    clock.advance_to(on(3, 12))
    path = PATHS["muehlbach-bekommt-neues-bett"]
    with pytest.raises(http.client.IncompleteRead):
        ask(BOTE, path)
    assert b"</html>" in ask(BOTE, path).body


@pytest.mark.parametrize(
    ("host", "accepted", "coding", "decode"),
    [
        (GAZETTE, "gzip, br", "gzip", gzip.decompress),
        (BOTE, "gzip, br", "br", brotli.decompress),
        (BOTE, "gzip, br;q=0", "gzip", gzip.decompress),
        (FONI, "zstd", "zstd", zstandard.decompress),
        (FONI, "gzip", None, bytes),
        (BOTE, "*", "br", brotli.decompress),
    ],
)
def test_bodies_are_coded_for_who_accepts_it(ask, host, accepted, coding, decode) -> None:
    answer = ask(host, "/", Accept_Encoding=accepted)
    assert answer.headers["Content-Encoding"] == coding
    assert decode(answer.body) == ask(host, "/").body


def test_some_bodies_come_in_chunks(ask) -> None:
    assert ask(FONI, "/").headers["Transfer-Encoding"] == "chunked"


def test_trailers_follow_the_last_chunk(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(
            b"GET / HTTP/1.1\r\nHost: faro-de-puntaclara.example\r\nConnection: close\r\n\r\n"
        )
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert b"\r\nTrailer: X-Body-SHA256\r\n" in answer
    assert re.search(rb"\r\n0\r\nX-Body-SHA256: [0-9a-f]{64}\r\n\r\n$", answer)


def test_three_hops_lead_to_the_article(clock: SimulatedClock, ask) -> None:
    clock.advance_to(on(3, 12))
    assert b"<link>http://harbour-gazette.example/short/3/pilot" in ask(GAZETTE, "/feed.xml").body
    path, hops = "/short/3/pilot-boat-electric", 0
    while (answer := ask(GAZETTE, path)).status in (301, 302):
        path = answer.headers["Location"].removeprefix("http://harbour-gazette.example")
        hops += 1
    assert (hops, path) == (3, PATHS["pilot-boat-electric"])
    assert answer.status == 200


def test_a_loop_never_ends(ask) -> None:
    assert b"/weiter/here" in ask(BOTE, "/atom.xml").body
    assert ask(BOTE, "/weiter/here").headers["Location"].endswith(".example/weiter/there")
    assert ask(BOTE, "/weiter/there").headers["Location"].endswith(".example/weiter/here")


def test_two_links_lead_to_private_addresses(ask) -> None:
    section = ask(FONI, "/thalassa/").body
    targets = []
    for path in ("/exo/1/kamera", "/exo/2/metadata"):
        assert path.encode() in section
        targets.append(ask(FONI, path).headers["Location"])
    assert targets == ["http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data/"]


def test_the_calendar_has_no_end(ask) -> None:
    assert b'/kalender/2026-03"' in ask(HARIAN, "/budaya/").body
    path, seen = "/kalender/2026-03", set()
    for _ in range(30):
        body = ask(HARIAN, path).body.decode()
        path = re.findall(r"(/kalender/\d+-\d\d)", body)[2]
        seen.add(path)
    assert len(seen) == 30


def test_one_feed_is_ill_formed(ask) -> None:
    body = ask(FARO, "/rss/deportes.xml").body
    with pytest.raises(ET.ParseError):
        ET.fromstring(body)
    assert body.count(b"<item>") == body.count(b"</item>") > 0


def test_one_feed_has_relative_links_with_tracking(server: Server, ask) -> None:
    named, prefixed = ask(FONI, "/rss.xml"), ask("", f"/{FONI}/rss.xml")
    query = "?utm_source=rss&amp;utm_medium=feed</link>"
    assert f"<link>{PATHS['faros-tou-voria']}{query}" in named.body.decode()
    assert f"<link>/{FONI}{PATHS['faros-tou-voria']}{query}" in prefixed.body.decode()


def test_one_sitemap_names_every_article_in_disguise(clock: SimulatedClock, ask) -> None:
    clock.advance_to(on(4, 12))
    locations = re.findall(r"<loc>(.*?)</loc>", ask(GAZETTE, "/news-sitemap.xml").body.decode())
    assert any("?utm_source=sitemap&amp;" in name for name in locations)
    assert any(name.endswith("/amp") for name in locations)
    assert any(name.endswith("/") for name in locations)
    assert any("://HARBOUR-GAZETTE.EXAMPLE/" in name for name in locations)
    for name in locations:
        path = re.sub(r"^http://[^/]+", "", name.replace("&amp;", "&"))
        assert ask(GAZETTE, path).status in {200, 302, 404, 429}
    paper = Newspaper(clock)
    assert any(paper.text_at(name, on(4, 12)) for name in locations)
