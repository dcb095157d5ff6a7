from lxml.html import document_fromstring

from crawler.extract.blocks import paragraphs_of
from crawler.extract.plain import folded
from crawler.extract.witness import hear

ONE = "Der Hafen der kleinen Stadt wird bis Ende des nächsten Jahres ausgebaut, sagt der Rat."
TWO = "Zwei neue Liegeplätze sind im Norden geplant, und der alte Kran wird bald abgebaut."


def test_the_richest_element_is_what_a_text_is_measured_by() -> None:
    tree = document_fromstring(f"<body><div><p>{ONE}<p>{TWO}</div><div><p>{ONE}</div></body>")
    witness = hear(tree)
    assert witness.richest == len(ONE) + len(TWO)
    assert witness.share(paragraphs_of([ONE, TWO])) == 1
    assert witness.share(()) == 0


def test_a_page_without_paragraphs_bears_no_witness() -> None:
    assert (
        hear(document_fromstring("<body><div>港を拡張する</div><p>kurz</body>")).share(()) is None
    )


def test_links_in_sentences_are_taken_out_and_teasers_keep_theirs() -> None:
    tree = document_fromstring(
        f'<body><p>{ONE} <a href="/x">Mehr</a> dazu.<p><a href="/y">{TWO}</a></body>'
    )
    hear(tree)
    assert [link.get("href") for link in tree.iter("a")] == ["/y"]
    assert "Mehr dazu." in tree.text_content()


def test_paragraphs_wholly_in_italics_are_notes() -> None:
    tree = document_fromstring(f"<body><p><em>Mit dpa</em></p><p>{ONE} <i>kursiv</i></p></body>")
    assert hear(tree).notes == {folded("Mit dpa")}
