"""A draft is the same after its journey through a WARC record."""

import json
from datetime import timedelta, timezone

import pytest
from support.archives import NOW, draft, url

from archive.digests import sha256
from archive.drafts import draft_as_json, draft_from_json
from archive.records import Claim, Fingerprint, Moment

FULL = draft(
    published=Moment(at=NOW.astimezone(timezone(timedelta(hours=7))), precision="day"),
    modified=Moment(at=NOW, zone="unknown"),
    authors=("Siti Aminah", "京"),
    section="Sport",
    summary="Short.",
    image=url("/a.jpg"),
    canonical=url(),
    site_name="The Lantern",
    is_free=False,
    tags=("Harbour", "京"),
    wire="Antara",
    correction="Ralat: …",
    wall="paywall",
    kind="other",
    reason="paywall",
    claims={"title": (Claim(origin="json-ld", value="a"), Claim(origin="h1", value="b"))},
    fingerprint=Fingerprint(extractor="x/1", rules=sha256(b"r"), memory=sha256(b"m")),
)


@pytest.mark.parametrize("one", [FULL, draft(), draft(title=None, body=None, published=None)])
def test_a_draft_comes_back_as_it_was(one):
    assert draft_from_json(json.loads(json.dumps(draft_as_json(one)))) == one


def test_what_is_not_known_is_left_out():
    plain = draft_as_json(draft(language=None))
    assert {"language", "authors", "claims", "wall", "modified"}.isdisjoint(plain)


def test_that_an_article_is_not_free_is_known():
    assert draft_as_json(FULL)["is_free"] is False
