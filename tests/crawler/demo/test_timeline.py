from datetime import datetime, time, timedelta

import pytest

from crawler.demo.content import DemoOutlet, load
from crawler.demo.newspaper import DAYS, OPENS_AT
from crawler.demo.timeline import last_moment, moments, stories_at, story_at

OUTLETS = load()
CRAWLS = [(time(hour), time(hour + 1, 15)) for hour in (6, 12, 18)]


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.id)
def test_nothing_changes_while_a_crawl_may_run(outlet: DemoOutlet) -> None:
    inside = [
        moment
        for moment in moments(outlet)
        if any(begins <= moment.time() < ends for begins, ends in CRAWLS)
    ]
    assert not inside


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.id)
def test_everything_is_over_after_the_last_day(outlet: DemoOutlet) -> None:
    closes = OPENS_AT + timedelta(days=DAYS)
    assert all(a.published <= closes for a in outlet.articles)
    assert all(c.published < c_at for c, c_at in _changes(outlet) if c_at != c.published)
    assert all(OPENS_AT <= at <= closes for _, at in _changes(outlet))


def _changes(outlet: DemoOutlet) -> list[tuple]:
    return [(article, change.at) for article in outlet.articles for change in article.changes]


def test_an_article_is_unknown_before_it_is_printed() -> None:
    article = OUTLETS[0].articles[-1]
    assert story_at(article, article.published - timedelta(seconds=1)) is None
    assert story_at(article, article.published)


def test_gone_articles_leave_the_listings_and_the_newest_comes_first() -> None:
    stories = stories_at(OUTLETS[0], OPENS_AT + timedelta(days=DAYS))
    assert "cup-tie-abandoned" not in {story.article.slug for story in stories}
    dates = [story.article.published for story in stories]
    assert dates == sorted(dates, reverse=True)


def test_a_story_remembers_when_it_really_changed() -> None:
    article = next(a for a in OUTLETS[1].articles if a.slug == "pasar-ikan-pindah")
    story = story_at(article, OPENS_AT + timedelta(days=DAYS))
    assert story
    assert story.modified == article.published
    assert story.changed == article.changes[0].at


def test_the_last_moment_is_never_in_the_future() -> None:
    at = datetime.fromisoformat("2026-03-03T10:00:00+00:00")
    assert last_moment(OUTLETS[0], at) == at
    assert last_moment(OUTLETS[0], at - timedelta(seconds=1)) < at
