from collections import Counter
from itertools import combinations

from crawler.demo.content import Attachment, load
from crawler.demo.newspaper import OPENS_AT

ARTICLES = [article for outlet in load() for article in outlet.articles]


def test_there_are_64_articles_of_150_words_in_four_languages() -> None:
    assert len(ARTICLES) >= 64
    assert len({article.language for article in ARTICLES}) >= 4
    short = {a.slug for a in ARTICLES if sum(len(p.split()) for p in a.paragraphs) < 150}
    assert not short


def test_only_wire_stories_share_a_paragraph() -> None:
    shown = Counter(p for article in ARTICLES for p in set(article.paragraphs))
    twice = {text for text, count in shown.items() if count > 1}
    wired = {text for a in ARTICLES if a.wire for text in a.paragraphs}
    assert twice
    assert twice <= wired


def test_every_wire_story_has_copies_that_differ_a_little() -> None:
    copies = [(a, b) for a, b in combinations(ARTICLES, 2) if a.wire and a.wire == b.wire]
    assert len({a.wire for a, _ in copies}) == 3
    assert all(a.outlet != b.outlet and a.paragraphs != b.paragraphs for a, b in copies)


def test_addresses_and_slugs_are_unique() -> None:
    assert len({(a.outlet, a.path) for a in ARTICLES}) == len(ARTICLES)
    assert len({(a.outlet, a.slug) for a in ARTICLES}) == len(ARTICLES)


def test_each_outlet_has_news_every_day() -> None:
    for outlet in load():
        days = {a.published.date().day for a in outlet.articles if a.published > OPENS_AT}
        assert days == {2, 3, 4, 5, 6}, outlet.id


def test_an_attachment_covers_its_paths_in_its_time() -> None:
    tied = Attachment(name="gzip", path="/a/*", since=OPENS_AT)
    assert tied.covers("/a/b", OPENS_AT)
    assert not tied.covers("/b", OPENS_AT)
    assert not tied.covers("/a/b", OPENS_AT.replace(hour=4))
