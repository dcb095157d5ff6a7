import re
import sqlite3

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.words import (
    _TOKEN,
    FTS5_TOKENIZE,
    MARK_BEGIN,
    MARK_END,
    TITLE_GAP,
    TOKEN_CHARACTERS,
    Needle,
    _folded,
    _spans,
    excerpt,
    indexed,
    tokens,
    tsvector_literal,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" … —!", ""),
        ("Köln's CAFÉ, ﬁnal", "koln s cafe final"),
        ("e-mail, 1.5 %, snake_case", "e mail 1 5 snake case"),
        ("STRASSE straße İstanbul ΑΣ ας", "strasse strasse istanbul ασ ασ"),
        ("Ｆｕｌｌ ﬁ Ⅳ m² ½ ①", "full fi iv m2 1 2 1"),
        ("cafe\u0301 café", "cafe cafe"),
        ("ᾳ ŉ", "α n"),
        ("Bundes\u00adregierung a\u200bb", "bundesregierung a b"),
        ("东京都 ガス ｶﾞｽ", "东 京 都 ガ ス ガ ス"),
        ("AI大国", "ai 大 国"),
        ("정부는 정부", "정 부 는 정 부"),
        ("ไทย ว่า", "ไ ท ย ว่ า"),
        ("हिन्दी বাংলা", "हिन्दी বাংলা"),
        ("العَرَبِيَّة", "العَرَبِيَّة"),
        ("می\u200cخواهم", "میخواهم"),
        ("п'ять п’ять пʼять oʻzbek", "п ять п ять п ять o zbek"),
        ("пЁс ёлка", "пес елка"),
        ("a\ud800b \x00", "a b"),
    ],
)
def test_text_is_cut_into_folded_tokens(text, expected):
    assert indexed(text) == expected


@given(st.text())
@settings(max_examples=500)
def test_the_short_way_finds_the_same_tokens(text):
    assert tokens(text) == [found[:TOKEN_CHARACTERS] for found in _TOKEN.findall(_folded(text))]


def test_no_character_takes_the_short_way_wrongly():
    short = map(chr, range(0x2D00))  # beyond, all go the long way
    wrong = [one for one in short if tokens(f"a{one}b") != _TOKEN.findall(_folded(f"a{one}b"))]
    assert wrong == []


def test_a_long_token_is_cut_alike_in_text_and_query():
    assert tokens("x" * 9_000) == ["x" * TOKEN_CHARACTERS]
    assert len(("\U00010400" * TOKEN_CHARACTERS).encode()) < 2_046


any_text = st.text(max_size=40) | st.text(
    alphabet="aÉßﬁ ıİ'-_.½ガｶﾞ東각가\u0301\u0345\u093fहไว่\u00ad\u200dΣς", max_size=40
)


@given(any_text)
def test_indexed_text_is_stable(text):
    assert indexed(indexed(text)) == indexed(text)


@given(any_text, any_text)
def test_texts_apart_have_the_tokens_of_both(one, other):
    assert tokens(f"{one} {other}") == tokens(one) + tokens(other)


@given(any_text)
def test_every_token_has_its_place_in_the_original(text):
    spans = list(_spans(text))
    assert [span.token for span in spans] == tokens(text)
    assert all(0 <= span.begin < span.end <= len(text) for span in spans)
    for span in spans:
        assert span.token in tokens(text[span.begin : span.end])


@settings(deadline=None)
@given(any_text)
def test_fts5_cuts_indexed_text_where_we_do(text):
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE text USING fts5(body, tokenize='{FTS5_TOKENIZE}')")
    connection.execute("CREATE VIRTUAL TABLE token USING fts5vocab(text, instance)")
    connection.execute("INSERT INTO text VALUES (?)", (indexed(text),))
    rows = connection.execute('SELECT term FROM token ORDER BY "offset"').fetchall()
    connection.close()
    assert [row[0] for row in rows] == tokens(text)


@pytest.fixture(scope="module")
def postgres(postgres_cluster):
    if postgres_cluster is None:
        pytest.skip("neither KLIPING_TEST_POSTGRES nor an installed PostgreSQL 15")
    url = postgres_cluster.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def lexemes(postgres, literal: str) -> dict[str, list[tuple[int, str]]]:
    rows = postgres.execute(
        "SELECT lexeme, positions, weights FROM unnest(%s::tsvector)", (literal,)
    )
    return {row[0]: list(zip(row[1], row[2], strict=True)) for row in rows}


