"""Which screenshots there are, which one a person means, and which pages could have one."""

from datetime import timedelta

import pytest
from support.archives import OUTLET, RUN, captured
from support.pngs import picture, png

from archive.errors import NotCaptured
from archive.query import screenshots
from archive.query.history import find_article
from archive.records import OutletId, RunId


@pytest.fixture
def shots(archive, clock):
    """An edited article with a picture of each version; captures and screenshots, in order."""
    first, saved = captured(archive)
    clock.advance(timedelta(hours=1))
    second, _ = captured(archive, body="The harbour shrinks.")
    kept = []
    for number, one in enumerate((first, second)):
        with archive.turn() as turn:
            kept.append(turn.keep_screenshot(picture(one, png=png(5, 5 + number)), one))
        clock.advance(timedelta(minutes=1))
    with archive.reading() as connection:
        article = find_article(connection, saved.article, clock.now())
    return article, (first, second), tuple(kept)


def of(archive, article):
    with archive.reading() as connection:
        return screenshots.screenshots_of(connection, article, archive.clock.now())


def test_an_article_has_the_screenshots_of_its_captures_oldest_first(archive, shots):
    article, _, kept = shots
    assert of(archive, article) == list(kept)


def test_the_one_meant_is_of_the_capture_or_version_named_or_the_last(shots):
    article, (first, second), (one, two) = shots
    meant = screenshots.screenshot_meant
    assert meant(article, [one, two], article.id) == two
    assert meant(article, [one, two], first.id) == one
    assert meant(article, [one, two], second.id) == two
    assert meant(article, [one, two], article.versions[0].id) == one
    with pytest.raises(NotCaptured, match=r"Make one: kliping screenshot r:"):
        meant(article, [two], first.id)
    with pytest.raises(NotCaptured, match=r"no screenshot of a:"):
        meant(article, [], article.id)


def test_a_picture_is_hidden_with_its_page_and_with_anything_it_was_drawn_from(archive, clock):
    page, saved = captured(archive)
    photo, _ = captured(archive, "/photo", "Photo", "Of somebody.")
    with archive.turn() as turn:
        kept = turn.keep_screenshot(picture(page, photo), page)
    with archive.reading() as connection:
        article = find_article(connection, saved.article, clock.now())
    for scope, target in (
        ("urlkey", photo.urlkey),
        ("article", saved.article),
        ("urlkey", page.urlkey),
        ("outlet", OUTLET),
    ):
        with archive.turn() as turn:
            act = turn.restrict(scope, target, reason="a court", actor="Anna")
        assert of(archive, article) == []
        with pytest.raises(NotCaptured):
            archive.fetch_screenshot(kept.id)
        with archive.turn() as turn:
            turn.lift(act)
        assert of(archive, article) == [kept]
        assert archive.fetch_screenshot(kept.id) == png()


def test_pages_that_first_showed_a_text_are_those_of_their_run(archive, shots, clock):
    _, (first, second), _ = shots
    now = clock.now()
    with archive.reading() as connection:
        assert screenshots.first_shown_in(connection, RUN, now) == [first.id, second.id]
        assert screenshots.first_shown_in(connection, RunId("another"), now) == []


def test_the_articles_of_an_outlet_are_those_that_may_be_seen(archive, shots, clock):
    article, _, _ = shots
    with archive.reading() as connection:
        assert list(screenshots.articles_of(connection, OUTLET, clock.now())) == [article.id]
        assert not list(screenshots.articles_of(connection, OutletId("none"), clock.now()))
    with archive.turn() as turn:
        turn.restrict("article", article.id, reason="a court", actor="Anna")
    with archive.reading() as connection:
        assert not list(screenshots.articles_of(connection, OUTLET, clock.now()))
