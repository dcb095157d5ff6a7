from datetime import timedelta

from crawler.demo import pages
from crawler.demo.content import load
from crawler.demo.newspaper import OPENS_AT
from crawler.demo.timeline import shown_paragraphs, stories_at

CLOSES = OPENS_AT + timedelta(days=5)
GAZETTE, HARIAN, *_, FARO = load()
BASE = "http://127.0.0.1:8642/x"


def test_an_article_page_holds_all_that_a_reader_sees() -> None:
    for story in stories_at(HARIAN, CLOSES):
        html = pages.article(HARIAN, BASE, CLOSES, story)
        assert all(pages.escape(text) in html for text in shown_paragraphs(story, HARIAN))


def test_every_link_lies_under_the_base() -> None:
    html = pages.front(GAZETTE, BASE, CLOSES)
    links = [part.partition('"')[0] for part in html.split('href="')[1:]]
    assert len(links) > 15
    assert all(link.startswith(BASE) for link in links)


def test_the_bare_outlet_has_datelines_read_also_and_comments() -> None:
    story = stories_at(HARIAN, CLOSES)[0]
    html = pages.article(HARIAN, BASE, CLOSES, story)
    assert "<p>HARIAN CONTOH, 6 Maret 2026 – Tidak ada perunggu" in html
    assert "<strong>Baca juga: <a" in html
    assert "Tinggalkan Komentar" in html
    assert "canonical" not in html


def test_only_a_sidebar_makes_an_old_page_change() -> None:
    for outlet, is_same in ((GAZETTE, True), (FARO, False)):
        story = stories_at(outlet, OPENS_AT)[-1]
        early, late = (pages.article(outlet, BASE, at, story) for at in (OPENS_AT, CLOSES))
        assert (early == late) is is_same


def test_the_amp_page_names_its_canonical() -> None:
    story = stories_at(GAZETTE, CLOSES)[0]
    canonical = f'<link rel="canonical" href="{BASE}{story.article.path}">'
    assert canonical in pages.amp(GAZETTE, BASE, story)
    assert canonical in pages.article(GAZETTE, BASE, CLOSES, story)


def test_a_summary_ends_between_two_words() -> None:
    story = stories_at(GAZETTE, CLOSES)[0]
    assert pages.summary(story).endswith(" …")
    assert story.paragraphs[0].startswith(pages.summary(story).removesuffix(" …") + " ")
