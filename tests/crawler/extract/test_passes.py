import pytest
from lxml.html import document_fromstring

from crawler.extract import passes
from crawler.extract.blocks import Block
from crawler.extract.passes import read_quickly, read_thoroughly

ONE = "The harbour of the small town will be widened until the end of next year, the council said."
TWO = "Two new berths are planned on the northern side, and the old crane will be taken down soon."
PARAGRAPHS = f"<p>{ONE}</p><p>{TWO}</p>" * 2
LINKS = "".join(f"<li><a href=/{n}>Another story {n}</a></li>" for n in range(9))


@pytest.mark.parametrize(
    "inner",
    [
        PARAGRAPHS,
        f"<article><h2>Boats</h2>{PARAGRAPHS}<ul>{LINKS}</ul></article>",
        f"<article>{PARAGRAPHS}<table><tr><td>Berth<td>12</table><blockquote>{ONE}</blockquote>",
        f"<article>{PARAGRAPHS}</article><div class='comments'><p>{TWO[::-1]}</p></div>",
        f"<article>{PARAGRAPHS}</article><ol id=commentlist><li>{TWO[::-1]}</li></ol>",
        f"<article>{PARAGRAPHS}</article><div class=infinite-scroll><p>{TWO[::-1]}</p></div>",
        f"<form id=aspnetForm>{PARAGRAPHS}</form>",
        f"<div>{ONE}<br><br>{TWO}<br></div>",
        "Three words only",
        "",
    ],
)
def test_the_quick_pass_gives_what_the_whole_of_trafilatura_gives(inner: str) -> None:
    page = f"<html><head><title>Harbour</title></head><body>{inner}</body></html>"
    whole = read_thoroughly(document_fromstring(page), "precision", fast=True)
    assert read_quickly(document_fromstring(page)) == whole


def test_comments_that_pruning_left_are_still_dropped() -> None:
    page = f"<body><article>{PARAGRAPHS}<div class=comment-list><p>{ONE[::-1]}</p></div></article>"
    assert Block("paragraph", ONE[::-1]) not in read_quickly(document_fromstring(page))


def test_a_fault_inside_a_pass_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr(passes, "extract_content", fails)
    monkeypatch.setattr(passes, "bare_extraction", fails)
    tree = document_fromstring(f"<body>{PARAGRAPHS}")
    assert read_thoroughly(tree, "balanced") == []
    assert read_quickly(tree) == []
