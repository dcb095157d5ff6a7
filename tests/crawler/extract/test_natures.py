from collections.abc import Callable

import pytest

from archive.records import Draft

DraftOf = Callable[..., Draft]
WORDS = "The harbour of the small town will be widened until the end of next year. "
URL = "https://post.example/news/harbour"


def page(title: str, words: int = 3, head: str = "", extra: str = "") -> str:
    return (
        f"<html><head><title>{title} | The Post</title>{head}</head><body><main><article>"
        f"<h1>{title}</h1><p>{WORDS * words}</p>{extra}</article></main></body></html>"
    )


def schema(kind: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "{kind}", "headline": "x"}}</script>'


TIMES = "".join(f"<time datetime='2026-03-02T0{n}:00Z'>0{n}:00</time>" for n in range(8))

ENTRY = "<div itemprop='liveBlogUpdate' itemscope><p>The wind turned at noon.</p></div>"


@pytest.mark.parametrize(
    ("html", "url", "kind", "sign"),
    [
        (page("Storm live", 20, schema("LiveBlogPosting")), URL, "liveblog", "declared"),
        (page("Storm", 20, extra=TIMES), f"{URL}/storm-liveticker-1", "liveblog", "many entries"),
        (page("Storm", 20, extra=ENTRY * 5), URL, "liveblog", "5 entries marked"),
        (page("Storm", 3, schema("VideoObject")), URL, "video", "declared"),
        (
            page("Storm", 3, '<meta property="og:type" content="video.other">'),
            URL,
            "video",
            "declared",
        ),
        (page("Storm", 3), "https://post.example/video/storm", "video", "little text"),
        (page("Storm", 3, schema("ImageGallery")), URL, "gallery", "declared"),
        (page("Storm", 3), "https://post.example/fotostrecke/storm", "gallery", "little text"),
    ],
)
def test_what_a_page_shows_is_told_with_its_sign(
    draft_of: DraftOf, html: str, url: str, kind: str, sign: str
) -> None:
    draft = draft_of(html, url=url)
    assert draft.kind == kind
    assert draft.reason is not None
    assert draft.reason.startswith(sign)


@pytest.mark.parametrize(
    ("html", "url"),
    [
        (page("Storm", 20, schema("VideoObject")), URL),
        (page("Storm", 20, extra=ENTRY), URL),
        (page("Storm", 20), "https://post.example/video/storm"),
        (page("Storm", 20), "https://post.example/news/storm-liveticker"),
        (page("A video of the storm", 3), "https://post.example/news/video"),
    ],
)
def test_an_article_with_a_film_or_a_live_word_is_an_article(
    draft_of: DraftOf, html: str, url: str
) -> None:
    draft = draft_of(html, url=url)
    assert (draft.kind, draft.reason) == ("article", None)


@pytest.mark.parametrize(
    "title",
    [
        "Page not found",
        "404",
        "Error 404",
        "Oops! That page can’t be found",
        "Seite nicht gefunden",
        "Page introuvable",
        "Página no encontrada",
        "Pagina non trovata",
        "Halaman tidak ditemukan",
        "Страница не найдена",
        "Sayfa bulunamadı",
        "ページが見つかりません",
        "页面不存在",
        "페이지를 찾을 수 없습니다",
        "الصفحة غير موجودة",
        "Không tìm thấy trang",
    ],
)
def test_a_page_that_says_it_is_not_there_is_missing(draft_of: DraftOf, title: str) -> None:
    draft = draft_of(page(title))
    assert draft.kind == "missing"
    assert draft.reason is not None
    assert draft.reason.startswith("a soft 404 (")


@pytest.mark.parametrize(
    "html",
    [
        page("Missing aircraft not found after ten days of search in the northern sea"),
        page("Page not found", 20),
        page("Not found", 3, '<meta property="og:type" content="article">'),
        page("Room 4041 of the old harbour hotel"),
    ],
    ids=["long-headline", "long-text", "marked", "number"],
)
def test_a_story_of_something_not_found_is_not(draft_of: DraftOf, html: str) -> None:
    assert draft_of(html).kind == "article"
