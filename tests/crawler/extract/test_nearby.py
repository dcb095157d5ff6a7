from collections.abc import Callable

from lxml.html import HtmlElement

from crawler.extract.nearby import elements_near, headline_element, line_of
from crawler.extract.page import Page
from crawler.extract.tree import parse

PageOf = Callable[..., Page]
LONG = "The harbour of the small town will be widened until the end of next year. " * 5


def lines(tree: HtmlElement, title: str | None = "Harbour to grow by half") -> list[str]:
    headline = headline_element(tree, list(tree.iter("h1")), title)
    assert headline is not None
    return [line for element in elements_near(headline) if (line := line_of(element))]


def test_lines_after_the_headline_are_seen_up_to_the_first_paragraph(page_of: PageOf) -> None:
    tree = parse(
        page_of(
            f"<main><h1>Harbour to grow by half</h1><p>By Ann Lee</p><div><span>1 March</span>"
            f"</div><p>{LONG}</p><p>Later line</p></main>"
        )
    )
    assert lines(tree) == ["By Ann Lee", "1 March"]


def test_a_long_summary_in_a_heading_is_passed_by(page_of: PageOf) -> None:
    tree = parse(
        page_of(f"<h1>Harbour to grow by half</h1><h4>{LONG}</h4><p>1 March</p><p>{LONG}</p>")
    )
    assert lines(tree) == ["1 March"]


def test_a_line_just_before_the_headline_is_seen_last(page_of: PageOf) -> None:
    tree = parse(
        page_of(f"<p>1 March</p><h1>Harbour to grow by half</h1><p>By Ann</p><p>{LONG}</p>")
    )
    assert lines(tree) == ["By Ann", "1 March"]


def test_menus_forms_and_footers_are_not_seen(page_of: PageOf) -> None:
    tree = parse(
        page_of(
            "<h1>Harbour to grow by half</h1><nav>A</nav><aside>B</aside><form>C</form>"
            "<script>D</script><footer>E</footer><p>Seen</p>"
        )
    )
    assert lines(tree) == ["Seen"]


def test_a_headline_in_a_lower_heading_is_found_where_the_h1_is_the_logo(page_of: PageOf) -> None:
    tree = parse(
        page_of("<h1>The Post</h1><div><h2>Coast: Harbour to grow by half</h2><p>By Ann</p></div>")
    )
    assert lines(tree) == ["By Ann", "The Post"]


def test_without_a_heading_nothing_is_near(page_of: PageOf) -> None:
    assert headline_element(parse(page_of("<p>words</p>")), [], "Harbour") is None
