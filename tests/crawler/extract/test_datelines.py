from datetime import UTC, datetime

from lxml.html import HtmlElement, fragment_fromstring

from crawler.extract.datelines import spoken_beside, spoken_in
from crawler.extract.datetext import Locale

CAPTURED_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LOCALE = Locale(("id",))


def near(*markup: str) -> list[HtmlElement]:
    return [fragment_fromstring(one) for one in markup]


def said(elements: list[HtmlElement], opening: str | None = None) -> list[tuple[str, bool]]:
    spoken = spoken_beside(elements, opening, LOCALE, CAPTURED_AT)
    return [(one.moment.isoformat(), one.is_update) for one in spoken]


def test_publication_and_update_of_one_line_are_told_apart() -> None:
    line = "<p>Terbit 1 Februari 2026, diperbarui 2 Februari 2026</p>"
    assert said(near(line)) == [("2026-02-01", False), ("2026-02-02", True)]


def test_a_byline_is_found_beside_share_buttons_and_their_scripts() -> None:
    line = (
        "<div><p>Oleh Ann Lee, 2 Februari 2026</p><script>var a = 1;</script>"
        f"<p>{'Bagikan ke teman Anda sekarang juga. ' * 4}</p></div>"
    )
    assert said(near(line)) == [("2026-02-02", False)]


def test_what_a_class_calls_an_update_is_one_where_another_date_stands_beside_it() -> None:
    hidden = '<span class="updated">3 Februari 2026</span>'
    both = f"<div>{hidden}<span>2 Februari 2026</span></div>"
    assert said(near(both)) == [("2026-02-03", True), ("2026-02-02", False)]
    assert said(near(f"<div>{hidden}</div>")) == [("2026-02-03", False)]


def test_a_dateline_may_stand_behind_a_summary_and_a_name() -> None:
    opening = "Dewan kota akan bersidang.\n\nOleh Ann Lee\n\n2.2.2026 - Dewan kota mengumumkan itu."
    assert said([], opening) == [("2026-02-02", False)]


def test_a_day_in_prose_is_no_dateline() -> None:
    opening = (
        "Pelabuhan itu dibuka.\n\nIa lahir di kota ini pada 2 Februari 1986 - dan tetap tinggal."
    )
    assert said([], opening) == []


def test_without_a_capture_time_a_relative_form_means_nothing() -> None:
    line = "2 jam yang lalu"
    assert list(spoken_in(line, len(line), LOCALE, None)) == []
    (spoken,) = spoken_in(line, len(line), LOCALE, CAPTURED_AT)
    assert spoken.moment.isoformat() == "2026-03-02"


def test_a_year_beside_copyright_is_the_sites() -> None:
    assert said(near("<p>© 2 Februari 2026 Harian Contoh</p>")) == []
