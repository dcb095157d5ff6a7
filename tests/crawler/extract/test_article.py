import gzip
import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.digests import text_digest
from archive.records import Discovery, Draft, Moment, Url
from crawler.extract.article import extract
from crawler.extract.errors import Unextractable
from crawler.extract.page import Page
from crawler.outlets.spec import ExtractRule

DraftOf = Callable[..., Draft]
WORDS = "The harbour of the small town will be widened until the end of next year. "
CAPTURED_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LD = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Harbour to grow by half",
    "datePublished": "2026-03-01T10:15:00+07:00",
    "dateModified": "2026-03-01T12:00:00+07:00",
    "author": [{"@type": "Person", "name": "Ann Lee"}],
    "articleSection": "Coast",
    "publisher": {"@type": "Organization", "name": "The Post"},
    "image": {"@type": "ImageObject", "url": "/harbour.jpg"},
    "isAccessibleForFree": True,
    "description": "Two berths more.",
}


def page_with(
    head: str = "", body: str = "", title: str = "Harbour to grow by half | The Post"
) -> str:
    paragraphs = "".join(f"<p>{WORDS * 3}{n}</p>" for n in range(3))
    return (
        f"<html lang=en><head><title>{title}</title>{head}</head><body><article>"
        f"<h1>Harbour to grow by half</h1>{body}{paragraphs}</article></body></html>"
    )


def script(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_every_field_of_a_declared_article_is_there_with_its_origin(draft_of: DraftOf) -> None:
    canonical = '<link rel="canonical" href="https://www.post.example/news/harbour?x=1#top">'
    draft = draft_of(page_with(script(LD) + canonical))
    assert draft.kind == "article"
    assert draft.wall is None
    assert draft.reason is None
    assert draft.title == "Harbour to grow by half"
    assert draft.published is not None
    assert draft.published.isoformat() == "2026-03-01T10:15:00+07:00"
    assert draft.modified is not None
    assert draft.modified.isoformat() == "2026-03-01T12:00:00+07:00"
    assert draft.authors == ("Ann Lee",)
    assert (draft.section, draft.summary, draft.site_name) == (
        "Coast",
        "Two berths more.",
        "The Post",
    )
    assert draft.image == "https://post.example/harbour.jpg"
    assert draft.canonical == "https://www.post.example/news/harbour?x=1"
    assert draft.is_free is True
    assert draft.language == "en"
    origins = {name: claims[0].origin for name, claims in draft.claims.items()}
    assert origins["title"] == origins["published"] == origins["authors"] == "json-ld"
    assert origins["body"] == "trafilatura"
    assert origins["canonical"] == "meta"


def test_the_text_digest_is_over_headline_and_body(draft_of: DraftOf) -> None:
    draft = draft_of(page_with())
    assert draft.text_digest == text_digest(draft.title, draft.body)


def test_paragraphs_are_parted_by_one_blank_line_and_the_headline_is_not_repeated(
    draft_of: DraftOf,
) -> None:
    body = draft_of(page_with()).body
    assert body is not None
    paragraphs = body.split("\n\n")
    assert len(paragraphs) == 3
    assert all(paragraph.startswith("The harbour") for paragraph in paragraphs)


def test_what_the_other_places_say_is_kept_behind_the_chosen_claim(draft_of: DraftOf) -> None:
    draft = draft_of(page_with(script(LD) + '<meta property="og:title" content="Port news">'))
    said = [(claim.origin, claim.value) for claim in draft.claims["title"]]
    assert said[0] == ("json-ld", "Harbour to grow by half")
    assert ("opengraph", "Port news") in said
    assert ("title-tag", "Harbour to grow by half | The Post") in said


def test_a_page_that_says_nothing_of_its_date_gets_none(draft_of: DraftOf) -> None:
    related = '<div><a href="/2019/05/06/x">Old story</a> 6 May 2019</div><footer>© 2019</footer>'
    draft = draft_of(page_with().replace("</article>", "</article>" + related))
    assert draft.published is None
    assert "published" not in draft.claims


def test_the_witness_is_heard_where_the_page_is_silent(draft_of: DraftOf) -> None:
    witness = Discovery(
        url=Url("https://post.example/news/harbour"),
        listing=Url("https://post.example/feed"),
        kind="feed",
        title="Harbour to grow by half",
        authors=("Bo Chan",),
        published=Moment(at=datetime(2026, 3, 1, 3, tzinfo=UTC)),
    )
    draft = draft_of(page_with(), witness=witness)
    assert draft.authors == ("Bo Chan",)
    assert draft.published == witness.published
    assert draft.claims["published"][0].origin == "feed"


def test_the_witness_settles_which_of_the_headlines_it_is(draft_of: DraftOf) -> None:
    witness = Discovery(
        url=Url("https://post.example/a"),
        listing=Url("https://post.example/feed"),
        kind="feed",
        title="Port news",
    )
    head = script(LD) + '<meta property="og:title" content="Port news">'
    assert draft_of(page_with(head), witness=witness).title == "Port news"
    assert draft_of(page_with(head)).title == "Harbour to grow by half"


def test_a_seeds_own_request_is_no_witness(draft_of: DraftOf) -> None:
    witness = Discovery(
        url=Url("https://post.example/a"),
        listing=Url("https://post.example/a"),
        kind="seed",
        title="Said by hand",
    )
    assert "Said by hand" not in repr(draft_of(page_with(), witness=witness).claims)


def test_an_outlets_rule_overrides_what_the_page_declares(draft_of: DraftOf) -> None:
    rule = ExtractRule(
        title="h2.judul",
        body="div.isi",
        author="span.penulis",
        published="time.terbit",
        drop=("div.iklan",),
    )
    extra = (
        '<h2 class="judul">Judul asli</h2><span class="penulis">Oleh Siti Aminah</span>'
        '<time class="terbit" datetime="2026-02-28T09:00:00+07:00">kemarin</time>'
        f'<div class="isi"><p>{WORDS * 3}</p><div class="iklan">Beli sekarang</div></div>'
    )
    draft = draft_of(page_with(script(LD), extra), rule=rule)
    assert draft.title == "Judul asli"
    assert draft.authors == ("Siti Aminah",)
    assert draft.published is not None
    assert draft.published.isoformat() == "2026-02-28T09:00:00+07:00"
    assert draft.body == WORDS.strip() + " " + (WORDS * 2).strip()
    assert {draft.claims[f][0].origin for f in ("title", "authors", "published", "body")} == {
        "rule"
    }
    assert draft.fingerprint != draft_of(page_with()).fingerprint


def test_a_rule_that_matches_nothing_changes_nothing(draft_of: DraftOf) -> None:
    rule = ExtractRule(title="h6", body="div.none", author="b", published="i", drop=("s",))
    plain, ruled = draft_of(page_with(script(LD))), draft_of(page_with(script(LD)), rule=rule)
    assert (ruled.title, ruled.body, ruled.published) == (plain.title, plain.body, plain.published)


def test_the_same_bytes_give_the_same_draft_whatever_came_before(draft_of: DraftOf) -> None:
    first = draft_of(page_with(script(LD)))
    for _ in range(4):
        assert draft_of(page_with(script(LD))) == first


def test_page_and_draft_cross_to_another_process(draft_of: DraftOf) -> None:
    draft = draft_of(page_with(script(LD)))
    assert pickle.loads(pickle.dumps(draft)) == draft


def test_a_packed_body_is_unpacked(draft_of: DraftOf) -> None:
    packed = gzip.compress(page_with().encode())
    assert draft_of(packed, content_encoding="gzip").kind == "article"


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 5_000 + WORDS,
        "<b>" * 5_000 + WORDS + "</b>" * 5_000,
        f'<p title="{"x" * 3_000_000}">{WORDS}</p>',
        f"<p>{WORDS}\x00\x01\x02</p>\x00",
        f"<p>\ud800{WORDS}\udfff</p>",
        '<link rel=canonical href="javascript:alert(1)"><meta property=og:image content="data:x">',
        '<base href="http://[::1"><link rel=canonical href="//[bad">',
        f"<h1>{'headline ' * 100_000}</h1>",
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","headline":5,'
            '"author":{"name":{}},"datePublished":["x",{}],"image":[[[]]],"publisher":7}</script>'
        ),
        '<meta name="date" content="9999-99-99T99:99:99+99:99"><meta name="date" content="-1">',
        "<time datetime='" + "9" * 10_000 + "'></time>",
        "<p itemprop=author itemscope><p itemprop=name></p></p>" * 500,
        "<svg><title>logo</title></svg><math><mi>x</math>",
        "<table>" + "<tr><td>" * 2_000 + WORDS,
    ],
)
def test_hostile_pages_give_a_draft(draft_of: DraftOf, hostile: str) -> None:
    draft = draft_of(f"<html><body>{hostile}</body></html>")
    assert len(draft.title or "") <= 500
    assert all(len(c.value) <= 2000 for claims in draft.claims.values() for c in claims)
    assert "\x00" not in (draft.body or "") + (draft.title or "")
    (draft.body or "").encode()
    assert draft.canonical is None
    assert draft.image is None


