"""Images of an article are found with caption, credit and sizes; those around it are not."""

import pytest

from archive.records import Url
from crawler.extract.images import IMAGES_LIMIT, credit_in, images_of
from crawler.extract.tree import html_tree

URL = Url("https://post.example/news/harbour")
TEXT = "The harbour of the town will be widened until the end of next year."
LEAD = '<figure><img src="/lead.jpg" alt="The quay" width="800" height="600">'


def found(main: str, *, body: str = TEXT, lead: str | None = None):
    tree = html_tree(f"<html><body><main><h1>Harbour</h1>{main}<p>{TEXT}</p></main></body></html>")
    return images_of(tree, body, URL, Url(lead) if lead else None)


def test_a_figure_is_kept_with_caption_credit_and_size():
    [image] = found(
        f'{LEAD}<figcaption>The old quay. <span class="credit">Photo: Ana Reyes</span></figcaption>'
        "</figure>"
    )
    assert image.url == "https://post.example/lead.jpg"
    assert (image.caption, image.credit, image.alt) == ("The old quay.", "Ana Reyes", "The quay")
    assert (image.width, image.height) == (800, 600)


def test_the_sizes_of_an_image_are_its_variants():
    [image] = found(
        '<picture><source srcset="/a-320.webp 320w, /a-1280.webp 1280w">'
        '<img src="/a.jpg" srcset="/a-640.jpg 640w"></picture>'
    )
    assert [width for _, width in image.variants] == [320, 640, 1280]
    assert image.url == "https://post.example/a.jpg"


def test_an_image_that_a_script_would_load_is_found():
    [image] = found('<img src="data:image/gif;base64,R0" data-src="/late.jpg">')
    assert image.url == "https://post.example/late.jpg"


@pytest.mark.parametrize(
    "around",
    [
        '<aside><p>{text}</p><img src="/other.jpg"></aside>',
        '<nav><img src="/logo.png"></nav>',
        '<img src="/icon.png" width="24" height="24">',
        '<img src="/drawing.svg">',
        '<img src="data:image/png;base64,AAAA">',
        '<div><div><div><div><div><img src="/teaser.jpg"></div></div></div></div></div>',
    ],
)
def test_what_is_not_the_articles_is_left(around):
    assert found(around.format(text=TEXT)) == ()


def test_the_declared_image_comes_first_unless_it_is_shown():
    assert [i.url for i in found("", lead="https://cdn.example/x.jpg")] == [
        "https://cdn.example/x.jpg"
    ]
    shown = found(f"{LEAD}</figure>", lead="https://cdn.example/big/lead.jpg?w=2000")
    assert [i.url for i in shown] == ["https://post.example/lead.jpg"]


def test_one_image_twice_is_one():
    assert len(found(f"{LEAD}</figure>{LEAD}</figure>")) == 1


def test_a_page_of_a_thousand_images_is_bounded():
    many = "".join(f'<img src="/{n}.jpg">' for n in range(1000))
    assert len(found(many)) == IMAGES_LIMIT


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("The quay on Monday. Photo: Ana Reyes", "Ana Reyes"),
        ("Foto: Budi Santoso/Contoh", "Budi Santoso/Contoh"),
        ("Der Kai © Ute Beispiel", "Ute Beispiel"),
        ("The quay (Ana Reyes/Press Agency)", "Ana Reyes/Press Agency"),
        ("The quay on Monday", None),
    ],
)
def test_credits_in_captions(caption, credit):
    assert credit_in(caption) == credit
