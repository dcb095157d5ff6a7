import time

import pytest
from lxml.html import document_fromstring, fragment_fromstring

from crawler.extract.byline import hear_bylines, hear_signatures
from crawler.extract.claims import Claims


@pytest.mark.parametrize(
    ("html", "heard"),
    [
        ("<div class=byline>By Ann Lee</div>", ["By Ann Lee"]),
        ("<div class=meta><a rel=author href=/x>Ann Lee</a> 1 March</div>", ["Ann Lee"]),
        ("<p>von <a href='/autoren/max'>Max Kern</a></p>", ["Max Kern"]),
        (
            "<p class=byline><i class=author-name>Ann</i><i class=author-name>Bo</i></p>",
            ["Ann", "Bo"],
        ),
        ("<p>Oleh Siti Aminah</p>", ["Oleh Siti Aminah"]),
        ("<p>Von: Max Kern, Eva Roth</p>", ["Von: Max Kern, Eva Roth"]),
        ("<ul><li>4 min</li><li><i></i> <b> von Max Kern </b></li></ul>", ["von Max Kern"]),
        ("<div><b>By</b> <a>J.R. Lee</a> <i>Wednesday, 8 May</i></div>", []),
        ("<div><p><b>By</b> <a>J.R. Lee</a></p> <i>Wednesday, 8 May</i></div>", ["By J.R. Lee"]),
        ("<div>1 May <h5>Autor: </h5>Max Kern <b>Quelle:</b> Post</div>", ["Max Kern"]),
        (
            "<p>Kommentar von Eva Roth und Max von der Mühle</p>",
            ["Kommentar von Eva Roth und Max von der Mühle"],
        ),
        ("<p>by the sea</p>", []),
        ("<p>Kommentar von gestern</p>", []),
        ("<p>Von der Küste kommt der Wind</p>", []),
        ("<div class=author-bio>Ann Lee writes about the coast</div>", []),
        (f"<div class=author>{'Ann Lee writes ' * 10}</div>", []),
        ("<a href='/news/a'>Other story</a>", []),
    ],
)
def test_a_name_is_heard_where_an_element_is_made_for_it(html: str, heard: list[str]) -> None:
    claims = Claims()
    hear_bylines(claims, [fragment_fromstring(html)])
    assert claims.values("authors", "text") == heard


def signed(html: str, body: str | None = None) -> list[str]:
    claims = Claims()
    hear_signatures(claims, document_fromstring(f"<html><body>{html}</body></html>"), body)
    return claims.values("authors", "text")


def test_who_signs_elsewhere_is_heard() -> None:
    html = "<p>Text</p><div><span class=author>Ann Lee</span></div>"
    assert signed(html) == ["Ann Lee"]


def test_who_signs_a_comment_or_a_teaser_is_not() -> None:
    assert signed("<div class=comments><span class=author>Ann Lee</span></div>") == []
    assert signed("<aside><span class=author>Ann Lee</span></aside>") == []


def test_a_signed_line_ends_a_text() -> None:
    assert signed("<p>x</p>", "A long text of the harbour.\n\nVon Max Kern") == ["Von Max Kern"]
    assert signed("<p>x</p>", "A text.\n\nby the sea") == []


def test_a_name_alone_ends_a_text() -> None:
    assert signed("<p>x</p>", "Văn bản về bến cảng.\n\nLê Phương") == ["Lê Phương"]
    assert signed("<p>x</p>", "A text of the harbour.\n\nMore on this") == []
    assert signed("<p>x</p>", "Lê Phương") == []


def test_a_class_of_megabytes_takes_no_time() -> None:
    names = "x " * 1_000_000
    spans = f"<span class='author {'y ' * 100_000}'><b></b></span>" * 60
    began = time.process_time()
    assert signed(f"<div class='{names}'><div class='{names}'>{spans}</div></div>") == []
    assert time.process_time() - began < 3


def test_a_line_of_capitals_takes_no_time() -> None:
    lines = [f"By {'A' * 200}!", f"By {'Aa, ' * 50}!", f"By {'von der ' * 25}", f"By {'A.' * 100}!"]
    began = time.process_time()
    hear_bylines(Claims(), [fragment_fromstring(f"<p>{line}</p>") for line in lines * 10])
    assert time.process_time() - began < 0.5
