import pytest
from lxml.html import fragment_fromstring

from crawler.extract.byline import hear_bylines
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
        ("<p>by the sea</p>", []),
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
