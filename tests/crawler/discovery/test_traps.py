"""Traps are refused for a reason that people understand, and articles are not taken for traps."""

import pytest

from crawler.discovery.traps import NAVIGATION, TRAPS, Trap, trap_of

HOME = "https://post.example"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/story;jsessionid=5AC6268DD8D4", "session id"),
        ("/story?PHPSESSID=abc", "session id"),
        ("/story?a=1&sessionid=abc", "session id"),
        ("/(S(lit3py55t21z5v55vlm25s55))/story.aspx", "session id"),
        ("/story?ASPSESSIONIDQQ=1", "session id"),
        ("/calendar/2031/04", "calendar"),
        ("/kalender/sport/2026-03-02/", "calendar"),
        ("/events/month/2031-04/", "calendar"),
        ("/events/?tribe-bar-date=2031-04-01", "calendar"),
        ("/events/x/?ical=1", "calendar"),
        ("/search?q=harbour", "search results"),
        ("/cari/harbour", "search results"),
        ("/?s=harbour", "search results"),
        ("/index.php?lang=de&s=harbour", "search results"),
        ("/sport?sort=oldest", "sorted or filtered view"),
        ("/sport?filter[team]=2", "sorted or filtered view"),
        ("/sport?filter%5Bteam%5D=2", "sorted or filtered view"),
        ("/2026/03/a-story/?replytocom=77#respond", "reply to a comment"),
        ("/2026/03/a-story/comments/", "comments"),
        ("/2026/03/a-story/comment-page-3/", "comments"),
        ("/a-story?cpage=3", "comments"),
        ("/a-story?print", "print view"),
        ("/a-story?print=1", "print view"),
        ("/a-story?tmpl=component&layout=default", "print view"),
        ("/2026/03/a-story/print/", "print view"),
        ("/2026/03/a-story/print.html", "print view"),
        ("/print/12345", "print view"),
        ("/a-story?share=twitter&nb=1", "share link"),
        ("/share/a-story", "share link"),
        ("/mailto/12", "mail to a friend"),
        ("/login?next=/2026/03/a-story", "login"),
        ("/wp-login.php", "login"),
        ("/user/register", "login"),
        ("/forum?action=register", "login"),
        ("/subscribe/now", "subscribe link"),
        ("/wp-json/oembed/1.0/embed?url=x", "machinery"),
        ("/cgi-bin/story.pl", "machinery"),
        ("/2026/03/a-story/feed/", "feed"),
        ("/?feed=comments-rss2", "feed"),
        ("/a" * 17, "too deep"),
        ("/2026/news/2026/news/2026/news/a-story", "repeated segments"),
        ("/a/b/a/b/A/%62/", "repeated segments"),
        ("/story?" + "&".join(f"p{n}=1" for n in range(13)), "too many parameters"),
        ("/" + "a" * 1001, "too long"),
    ],
)
def test_a_trap_has_a_reason(path: str, reason: str) -> None:
    assert trap_of(HOME + path) == reason


@pytest.mark.parametrize(
    "path",
    [
        "/2026/03/02/harbour-to-grow",
        "/2026/03/03/03/03",
        "/a-search-for-the-missing-boat",
        "/research/2026/a-story",
        "/news/events/2026/03/02/the-regatta",
        "/events/the-regatta-of-2026",
        "/politics/share-of-the-vote",
        "/business/shares-fall",
        "/sport/print-workers-strike-1234",
        "/spiegel/print/d-12345.html",
        "/story?print=0",
        "/story?printer=2",
        "/registered-nurses-wanted",
        "/feedback/a-story",
        "/articles?s=12",
        "/index.php?id=12&sid=3",
        "/story?id=1&page=2",
        "/tags/harbour",
        "/authors/ann-lee/my-column",
        "/comment/2026/mar/02/an-opinion",
        "/commentisfree/2026/mar/02/an-opinion",
        "/authority/a-story",
        "/haber/" + "%D8%A7" * 150,
        "/",
    ],
)
def test_an_article_is_no_trap(path: str) -> None:
    assert trap_of(HOME + path) is None


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/tag/harbour", "navigation"),
        ("/author/ann-lee", "navigation"),
        ("/sport/page/7", "navigation"),
        ("/sport?page=7", "navigation"),
        ("/calendar/april", "calendar"),
        ("/privacy-policy", "about the outlet"),
        ("/about-us/", "about the outlet"),
        ("/newsletters", "about the outlet"),
    ],
)
def test_what_leads_about_a_site_is_a_trap_on_a_front_page_alone(path: str, reason: str) -> None:
    assert trap_of(HOME + path, in_section=True) == reason
    assert trap_of(HOME + path) is None


@pytest.mark.parametrize("trap", [*TRAPS, *NAVIGATION])
def test_a_word_of_the_list_stands_there_once(trap: Trap) -> None:
    for listed in trap[1:4]:
        words = listed.split()
        assert len(set(words)) == len(words)
        assert all(word == word.lower() for word in words)
