import json

import pytest

from crawler.demo.content import DemoOutlet, load
from crawler.demo.edits import Story
from crawler.demo.markup import Markup, markup_of
from crawler.demo.timeline import story_at

OUTLETS = {outlet.markup: outlet for outlet in load()}


def marked(style: str) -> tuple[Markup, Story, DemoOutlet]:
    outlet = OUTLETS[style]
    story = story_at(outlet.articles[0], outlet.articles[0].published)
    assert story
    return markup_of(outlet, story, f"http://{outlet.host}"), story, outlet


def test_the_five_outlets_have_five_styles() -> None:
    assert set(OUTLETS) == {"json-ld", "bare", "meta", "time", "mixed"}


def test_json_ld_is_json_with_an_offset() -> None:
    marks, story, _ = marked("json-ld")
    data = json.loads(marks.head.partition(">")[2].partition("</script>")[0])
    assert data["headline"] == story.title
    assert data["datePublished"] == "2026-02-23T09:30:00+00:00"


@pytest.mark.parametrize("style", ["bare", "time"])
def test_some_outlets_say_nothing_in_the_head(style: str) -> None:
    assert marked(style)[0].head == ""


def test_the_bare_outlet_has_no_date_outside_its_text() -> None:
    assert "2026" not in marked("bare")[0].byline


def test_meta_and_time_carry_the_local_offset() -> None:
    assert 'published_time" content="2026-02-24T10:15:00+01:00"' in marked("meta")[0].head
    assert '<time datetime="2026-02-25T11:00:00+02:00">' in marked("time")[0].byline


def test_mixed_markup_has_its_date_in_microdata_alone() -> None:
    marks = marked("mixed")[0]
    assert 'itemprop="datePublished"' in marks.byline
    assert "2026-" not in marks.head.replace(marked("mixed")[1].article.path, "")
