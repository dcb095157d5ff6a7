from crawler.demo.behaviours import Scene
from crawler.demo.content import load
from crawler.demo.newspaper import OPENS_AT
from crawler.demo.replies import Reply, Request
from crawler.demo.site import Site

GAZETTE = load()[0]
SITE = Site(GAZETTE)


def answer(path: str, **headers: str) -> Reply:
    request = Request(method="GET", host=GAZETTE.host, path=path, headers=headers)
    base = f"http://{GAZETTE.host}"
    scene = Scene(outlet=GAZETTE, base=base, path=path, request=request, at=OPENS_AT)
    return SITE.answer(scene, None)


def test_an_article_answers_under_all_its_variants() -> None:
    path = GAZETTE.articles[0].path
    assert answer(path).body == answer(f"{path}/").body
    assert answer(f"{path}/amp").status == 200
    assert SITE.article_at(f"{path}/amp") == GAZETTE.articles[0]


def test_what_is_not_printed_yet_is_not_found() -> None:
    assert answer(GAZETTE.articles[-1].path).status == 404
    assert answer("/no/such/page").status == 404


def test_pages_have_their_furniture() -> None:
    media = {path: answer(path).media for path in ("/style.css", "/images/town.svg")}
    assert media == {"/style.css": "text/css", "/images/town.svg": "image/svg+xml"}
    assert answer("/images/none.svg").status == 404


def test_private_pages_answer_whoever_asks_all_the_same() -> None:
    assert b"not meant for crawlers" in answer("/members/letters").body


def test_a_section_needs_its_slash() -> None:
    assert answer("/harbour/").status == 200
    assert answer("/harbour").status == 404
