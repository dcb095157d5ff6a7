import pytest

from crawler.discovery.doctype import without_doctype


@pytest.mark.parametrize(
    ("body", "rest"),
    [
        (b"<a/>", b"<a/>"),
        (b"<?xml?><!DOCTYPE a><a/>", b"<?xml?><a/>"),
        (b'<!doctype a [<!ENTITY x "]">\n] ><a/>', b"<a/>"),
        (b'<!DOCTYPE a PUBLIC "x" "y" [ ]><a/>', b"<a/>"),
        (b"<!DOCTYPE a [ never closed", b"<!DOCTYPE a [ never closed"),
    ],
)
def test_a_doctype_is_taken_out(body: bytes, rest: bytes) -> None:
    assert without_doctype(body) == rest


def test_a_million_doctypes_are_read_once() -> None:
    body = b"<!DOCTYPE a [" * 100_000
    assert without_doctype(body) == body
