"""Digests and the identities made from them, which citations rest on: they may never change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.digests import (
    agrees,
    article_id,
    as_sha256,
    normalized,
    sha256,
    text_digest,
    version_id,
)


def test_ids_are_the_same_for_ever():
    article = article_id("lantern", "example,lantern)/harbour")
    assert article == "a:7rpur7igybas"
    assert version_id(article, text_digest("Harbour", "Grows.")) == "v:5m4x3b4fayma"


@given(st.lists(st.binary(max_size=20)))
def test_a_digest_of_parts_is_that_of_the_whole(parts):
    assert sha256(*map(memoryview, parts)) == sha256(b"".join(parts))


def test_a_digest_names_its_algorithm():
    assert sha256(b"") == (
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Title", "A  text\n\nhere "), ("Title", "A text here")),
        (("Café", "x"), ("Cafe\u0301", "x")),
        (("Title", "a\u00a0b"), ("Title", "a b")),
        ((None, None), ("", "")),
    ],
)
def test_spacing_and_composition_are_no_edit(one, other):
    assert text_digest(*one) == text_digest(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Title", "text"), ("Title", "Text")),
        (("Title", "text"), ("Title text", "")),
        (("a", "b c"), ("a b", "c")),
        (("Title", "text."), ("Title", "text")),
        (("ﬁn", ""), ("fin", "")),
    ],
)
def test_every_other_difference_is_an_edit(one, other):
    assert text_digest(*one) != text_digest(*other)


@given(st.text())
def test_a_normalized_text_stays_as_it_is(text):
    assert normalized(normalized(text)) == normalized(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [(("a", "bc"), ("ab", "c")), (("a", "b"), ("a", "c")), (("a", "b"), ("c", "b"))],
)
def test_articles_of_different_outlets_or_keys_differ(one, other):
    assert article_id(*one) != article_id(*other)


ABC = {
    "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5": True,
    "sha1:a9993e364706816aba3e25717850c26c9cd0d89d": True,
    "SHA-1:A9993E364706816ABA3E25717850C26C9CD0D89D": True,
    "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD": True,
    "sha256:XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ====": True,
    "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE6": False,
    "sha1:": False,
    "crc32:352441c2": None,
    "nonsense": None,
    "": None,
}


@pytest.mark.parametrize("said", ABC)
def test_a_digest_agrees_in_any_spelling(said: str) -> None:
    assert agrees(said, b"abc") is ABC[said]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("sha256:XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ====", sha256(b"abc")),
        (sha256(b"abc").upper().replace("SHA", "sha"), sha256(b"abc")),
        ("sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5", None),
        ("sha256:short", None),
        (None, None),
    ],
)
def test_a_sha_256_is_written_as_ours_are(said: str | None, written: str | None) -> None:
    assert as_sha256(said) == written
