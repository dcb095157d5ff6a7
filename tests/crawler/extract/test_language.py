import pytest

from crawler.extract.claims import Claims
from crawler.extract.language import choose_language, primary

INDONESIAN = (
    "Pemerintah kota mengumumkan bahwa pelabuhan akan diperluas, karena kapal sering kandas. "
    "Warga menyambut baik rencana tersebut dan berharap pekerjaan segera dimulai tahun depan."
)
GERMAN = (
    "Der Hafen der kleinen Stadt wird bis Ende nächsten Jahres erweitert, wie der Rat mitteilte. "
    "Auf der Nordseite sind zwei neue Liegeplätze geplant, und der alte Kran wird abgebaut werden."
)
ENGLISH = (
    "The council said that the fishermen had asked for the work for more than ten years. "
    "They thought that this would be the first of the three things which they have wanted. "
) * 6


def choose(body: str | None, html: str | None, *outlet: str) -> tuple[str | None, Claims]:
    claims = Claims()
    claims.add("language", "html-lang", html)
    return choose_language(claims, body, outlet), claims


def test_a_long_text_outweighs_what_the_page_says() -> None:
    language, claims = choose(GERMAN, "en")
    assert language == "de"
    assert claims.of("language")[0].origin == "py3langid"


def test_a_short_text_does_not() -> None:
    assert choose("Kurz.", "de-AT")[0] == "de"


def test_among_near_relatives_the_outlet_decides() -> None:
    claims = Claims()
    assert choose_language(claims, INDONESIAN, ("id",)) == "id"


def test_without_any_text_the_outlet_comes_before_the_page() -> None:
    assert choose(None, "en", "id")[0] == "id"
    assert choose(None, None)[0] is None


@pytest.mark.parametrize(
    ("tag", "main"),
    [("id-ID", "id"), ("pt_BR", "pt"), ("EN", "en"), (" de ", "de"), ("nb-NO", "no"), ("iw", "he")],
)
def test_the_primary_subtag(tag: str, main: str) -> None:
    assert primary(tag) == main


def test_a_few_letters_tell_no_language() -> None:
    assert choose("Kurz und gut.", None)[0] is None


def test_a_declaration_that_is_no_code_tells_none() -> None:
    assert choose(None, "{{lang}}")[0] is None


def test_a_beginning_in_the_language_that_the_page_declares_is_enough() -> None:
    assert choose(f"{GERMAN} {GERMAN[:115]} {ENGLISH}", "de")[0] == "de"


def test_a_beginning_that_the_page_does_not_declare_is_read_further() -> None:
    assert choose(f"{GERMAN} {GERMAN[:115]} {ENGLISH}", "en")[0] == "en"
