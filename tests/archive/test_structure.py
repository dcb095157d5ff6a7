"""An outline and a plain text make sections, lists and quotations; images survive as JSON."""

from archive.records import Url
from archive.structure import Image, Part, Section, image_as_json, image_from_json, sections_of

BODY = "The beginning.\n\nFirst\n\nSaid so.\n\nOne\n\nTwo\n\nLast\n\nThe end."
OUTLINE = ("p", "h2", "q", "i1", "i2", "h3", "p")


def test_sections_have_their_headings_and_what_stands_under_them():
    assert sections_of(BODY, OUTLINE) == [
        Section(None, 0, [Part("p", "The beginning.")]),
        Section("First", 2, [Part("q", "Said so."), Part("i1", "One"), Part("i2", "Two")]),
        Section("Last", 3, [Part("p", "The end.")]),
    ]


def test_a_body_that_begins_with_a_heading_has_no_section_before_it():
    assert sections_of("Head\n\nText", ("h2", "p")) == [Section("Head", 2, [Part("p", "Text")])]


def test_what_the_outline_does_not_reach_is_a_paragraph():
    assert sections_of("One\n\nTwo", ()) == [Section(None, 0, [Part("p", "One"), Part("p", "Two")])]


def test_an_image_survives_as_json_without_what_is_not_known():
    image = Image(
        url=Url("https://a.example/b.jpg"),
        caption="A quay",
        variants=((Url("https://a.example/c.jpg"), 640),),
    )
    plain = image_as_json(image)
    assert set(plain) == {"url", "caption", "variants"}
    assert image_from_json(plain) == image
