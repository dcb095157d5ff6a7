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


def dated(published: str) -> str:
    node = {"@type": "NewsArticle", "headline": TITLE, "datePublished": published}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


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
        ("Ann Lee in Paris", ("Ann Lee",)),
        ("By Ann Lee in New York and Bo Chan in London", ("Ann Lee", "Bo Chan")),
        ("Von Jana Muster, Berlin", ("Jana Muster",)),
        ("Von Jana Muster, dpa", ("Jana Muster", "dpa")),
        ("By Ann Lee, Jr", ("Ann Lee, Jr",)),
        ("Ann Lee, CNN", ("Ann Lee",)),
        (
            "Von Jana Muster, Otto Beispiel und Ina Probe, NDR",
            ("Jana Muster", "Otto Beispiel", "Ina Probe"),
        ),
        ("Ann Lee, AFP", ("Ann Lee", "AFP")),
        ("Muster Beispiel, Jana", ("Muster Beispiel, Jana",)),
        ("Por Juan Ejemplo | Madrid", ("Juan Ejemplo",)),
        ("BY ANN LEE | THE MORNING PAPER", ("ANN LEE",)),
        ("By Ann Lee | Bo Chan", ("Ann Lee", "Bo Chan")),
        ("Von unserem Korrespondenten Jana Muster", ("Jana Muster",)),
        ("De notre envoyée spéciale Anne Modèle", ("Anne Modèle",)),
        ("Του Γιώργου Παράδειγμα", ("Γιώργου Παράδειγμα",)),
        ("Γράφει ο Γιώργος Παράδειγμα", ("Γιώργος Παράδειγμα",)),
        ("ΓΡΑΦΕΙ Η ΑΝΝΑ ΔΟΚΙΜΗ", ("ΑΝΝΑ ΔΟΚΙΜΗ",)),
        ("Theo Nguyễn Ví Dụ", ("Nguyễn Ví Dụ",)),
        ("Theo Muster", ("Theo Muster",)),
        ("本报记者 张三 李四", ("张三", "李四")),
        ("记者 张三 通讯员 李小四", ("张三", "李小四")),
        ("【山田太郎】", ("山田太郎",)),
        ("【山田太郎、鈴木花子】", ("山田太郎", "鈴木花子")),
        ("By Ann Lee Published June 19, 2024", ("Ann Lee",)),
        ("Von Jana Muster Stand: 19. Juni 2024, 10:15 Uhr", ("Jana Muster",)),
        ("By Ann Lee. Photographs by Bo Chan", ("Ann Lee",)),
        ("Text: Jana Muster, Fotos: Otto Beispiel", ("Jana Muster",)),
        ("Autorin: Jana Muster", ("Jana Muster",)),
        ("Eingestellt von Jana Muster", ("Jana Muster",)),
        ("Geplaatst door Jan Voorbeeld", ("Jan Voorbeeld",)),
        ("View all posts by Ann Lee", ("Ann Lee",)),
        ("Über", ()),
        ("Autorenseite von", ()),
        ("Photo: Bo Chan", ()),
        ("Photo by Bo Chan", ()),
        ("Photographs by Bo Chan", ()),
        ("Foto: Otto Beispiel", ()),
        ("写真：山田太郎", ()),
    ],
)
def test_bylines_are_read_as_they_are_written_in_many_places(
    draft_of: Callable[..., Draft], line: str, authors: tuple[str, ...]
) -> None:
    assert draft_of(page(before=f'<p class="byline">{line}</p>')).authors == authors


def test_one_line_gives_both_the_name_and_the_day(draft_of: Callable[..., Draft]) -> None:
    draft = draft_of(page(before='<p class="byline">By Ann Lee Published June 19, 2024</p>'))
    assert draft.published is not None
    assert (draft.authors, draft.published.isoformat()) == (("Ann Lee",), "2024-06-19")


@pytest.mark.parametrize(
    ("box", "authors"),
    [
        ("<h4>About Ann Lee</h4><p>Ann Lee writes of boats.</p>", ("Ann Lee",)),
        ("<h3>Über Jana Muster</h3><p>Schreibt.</p>", ("Jana Muster",)),
        ("<h4>About The Author</h4><a class='author-name'>Ann Lee</a>", ("Ann Lee",)),
    ],
)
def test_a_box_about_the_author_gives_the_name_alone(
    draft_of: Callable[..., Draft], box: str, authors: tuple[str, ...]
) -> None:
    assert draft_of(page(after=f'<div class="author-box">{box}</div>')).authors == authors


def test_a_japanese_paper_signs_below_the_text(draft_of: Callable[..., Draft]) -> None:
    text = (
        "港は来年末までに拡張されると町議会が発表した。北側に新しい岸壁が二つ計画されている。" * 3
    )
    html = page(title="港を拡張へ").replace(f"<p>{TEXT}</p>", f"<p>{text}</p>")
    html = html.replace(TEXT.replace("harbour", "port"), f"{text[40:]}【山田太郎】")
    assert draft_of(html).authors == ("山田太郎",)