@settings(deadline=None)
@given(any_text, any_text)
def test_postgresql_holds_our_tokens_at_our_positions(postgres, title, body):
    held = lexemes(postgres, tsvector_literal(tokens(title), tokens(body)))
    count = len(tokens(title))
    by_place = {place: (word, weight) for word, at in held.items() for place, weight in at}
    assert [by_place[i + 1] for i in range(count)] == [(t, "A") for t in tokens(title)]
    start = count + TITLE_GAP + 1
    assert [by_place[start + i] for i in range(len(tokens(body)))] == [
        (t, "D") for t in tokens(body)
    ]


def test_a_book_fits_into_a_tsvector(postgres):
    words = ["the"] * 20_000 + [f"w{i}" for i in range(200_000)]
    held = lexemes(postgres, tsvector_literal(["title"], words))
    assert len(held["the"]) == 255
    assert held["w19999"] == [(16_383, "D")]
    assert "w199999" not in held


def test_the_longest_tokens_fit_into_a_tsvector(postgres):
    words = tokens(" ".join("𝒳𐐨" * 200 + str(i) for i in range(3)) + " " + "𐐨" * 3_000)
    assert len(lexemes(postgres, tsvector_literal([], words))) == len(set(words))


def test_a_tsvector_literal_is_quoted():
    assert tsvector_literal(["a"], ["a", "b"]) == "'a':1A,130 'b':131"
    assert tsvector_literal(["a'b\\"], []) == "'a''b\\\\':1A"
    assert tsvector_literal([], []) == ""


def shown(text: str, *needles: Needle, width: int = 200) -> str:
    return excerpt(text, needles, width).replace(MARK_BEGIN, "[").replace(MARK_END, "]")


TALE = "Once upon a time a fox lived in a wood. " * 20


@pytest.mark.parametrize(
    ("text", "needles", "width", "expected"),
    [
        ("The Café is open.", [Needle(("cafe",))], 200, "The [Café] is open."),
        ("Die Straße war zu.", [Needle(("strass",), is_prefix=True)], 200, "Die [Straße] war zu."),
        ("“Taxes” and tax", [Needle(("tax",))], 200, "“Taxes” and [tax]"),
        ("It's\n a  fine   day", [Needle(("it", "s"))], 200, "[It's] a fine day"),
        ("東京都の天気", [Needle(("天", "気"))], 200, "東京都の[天気]"),
        ("정부는", [Needle(("정", "부"))], 200, "[정부]는"),
        ("a b c", [Needle(("a", "b")), Needle(("b", "c"))], 200, "[a b c]"),
        ("a b a", [Needle(("a",))], 200, "[a] b [a]"),
        ("½ l", [Needle(("1",)), Needle(("2",))], 200, "[½] l"),
        ("a b", [], 200, "a b"),
        ("", [Needle(("a",))], 200, ""),
        ("…!", [Needle(("a",))], 200, "…!"),
        ("a \x02evil\x03 b", [Needle(("b",))], 200, "a evil [b]"),
        ("one two three four", [Needle(("three",))], 9, "…two [three]…"),
        ("one two. Three", [Needle(("two",))], 7, "one [two].…"),
    ],
)
def test_an_excerpt_shows_the_original_with_its_matches_marked(text, needles, width, expected):
    assert shown(text, *needles, width=width) == expected


def test_an_excerpt_is_taken_where_most_of_the_query_stands_together():
    text = f"A fox. {TALE}The quick brown fox jumps. {TALE}"
    passage = shown(text, Needle(("quick",)), Needle(("fox",)), Needle(("jum",), is_prefix=True))
    assert "The [quick] brown [fox] [jumps]." in passage
    assert passage.startswith("…")
    assert passage.endswith("…")
    assert 150 < len(passage) < 230


def test_an_excerpt_without_a_match_is_the_beginning():
    passage = shown(TALE, Needle(("wolf",)))
    assert passage.startswith("Once upon a time")
    assert passage.endswith("…")


@given(any_text, st.lists(any_text, max_size=3), st.integers(5, 60))
def test_an_excerpt_without_its_marks_is_the_original(text, asked, width):
    needles = [Needle(tuple(tokens(a)[:2]), is_prefix=True) for a in asked]
    passage = excerpt(text, needles, width)
    assert passage.count(MARK_BEGIN) == passage.count(MARK_END)
    bare = re.sub("[\x02\x03]", "", passage).removeprefix("…").removesuffix("…")
    assert "".join(bare.split()) in re.sub(r"[\s\x02\x03]", "", text) + "…"


@given(any_text.filter(tokens), any_text)
def test_an_excerpt_marks_a_word_that_is_there(text, more):
    word = tokens(text)[-1]
    assert MARK_BEGIN in excerpt(f"{text} {more}", [Needle((word,))])
