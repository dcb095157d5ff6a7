"""The same question has the same answer on both engines: hits, counts, order, snippets."""

from datetime import timedelta, timezone

import pytest
from support.archives import NOW, declaration, exchange, keep, opened, provenance, url

from archive.clock import SimulatedClock
from archive.errors import QuerySyntax
from archive.query.search import search
from archive.records import Moment
from archive.words import MARK_BEGIN, MARK_END

DAY = timedelta(days=1)
JAKARTA = timezone(timedelta(hours=7))


def ask(archive, query, **how):
    with archive.reading() as connection:
        return search(connection, query, now=archive.clock.now(), **how)


def paths(archive, query, **how):
    return [
        hit.url.removeprefix("https://lantern.example/") for hit in ask(archive, query, **how).hits
    ]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shelf(request, new_directory):
    """Ten articles in several languages, one of another outlet, one edited."""
    with (
        new_directory(request.param) as directory,
        opened(directory, SimulatedClock(NOW)) as archive,
    ):
        fill(archive)
        yield archive


def fill(archive):
    with archive.turn() as turn:
        turn.sync_outlet(declaration("other"), None)

    def add(path, title, body, days, **said):
        said.setdefault("language", None)
        published = Moment(at=NOW + days * DAY) if days is not None else None
        return keep(archive, path, title, body, published=published, **said)

    add(
        "/port",
        "Harbour to grow",
        "The harbour grows; the budget too.",
        -1,
        language="en",
        authors=("Siti Aminah", "Anna Berg"),
        section="Économie",
    )
    add(
        "/tax",
        "Tax reform",
        "Taxes rise near the harbour.",
        -2,
        language="en-GB",
        authors=("Émile Zola",),
        section="Politics",
    )
    add(
        "/pajak",
        "Pajak naik",
        "Pemerintah menaikkan pajak kendaraan.",
        -3,
        language="id",
        section="Политика",
    )
    add("/tokyo", "东京都の天気", "今日の東京は晴れ、港は静か。", -4, language="ja")
    add("/athens", "Το λιμάνι μεγαλώνει", "Ο δήμος της Αθήνας χτίζει.", -5, language="el")
    add("/seoul", "정부는 발표", "한국정부 ภาษาไทย हिन्दी", -6, language="ko")
    add(
        "/koln",
        "Köln's Café",
        "it's a e-mail with C++",
        -40,
        language="de",
        authors=("ŞÜKRÜ Çelik",),
    )
    add("/undated", "No date", "An undated page on the harbour.", None)
    add("/edited", "Old headline", "A text on ships.", -7)
    add("/edited", "New headline", "A text on ships.", -7)
    add("/elsewhere", "Harbour elsewhere", "Another paper.", -8, outlet="other")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("harbour", ["undated", "port", "tax", "elsewhere"]),
        ("HARBOUR grow*", ["port"]),
        ("harbour -tax", ["undated", "port", "elsewhere"]),
        ("harbour NOT (tax OR paper)", ["undated", "port"]),
        ("tax*", ["tax"]),
        ("tax", ["tax"]),
        ("title:harbour", ["port", "elsewhere"]),
        ('"the budget too"', ["port"]),
        ('"budget the"', []),
        ("grows NEAR/1 budget", ["port"]),
        ("NEAR/0(the harbour budget)", []),
        ("pajak", ["pajak"]),
        ("menaikkan pajak", ["pajak"]),
        ("pemerintah OR budget", ["port", "pajak"]),
        ("東京", ["tokyo"]),
        ("东京", ["tokyo"]),
        ("京都", ["tokyo"]),
        ("都京", []),
        ("天気 港", ["tokyo"]),
        ("λιμάνι", ["athens"]),
        ("ΛΙΜΑΝΙ", ["athens"]),
        ("λιμανι", ["athens"]),
        ("정부", ["seoul"]),
        ("ไทย", ["seoul"]),
        ("हिन्दी", ["seoul"]),
        ("koln cafe", ["koln"]),
        ("it's C++ e-mail", ["koln"]),
        ("nothing", []),
        ("old", []),
        ("is:edited", ["edited"]),
        ("harbour is:edited", []),
        ("outlet:other", ["elsewhere"]),
        ("harbour -outlet:other", ["undated", "port", "tax"]),
        ("outlet:other outlet:lantern harbour", ["undated", "port", "tax", "elsewhere"]),
        ("lang:en", ["port", "tax"]),
        ("lang:EN-gb", ["tax"]),
        ("lang:e", []),
        ("-lang:en harbour", ["undated", "elsewhere"]),
        ("author:siti", ["port"]),
        ('author:"anna berg"', ["port"]),
        ('author:"Émile Zola"', ["tax"]),
        ('author:"émile zola"', ["tax"]),
        ('author:"ÉMILE"', ["tax"]),
        ("author:Çelik", ["koln"]),
        ("author:çelik", ["koln"]),
        ("author:50%", []),
        ("section:politics", ["tax"]),
        ("section:Économie", ["port"]),
        ("section:économie", ["port"]),
        ("section:политика", ["pajak"]),
        ("section:ПОЛИТИКА", ["pajak"]),
        ("section:politic", []),
        ("since:2026-03-01", ["undated", "port"]),
        ("until:2026-01", ["koln"]),
        ("date:2026-02-26", ["tokyo"]),
        ("since:2026-02-26 until:2026-02-27", ["pajak", "tokyo"]),
        (
            "outlet:lantern -harbour -lang:de since:2026-02-24",
            ["pajak", "tokyo", "athens", "seoul"],
        ),
    ],
)
def test_a_query_finds(shelf, query, found):
    assert paths(shelf, query) == found
    assert ask(shelf, query).total == len(found)


