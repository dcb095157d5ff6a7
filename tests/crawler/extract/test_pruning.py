import time

import pytest
from lxml.html import document_fromstring

from crawler.extract.pruning import prune

TEXT = (
    "Pelabuhan kota kecil itu akan diperluas sampai akhir tahun depan, kata dewan kota. "
    "Dua dermaga baru direncanakan di sisi utara, dan derek tua segera dibongkar. " * 3
)
LINKS = "".join(
    f'<li>{n} <a href="/{n}">Kapal nomor {n} tiba di pelabuhan</a></li>' for n in range(4)
)


def left(inner: str) -> str:
    html = f"<html><body><main><h1>Pelabuhan</h1><p>{TEXT}</p>{inner}</main></body></html>"
    return " ".join(str(prune(document_fromstring(html)).text_content()).split())


@pytest.mark.parametrize(
    "beside",
    [
        "<script>var teaser = 1</script>",
        "<nav>teaser</nav>",
        "<aside>teaser</aside>",
        "<figure><figcaption>teaser</figcaption></figure>",
        '<div class="c-newsletter">teaser</div>',
        '<section id="related-articles">teaser</section>',
        "<div hidden>teaser</div>",
        '<p aria-hidden="true">teaser</p>',
        '<div style="color:red; display: none">teaser</div>',
        f"<ul>teaser {LINKS}</ul>",
        '<p>▸ <a href="/x">teaser: the crane of the old harbour falls</a></p>',
        '<a href="/x"><h3>teaser</h3><p>of the crane</p></a>',
        "<article><article><p>teaser</p></article></article>",
    ],
)
def test_what_stands_beside_the_text_goes_and_what_follows_stays(beside: str) -> None:
    assert left(f"{beside} tail") == " ".join(f"Pelabuhan{TEXT} tail".split())


@pytest.mark.parametrize(
    "inside",
    [
        '<p>Kata <a href="/x">wali kota</a> kemarin.</p>',
        "<ul><li>ikan</li><li>garam</li></ul>",
        "<figure><table><tr><td>ikan</td></tr></table></figure>",
        '<p><a href="/x">Nama pendek</a></p>',
    ],
)
def test_what_belongs_to_the_text_stays(inside: str) -> None:
    assert "ikan" in left(inside) or "Kata" in left(inside) or "Nama" in left(inside)


def test_what_holds_much_of_the_text_stays_whatever_it_is_called() -> None:
    assert "Dua dermaga" in left("").replace("x", "")
    html = f'<body><div class="related"><p>{TEXT}</p></div><p>{TEXT[:90]}</p></body>'
    assert "Dua dermaga" in prune(document_fromstring(html)).text_content()


def test_what_many_parts_of_the_text_are_called_is_no_furniture() -> None:
    entries = "".join(f'<div class="updated"><p>{n} {TEXT[:80]}</p></div>' for n in range(20))
    found = prune(document_fromstring(f"<body><h1>Live</h1>{entries}</body>")).text_content()
    assert "19 Pelabuhan" in found


def test_a_long_hidden_text_stays_since_a_script_may_show_it() -> None:
    found = left(f'<div style="display:none"><p>{"Tersembunyi. " * 20}</p></div><p>{TEXT * 3}</p>')
    assert "Tersembunyi" in found


def test_what_the_headline_stands_in_stays() -> None:
    html = f'<body><div class="overlay"><h1>Hafen</h1></div><p>{TEXT}</p></body>'
    assert "Hafen" in prune(document_fromstring(html)).text_content()


def test_the_tree_itself_is_left_as_it_was() -> None:
    tree = document_fromstring(f"<body><nav>x</nav><p>{TEXT}</p></body>")
    prune(tree)
    assert tree.find(".//nav") is not None


def test_thousands_of_nested_and_linked_elements_take_no_long_time() -> None:
    html = "<body>" + "<div class=related>" * 200 + '<p><a href="x">a</a>' * 20_000
    tree = document_fromstring(html)
    began = time.process_time()
    prune(tree)
    assert time.process_time() - began < 10


def test_a_bomb_of_text_in_nested_lists_is_not_searched() -> None:
    html = "<body>" + "<ul><li>" * 100 + '<a href="x">a</a>' + "text " * 1_000_000
    tree = document_fromstring(html)
    began = time.process_time()
    prune(tree)
    assert time.process_time() - began < 5


def test_text_after_many_dropped_elements_is_not_joined_anew_for_each() -> None:
    def cost(n: int) -> float:
        page = "<p>quay</p>" + '<div class="related">x</div>and more of the quay ' * n
        tree = document_fromstring(page)
        began = time.process_time()
        assert "x" not in str(prune(tree).text_content())
        return time.process_time() - began

    cost(100)
    assert min(cost(16_000), cost(16_000)) < 9 * max(cost(4_000), cost(4_000))  # 16 if quadratic
