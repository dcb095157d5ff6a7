from crawler.extract.blocks import Block, paragraphs_of
from crawler.extract.plain import folded
from crawler.extract.tidying import tidied

ONE = "Le port de la petite ville sera agrandi jusqu'à la fin de l'année prochaine, dit le conseil."
TWO = "Deux nouveaux quais sont prévus au nord, et la vieille grue sera bientôt démontée."
THREE = "Les pêcheurs le demandaient depuis dix ans, car les grands bateaux s'échouent."
TEXT = (ONE, TWO, THREE)


def texts(*lines: str, notes: tuple[str, ...] = (), declared: str | None = None) -> list[str]:
    folds = frozenset(map(folded, notes))
    blocks = tidied(paragraphs_of(lines), {folded("Le port grandit")}, folds, declared)
    return [block.text for block in blocks]


def test_headline_repeats_and_phrases_of_the_site_go() -> None:
    assert texts("Le port grandit !", ONE, "Lire aussi : la grue", TWO, ONE, THREE) == [*TEXT]


def test_labels_before_the_text_go_and_sentences_and_later_ones_stay() -> None:
    assert texts("Économie", "Par Jean Dupont", *TEXT, "Le Havre", ONE[::-1]) == [
        *TEXT,
        "Le Havre",
        ONE[::-1],
    ]
    assert texts("Il pleut.", *TEXT)[0] == "Il pleut."
    assert texts("港の拡張が決まった。", *TEXT)[0] == "港の拡張が決まった。"


def test_a_text_of_short_lines_keeps_three_of_them() -> None:
    assert texts("un", "deux", "trois", "quatre", "cinq") == ["trois", "quatre", "cinq"]


def test_notes_in_italics_go_from_the_end_alone() -> None:
    note = "Jean Dupont écrit sur la mer."
    assert texts(*TEXT, note, notes=(note,)) == [*TEXT]
    assert texts(ONE, note, TWO, THREE, notes=(note,)) == [ONE, note, TWO, THREE]


def test_a_quote_that_repeats_the_text_beside_it_goes_and_another_stays() -> None:
    blocks = [*paragraphs_of(TEXT), Block("quote", f"« {THREE[5:40]} »"), Block("quote", "Enfin !")]
    assert [block.text for block in tidied(blocks, set())] == [*TEXT, "Enfin !"]


def test_a_whole_declared_body_says_what_belongs_to_the_text() -> None:
    declared = f"<p>{ONE}</p><p>{TWO}</p><p>{THREE.replace(chr(39), '&#39;')}</p>"
    assert texts(ONE, "Une boîte que personne ne lit.", TWO, THREE, declared=declared) == [*TEXT]


def test_a_declared_beginning_takes_nothing_away() -> None:
    assert texts(*TEXT, declared=ONE) == [*TEXT]


def test_headings_stay_though_a_declared_body_is_without_them() -> None:
    blocks = [*paragraphs_of((ONE, TWO)), Block("heading", "La grue", 2), *paragraphs_of((THREE,))]
    assert tidied(blocks, set(), declared=" ".join(TEXT)) == blocks
