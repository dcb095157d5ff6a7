"""Conventions of the world's newspapers on invented pages; a real outlet's page is never here."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from archive.records import Draft

TEXT = (
    "The harbour of the small town will be widened until the end of next year, the council said. "
    "Two new berths are planned on the northern side, and the old crane will be taken down. "
)
TITLE = "Harbour to grow by half"


def page(*, title: str = TITLE, head: str = "", before: str = "", after: str = "") -> str:
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>{head}</head><body><main>"
        f"<h1>{TITLE}</h1>{before}<p>{TEXT}</p><p>{TEXT.replace('harbour', 'port')}</p></main>"
        f"{after}</body></html>"
    )


def empty(title: str, text: str = "Go to the front page.", head: str = "") -> str:
    return (
        f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p>{text}</p></body>"
    )


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Ann Lee and Bo Chan, Special to the Post", ("Ann Lee", "Bo Chan")),
        ("By Ann Lee, Staff Writer", ("Ann Lee",)),
        ("By Ann Lee, Bo Chan and Cy Diaz", ("Ann Lee", "Bo Chan", "Cy Diaz")),
        ("By Ann Lee • 5 min read", ("Ann Lee",)),
        ("Von Jana Muster und Otto Beispiel", ("Jana Muster", "Otto Beispiel")),
        ("Par Jean Exemple avec AFP", ("Jean Exemple",)),
        ("Jean Exemple, envoyé spécial à Rome", ("Jean Exemple",)),
        ("Por: Juan Ejemplo y Ana Muestra", ("Juan Ejemplo", "Ana Muestra")),
        ("di Mario Esempio", ("Mario Esempio",)),
        ("Автор: Иван Примеров", ("Иван Примеров",)),
        ("Penulis: Budi Contoh | Editor: Sari Misal", ("Budi Contoh",)),
        ("文/张三", ("张三",)),
        ("记者 张三", ("张三",)),
        ("本报记者 张三", ("张三",)),
        ("記者 山田太郎", ("山田太郎",)),
        ("編集委員・山田太郎", ("山田太郎",)),
        ("기자 홍길동", ("홍길동",)),
        ("홍길동 기자 hong@post.example", ("홍길동",)),
        ("מאת דוד דוגמה", ("דוד דוגמה",)),
        ("بقلم: أحمد مثال", ("أحمد مثال",)),
        ("โดย สมชาย ตัวอย่าง", ("สมชาย ตัวอย่าง",)),
    ],
)
def test_bylines_are_read_as_they_are_written_in_many_places(
    draft_of: Callable[..., Draft], line: str, authors: tuple[str, ...]
) -> None:
    assert draft_of(page(before=f'<p class="byline">{line}</p>')).authors == authors


@pytest.mark.parametrize(
    ("author", "authors"),
    [
        ({"@type": "Person", "givenName": "Ann", "familyName": "Lee"}, ("Ann Lee",)),
        ({"@type": "Person", "name": "Ann Lee", "jobTitle": "Editor"}, ("Ann Lee",)),
        ({"@type": "Person", "name": "By Ann Lee"}, ("Ann Lee",)),
        ({"@type": "Person", "url": "https://post.example/author/ann-lee"}, ()),
        ("https://post.example/author/ann-lee", ()),
        ({"@type": "Organization", "name": "Example Post"}, ("Example Post",)),
    ],
)
def test_authors_are_read_in_the_forms_that_templates_declare_them(
    draft_of: Callable[..., Draft], author: Any, authors: tuple[str, ...]
) -> None:
    node = {"@type": "NewsArticle", "headline": TITLE, "author": author}
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    assert draft_of(page(head=script)).authors == authors


@pytest.mark.parametrize("form", ["{} | {}", "{} - {}", "{} » {}", "{} :: {}", "{} — {}"])
def test_the_name_of_the_site_after_a_headline_is_none_of_it(
    draft_of: Callable[..., Draft], form: str
) -> None:
    head = '<meta property="og:site_name" content="Example Post">'
    title = form.format("Crane to come down", "Example Post")
    said = draft_of(page(title=title, head=head).replace(f"<h1>{TITLE}</h1>", "")).title
    assert said == "Crane to come down"


@pytest.mark.parametrize(
    "title",
    [
        "We couldn’t find that page", "Cette page n’existe pas", "Diese Seite gibt es nicht",
        "Artículo no disponible", "Content unavailable", "410 Gone", "页面未找到",
        "Trang bạn tìm không tồn tại", "Такої сторінки не існує", "Такой страницы не существует",
        "A keresett oldal nem található", "ไม่พบหน้า", "ページが見つかりません",
    ],
)  # fmt: skip
def test_a_page_that_says_in_its_headline_that_nothing_is_there_is_missing(
    draft_of: Callable[..., Draft], title: str
) -> None:
    assert draft_of(empty(title)).kind == "missing"


@pytest.mark.parametrize(
    ("title", "text", "head"),
    [
        (
            "Making sure you're not a bot!",
            "Loading...",
            '<script src="/x/cmd/anubis/a.js"></script>',
        ),
        ("ERROR: The request could not be satisfied", "403 ERROR", ""),
        ("DDoS-Guard", "Checking your browser before accessing", ""),
        ("Client Challenge", "JavaScript is disabled.", '<script src="/_fs-ch-1T/a.js"></script>'),
        ("Robot or human?", "Activate and hold the button.", ""),
        ("Bitte bestätigen Sie, dass Sie ein Mensch sind", "Weiter", ""),
        ("安全验证", "请完成安全验证", ""),
        ("Проверка браузера", "Подтвердите, что вы не робот", ""),
        ("One moment, please...", "Please wait while your request is being verified...", ""),
    ],
)
def test_a_challenge_is_a_bot_wall_in_the_words_of_its_maker(
    draft_of: Callable[..., Draft], title: str, text: str, head: str
) -> None:
    assert draft_of(empty(title, text, head), status=200).wall == "bot"


@pytest.mark.parametrize(
    "after",
    [
        '<div class="didomi"><p>We value your privacy. We and our 800 partners</p></div>',
        '<div id="onetrust"><p>We value your privacy</p><button>Manage options</button></div>',
        "<p>Get our newsletter. Sign up today.</p>",
    ],
)
def test_an_article_beside_a_banner_stays_an_article(
    draft_of: Callable[..., Draft], after: str
) -> None:
    draft = draft_of(page(after=after))
    assert (draft.kind, draft.wall) == ("article", None)


def test_a_story_about_captchas_stays_an_article(draft_of: Callable[..., Draft]) -> None:
    html = page(before="<p>Captcha puzzles ask: are you a robot? Readers of papers dislike it.</p>")
    draft = draft_of(html.replace(TITLE, "Captcha puzzles vex the readers"))
    assert (draft.kind, draft.wall) == ("article", None)
