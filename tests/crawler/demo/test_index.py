import tomllib

import pytest

from crawler.demo.content import DemoOutlet, load
from crawler.demo.index import front, outlet_file
from crawler.outlets.spec import Outlet

BASE = "http://127.0.0.1:8642"


@pytest.mark.parametrize("outlet", load(), ids=lambda outlet: outlet.id)
@pytest.mark.parametrize("base", [None, BASE])
def test_every_outlet_file_is_valid(outlet: DemoOutlet, base: str | None) -> None:
    read = Outlet.model_validate(tomllib.loads(outlet_file(outlet, base)))
    home = f"http://{outlet.id}.example/" if base is None else f"{BASE}/{outlet.id}/"
    assert (read.id, read.home, read.pace.delay_seconds) == (outlet.id, home, 5.0)
    assert read.listings.feeds or read.listings.sitemaps
    assert all(url.startswith(home) for _, url in read.listing_urls())
    assert not read.extract
    assert read.requisites.policy == "same-site"


@pytest.mark.parametrize("outlet", load(), ids=lambda outlet: outlet.id)
def test_an_outlets_articles_match_its_rule_and_its_sections_do_not(outlet: DemoOutlet) -> None:
    read = Outlet.model_validate(tomllib.loads(outlet_file(outlet, BASE)))
    if read.urls.article:
        assert all(read.is_article(f"{read.home}{a.path[1:]}") for a in outlet.articles)
        assert not any(read.is_article(url) for _, url in read.listing_urls())


def test_the_front_door_links_every_outlet() -> None:
    html = front(load(), BASE)
    assert all(f'href="{BASE}/{outlet.id}/"' in html for outlet in load())
