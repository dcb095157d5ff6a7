from datetime import UTC, datetime

import pytest
from lxml.html import document_fromstring

from crawler.extract.datemarks import marked_dates
from crawler.extract.datetext import Locale

CAPTURED_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PROSE = f"<p>{'Pelabuhan di kota kecil itu akan diperluas sampai akhir tahun depan. ' * 8}</p>"


def marks(body: str) -> list[tuple[str, str]]:
    tree = document_fromstring(f"<html><body>{body}</body></html>")
    headline = next(tree.iter("h1"), None)
    found = marked_dates(tree, headline, Locale(("id",)), CAPTURED_AT)
    return sorted({(mark.spoken.moment.isoformat(), mark.grade) for mark in found})


@pytest.mark.parametrize(
    ("body", "grade"),
    [
        (
            f"<h1>Pelabuhan</h1>{PROSE[:90]}</p><p class=entry-date>2 Februari 2026</p>",
            "publication",
        ),
        ("<h1>Pelabuhan</h1><div class=meta-item>2 Februari 2026</div>", "marked"),
        ("<h1>Pelabuhan</h1><div>Redaksi | 2 Februari 2026</div>", "bare"),
        (f"<h1>Pelabuhan</h1>{PROSE}<p>Diterbitkan: 2 Februari 2026</p>", "distant"),
        (
            "<p><time class=published>2 Februari 2026</time></p><main><h1>Pelabuhan</h1></main>",
            "distant",
        ),
    ],
)
def test_a_date_is_graded_by_what_marks_it(body: str, grade: str) -> None:
    assert marks(body) == [("2026-02-02", grade)]


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>Pelabuhan</h1>{PROSE}<p class=date>2 Februari 2026</p>",
        f"<h1>Pelabuhan</h1>{PROSE}<p><a>Lama</a><b class=published>2 Februari 2026</b>",
        "<h1>Pelabuhan</h1><aside><p class=date>2 Februari 2026</p></aside>",
        "<h1>Pelabuhan</h1><ol class=comments><li class=date>2 Februari 2026</li></ol>",
        "<h1>Port</h1><p><a>Dewan kota bersidang dua hari penuh</a><b class=date>2 Mei 2025</b>",
        "<div class=date>Senin, 2 Februari 2026</div><main><h1>Pelabuhan</h1></main>",
        "<h1>Pelabuhan</h1><footer class=meta>2 Februari 2026</footer>",
        "<h1>Pelabuhan</h1><p>Dewan kota akan bersidang pada 2 Februari 2026 di balai.</p>",
    ],
)
def test_a_date_of_something_else_is_not_marked(body: str) -> None:
    assert marks(body) == []


def test_a_page_of_nothing_but_dated_elements_ends_in_time() -> None:
    body = "<h1>Pelabuhan</h1>" + "<div class=date>2 Februari 2026" * 3000
    assert len(marks(body)) <= 1