@pytest.mark.parametrize("query", ["harbour", "harbour OR budget", "the"])
def test_relevance_finds_the_same_in_an_order_of_its_own(shelf, query):
    assert sorted(paths(shelf, query, order="relevance")) == sorted(paths(shelf, query))


def test_the_most_relevant_comes_first(archive):
    keep(
        archive,
        "/aside",
        "Weather",
        "It rained, says a man at the harbour. " + "Rain. " * 80,
        published=Moment(at=NOW),
    )
    keep(archive, "/about", "The harbour", "The harbour. " * 5, published=Moment(at=NOW - DAY))
    assert paths(archive, "harbour", order="relevance") == ["about", "aside"]
    assert paths(archive, "harbour") == ["aside", "about"]


def test_pages_of_hits_are_one_list_cut_in_pieces(shelf):
    whole = paths(shelf, "harbour")
    cut = [paths(shelf, "harbour", limit=1, offset=n)[0] for n in range(4)]
    assert cut == whole
    assert ask(shelf, "harbour", limit=1).total == 4


def test_an_empty_query_lists_everything_newest_first(shelf):
    assert ask(shelf, "  ").total == 10
    assert paths(shelf, "", limit=2) == ["undated", "port"]


def test_a_hit_says_what_is_needed_to_judge_it(shelf):
    [hit] = ask(shelf, "budget").hits
    assert (hit.title, hit.outlet, hit.url) == ("Harbour to grow", "lantern", url("/port"))
    assert (hit.published, hit.captured_at) == (Moment(at=NOW - DAY), NOW)
    assert (hit.language, hit.authors) == ("en", ("Siti Aminah", "Anna Berg"))
    assert (hit.versions, hit.is_gone) == (1, False)
    assert hit.snippet == f"The harbour grows; the {MARK_BEGIN}budget{MARK_END} too."


def test_only_the_current_version_is_found(shelf):
    assert paths(shelf, "old") == []
    [hit] = ask(shelf, "ships").hits
    assert (hit.title, hit.versions) == ("New headline", 2)


def test_a_text_that_came_back_is_still_edited(archive):
    for body in ("One.", "Two.", "One."):
        archive.clock.advance(DAY)
        keep(archive, body=body)
    assert paths(archive, "one is:edited") == ["harbour"]
    assert paths(archive, "one -is:edited") == []


def test_a_page_that_is_no_article_is_not_found(archive):
    from support.archives import draft

    with archive.turn() as turn:
        capture = turn.record(exchange(), provenance())
        turn.dismiss(draft(wall="paywall"), capture, outcome="walled")
    assert ask(archive, "harbour").total == 0


def test_the_day_is_the_one_that_readers_saw(archive):
    late = Moment(at=(NOW - timedelta(hours=9)).astimezone(JAKARTA), zone="outlet")
    keep(archive, published=late)  # 21:00 UTC on the first, 04:00 on the second
    assert paths(archive, "date:2026-03-02") == ["harbour"]
    assert paths(archive, "date:2026-03-01") == []


def test_the_published_moment_keeps_its_precision(archive):
    day = Moment(at=NOW.replace(hour=0).astimezone(JAKARTA), precision="day", zone="outlet")
    keep(archive, published=day)
    assert ask(archive, "harbour").hits[0].published == day


@pytest.mark.parametrize("query", ["(", "harbour AND", "is:new", "since:2026-13", "outlte:x"])
def test_a_query_that_cannot_be_read_is_refused(archive, query):
    with pytest.raises(QuerySyntax):
        ask(archive, query)


def test_a_hostile_text_is_found_by_its_words(archive):
    keep(archive, title="'; DROP TABLE version; --", body="\x02 NEAR( \"' OR* \\ %s :x \x03")
    for query in ("drop table", '"near"', "x", '"or" s'):
        assert paths(archive, query) == ["harbour"]
    snippet = ask(archive, "x").hits[0].snippet
    assert (snippet.count(MARK_BEGIN), snippet.count(MARK_END)) == (1, 1)
