import time

import pytest

from crawler.extract.wire import wire_of


@pytest.mark.parametrize(
    ("authors", "body", "agency"),
    [
        (["AFP"], None, "AFP"),
        (["Deutsche Presse-Agentur"], None, "dpa"),
        (["Von Max Kern, dpa"], None, "dpa"),
        (["Ann Lee (Reuters)"], None, "Reuters"),
        (["AFP, MANILA"], None, "AFP"),
        (["APA/AP"], None, "APA"),
        ([], "AFP, MANILA\n\nThe harbour will be widened.", "AFP"),
        ([], "BERLIN (dpa) - Der Hafen wird erweitert.", "dpa"),
        ([], "Berlin (dpa/lby) - Der Hafen wird erweitert.", "dpa"),
        ([], "Jakarta (ANTARA) - Pelabuhan akan diperluas.", "Antara"),
        ([], "LONDON, March 2 (Reuters) - The harbour will be widened.", "Reuters"),
        ([], "Der Hafen wird erweitert.\n\nQuelle: dpa", "dpa"),
        ([], "Il porto sarà ampliato. (ANSA).", "ANSA"),
        ([], "Pelabuhan akan diperluas.\n\nSumber: Antara", "Antara"),
        ([], "The harbour will be widened. — Bernama", "Bernama"),
        ([], "港を拡張する。\n\n共同通信", "Kyodo"),
        (["Ann Lee"], "The harbour will be widened, Reuters reported.", None),
        ([], "A man told AFP (a news agency) so. The harbour grows.", None),
        ([], None, None),
    ],
)
def test_the_agency_is_read_where_it_is_credited(
    authors: list[str], body: str | None, agency: str | None
) -> None:
    found = wire_of(authors, body)
    assert (found and found[0]) == agency


def test_the_words_of_the_credit_are_kept() -> None:
    assert wire_of([], "The harbour grows.\n\nSource: AFP") == ("AFP", "Source: AFP")


def test_a_hostile_text_takes_no_time() -> None:
    began = time.process_time()
    for piece in ("(", "(a", "with ", "© ", "—", "dpa ", "(dpa"):
        wire_of([piece * 100_000], piece * 500_000)
    assert time.process_time() - began < 1