@pytest.mark.parametrize(
    ("author", "authors"),
    [
        ({"@type": "Person", "givenName": "Ann", "familyName": "Lee"}, ("Ann Lee",)),
        ({"@type": "Person", "name": "Ann Lee", "jobTitle": "Editor"}, ("Ann Lee",)),
        ({"@type": "Person", "name": "By Ann Lee"}, ("Ann Lee",)),
        ({"@type": "Person", "url": "https://post.example/author/ann-lee"}, ()),
        ("https://post.example/author/ann-lee", ()),
        ({"@type": "Organization", "name": "Example Post"}, ("Example Post",)),
        (
            [
                {"@type": "Person", "name": "Ann Lee"},
                {"@type": "Organization", "name": "Reuters"},
                {"@type": "Organization", "name": "Example Post"},
            ],
            ("Ann Lee", "Reuters"),
        ),
    ],
)
def test_authors_are_read_in_the_forms_that_templates_declare_them(
    draft_of: Callable[..., Draft], author: Any, authors: tuple[str, ...]
) -> None:
    node = {"@type": "NewsArticle", "headline": TITLE, "author": author}
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    assert draft_of(page(head=script)).authors == authors


@pytest.mark.parametrize(
    "default",
    [
        "0001-01-01T00:00:00Z",
        "1753-01-01T00:00:00",
        "1899-12-30",
        "1899-12-30T00:00:00+07:00",
        "1900-01-01T00:00:00Z",
        "1970-01-01T00:00:00",
        "1969-12-31T19:00:00-05:00",
        "1969-12-31T16:00:00-08:00",
        "1980-01-01",
        "1984-03-02T12:00:00Z",
    ],
)
def test_a_field_that_nobody_filled_is_no_date(
    draft_of: Callable[..., Draft], default: str
) -> None:
    published = draft_of(page(head=dated(default), before="<p>19 June 2024</p>")).published
    assert published is not None
    assert published.isoformat() == "2024-06-19"


@pytest.mark.parametrize("old", ["1950-06-19", "1899-12-29", "1970-01-02T00:00:00+00:00"])
def test_a_paper_s_archive_keeps_its_days(draft_of: Callable[..., Draft], old: str) -> None:
    published = draft_of(page(head=dated(old))).published
    assert published is not None
    assert published.isoformat() == old


def test_an_old_day_told_in_two_places_outweighs_when_it_was_scanned(
    draft_of: Callable[..., Draft],
) -> None:
    html = page(head=dated("1950-06-19"), before="<p>Scanned on 2 May 2015</p>")
    published = draft_of(html, url="https://post.example/1950/06/19/harbour").published
    assert published is not None
    assert published.isoformat() == "1950-06-19"


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("fr", "1er juin 2024"),
        ("de", "Samstag, 1. Juni 2024"),
        ("id", "Sabtu, 1 Juni 2024"),
        ("el", "1 Ιουνίου 2024"),
        ("fa", "۱۴۰۳/۰۳/۱۲"),
        ("ar-EG", "١ يونيو ٢٠٢٤"),
    ],
)
def test_an_english_story_is_dated_in_its_paper_s_language(
    draft_of: Callable[..., Draft], lang: str, line: str
) -> None:
    html = page(before=f"<p>{line}</p>").replace("lang='en'", f"lang='{lang}'")
    draft = draft_of(html)
    assert draft.published is not None
    assert (draft.language, draft.published.isoformat()) == ("en", "2024-06-01")


FORMS = [
    "{} | {}", "{} - {}", "{} » {}", "{} :: {}", "{} — {}", "{} – News – {}", "{} | Coast | {}",
    "{} ({})", "{} [{}]", "{}_{}", "{} - Nachrichten - {}",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_the_name_of_the_site_after_a_headline_is_none_of_it(
    draft_of: Callable[..., Draft], form: str
) -> None:
    head = '<meta property="og:site_name" content="Example Post">'
    head += '<meta property="article:section" content="Coast">'
    title = form.format("Crane to come down", "Example Post")
    said = draft_of(page(title=title, head=head).replace(f"<h1>{TITLE}</h1>", "")).title
    assert said == "Crane to come down"


@pytest.mark.parametrize(
    "title",
    ["Crane to come down (video)", "Crane to come down (Coast)", "Crane_arm", "Crane – News"],
)
def test_what_no_site_is_called_stays_in_a_headline(
    draft_of: Callable[..., Draft], title: str
) -> None:
    assert draft_of(page(title=title).replace(f"<h1>{TITLE}</h1>", "")).title == title


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
