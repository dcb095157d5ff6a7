import pytest

from crawler.extract.furniture import is_furniture


@pytest.mark.parametrize(
    "names",
    [
        "c-newsletter-box",
        "relatedStories",
        "article__related related_news",
        "ArticleFactBox",
        "img-caption",
        "visually-hidden",
        "AuthorBio",
        "most-read-list",
        "share-buttons sharing",
    ],
)
def test_names_in_any_spelling_mark_furniture(names: str) -> None:
    assert is_furniture(names)


@pytest.mark.parametrize(
    "names",
    [
        "field field-name-body field-type-text-with-summary field-label-hidden",
        "post-12 post type-post status-publish category-latest-news tag-photo-gallery",
        "article-body",
        "paragraph",
        "correlated",
        "prose lg:mx-4",
        "mainText",
        "isi-berita",
        "",
    ],
)
def test_names_of_the_text_itself_do_not(names: str) -> None:
    assert not is_furniture(names)


def test_megabytes_of_names_are_read_no_further_than_a_few_hundred_characters() -> None:
    assert not is_furniture("x" * 3_000_000 + " newsletter")