def test_an_external_entity_is_not_read(draft_of: DraftOf) -> None:
    html = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + page_with(
        body="<p>&x;</p>"
    )
    assert draft_of(html).kind == "article"


@settings(max_examples=60, deadline=None)
@given(
    body=st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(lambda t: f"<html><body><p>{t}".encode("utf-8", "replace")),
        st.text(max_size=200).map(
            lambda t: f"<html><script type='application/ld+json'>{t}</script><h1>{t}</h1>".encode(
                "utf-8", "replace"
            )
        ),
        st.text(max_size=200).map(
            lambda t: f"<html><meta name=date content='{t}'><h1>x</h1><time>{t}</time>{t}".encode(
                "utf-8", "replace"
            )
        ),
    ),
    content_type=st.one_of(st.none(), st.just("text/html"), st.text(max_size=30)),
    content_encoding=st.one_of(st.none(), st.sampled_from(["gzip", "br", "x"])),
)
def test_nothing_but_unextractable_is_raised(
    body: bytes, content_type: str | None, content_encoding: str | None
) -> None:
    page = Page(
        url=Url("https://post.example/a"),
        body=body,
        content_type=content_type,
        content_encoding=content_encoding,
        captured_at=CAPTURED_AT,
        zone="Asia/Jakarta",
    )
    try:
        draft = extract(page)
    except Unextractable:
        return
    assert draft.kind in ("article", "listing", "other")
