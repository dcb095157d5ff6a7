import time

import pytest
from lxml.html import document_fromstring

from crawler.extract import gaps
from crawler.extract.blocks import Block, paragraphs_of
from crawler.extract.body import read_body
from crawler.extract.gaps import fill

ONE = "Der Hafen der kleinen Stadt wird bis Ende des nächsten Jahres ausgebaut, sagt der Rat."
TWO = "Zwei neue Liegeplätze sind im Norden geplant, und der alte Kran wird bald abgebaut."
THREE = "Die Fischer hatten seit zehn Jahren um die Arbeiten gebeten, weil Boote auflaufen."
TEXT = (ONE, TWO, THREE)


def filled(html: str, *kept: str) -> list[str]:
    tree = document_fromstring(f"<html><body>{html}</body></html>")
    return [block.text for block in fill(tree, paragraphs_of(kept))]


def test_a_paragraph_between_kept_ones_goes_back_to_its_place() -> None:
    assert filled(f"<p>{ONE}<p>Kurz.<p>{TWO}<p>{THREE}", ONE, TWO, THREE) == [
        ONE,
        "Kurz.",
        TWO,
        THREE,
    ]


def test_a_heading_keeps_its_level() -> None:
    tree = document_fromstring(f"<div><p>{ONE}</p><h3>Der Kran</h3><p>{TWO}</p></div>")
    assert fill(tree, paragraphs_of([ONE, TWO]))[1] == Block("heading", "Der Kran", 3)


def test_what_stands_before_the_first_kept_line_or_after_the_last_stays_out() -> None:
    html = f"<div><p>Von Anna Beispiel<p>{ONE}<p>{TWO}<p>Mehr zum Hafen</div>"
    assert filled(html, ONE, TWO) == [ONE, TWO]


def test_a_text_split_into_boxes_of_one_name_is_one_text() -> None:
    box = "<div class='teil'><p>{}</p></div>"
    html = box.format(ONE) + box.format(TWO) + "<p>Anzeige hier</p>" + box.format(THREE)
    assert filled(html, ONE, THREE) == [ONE, TWO, THREE]


def test_a_line_of_another_kin_stays_out() -> None:
    html = f"<p>{ONE}</p><div class='kasten'><p>Fakten zum Hafen</p></div><p>{TWO}</p>"
    assert filled(html, ONE, TWO) == [ONE, TWO]


def test_a_line_that_is_mostly_a_link_is_a_teaser() -> None:
    teaser = "<p>Auch: <a href='/x'>Der Kran im Norden</a>"
    line = "<p>Im <a href='/y'>Hafen</a> sagte der Rat nichts."
    assert filled(f"<p>{ONE}{teaser}{line}<p>{TWO}", ONE, TWO) == [
        ONE,
        "Im Hafen sagte der Rat nichts.",
        TWO,
    ]


def test_what_was_kept_of_a_line_gives_way_to_the_whole_line() -> None:
    html = f"<p>{ONE}<p><b>Der Kran:</b> Er wird abgebaut.<p>{TWO}"
    assert filled(html, ONE, "Der Kran:", TWO) == [ONE, "Der Kran: Er wird abgebaut.", TWO]


def test_a_line_of_its_own_is_no_part_of_the_line_that_repeats_it() -> None:
    html = f"<p>{ONE}</p><p>Der Kran wird abgebaut.</p><div><h2>Der Kran</h2></div><p>{TWO}</p>"
    assert filled(html, ONE, "Der Kran", TWO) == [ONE, "Der Kran wird abgebaut.", "Der Kran", TWO]


def test_a_line_that_the_text_has_in_pieces_or_within_another_is_not_put_back() -> None:
    html = f"<p>{ONE}</p><p>{TWO}<br>{THREE}</p><p>Das Ende der Arbeiten.</p>"
    assert filled(html, ONE, TWO, THREE, "Das Ende der Arbeiten.") == [
        ONE,
        TWO,
        THREE,
        "Das Ende der Arbeiten.",
    ]


def test_soft_hyphens_of_the_page_make_no_second_line() -> None:
    html = f"<p>{ONE}<p>Liege\u00adplätze<p>{TWO}<p>{THREE}"
    assert filled(html, ONE, "Liegeplätze", TWO, THREE) == [ONE, "Liegeplätze", TWO, THREE]


def test_the_copy_of_a_text_for_another_screen_adds_nothing_twice() -> None:
    text = f"<div class='text'><p>{ONE}</p><p>Kurz.</p><p>{TWO}</p></div>"
    assert filled(text + text, ONE, TWO) == [ONE, "Kurz.", TWO]


def test_a_text_in_another_order_than_the_page_is_left_as_it_is() -> None:
    assert filled(f"<p>{ONE}<p>Kurz.<p>{TWO}", TWO, ONE) == [TWO, ONE]


@pytest.mark.parametrize("kept", [(), (ONE,)])
def test_a_text_of_one_block_has_no_gaps(kept: tuple[str, ...]) -> None:
    assert filled(f"<p>{ONE}<p>Kurz.<p>{TWO}", *kept) == list(kept)


def test_a_page_of_too_many_or_too_long_lines_is_left_alone() -> None:
    many = f"<p>{ONE}<p>Kurz.<p>{TWO}" + "<p>Zeile" * gaps.LINES_LIMIT
    assert filled(many, ONE, TWO) == [ONE, TWO]
    long = f"<p>{ONE}<p>Kurz.<p>{TWO}<p>" + "x" * gaps.TEXT_LIMIT
    assert filled(long, ONE, TWO) == [ONE, TWO]


def test_the_worst_page_within_the_limits_costs_little() -> None:
    text = ["x" * 140 + str(number) for number in range(1_900)]
    lines = "".join(f"<p>{'x' * 100}y{number}</p>" for number in range(1_900))
    began = time.process_time()
    filled(f"<p>{text[0]}</p>{lines}<p>{text[-1]}</p>", *text)
    assert time.process_time() - began < 5


def test_a_read_page_has_the_paragraph_that_trafilatura_drops_for_its_border() -> None:
    long = [
        f"{one} {number} Mal hat der Rat darüber beraten." for number in range(9) for one in TEXT
    ]
    lines = [f"<p>{one}</p>" for one in long]
    lines[4:4] = ["<p style='border: 0'>Im Mai ist der Kran fort.</p>"]
    page = f"<html><body><article>{''.join(lines)}</article></body></html>"
    text = read_body(document_fromstring(page), [], None).text
    assert text == "\n\n".join([*long[:4], "Im Mai ist der Kran fort.", *long[4:]])
