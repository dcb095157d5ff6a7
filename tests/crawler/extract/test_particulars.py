from collections.abc import Callable

import pytest

from archive.records import Claim, Draft
from crawler.extract.particulars import tags_of

DraftOf = Callable[..., Draft]
TEXT = "The harbour of the small town will be widened until the end of next year. " * 4


def page(head: str, after: str = "") -> str:
    return (
        f"<html><head><title>Harbour to grow</title>{head}</head><body><article>"
        f"<h1>Harbour to grow</h1><p>{TEXT}</p><p>{TEXT} {TEXT}</p>{after}</article></body></html>"
    )


def schema(fields: str) -> str:
    data = '{"@type": "NewsArticle", "headline": "Harbour to grow", %s}'
    return f'<script type="application/ld+json">{data % fields}</script>'


def test_tags_of_all_places_are_given_once() -> None:
    said = (
        Claim(origin="opengraph", value="Harbour"),
        Claim(origin="json-ld", value="harbour, Cranes; North Town"),
        Claim(origin="text", value="#Boats"),
        Claim(origin="meta", value="a tag that is a whole sentence and therefore is none"),
    )
    assert tags_of(said) == ("Harbour", "Cranes", "North Town", "Boats")


def test_tags_are_read_from_meta_schema_and_links(draft_of: DraftOf) -> None:
    head = '<meta property="article:tag" content="Harbour">' + schema('"keywords": ["Cranes"]')
    draft = draft_of(page(head, '<p><a rel="tag" href="/t">Boats</a></p>'))
    assert set(draft.tags) == {"Harbour", "Cranes", "Boats"}


def test_the_trail_above_a_page_names_its_section(draft_of: DraftOf) -> None:
    trail = (
        '<script type="application/ld+json">{"@type": "BreadcrumbList", "itemListElement": ['
        '{"name": "Home"}, {"name": "Coast"}, {"name": "Harbour to grow"}]}</script>'
    )
    assert draft_of(page(trail)).section == "Coast"


@pytest.mark.parametrize(
    ("head", "is_free"),
    [
        (schema('"isAccessibleForFree": "False"'), False),
        ('<meta property="article:content_tier" content="free">', True),
        ('<meta property="article:content_tier" content="locked">', False),
        ('<meta property="article:content_tier" content="metered">', None),
        ("", None),
    ],
)
def test_whether_a_text_is_free_is_declared(
    draft_of: DraftOf,
    head: str,
    is_free: bool | None,  # noqa: FBT001
) -> None:
    assert draft_of(page(head)).is_free is is_free


def test_wire_and_correction_are_kept_with_their_words(draft_of: DraftOf) -> None:
    notice = "Correction: The crane of the harbour is forty years old, not thirty years."
    draft = draft_of(page('<meta name="author" content="AFP">', f"<p>{notice}</p>"))
    assert (draft.wire, draft.correction) == ("AFP", notice)
    assert draft.claims["wire"][0].value == "AFP"


def test_a_correction_that_is_declared_is_kept(draft_of: DraftOf) -> None:
    draft = draft_of(page(schema('"correction": "The crane is forty years old."')))
    assert draft.correction == "The crane is forty years old."
