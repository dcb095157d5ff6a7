from collections.abc import Callable

import pytest

from crawler.discovery.listing import Reading

Read = Callable[..., Reading]
FRONT = "https://www.post.example/"


def links(reading: Reading) -> list[str]:
    return [d.url.removeprefix("https://www.post.example") for d in reading.discoveries]


def page(body: str) -> str:
    return f"<html><head><title>The Post</title></head><body>{body}</body></html>"


def test_headlines_come_before_the_rest_with_their_anchors_as_titles(read: Read) -> None:
    reading = read(
        page(
            '<div><a href="/2026/03/side-story-of-the-day">Side story of the day</a></div>'
            '<main><h2><a href="/2026/03/harbour-to-grow#top">Harbour to grow more</a></h2></main>'
        ),
        "section",
        url=FRONT,
    )
    assert reading.kind == "section"
    assert links(reading) == ["/2026/03/harbour-to-grow", "/2026/03/side-story-of-the-day"]
    assert reading.discoveries[0].title == "Harbour to grow more"
    assert [d.position for d in reading.discoveries] == [0, 1]


def test_an_image_link_before_the_headlines_link_takes_its_title(read: Read) -> None:
    reading = read(
        page(
            '<a href="/2026/03/a-b-c"><img src="x.jpg"></a><h3><a href="/2026/03/a-b-c">'
            "A headline that is long</a></h3>"
        ),
        "section",
        url=FRONT,
    )
    (found,) = reading.discoveries
    assert found.title == "A headline that is long"


@pytest.mark.parametrize(
    "anchor",
    [
        '<nav><a href="/2026/03/menu-with-long-text">Menu with a long text</a></nav>',
        '<footer><a href="/2026/03/foot-with-long-text">Foot with a long text</a></footer>',
        '<aside><a href="/2026/03/most-read-long-text">Most read with long text</a></aside>',
        '<a href="/tag/harbour-and-the-sea">All about the harbour and sea</a>',
        '<a href="/calendar/2026/04">The calendar of next month</a>',
        '<a href="/login?next=/2026/03/a-b-c">Sign in to read all of this</a>',
        '<a href="/2026/03/a-b-c?print=1">Print this article right now</a>',
        '<a href="mailto:desk@post.example">Write to the desk of the Post</a>',
        '<a href="javascript:void(0)">Open the menu of all sections</a>',
        '<a href="https://elsewhere.example/2026/03/a-b-c">A headline from elsewhere</a>',
        '<a href="https://post.example.evil.example/2026/a-b-c">A headline from elsewhere</a>',
        '<a href="/files/report-of-the-year.pdf">The report of the year as PDF</a>',
        '<a href="/">The front page of the Post</a>',
        '<a href="/sport">Sport</a>',
    ],
)
def test_what_is_no_article_is_left_out(read: Read, anchor: str) -> None:
    assert links(read(page(anchor), "section", url=FRONT)) == []


def test_hosts_of_the_outlet_count_whatever_their_prefix(read: Read) -> None:
    body = page(
        '<a href="https://m.post.example/2026/03/mobile-story-of-the-day">Mobile story here</a>'
        '<a href="https://sport.post.example/2026/03/goal-in-the-last-minute">Goal in the end</a>'
    )
    assert len(read(body, "section", url=FRONT).discoveries) == 2


def test_the_outlets_own_rules_decide_alone(read: Read) -> None:
    body = page(
        '<nav><a href="/berita/7">Kecil</a></nav><a href="/2026/03/a-b-c">A headline here</a>'
    )
    assert links(read(body, "section", (r"^/berita/\d+$",), url=FRONT)) == ["/berita/7"]


def test_a_short_headline_in_japanese_is_one(read: Read) -> None:
    body = page('<a href="/a/x">港湾拡張計画を発表</a>')
    assert read(body, "section", url=FRONT).discoveries[0].title == "港湾拡張計画を発表"


def test_a_legacy_charset_is_read_right(read: Read) -> None:
    body = page('<a href="/2026/03/pelabuhan-baru-dibuka">Порт расширят вдвое</a>')
    reading = read(
        body.encode("windows-1251"),
        "section",
        url=FRONT,
        content_type="text/html; charset=windows-1251",
    )
    assert reading.discoveries[0].title == "Порт расширят вдвое"


def test_relative_links_follow_the_base_element(read: Read) -> None:
    body = page('<base href="/news/"><a href="harbour-to-grow-again">Harbour to grow</a>')
    assert links(read(body, "section", url=FRONT)) == ["/news/harbour-to-grow-again"]


def test_too_many_links_are_cut_and_said(read: Read) -> None:
    body = page("".join(f'<a href="/{n:06}">Headline number {n:06}</a>' for n in range(502)))
    reading = read(body, "section", url=FRONT)
    assert len(reading.discoveries) == 500
    assert reading.problem == "502 links; 2 were left out"


def test_a_page_without_articles_says_what_it_is(read: Read) -> None:
    reading = read(page("<p>We value your privacy</p>"), "section", url=FRONT)
    assert reading.problem == "no link looks like an article: an HTML page titled 'The Post'"
