from collections.abc import Callable

import pytest

from archive.records import Draft

DraftOf = Callable[..., Draft]
WORDS = "<p>" + "Pelabuhan di kota kecil itu akan diperluas sampai akhir tahun depan. " * 5 + "</p>"


def page(head: str = "", near: str = "", opening: str = "", after: str = "") -> str:
    return (
        f"<html lang=id><head><title>Pelabuhan diperluas</title>{head}</head><body><main><article>"
        f"<h1>Pelabuhan diperluas</h1>{near}{opening}{WORDS}{WORDS}</article>"
        f"{after}</main></body></html>"
    )


def published(draft: Draft) -> tuple[str, str] | None:
    if not draft.published:
        return None
    return draft.published.isoformat(), draft.claims["published"][0].origin


def ld(day: str) -> str:
    data = f'{{"@type":"NewsArticle","datePublished":"{day}"}}'
    return f'<script type="application/ld+json">{data}</script>'


META = '<meta property="article:published_time" content="2026-02-02T10:00:00+07:00">'
TIME = '<p><time datetime="2026-02-03T10:00:00+07:00">3 Februari</time></p>'
URL = "https://post.example/2026/02/04/pelabuhan"


@pytest.mark.parametrize(
    ("head", "near", "url", "kept", "origin"),
    [
        (ld("2026-02-01T10:00:00+07:00") + META, TIME, URL, "2026-02-01T10:00:00+07:00", "json-ld"),
        (META, TIME, URL, "2026-02-02T10:00:00+07:00", "opengraph"),
        ("", TIME, URL, "2026-02-03T10:00:00+07:00", "time"),
        ("", "<p>5 Februari 2026</p>", URL, "2026-02-04", "url"),
        ("", "<p>5 Februari 2026</p>", "https://post.example/x", "2026-02-05", "text"),
    ],
)
def test_the_best_place_is_believed(
    draft_of: DraftOf, head: str, near: str, url: str, kept: str, origin: str
) -> None:
    assert published(draft_of(page(head, near), url=url)) == (kept, origin)


def test_a_day_is_made_exact_by_the_next_place_that_agrees(draft_of: DraftOf) -> None:
    assert published(draft_of(page(ld("2026-02-03"), TIME))) == (
        "2026-02-03T10:00:00+07:00",
        "time",
    )
    assert published(draft_of(page(ld("2026-02-01"), TIME))) == ("2026-02-01", "json-ld")


def test_a_time_after_the_capture_is_not_believed(draft_of: DraftOf) -> None:
    assert published(draft_of(page(ld("2027-01-01T10:00:00Z") + META))) == (
        "2026-02-02T10:00:00+07:00",
        "opengraph",
    )
    assert published(draft_of(page(ld("2027-01-01T10:00:00Z")))) is None


@pytest.mark.parametrize(
    "opening",
    [
        "<p>HARIAN CONTOH, 19 Juni 2024 – Dewan kota mengumumkan rencana itu pada hari ini.</p>",
        "<p>Jakarta, 19/06/2024 - Dewan kota mengumumkan rencana itu pada hari ini.</p>",
        "<p>JAKARTA (19 Juni 2024): Dewan kota mengumumkan rencana itu pada hari ini juga.</p>",
    ],
)
def test_a_dateline_is_read(draft_of: DraftOf, opening: str) -> None:
    draft = draft_of(page(opening=opening), languages=("id",), zone="Asia/Jakarta")
    assert published(draft) == ("2024-06-19", "text")
    assert draft.published is not None
    assert draft.published.zone == "outlet"


@pytest.mark.parametrize(
    "near",
    [
        "<div class=meta><span>Senin, 2 Februari 2026</span> | <span>14:05 WIB</span></div>",
        "<p>Oleh Siti Aminah - Senin, 2 Februari 2026 | 14:05 WIB</p>",
        "<ul><li>Ekonomi</li><li>2 Februari 2026, 14.05 WIB</li></ul>",
    ],
)
def test_a_byline_beside_the_headline_is_read(draft_of: DraftOf, near: str) -> None:
    assert published(draft_of(page(near=near))) == ("2026-02-02T14:05+07:00", "text")


def test_a_relative_form_beside_the_headline_is_a_day(draft_of: DraftOf) -> None:
    draft = draft_of(page(near="<p>2 jam yang lalu</p>"), languages=("id",), zone="Asia/Jakarta")
    assert published(draft) == ("2026-03-02", "text")


@pytest.mark.parametrize(
    "page_of_silence",
    [
        page(after="<div><h3>Terkait</h3><a href=/x>Lama</a> <time>1 Januari 2020</time></div>"),
        page(after="<footer>© 2024 Harian Contoh, 1 Januari 2024</footer>"),
        page(near="<p>Hak cipta © 12 Mei 2020 Harian Contoh</p>"),
        page(near="<aside>12 Mei 2020</aside><nav>13 Mei 2020</nav>"),
        page(near="<p>5 menit membaca</p>"),
        page(
            opening="<p>Pada 17 Agustus 1945 kemerdekaan dibacakan, dan pelabuhan itu dikenang "
            "sebagai tempat pertama yang mendengarnya dari radio kapal di teluk itu.</p>"
        ),
    ],
)
def test_a_date_of_something_else_is_not_taken(draft_of: DraftOf, page_of_silence: str) -> None:
    assert published(draft_of(page_of_silence, languages=("id",))) is None


def test_the_modification_is_a_moment_of_its_own(draft_of: DraftOf) -> None:
    draft = draft_of(page(near="<p>Terbit: 1 Februari 2026 | Diperbarui: 2 Februari 2026</p>"))
    assert published(draft) == ("2026-02-01", "text")
    assert draft.modified is not None
    assert draft.modified.isoformat() == "2026-02-02"


def test_a_time_element_labelled_as_an_update_is_no_publication(draft_of: DraftOf) -> None:
    near = '<p>Updated <time datetime="2026-02-02T10:00Z">today</time></p>'
    draft = draft_of(page(near=near))
    assert draft.published is None
    assert draft.modified is not None
